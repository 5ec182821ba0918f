# ---------------------------------------------------------------- 4 A row: what is run or read, and what becomes of it

# row WHEN SECONDS KEEP KIND PATH HOW run|read|logs|none WORDS...
#
#   WHEN   always, after (the interval), api2, api3 (where etcd and etcdctl know it), small (where databases are small), any, nojournal
#   KEEP   head:N, tail:N bytes; newest:N, landmarks:N of an output that has the newest line first: turned round; of the latter starts and ends
#   HOW    optional: it does not apply where its program or file is absent; joined: standard error belongs to the output;
#          exit=1,3: exit codes that are an answer; about=etcd, about=system: only lines about it
row() {
  when=$1 within=$2 keep=${3%:*} cap=${3#*:} kind=$4 path=$5 how=$6 does=$7
  shift 7
  state='' why='' code='' signal='' begun='' ms='' bytes='' sum='' err_bytes='' err_sum='' cut=''
  if [ -n "$dry" ]; then
    dry_row "$@"
    return
  fi
  out=$work/nodes/$node/$path err=$work/nodes/$node/$path.stderr
  [ "$when" != after ] || await "$interval_at"
  now
  if [ -z "$stop" ] && [ "$now" -ge "$deadline_at" ]; then stop=deadline; fi
  case $stop in
    signal) settle skipped 'the collection was told to stop before' ;;
    deadline) settle skipped 'the deadline of the collection came before' ;;
    *) row_now "$@" ;;
  esac
  write_row "$@"
}

settle() { state=$1 why=$2; }

absent() { case $how in *optional*) echo skipped ;; *) echo 'not found' ;; esac }

row_now() {
  stand_back
  least_room
  against
  if [ -n "$why" ]; then
    state=skipped
    return
  elif [ "$cap" -le 0 ]; then
    settle skipped 'the collection has written as much as it may'
    return
  elif [ "$does" = none ]; then
    case $1 in missed) state='not found' ;; *) state=skipped ;; esac
    why=$2
    return
  elif [ "$does" = run ] && ! program "$1"; then
    settle "$(absent)" "there is no $1 in PATH or the usual folders"
    return
  fi
  mkdir -p "${out%/*}"
  begun=$(stamp) began_at=$now
  attend "$@"
  # A new file of some bytes needs room, where one more line of an old one may need none.
  if [ -e "$help/full" ] || ! echo >"$help/room" || ! rm "$help/room"; then unwritable; fi
  now
  ms=$(((now - began_at) * 10))
  tidy
  case $does in run) judge ;; read) judge_read ;; logs) judge_logs ;; esac
  if [ "$bytes" = 0 ]; then bytes=''; fi
  if [ -n "$cut" ] && [ "$state" = collected ]; then state=truncated; fi
  take_note
}

# What is left for this row of the room for all and of that for logs; no log may take what the others need.
least_room() {
  left=$room
  case $kind in journal | log) if [ "$log_room" -lt "$left" ]; then left=$log_room; fi ;; esac
  third=$((room / 3))
  if [ "$third" -lt 1048576 ]; then third=1048576; fi
  if [ "$left" -gt "$third" ]; then left=$third; fi
  if [ "$cap" -gt "$left" ]; then cap=$left; fi
}

# Stands back where etcd's last answer was slow against its quickest.
stand_back() {
  case $kind in etcdctl | metrics | http) ;; *) return ;; esac
  if [ "$slow_ms" -gt 0 ]; then
    if [ "$slow_ms" -gt 5000 ]; then slow_ms=5000; fi
    await $((now + slow_ms / 10))
  fi
}

# Waits until a time.
await() {
  now
  while [ "$now" -lt "$1" ] && [ -z "$stop" ] && [ "$now" -lt "$deadline_at" ]; do
    if [ $(($1 - now)) -ge 100 ]; then sleep 1; else sleep "0.$(printf %02d $(($1 - now)))" 2>/dev/null || sleep 1; fi
    is_heard
    now
  done
}

