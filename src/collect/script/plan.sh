# ---------------------------------------------------------------- 6 The plan: all that is run and read

#   when   seconds keep            kind    path                        how          what
the_plan() {
  samples 1 always
  logs
  answers
  history
  host
  samples 2 after
}

# What is counted twice, to tell the present from the past.
samples() {
  number=0
  for url in $metrics_urls; do
    if [ $number = 0 ]; then name=$1; else name=$(file_name "$url")-$1; fi
    number=$((number + 1))
    fetch "$2" head:@METRICS@ metrics "metrics/$name.prom" "$url/metrics"
  done
  of_host "$2" "diskstats-$1.txt" optional read /proc/diskstats
  of_host "$2" "tcp-$1.txt" optional read /proc/net/snmp
  of_host "$2" "stat-$1.txt" optional read /proc/stat
  of_host "$2" "pressure-$1.txt" optional read /proc/pressure/cpu /proc/pressure/io /proc/pressure/memory
  if [ -n "$cpu_file" ]; then of_host "$2" "cgroup-cpu-$1.txt" optional read "$cpu_file"; fi
}

# etcd's log of the window: all of it, or around a moment what is nearest to it.
logs() {
  for name in $log_units; do
    unit_file=journal/$(unit_name "$name")
    if [ -z "$moment" ]; then
      # The newest first: once there is as much as is kept, or the time is over, what is not read is the oldest.
      journal newest:@LOG@ "$unit_file.log" - "$since" "$until" -u "$name" -r
    else
      journal newest:@HALF_LOG@ "$unit_file.log" - "$since" "$moment" -u "$name" -r
      journal head:@HALF_LOG@ "$unit_file.after.log" - "$moment" "$until" -u "$name"
    fi
  done
  # shellcheck disable=SC2046 # a path of these has no blanks
  set -- $(container_logs etcd)
  if [ $# -gt 0 ]; then
    row always @LOG_TIME@ tail:@LOG@ log logs/etcd-container.log - logs "$@"
  elif [ -n "$container" ] && engine_logs; then
    # shellcheck disable=SC2086 # words
    row always @LOG_TIME@ tail:@LOG@ log logs/etcd-container.log joined run $by
  fi
  # shellcheck disable=SC2046
  set -- $(own_logs)
  if [ $# -gt 0 ]; then row always @LOG_TIME@ tail:@LOG@ log logs/etcd-file.log - logs "$@"; fi
}

# What etcd answers. No request writes, and none lists keys.
answers() {
  number=0
  for url in $urls; do
    if [ $number = 0 ]; then version=http/version.json health=http/health.json; else
      name=$(file_name "$url") version=http/version-$name.json health=http/health-$name.json
    fi
    number=$((number + 1))
    fetch always head:@HOST@ http "$version" "$url/version"
    fetch always head:@HOST@ http "$health" "$url/health"
  done
  etcdctl 3 '' always @HOST_TIME@ head:@HOST@ etcdctl/version.txt exit=1,2,3 version
  ask3 api3 etcdctl/endpoint-status.json endpoint status -w json
  ask3 api3 etcdctl/endpoint-health.txt endpoint health
  ask3 api3 etcdctl/member-list.json member list -w json
  ask3 api3 etcdctl/endpoint-health-cluster.txt endpoint health --cluster
  ask3 api3 etcdctl/endpoint-status-cluster.json endpoint status --cluster -w json
  ask3 api3 etcdctl/alarm-list.json alarm list -w json
  if [ -n "$deep" ]; then its_size=any; else its_size=small; fi
  # All hash the same, one member after the other: the lowest revision that one told just before.
  ask3 "$its_size" etcdctl/endpoint-hashkv.json endpoint hashkv --cluster ${lowest_revision:+"--rev=$lowest_revision"} -w json
  ask2 etcdctl/cluster-health.txt cluster-health
  ask2 etcdctl/member-list-v2.txt member list
}

# What lies before and behind the window, and what others say of its time.
history() {
  for name in $log_units; do
    unit_file=journal/$(unit_name "$name")
    if [ -n "$since" ]; then journal landmarks:@HISTORY@ "$unit_file.history.log" - '' "$since" -u "$name" -r; fi
    if [ -n "$until" ]; then journal landmarks:@HISTORY@ "$unit_file.history-after.log" - "$until" '' -u "$name" -r; fi
  done
  journal newest:@HALF_LOG@ journal/kernel.log - "$since" "$until" _TRANSPORT=kernel -r
  for name in $others; do journal newest:@HALF_LOG@ "journal/$name.log" about=etcd "$since" "$until" -u "$name" -r; done
  # shellcheck disable=SC2046
  set -- $(container_logs kube-apiserver)
  if [ $# -gt 0 ]; then row always @LOG_TIME@ tail:@HALF_LOG@ log logs/kube-apiserver-container.log about=etcd logs "$@"; fi
  # shellcheck disable=SC2046
  set -- $(system_logs)
  if [ $# -gt 0 ]; then row nojournal @LOG_TIME@ tail:@LOG@ log logs/system.log about=system logs "$@"; fi
}

# The host's own facts.
host() {
  no_dir='no data directory was found: name it with --data-dir' no_process='no etcd process is seen here'
  if [ -n "$data_dir" ]; then
    of_host always df.txt - run df -P -k "$data_dir"
    of_host always df-inodes.txt - run df -P -i "$data_dir"
    row always @HOST_TIME@ head:@LISTING@ host host/data-dir.txt - run ls -lAR --full-time "$data_dir"
  else
    of_host always df.txt - none missed "$no_dir"
    of_host always data-dir.txt - none missed "$no_dir"
  fi
  of_host always mounts.txt - read /proc/self/mounts
  of_host always loadavg.txt - read /proc/loadavg
  if [ -z "$kept_pids$strangers" ]; then set -- -C etcd; else set -- -p "$kept_pids"; fi
  if [ -z "$kept_pids" ] && [ -n "$strangers" ]; then
    of_host always ps.txt exit=1 none skipped 'no etcd process of this cluster is seen here'
  else
    of_host always ps.txt exit=1 run ps "$@" -o user,pid,ppid,stat,lstart,rss,pcpu,args
  fi
  if [ -n "$first_pid" ] && [ -z "$embedded" ]; then
    of_host always etcd-cmdline.txt - read "/proc/$first_pid/cmdline"
    of_host always limits.txt - read "/proc/$first_pid/limits"
  else
    of_host always etcd-cmdline.txt - none skipped "$no_process"
    of_host always limits.txt - none skipped "$no_process"
  fi
  for name in $own_units; do
    of_host always "unit-$(unit_name "$name").txt" optional,exit=3,4 run systemctl status --no-pager --full --lines=0 "$name"
  done
  of_host always listeners.txt optional run ss -lntp
  certificate server cert-file
  certificate authority trusted-ca-file
  certificate peer peer-cert-file
  certificate peer-authority peer-trusted-ca-file
  of_host always date.txt optional run date -u
  of_host always chronyc.txt optional run chronyc -n tracking
  of_host always ntpq.txt optional run ntpq -pn
  of_host always timedatectl.txt optional run timedatectl status
}

# of_host WHEN FILE HOW run|read|none WORDS...
of_host() {
  its_when=$1 its_path=host/$2
  shift 2
  row "$its_when" @HOST_TIME@ head:@HOST@ host "$its_path" "$@"
}

# A certificate's subject, issuer and dates. Keys are never read.
certificate() {
  if setting "$2"; then
    reached
    of_host always "certificate-$1.txt" optional run openssl x509 -noout -subject -issuer -dates -in "$value"
  fi
}

# journal KEEP PATH HOW SINCE UNTIL WORDS...: journalctl of 246 and later ends with 1 where there is no entry.
journal() {
  its_keep=$1 its_path=$2 its_how=exit=1 from_time=$4 to_time=$5
  if [ "$3" != - ]; then its_how=$its_how,$3; fi
  shift 5
  row always @LOG_TIME@ "$its_keep" journal "$its_path" "$its_how" run \
    journalctl --no-pager -o short-iso ${journal:+"--directory=$journal"} "$@" ${from_time:+"--since=$from_time"} ${to_time:+"--until=$to_time"}
}

# fetch WHEN KEEP KIND PATH URL: by curl, and where only wget is there, by that.
fetch() {
  its_when=$1 its_keep=$2 its_kind=$3 its_path=$4 its_url=$5
  tls=''
  case $its_url in https://*) tls=yes ;; esac
  if program curl || ! program wget; then
    set -- curl -q -sS --noproxy '*' --connect-timeout @DIAL_S@ --max-time @COMMAND_S@
    if [ -n "$tls" ]; then
      set -- "$@" ${cacert:+--cacert "$cacert"} ${cert:+--cert "$cert"} ${key:+--key "$key"} ${insecure:+--insecure}
    fi
    set -- "$@" "$its_url"
  elif is_busybox; then
    set -- wget -q -Y off -T @COMMAND_WHOLE@ -O - "$its_url"
  else
    set -- wget -nv --no-proxy --tries=1 --content-on-error --connect-timeout=@DIAL_WHOLE@ --read-timeout=@COMMAND_WHOLE@
    if [ -n "$tls" ]; then
      set -- "$@" ${cacert:+"--ca-certificate=$cacert"} ${cert:+"--certificate=$cert"} ${key:+"--private-key=$key"} ${insecure:+--no-check-certificate}
    fi
    set -- "$@" -O - "$its_url"
  fi
  row "$its_when" @FETCH_TIME@ "$its_keep" "$its_kind" "$its_path" - run "$@"
}

is_busybox() { case $(readlink -f "$file" 2>/dev/null) in */busybox*) ;; *) return 1 ;; esac }

ask3() {
  its_when=$1 its_path=$2
  shift 2
  etcdctl 3 "$login" "$its_when" @CTL_TIME@ head:@ANSWER@ "$its_path" - "--endpoints=$endpoints" ${ctl_cacert:+"--cacert=$ctl_cacert"} \
    ${ctl_cert:+"--cert=$ctl_cert"} ${ctl_key:+"--key=$ctl_key"} ${insecure:+--insecure-skip-tls-verify} \
    --dial-timeout=@DIAL_MS@ --command-timeout=@COMMAND_MS@ "$@"
}

ask2() {
  its_path=$1
  shift
  etcdctl 2 "$login" api2 @CTL2_TIME@ head:@ANSWER@ "$its_path" - "--endpoints=$endpoints" ${ctl_cacert:+"--ca-file=$ctl_cacert"} \
    ${ctl_cert:+"--cert-file=$ctl_cert"} ${ctl_key:+"--key-file=$ctl_key"} --timeout=@DIAL_2@ --total-timeout=@COMMAND_2@ "$@"
}

# etcdctl API LOGIN WHEN SECONDS KEEP PATH HOW WORDS...: the host's, or the one in etcd's container.
etcdctl() {
  its_api=$1 its_login=$2 its_when=$3 its_time=$4 its_keep=$5 its_path=$6 its_how=$7
  shift 7
  api=$its_api cri_config=''
  if [ -n "$cri" ]; then
    api=none cri_config=$cri_file
    if [ -n "$its_login" ]; then
      set -- none missed 'crictl passes no user name and password on'
    elif [ "$its_api" = 2 ]; then
      set -- none skipped 'crictl cannot tell etcdctl to use API version 2'
    else
      # shellcheck disable=SC2086 # words
      set -- run $enter etcdctl "$@"
    fi
  elif [ -n "$enter" ]; then
    variable=ETCDCTL_USER
    if [ "$its_api" = 2 ]; then variable=ETCDCTL_USERNAME; fi
    # By their names alone: the engine passes on what it was given itself.
    # shellcheck disable=SC2086 # words
    set -- run ${enter% "$container"} -e ETCDCTL_API ${its_login:+-e "$variable"} "$container" etcdctl "$@"
  else
    set -- run etcdctl "$@"
  fi
  row "$its_when" "$its_time" "$its_keep" etcdctl "$its_path" "$its_how" "$@"
  api='' cri_config=''
}

# The words that print the log of etcd's container, with times.
engine_logs() {
  enter_before=$enter
  by=''
  case $engine in
    cri) for words in 'crictl' 'k3s crictl' 'nerdctl -n k8s.io' 'docker'; do program "${words%% *}" && by=$words && break; done ;;
    *) program "$engine" && by=$engine ;;
  esac
  enter=$enter_before
  [ -n "$by" ] || return 1
  by="$by logs --timestamps $container"
}

