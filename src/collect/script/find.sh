# ---------------------------------------------------------------- 5 Finding etcd: lines NAME<tab>VALUE<tab>FROM, of which the first counts

tab=$(printf '\t')

# What the programs below share: a text without the quotes around it, and without blanks.
of_text='
function bare(s) { gsub(/^[ \t\r]+|[ \t\r]+$/, "", s); return s }
function plain(s,  f) { s = bare(s); f = substr(s, 1, 1)
  if (length(s) > 1 && (f == "\"" || f == "\047") && substr(s, length(s)) == f) s = substr(s, 2, length(s) - 2)
  return s }
function scalar(line,  i) { sub(/ #.*/, "", line); nested = line ~ /^[ \t]/; line = bare(line); i = index(line, ":")
  name = substr(line, 1, i - 1); value = bare(substr(line, i + 1))
  if (!i || name !~ /^[A-Za-z0-9_-]+$/ || value ~ /^\/\//) return 0
  value = plain(value); return 1 }
'

# `--name=value`, `--name value`, `-name value`, a word a line.
of_flags() {
  awk '!/^-/ { if (name != "") { print name "\t" $0; name = "" } next }
       { name = ""; sub(/^-+/, ""); i = index($0, "="); if (i) print substr($0, 1, i - 1) "\t" substr($0, i + 1); else name = $0 }'
}

# `PREFIX_DATA_DIR=value`, a line each.
of_variables() {
  awk -v prefix="$1" "$of_text"'{ line = bare($0); sub(/^export /, "", line); i = index(line, "="); name = bare(substr(line, 1, i - 1))
    if (!i || index(name, prefix) != 1) next
    name = tolower(substr(name, length(prefix) + 1)); gsub(/_/, "-", name); value = plain(substr(line, i + 1))
    if (name != "" && value != "") print name "\t" value }'
}

# etcd's own configuration file.
of_yaml() {
  awk "$of_text"'scalar($0) { if (!nested) section = name
    if (value != "" && (!nested || section == "client-transport-security")) print name "\t" value }'
}

# The flags in a manifest of a pod.
of_manifest() {
  sed -n -e "s/^ *- [\"']*\\(--[^= ]*=.*\\)\$/\\1/p" | sed -e "s/[\"' ]*\$//" | of_flags
}

# A unit: what it starts, and its variables. Values that hold a variable themselves stand elsewhere.
of_unit() {
  awk '{ sub(/\r$/, ""); if (sub(/\\$/, " ")) { held = held $0; next } print held $0; held = "" }' <"$1" >"$help/unit"
  sed -n 's/^ *ExecStart=[^ ]* *//p' "$help/unit" | tr -s ' ' '\n' | of_flags | grep -v "$tab"'.*[$]'
  sed -n 's/^ *Environment=//p' "$help/unit" | awk "$of_text"'{ whole = plain($0); if (whole != bare($0)) { print whole; next }
    n = split($0, words, " "); for (i = 1; i <= n; i++) print plain(words[i]) }' | of_variables ETCD_
}