# Why a row does not apply, in $why.
against() {
  case $when in
    api3) if older 3000; then why="$version_name does not know API version 3"; fi ;;
    api2)
      if ! older 3004; then why="API version 2 is asked of etcd before 3.4, and this is ${version_name:-of unknown version}"; fi
      ;;
    nojournal) if [ -n "$has_journal" ]; then why="the journal has etcd's lines"; fi ;;
    small | any)
      if older 3003; then
        why="$version_name cannot hash keys"
      elif [ "$slow_ms" -gt 0 ]; then
        why="etcd answers slowly: $slow_ms ms"
      elif [ "$when" = any ]; then
        return
      elif [ -z "$largest_db" ]; then
        why='the members did not tell how large their databases are'
      elif [ "$largest_db" -gt @SMALL_DATABASE@ ]; then
        why="a database with $((largest_db / 1048576)) MiB in use is too large to be read as a whole"
      fi
      ;;
  esac
}

# Whether etcd or etcdctl is known to be older than a version: 3004 is 3.4.
older() {
  if [ -n "$server_version" ] && [ "$server_version" -lt "$1" ]; then return 0; fi
  [ -n "$client_version" ] && [ "$client_version" -lt "$1" ]
}

# Runs or reads within the time. Its own watchdog, for `timeout` is not everywhere: a program and its children are ended, SIGTERM first.
attend() {
  rm -f "$help"/pid "$help"/code "$help"/late "$help"/count "$help"/error
  limit=$(((deadline_at - now) / 100))
  if [ "$within" -lt "$limit" ]; then limit=$within; fi
  (
    { { start "$@" 2>&3 3>&- | kept 3>&- >"$out"; } 3>&1 | { head -c @COMPLAINTS@ && cat >/dev/null; } | cut_secrets >"$err"; }
  ) </dev/null 2>/dev/null &
  all=$!
  watchdog "$limit" "$all" </dev/null 3>&2 >/dev/null 2>&1 &
  dog=$!
  if [ "$stop" != signal ]; then wait "$all"; fi
  if [ "$stop" = signal ]; then
    end_child TERM
    sleep 1
    end_child KILL
    wait "$all"
  fi
  kill "$dog" 2>/dev/null
  wait "$dog" 2>/dev/null
  code=$(cat "$help/code" 2>/dev/null)
}

start() {
  case $how in *joined*) exec 2>&1 ;; esac
  case $does in
    run)
      shift
      if [ -n "$api" ]; then
        [ "$api" = none ] || export ETCDCTL_API="$api"
        [ -z "$cri_config" ] || export CRI_CONFIG_FILE="$cri_config"
        if [ -n "$login" ]; then
          if [ "$api" = 2 ]; then export ETCDCTL_USERNAME="$login"; else export ETCDCTL_USER="$login"; fi
        fi
      fi
      $session "$file" "$@" &
      ;;
    read) of_read "$@" & ;;
    logs) of_logs "$@" & ;;
  esac
  child=$!
  echo "$child" >"$help/pid"
  # Some shells would tell there that it was killed.
  wait "$child" 2>/dev/null
  echo $? >"$help/code"
  # What it left behind.
  if [ -n "$session" ] && [ "$does" = run ]; then kill -KILL "-$child" 2>/dev/null; fi
}

# watchdog SECONDS PROCESS: ends the row when its time is over, and, where the bundle goes to standard output, when nobody takes it any more.
watchdog() {
  nap='' left=$1 step=$1
  trap 'kill "$nap"; exit 0' TERM
  trap '' PIPE
  if [ "$target" = - ]; then step=1; fi
  while [ "$left" -gt 0 ]; do
    sleep "$step" 3>&- &
    nap=$!
    wait "$nap"
    left=$((left - step))
    [ "$target" != - ] || printf '\r' >&3 || break
  done
  : >"$help/late"
  end_child TERM
  sleep 1
  end_child KILL
  sleep 1
  # One that sleeps in the kernel does not even end then, and is left behind.
  kill -KILL "$2"
}

end_child() {
  pid=$(cat "$help/pid" 2>/dev/null) || return
  if [ -n "$session" ]; then kill "-$1" "-$pid" 2>/dev/null && return; fi
  kill "-$1" "$pid" 2>/dev/null
}