# ---------------------------------------------------------------- 7 From here to there

finish() {
  trap '' INT TERM HUP
  now
  host_json=$(printf '%s\n' "$host_name" | json)
  {
    printf '{\n  "format": "%s",\n  "tool": {"name": "etcd-triage script", "version": "%s"},\n' '@FORMAT@' '@VERSION@'
    printf '  "collection": "%s",\n  "host": %s,\n  "started": "%s",\n  "finished": "%s",\n' "$collection" "$host_json" "$started" "$(stamp)"
    if [ -n "$stop" ]; then printf '  "ended_by": "%s",\n' "$stop"; fi
    printf '  "found": [%s],\n' "$(json <"$help/found")"
    printf '  "cost": {"seconds": %d.%02d, "commands": %d, "bytes": %d},\n' $(((now - began_all) / 100)) $(((now - began_all) % 100)) "$commands" "$all_bytes"
    printf '  "rows": [\n'
    sed -e '$s/,$//' "$help/rows"
    printf '  ]\n}\n'
  } >"$work/manifest.json" || unwritable
  mv "$work" "$place/$bundle" && packed=$place/$bundle || return 4
  if ! program tar; then
    say "there is no tar: the bundle stays the folder $packed"
    packed='' help_only=yes
  elif program gzip; then
    seal gzip -c || return 4
  else
    say 'there is no gzip: the bundle is not compressed'
    ending=.tar
    seal cat || return 4
  fi
  if [ "$target" != - ]; then
    say "the bundle: $place/$bundle${help_only:+ (a folder)}${packed:+$ending}"
    say 'it is an ordinary archive: look into it before you send it. etcd-triage collect --from BUNDLE packs it again as the program does'
  fi
  if [ "$missing" -gt 0 ]; then tell "$missing rows are missing; manifest.json says why"; fi
  if [ "$missing" -gt 0 ] || [ -n "$stop" ]; then return 3; fi
}