# Where Patroni finds its etcd.
of_patroni() {
  awk "$of_text"'
    function add(s,  n, i, part) { n = split(s, part, ","); for (i = 1; i <= n; i++) hosts[++count] = bare(part[i]) }
    (section == "etcd" || section == "etcd3") && in_hosts && /^[ \t]*- / { line = bare($0); add(plain(substr(line, 3))); next }
    scalar($0) { if (!nested) { section = name; in_hosts = 0; next }
      if (section != "etcd" && section != "etcd3") next
      in_hosts = name == "hosts"
      if (value == "") next
      if (name == "host" || name == "hosts" || name == "url") add(value)
      if (name == "protocol") scheme = value
      if (name == "cacert" || name == "cert" || name == "key") print name "\t" value }
    END { if (scheme == "") scheme = "http"
      for (i = 1; i <= count; i++) urls = urls (i > 1 ? "," : "") (hosts[i] ~ /:\/\// ? hosts[i] : scheme "://" hosts[i])
      if (count) print "endpoints\t" urls }'
}

# Lines with the third field behind them.
from() { awk -v from="$1" '{ print $0 "\t" from }'; }

# The first that is said of a name, with who says it, in $value and $from.
setting() { said_in "$help/server" "$1"; }
client() { said_in "$help/client" "$1"; }
said_in() {
  line=$(awk -F "$tab" -v name="$2" '$1 == name && $2 != "" { print $2 FS $3; exit }' "$1")
  value=${line%%"$tab"*} from=${line#*"$tab"}
  [ -n "$value" ]
}

# The container that a control group's name names: engine and id.
container_in() {
  awk '{ path = $0; sub(/^[^:]*:[^:]*:/, "", path); n = split(path, part, "/")
    for (i = n; i > 0; i--) { id = part[i]; sub(/\.scope$/, "", id); engine = ""
      if (sub(/^docker-/, "", id)) engine = "docker"
      else if (sub(/^cri-containerd-|^crio-|^.*:cri-containerd:/, "", id)) engine = "cri"
      else if (sub(/^libpod-/, "", id)) engine = "podman"
      else if (sub(/^nerdctl-/, "", id)) engine = "nerdctl"
      else if (part[i - 1] == "docker") engine = "docker"
      else if (part[i - 1] == "default") engine = "nerdctl"
      else if (path ~ /kubepods/) engine = "cri"
      if (engine != "" && length(id) == 64 && id ~ /^[0-9a-f]+$/) { print engine, substr(id, 1, 12); exit } } }'
}

# etcd's processes by number; where there is none, those that have it within them.
find_processes() {
  of_name() { grep -lx -e "$1" "$root"/proc/[0-9]*/comm 2>/dev/null | sed -e 's#/comm$##' -e 's#.*/##' | sort -n; }
  embedded='' pids=$(of_name etcd)
  if [ -z "$pids" ]; then
    embedded=$(of_name k3s-server)
    embedded=${embedded:-$(of_name k3s)}
    pids=$embedded
  fi
  kept_pids='' unit='' container='' engine='' inside='' cpu_file='' first_token='' strangers=''
  : >"$help/server"
  for pid in $pids; do
    at=$root/proc/$pid
    if [ -n "$embedded" ]; then : >"$help/process"; else settings_of_process >"$help/process"; fi
    token=$(sed -n "s/^initial-cluster$tab//p" "$help/process" | head -n 1)
    if [ -n "$given_endpoints" ]; then
      serves || { strangers="$strangers $pid" && continue; }
    elif [ -z "$kept_pids" ]; then
      first_token=$token
    elif [ -z "$first_token" ] || [ "$token" != "$first_token" ]; then
      strangers="$strangers $pid"
      continue
    fi
    kept_pids=${kept_pids:+$kept_pids,}$pid
    from "process $pid" <"$help/process" >>"$help/server"
    look_at_group
  done
  first_pid=${kept_pids%%,*}
}

# The configuration file goes before the command line, and that before the environment, as with etcd itself.
settings_of_process() {
  {
    tr '\000' '\n' <"$at/cmdline" | sed 1d | of_flags >"$help/flags"
    tr '\000' '\n' <"$at/environ" | of_variables ETCD_ >>"$help/flags"
  } 2>/dev/null
  config=$(sed -n "s/^config-file$tab//p" "$help/flags" | head -n 1)
  if [ -n "$config" ]; then { of_yaml <"$root$config" || of_yaml <"$at/root$config"; } 2>/dev/null; fi
  # Without a data directory etcd takes NAME.etcd, and a relative one is below the folder in which it was started.
  grep -v "^data-dir$tab" "$help/flags"
  dir=$(sed -n "s/^data-dir$tab//p" "$help/flags" | head -n 1)
  name=$(sed -n "s/^name$tab//p" "$help/flags" | head -n 1)
  dir=${dir:-${name:-default}.etcd}
  below=$(readlink "$at/cwd" 2>/dev/null)
  case $dir in /*) ;; *) dir=${below:+$below/}$dir ;; esac
  printf 'data-dir\t%s\n' "$dir"
}

# Whether a process serves one of the given URLs: its own, or its port where it listens on all addresses or one of the two is a name.
serves() {
  [ -z "$embedded" ] || return 0
  own=$(sed -n -e "s/^listen-client-urls$tab//p" -e "s/^advertise-client-urls$tab//p" "$help/process")
  { printf '%s\n' "${own:-http://localhost:2379}" | tr ',' '\n' | sed 's/^/own /' && printf '%s\n' "$given_endpoints" | tr ',' '\n'; } |
    sed -e 's#[a-z]*://##' -e 's#/.*##' -e 's#\(own \)*.*@#\1#' | tr -d ' []' | awk '
      function host(s) { sub(/:[0-9]*$/, "", s); return s }
      function is_here(h) { return h == "localhost" || h == "127.0.0.1" || h == "::1" }
      function is_name(h) { return h !~ /^[0-9.]+$/ && h !~ /:/ }
      sub(/^own/, "") { own[++n] = $0; next }
      { for (i = 1; i <= n; i++) { p = own[i]; q = $0; sub(/.*:/, "", p); sub(/.*:/, "", q); a = host(own[i]); b = host($0)
          if (p == q && (a == b || a == "0.0.0.0" || a == "::" || a == "" || is_here(a) && is_here(b) || is_name(a) || is_name(b) && !is_here(b))) ok = 1 } }
      END { exit !ok }'
}

# The unit, the container and the file in which its control group counts what a quota denied.
look_at_group() {
  group=$at/cgroup
  if [ -z "$unit" ]; then unit=$(sed -n 's#.*/\([^/]*\.service\)$#\1#p' "$group" 2>/dev/null | head -n 1); fi
  if [ -z "$unit" ] && [ -n "$embedded" ]; then unit=k3s.service; fi
  if [ -z "$container" ]; then
    found=$({ container_in <"$group"; } 2>/dev/null)
    container=${found#* } engine=${found% *}
  fi
  if [ -z "$inside" ]; then
    elsewhere=$(readlink "$at/root" 2>/dev/null)
    if [ -n "$container" ] || { [ -n "$elsewhere" ] && [ "$elsewhere" != / ]; }; then inside=$at/root; fi
  fi
  if [ -z "$cpu_file" ]; then
    # A hierarchy of its own, else the one for all; a path out of this namespace's root says nothing about where the files are.
    of_cpu=$(sed -n -e 's#^[0-9]*:\([a-z_=]*,\)*cpu\(,[a-z_=]*\)*:/*#cpu/#p' "$group" 2>/dev/null | head -n 1)
    if [ -z "$of_cpu" ]; then of_cpu=$(sed -n 's#^0::/*##p' "$group" 2>/dev/null | head -n 1 | sed 's#^$#.#'); fi
    of_cpu=${of_cpu%/}
    case $of_cpu in *..*) ;; .) cpu_file=/sys/fs/cgroup/cpu.stat ;; ?*) cpu_file=/sys/fs/cgroup/$of_cpu/cpu.stat ;; esac
  fi
}