# Files under their names if there are several; the first that cannot be read is told.
of_read() {
  several=$#
  for name; do
    if cat "$root$name" >"$help/part" 2>"$help/said"; then
      if [ "$several" -gt 1 ]; then printf '==> %s <==\n' "$name"; fi
      # The kernel puts NULs between the words of a command line.
      case $name in */cmdline) tr '\000' ' ' <"$help/part" ;; *) cat "$help/part" ;; esac
    elif [ ! -s "$help/error" ]; then
      sed -e 's/.*: //' "$help/said" >"$help/error"
    fi
  done
  rm -f "$help/part" "$help/said"
}

# Log files one after the other, compressed ones too.
of_logs() {
  for name; do
    if [ -e "$root$name" ] && [ ! -f "$root$name" ]; then
      echo 'it is no plain file' >"$help/said"
    else
      case $name in *.gz) gzip -dc "$root$name" ;; *) cat "$root$name" && ended "$root$name" ;; esac 2>"$help/said" && continue
    fi
    printf '%s: %s\n' "$name" "$(sed -e 's/.*: //' "$help/said")" >>"$help/error"
  done
}

ended() { [ -z "$(tail -c 1 "$1")" ] || echo; }

# What of an output is kept, without secrets.
kept() {
  wanted | case $keep in
    head) head -c $((cap + 1)) | counted ;;
    tail) tail -c $((cap + 1)) | counted ;;
    newest) head -c $((cap + 1)) | counted ;;
    landmarks) tr -d '\000' | grep -F -f "$help/landmarks" | head -c $((cap + 1)) | counted ;;
  esac
}

wanted() {
  case $how in
    *about=etcd*) tr -d '\000' | grep -e '^-- ' @ABOUT_ETCD@ ;;
    *about=system*) tr -d '\000' | grep -e '^-- ' @OF_SYSTEM@ ;;
    *) cat ;;
  esac
}

counted() {
  { { tee /dev/fd/4 | case $keep in newest | landmarks) turned ;; *) cat ;; esac | { cut_secrets || : >"$help/full"; } >&5; } 4>&1 |
    wc -c >"$help/count"; } 5>&1
}

# The oldest line first, but for journalctl's heading; lines of an entry that are indented follow its first. Of what was cut the last line is not
# whole, and of a private key whose beginning was not kept nothing is.
turned() {
  awk -v cap="$cap" '{ line[++n] = $0; bytes += length($0) + 1 }
    END { first = 1
      if (bytes > cap) { n--
        for (i = n; i > 0 && i > n - 200 && line[i] !~ /-----BEGIN /; i--) if (line[i] ~ /-----END /) { n = i - 1; break } }
      while (first <= n && line[first] ~ /^-- (Logs|Journal) begin/) print line[first++]
      for (i = n; i >= first; i--) { if (line[i] ~ /^[ \t]/) { rest[++r] = line[i]; continue }
        print line[i]
        while (r > 0) print rest[r--] }
      while (r > 0) print rest[r--] }'
}

# The disk is full: nothing is left of the bundle then.
unwritable() {
  say "cannot write $place/$bundle$ending; name another place with -o"
  exit 4
}

# Cuts what is over the cap at a line's end, and removes empty files.
tidy() {
  count=$(tr -d ' ' <"$help/count" 2>/dev/null)
  if [ "${count:-0}" -gt "$cap" ]; then
    case $keep in head) edge=\$d cut=first ;; tail) edge=1d cut=last ;; *) edge='' cut=newest ;; esac
    if ! sed "$edge" "$out" >"$help/part" || ! mv "$help/part" "$out"; then unwritable; fi
  fi
  bytes=$(size_of "$out") err_bytes=$(size_of "$err")
  if [ -n "$cut" ]; then cut="the $cut $bytes bytes were kept"; fi
  if [ "$bytes" -gt 0 ]; then sum_of "$out"; else rm -f "$out"; fi
  if [ "$err_bytes" -gt 0 ]; then
    body_sum=$sum
    sum_of "$err"
    err_sum=$sum sum=$body_sum
  else
    rm -f "$err"
    err_bytes=''
  fi
}