# Under the final name there is a whole archive, or nothing. The manifest goes first.
seal() {
  archive() { (cd "$place" && tar -cf - "$bundle/manifest.json" "$bundle/nodes" 2>/dev/null && echo fine >"$help/tar") | "$@"; }
  if [ "$target" = - ]; then
    archive "$@" && [ -s "$help/tar" ]
    return
  fi
  if archive "$@" >"$place/$bundle.partial" && [ -s "$help/tar" ] && mv "$place/$bundle.partial" "$place/$bundle$ending"; then return; fi
  rm -f "$place/$bundle.partial"
  unwritable
}

# shellcheck disable=SC2317 # a trap runs it
clean_up() {
  if [ -n "$help" ]; then rm -rf "$work" "$help"; fi
  if [ -n "$packed" ]; then rm -rf "$packed"; fi
}

# The first signal ends the row that runs and seals what is there; the second one ends all.
# shellcheck disable=SC2317 # a trap runs it
asked() {
  if [ "$stop" = signal ]; then
    end_child KILL
    clean_up
    exit 130
  fi
  stop=signal
}

# What the programs get: PATH, HOME, TZ, and English; no proxy, and nothing secret.
own_environment() {
  login=''
  if [ -n "${ETCDCTL_USER:-}" ]; then
    case $ETCDCTL_USER in *:*) login=$ETCDCTL_USER ;; *) login=$ETCDCTL_USER:${ETCDCTL_PASSWORD:-} ;; esac
  fi
  endpoints_from=flag
  if [ -z "$given_endpoints" ] && [ -n "${ETCDCTL_ENDPOINTS:-}" ]; then given_endpoints=$ETCDCTL_ENDPOINTS endpoints_from=ETCDCTL_ENDPOINTS; fi
  given_cacert=${given_cacert:-${ETCDCTL_CACERT:-}} given_cert=${given_cert:-${ETCDCTL_CERT:-}} given_key=${given_key:-${ETCDCTL_KEY:-}}
  folders=$(printf '%s:%s\n' "${PATH:-}" "$more_folders" | tr ':' '\n' | grep '^/' | awk '!seen[$0]++' | tr '\n' ':')
  folders=${folders%:}
  tmp=${TMPDIR:-}
  for variable in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
    case $variable in PATH | HOME | TZ | PWD | SHLVL | _) ;; *) unset "$variable" ;; esac
  done
  PATH=$folders LC_ALL=C
  export PATH LC_ALL
}