# Units of etcd, and additions to them, which go first.
unit_files() {
  for folder in @UNIT_FOLDERS@; do
    for path in "$root$folder"/etcd*.service.d/*.conf "$root$folder"/etcd*.service; do
      case ${path#"$root$folder/"} in *backup* | *defrag* | *exporter*) continue ;; esac
      if [ -s "$path" ]; then printf '%s\n' "${path#"$root"}"; fi
    done
  done
}

# What files say of etcd itself, and of how a client reaches it.
read_files() {
  unit_files >"$help/units"
  if [ -z "$kept_pids" ] || [ -n "$embedded" ]; then
    while read -r path; do
      of_unit "$root$path" | from "$path"
      sed -n -e 's/^ *EnvironmentFile=-*//p' "$help/unit" | tr -d "\"'" >"$help/named"
      while read -r named; do [ -f "$root$named" ] && of_variables ETCD_ <"$root$named" | from "$named"; done <"$help/named"
    done <"$help/units"
    for path in @VARIABLES@; do [ -f "$root$path" ] && of_variables ETCD_ <"$root$path" | from "$path"; done
    for path in @YAML@; do [ -f "$root$path" ] && of_yaml <"$root$path" | from "$path"; done
    for folder in @MANIFESTS@; do
      for path in "$root$folder"/etcd*.y*ml; do [ -f "$path" ] && of_manifest <"$path" | from "${path#"$root"}"; done
    done
  fi >>"$help/server" 2>/dev/null
  {
    for path in @VARIABLES@; do [ -f "$root$path" ] && of_variables ETCDCTL_ <"$root$path" | from "$path"; done
    while read -r ca cert key; do
      if [ -e "$root$ca" ] && [ -e "$root$cert" ] && [ -e "$root$key" ]; then
        printf 'cacert\t%s\ncert\t%s\nkey\t%s\n' "$ca" "$cert" "$key" | from 'the usual place'
      fi
    done <<-END
	@CLIENT_FILES@
	END
    for path in @PATRONI@; do [ -f "$root$path" ] && of_patroni <"$root$path" | from "$path"; done
  } >"$help/client" 2>/dev/null
}