# Whether the beginning of the complaints has one of these words.
complains() { [ -n "$err_bytes" ] && head -c 4096 "$err" | tr '[:upper:]' '[:lower:]' | grep -q "$@"; }

# The first complaint that is no line of a library's log.
first_words() {
  [ -n "$err_bytes" ] || return 0
  words=$(head -c 4096 "$err" | sed -e 's/^[ 	]*//' -e '/^$/d' -e '/^{/d' | head -n 1)
  if [ -z "$words" ]; then words=$(head -c 4096 "$err" | sed -e 's/^[ 	]*//' -e '/^$/d' | head -n 1); fi
  printf '%s\n' "$words" | sed -e 's/^\(.\{@LONGEST_WHY@\}\).*/\1/'
}

judge() {
  if [ "$stop" = signal ]; then
    settle skipped 'the collection was told to stop while it ran'
    code=''
    return
  elif [ -e "$help/late" ]; then
    settle 'timed out' "did not end within $within s"
    code=''
    return
  fi
  said="ended with $code"
  if [ -n "$cut" ] && [ "$keep" != tail ]; then
    code='' answer=yes
  elif [ "${code:-0}" -gt 128 ]; then
    signal=$((code - 128)) code='' answer='' said="ended by signal $signal"
  else
    case ",0,${how#*exit=}," in *",$code,"*) answer=yes ;; *) answer='' ;; esac
  fi
  is_empty=''
  if [ "$bytes" = 0 ] || [ "$(head -c 64 "$out")" = '-- No entries --' ]; then is_empty=yes; fi
  if complains @DENIED@; then
    settle denied "$(first_words)"
  elif [ -n "$is_empty" ] && complains @NO_JOURNAL@; then
    settle 'not found' "$(first_words)"
  elif [ "$(absent)" = skipped ] && complains @NOT_HERE@; then
    settle skipped "$(first_words)"
  elif [ -z "$answer" ]; then
    words=$(first_words)
    settle failed "$said${words:+: $words}"
  elif [ -n "$is_empty" ] && [ -z "$err_bytes" ]; then
    state=empty
  else
    state=collected
  fi
}

judge_read() {
  code='' words=$(cat "$help/error" 2>/dev/null)
  if [ -e "$help/late" ]; then
    settle 'timed out' "could not be read within $within s"
  elif [ "$bytes" = 0 ] && [ -n "$words" ]; then
    case $words in
      *'No such file'*) settle "$(absent)" "$words" ;;
      *'ermission denied'*) settle denied "$words" ;;
      *) settle failed "$words" ;;
    esac
  elif [ "$bytes" = 0 ]; then
    state=empty
  else
    settle collected "$words"
  fi
}

judge_logs() {
  code='' words=$(sed -e '$!s/$/;/' "$help/error" 2>/dev/null | tr '\n' ' ')
  why=${words% }
  if [ -e "$help/late" ]; then
    settle 'timed out' "could not be read within $within s"
  else
    case $words in *'ermission denied'*) state=denied ;; ?*) state=failed ;; *) state=empty ;; esac
    if [ "$bytes" != 0 ] && [ "$state" != denied ]; then state=collected; fi
  fi
}