# A folder with room: twice what is kept, and some of it stays free.
has_room() {
  [ -d "$1" ] && [ -w "$1" ] || return 1
  disk=$(df -P -k "$1" 2>/dev/null | awk 'NR == 2 && $2 ~ /^[0-9]+$/ && $4 ~ /^[0-9]+$/ { print $2, $4 }')
  [ -n "$disk" ] || return 0
  tenth=$((${disk% *} * 1024 / 10)) free=$((${disk#* } * 1024))
  if [ "$tenth" -gt "$keep_free" ]; then tenth=$keep_free; fi
  spare=$(((free - tenth) / 2))
  if [ "$spare" -lt @LEAST@ ]; then return 1; fi
  if [ "$spare" -lt "$room" ]; then room=$spare; fi
  if [ $((room / 2)) -lt "$log_room" ]; then log_room=$((room / 2)); fi
}

choose_place() {
  ending=.tar.gz
  bundle=etcd-triage_$(file_name "$host_name" | sed 's/^\(.\{1,40\}\).*/\1/')_$(date -u +%Y%m%dT%H%M%SZ)
  case $target in
    *.tar.gz)
      place=${target%/*} bundle=${target##*/}
      if [ "$place" = "$target" ]; then place=.; fi
      bundle=${bundle%.tar.gz}
      if [ -e "$target" ]; then say "$target exists already: name another file" && exit 2; fi
      set -- "$place"
      ;;
    - | '') set -- ${tmp:+"$tmp"} /var/tmp /tmp /dev/shm ;;
    *) set -- "$target" ;;
  esac
  if [ -z "$target$dry" ]; then set -- . "$@"; fi
  for place; do
    if has_room "$place"; then
      place=$(cd "$place" && pwd)
      number=1 base=$bundle
      while [ $number -lt 100 ]; do
        work=$place/$bundle.unfinished
        if [ ! -e "$place/$bundle$ending" ] && [ ! -e "$place/$bundle" ] && mkdir "$work" 2>/dev/null; then
          mkdir "$work.help" && help=$work.help && return 0
          rmdir "$work"
        fi
        number=$((number + 1))
        bundle=$base-$number
      done
    fi
  done
  say 'no folder can be written to and has room; name another place with -o, or send the bundle elsewhere: -o - >/mnt/usb/bundle.tar.gz'
  exit 4
}