note() { printf '%s\n' "$*" >>"$help/found"; }

# A path of etcd's as the host reaches it: in a container the same name can be elsewhere.
reached() {
  if [ -n "$inside" ] && [ ! -e "$root$value" ]; then
    case $value in /*) if [ -e "$inside$value" ]; then value=$inside$value from="$from, in its container"; fi ;; esac
  fi
}

# URLs that can be asked: what listens on all addresses is none.
local_urls() {
  printf '%s\n' "$1" | tr ',' '\n' | sed -e 's/^ *//' -e 's/ *$//' -e '/^$/d' -e '/^unix/d' -e "s#^\\([^:]*:[0-9]*\\)\$#$2://\\1#" \
    -e 's#//0\.0\.0\.0:#//127.0.0.1:#' -e 's#//\[::\]:#//127.0.0.1:#' -e 's#/$##'
}

# Where and how etcd is asked.
find_ways() {
  scheme=http
  if [ -n "$given_cacert$given_cert" ]; then scheme=https; fi
  if [ -n "$given_endpoints" ]; then
    value=$given_endpoints from=$endpoints_from
  elif [ -n "$kept_pids" ] && [ -z "$embedded" ] && { setting advertise-client-urls || setting listen-client-urls; }; then
    :
  elif client endpoints || setting advertise-client-urls || setting listen-client-urls; then
    :
  else
    value=http://127.0.0.1:2379 from="etcd's default"
  fi
  urls=$(local_urls "$value" "$scheme")
  endpoints=$(printf '%s\n' "$urls" | tr '\n' ',')
  endpoints=${endpoints%,}
  note "endpoints: $endpoints ($from)"
  metrics_urls=$urls
  if [ -z "$given_endpoints" ] && setting listen-metrics-urls; then metrics_urls=$(local_urls "$value" http); fi
  ctl_cacert='' ctl_cert='' ctl_key='' cacert='' cert='' key=''
  case $endpoints in *https://*) find_certificates ;; esac
  find_ctl
}

find_certificates() {
  server_ca='' client_ca='' of_this='' pair=server
  setting trusted-ca-file && server_ca=$value
  client cacert && client_ca=$value
  if [ -n "$client_ca" ] && { [ -z "$server_ca" ] || [ "$server_ca" = "$client_ca" ]; }; then of_this=yes; fi
  if [ -n "$of_this" ] && client cert && client key; then pair=client; fi
  which_file cacert "$given_cacert" "$([ -n "$of_this" ] && echo client || echo server)" trusted-ca-file
  if [ -n "$given_cert$given_key" ]; then
    ctl_cert=$given_cert ctl_key=$given_key cert=$given_cert key=$given_key
    if [ -n "$cert" ]; then note "cert: $cert (flag)"; fi
    if [ -n "$key" ]; then note "key: $key (flag)"; fi
  else
    which_file cert '' "$pair" cert-file
    which_file key '' "$pair" key-file
  fi
  if [ -n "$key" ] && [ ! -r "$root$key" ] && [ ! -r "$key" ]; then note "$key cannot be read by this user: etcd may refuse what is asked"; fi
}

# which_file NAME GIVEN client|server SETTING: as etcdctl in a container finds it, and as the host does.
which_file() {
  value=$2 from=flag
  if [ -z "$value" ]; then if [ "$3" = client ]; then client "$1"; else setting "$4"; fi || return 0; fi
  raw=$value
  if [ -z "$2" ]; then reached; fi
  note "$1: $value ($from)"
  case $1 in
    cacert) ctl_cacert=$raw cacert=$value ;;
    cert) ctl_cert=$raw cert=$value ;;
    key) ctl_key=$raw key=$value ;;
  esac
}