# What later rows depend on: versions, sizes, whether there is a journal, how quickly etcd answers, how much room is left.
take_note() {
  case $path in
    http/version.json) server_version=$(sed -n -e 's/.*"etcdserver"/etcd /' -e 's/^etcd [^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p' "$out") ;;
    etcdctl/version.txt) client_version=$(sed -n 's/^ *etcdctl version[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p' "$out") ;;
    etcdctl/endpoint-status-cluster.json)
      # What is in use, which hashing reads; up to 3.3 only the size of the file is told.
      largest_db=$(sed 's/"dbSize":/\
/g' "$out" | sed -n -e 's/^[0-9].*"dbSizeInUse":\([0-9]*\).*/\1/p' -e t -e 's/^\([0-9][0-9]*\).*/\1/p' | sort -n | tail -n 1)
      lowest_revision=$(tr , '\n' <"$out" | sed -n 's/^.*"revision":\([1-9][0-9]*\).*/\1/p' | sort -n | head -n 1)
      ;;
    journal/kernel.log) ;;
    journal/*) case $state$how in collected- | truncated- | collected*exit=1 | truncated*exit=1) has_journal=yes ;; esac ;;
  esac 2>/dev/null
  case $client_version in *' '*) client_version=$((${client_version% *} * 1000 + ${client_version#* })) ;; esac
  case $server_version in *' '*) server_version=$((${server_version% *} * 1000 + ${server_version#* })) ;; esac
  version_name=''
  if [ -n "$client_version" ]; then version_name="etcdctl $((client_version / 1000)).$((client_version % 1000))"; fi
  if [ -n "$server_version" ]; then version_name="etcd $((server_version / 1000)).$((server_version % 1000))"; fi
  room=$((room - ${bytes:-0}))
  case $kind in
    journal | log) log_room=$((log_room - ${bytes:-0})) ;;
    etcdctl) quickest etcdctl "$quick_etcdctl" && quick_etcdctl=$quick ;;
    metrics) quickest metrics "$quick_metrics" && quick_metrics=$quick ;;
    http) quickest http "$quick_http" && quick_http=$quick ;;
  esac
  all_bytes=$((all_bytes + ${bytes:-0} + ${err_bytes:-0}))
}

quickest() {
  quick=${2:-$ms} slow_ms=0
  if [ "$ms" -ge @SLOW_MS@ ] && [ $((ms / @SLOW_TIMES@)) -ge "$quick" ]; then slow_ms=$ms; fi
  if [ "$ms" -lt "$quick" ]; then quick=$ms; fi
}

# The row's line of the manifest.
write_row() {
  {
    planned "$@"
    printf ',"state":"%s"' "$state"
    if [ -n "$why" ]; then printf ',"why":%s' "$(printf '%s\n' "$why" | json)"; fi
    if [ -n "$code" ]; then printf ',"exit_code":%s' "$code"; fi
    if [ -n "$signal" ]; then printf ',"signal":%s' "$signal"; fi
    if [ -n "$begun" ]; then printf ',"started":"%s"' "$begun"; fi
    if [ -n "$ms" ]; then printf ',"ms":%s' "$ms"; fi
    if [ -n "$bytes" ]; then printf ',"bytes":%s' "$bytes"; fi
    if [ -n "$sum" ]; then printf ',"sha256":"%s"' "$sum"; fi
    if [ -n "$err_bytes" ]; then printf ',"stderr":{"bytes":%s,"sha256":"%s"}' "$err_bytes" "$err_sum"; fi
    if [ -n "$cut" ]; then printf ',"truncated":"%s"' "$cut"; fi
    echo '},'
  } >>"$help/rows" || unwritable
  case $state in collected | empty | truncated | skipped | withheld) ;; *) missing=$((missing + 1)) ;; esac
  if [ -n "$begun" ] && [ "$does" = run ]; then commands=$((commands + 1)); fi
  tell "  $path: $state${why:+ ($why)}"
}

planned() {
  printf '    {"path":"nodes/%s/%s","kind":"%s"' "$node" "$path" "$kind"
  case $does in
    run)
      printf ',"argv":[%s]' "$(printf '%s\n' "$@" | json)"
      case $api$cri_config in
        '' | none) ;;
        [23]) printf ',"env":{"ETCDCTL_API":"%s"}' "$api" ;;
        *) printf ',"env":{"CRI_CONFIG_FILE":"%s"}' "$cri_config" ;;
      esac
      ;;
    read | logs) printf ',"reads":[%s]' "$(printf '%s\n' "$@" | json)" ;;
  esac
}

dry_row() {
  planned "$@" | sed 's/^ *//'
  printf ',"when":"%s","seconds":%s,"keep":"%s:%s","how":"%s"' "$when" "$within" "$keep" "$cap" "$how"
  if [ "$does" = none ]; then printf ',"why":"%s"' "$2"; fi
  echo '}'
}