main() {
  dry='' target='' stop='' packed='' help='' help_only='' missing=0 commands=0 all_bytes=0
  server_version='' client_version='' version_name='' largest_db='' lowest_revision='' has_journal='' slow_ms=0 quick_etcdctl='' quick_metrics='' quick_http=''
  api='' cri_config=''
  while getopts no: flag; do
    case $flag in n) dry=yes ;; o) target=$OPTARG ;; *) exit 2 ;; esac
  done
  own_environment
  host_name=$(uname -n)
  node=$(file_name "$host_name")
  collection=$(od -An -N8 -tx1 /dev/urandom 2>/dev/null | tr -d ' \n')
  hasher='' session=''
  for program in sha256sum shasum openssl busybox; do if program $program; then hasher=$program && break; fi; done
  if program setsid; then session=setsid; fi
  if [ -z "$since$until$moment" ]; then since=@$(($(date +%s) - 86400)); fi
  trap clean_up EXIT
  trap asked INT TERM HUP
  trap 'exit 130' PIPE
  choose_place
  started=$(stamp)
  now
  began_all=$now deadline_at=$((now + seconds_in_all * 100)) interval_at=$((now + interval))
  # All that follows stands back behind others, where it may.
  renice -n 10 -p $$ >/dev/null 2>&1
  if program ionice; then ionice -c 3 -p $$ 2>/dev/null; fi
  : >"$help/rows"
  printf 'host: %s\n' "$host_name" >"$help/found"
  # What lines have in them that tell of starts, ends and their like; with a ~ behind each.
  tr '~' '\n' <<'END' | grep . >"$help/landmarks"
@LANDMARKS@
END
  find_processes
  if [ -n "$kept_pids" ]; then note "etcd: ${embedded:+within }process $(printf '%s' "$kept_pids" | sed 's/,/, /g')"; else note 'etcd: no process is seen'; fi
  for pid in $strangers; do note "process $pid is left out: it is an etcd of other URLs or of another cluster"; done
  if [ -n "$container" ]; then note "container: $container ($engine)"; fi
  read_files
  find_ways
  find_logs
  if [ -n "$dry" ]; then
    sed 's/^/# /' "$help/found"
    lowest_revision=REVISION
    the_plan
    exit 0
  fi
  tell "$(cat "$help/found")"
  the_plan
  finish
  exit
}

# At the very end: a script that was cut on its way does nothing.
main "$@"