# Words that run etcdctl in etcd's container, where the host has none.
find_ctl() {
  enter='' cri='' cri_file=''
  if [ -n "$container" ] && ! program etcdctl; then
    case $engine in
      cri)
        if program crictl; then
          enter="crictl exec $container" cri=yes
        elif program k3s; then
          enter="k3s crictl exec $container" cri=yes
        elif program nerdctl; then
          enter="nerdctl -n k8s.io exec $container"
        elif program docker; then
          enter="docker exec $container"
        fi
        ;;
      *) if program "$engine"; then enter="$engine exec $container"; fi ;;
    esac
  fi
  if [ -n "$enter" ]; then note "etcdctl: in the container, by $enter"; else ctl_cacert=$cacert ctl_cert=$cert ctl_key=$key; fi
  if [ -n "$cri" ] && [ -r "$root@RKE2_CRICTL@" ]; then cri_file=@RKE2_CRICTL@; fi
}

# The units whose journal is etcd's log, its supervisors, the data directory, log files.
find_logs() {
  own_units=$unit
  if [ -z "$own_units" ]; then
    own_units=$(sed -n 's#.*/\([^/]*\.service\)$#\1#p' "$help/units" | sort -u)
    case "
$own_units
" in *'
etcd.service
'*) own_units=etcd.service ;; *) own_units=$(printf '%s\n' "$own_units" | head -n 1) ;; esac
    if [ -z "$own_units" ] && [ -z "$container" ]; then own_units=etcd; fi
  fi
  log_units=${given_units:-$own_units}
  others=''
  while read -r folder name; do
    if [ -d "$root$folder" ]; then others="$others $name"; fi
  done <<-END
	@SUPERVISORS@
	END
  # Where the supervisor is the unit itself, its journal is there already.
  for name in $log_units; do others=$(printf '%s \n' "$others" | sed "s/ $(unit_name "$name") / /"); done
  others="$others @CLIENTS@"
  data_dir=$given_data_dir
  if [ -n "$data_dir" ]; then
    note "data directory: $data_dir (flag)"
  elif setting data-dir; then
    reached
    data_dir=$value
    note "data directory: $data_dir ($from)"
  else
    for folder in @DATA_DIRS@; do
      if [ -d "$root$folder" ]; then
        data_dir=$folder
        note "data directory: $data_dir (the usual place)"
        break
      fi
    done
  fi
}

unit_name() { file_name "${1%.service}"; }

# Log files, oldest first: of a kubelet's the number counts starts, and parts have their date behind it; of a logger's a higher number is older.
by_age() {
  awk -F / '{ name = $NF; folder = substr($0, 1, length($0) - length(name)); sub(/\.gz$/, "", name); age = 2000000000; part = ""
      if (name ~ /^[0-9]+\.log/) { age = name + 0; part = name; sub(/^[0-9]+\.log/, "", part); if (part == "") part = "~" }
      else { n = split(name, word, /[.-]/); d = word[n]; if (d ~ /^[0-9]+$/) age = length(d) < 6 ? -d : d - 2147483647 }
      print folder "\t" age "\t" part "\t" $0 }' | sort -t "$tab" -k 1,1 -k 2,2n -k 3,3 | cut -f 4 | tail -n @MOST_FILES@
}

container_logs() {
  for path in "$root@PODS@"/*_"$1"_*/"$1"/*.log* "$root@PODS@"/*_"$1"-*_*/"$1"/*.log*; do
    case $path in *.tmp) ;; *) if [ -e "$path" ]; then printf '%s\n' "${path#"$root"}"; fi ;; esac
  done | by_age
}

system_logs() {
  for base in @SYSTEM@; do
    [ -e "$root/var/log/$base" ] || continue
    for path in "$root/var/log/$base" "$root/var/log/$base"[.-]*[0-9]*; do
      if [ -e "$path" ]; then printf '%s\n' "${path#"$root"}"; fi
    done | by_age
    break
  done
}

own_logs() {
  setting log-outputs || setting log-output || value=''
  { printf '%s\n' "$value" | tr ',' '\n' | tr -d ' ' | grep '^/' | grep -v '^/dev/' && :; printf '%s\n' @OWN@; } | uniq | while read -r path; do
    if [ -e "$root$path" ]; then printf '%s\n' "$path"; fi
  done
}

