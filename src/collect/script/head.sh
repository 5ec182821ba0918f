#!/bin/sh
# etcd-triage @VERSION@: gathers the evidence of a misbehaving etcd from this host into one archive, for `etcd-triage analyze`.
#
#   sh this-script [-n] [-o FOLDER | -o FILE.tar.gz | -o -]
#
#   -n  prints what would be run and read, a line for each row of the plan, and does nothing
#   -o  where the archive goes: this folder unless told otherwise; - is standard output
#
# What it runs: the programs that the section "The plan" names, one after the other, each with a limit of time and of bytes. etcd is asked
#   by etcdctl (status, health, members, alarms, hashes; where the host has none, by the one in etcd's container) and by curl or wget
#   (/metrics, /version, /health); the host by journalctl, df, ls, ps, ss, systemctl status, openssl x509, date, chronyc, ntpq, timedatectl.
# What it reads: files of /proc and log files that the plan names, and, to find etcd, the files in which its settings stand. Of logs of other
#   programs it keeps the lines about etcd, and those of the kernel and of systemd.
# What it writes: a private folder, then in its place the archive; nothing else. 100 MiB of the disk stay free, of a small disk a tenth.
# What it never does: write to etcd, list its keys or read their values, defragment, compact, make a snapshot, read a private key (etcdctl
#   and curl are told where it lies), open a connection itself, ask for a password, change a setting. Passwords, tokens, private keys and
#   names of keys are cut by `cut_secrets` before they are stored.
# How long: at most the seconds and bytes given below, behind all others (nice, ionice). A signal ends it with what is there until then.
#
# Its sections: 1 What was asked for; 2 What never leaves a site; 3 Small things; 4 A row: how each program is run, limited and recorded
#   5 Finding etcd; 6 The plan: all that is run and read; 7 From here to there: the archive, and the order of all
#
# It needs a POSIX shell with the usual small tools, busybox's too; what is missing is told in the archive's manifest.json.
# For auth: ETCDCTL_USER and ETCDCTL_PASSWORD in the environment, as etcdctl has them; they are never among a program's arguments.
set -u
umask 077

# ---------------------------------------------------------------- 1 What was asked for when this was printed

given_endpoints=@ENDPOINTS@
given_cacert=@CACERT@
given_cert=@CERT@
given_key=@KEY@
insecure=@INSECURE@
given_data_dir=@DATA_DIR@
given_units=@UNITS@
journal=@JOURNAL@
# The window of the logs in journalctl's words; all empty: the last 24 hours. A moment goes with an hour on each side.
since=@SINCE@
until=@UNTIL@
moment=@MOMENT@
# Whether members are made to read all of their data for hashes however much it is.
deep=@DEEP@
# Hundredths of a second between the two samples, and seconds for everything before packing.
interval=@INTERVAL@
seconds_in_all=@WORK@
# Most bytes in all, and of logs; what a disk keeps free.
room=@ROOM@
log_room=@LOG_ROOM@
keep_free=@FREE@
# Folders that are searched for programs after those of PATH.
more_folders=@MORE_FOLDERS@
# What lies above all paths: empty but for tests.
root=''

# ---------------------------------------------------------------- 2 What never leaves a site

# Tokens that are known by how they begin: a line for sed of each.
known_tokens=$(printf 's#%s[A-Za-z0-9_-]\\{16,\\}#[token removed]#g\n' 'gh[pousr]_' github_pat_ glpat- dckr_pat_ npm_ pypi- 'xox[a-z]-' dop_v1_ \
  '[srp]k_live_' 'hvs\.' 'ya29\.' GOCSPX- AIza AGE-SECRET-KEY-)

# Cuts secrets out of what passes. It rather takes too much. Keys are kept up to the resource: /registry/pods/[key].
# Of a private key that has no end what looks like base64 goes, up to the end of the file, and no line of words.
cut_secrets() {
  sed \
    -e 's/-----BEGIN [A-Z ]*PRIVATE KEY-----.*-----END [A-Z ]*PRIVATE KEY-----/[private key removed]/g' \
    -e '/-----BEGIN [A-Z ]*PRIVATE KEY/,/-----END [A-Z ]*PRIVATE KEY/{' \
    -e 's/-----BEGIN [A-Z ]*PRIVATE KEY[-A-Za-z0-9+\/=\\]*/[private key removed]/' \
    -e 's/-----END [A-Z ]*PRIVATE KEY-*/[end of the private key]/' \
    -e 's/[A-Za-z0-9+\/]\{60,\}=*/[private key removed]/g' \
    -e 's/^[A-Za-z0-9+\/][A-Za-z0-9+\/]*=*$/[private key removed]/' \
    -e 's/ [A-Za-z0-9+\/]*[A-Z][A-Za-z0-9+\/]*[0-9][A-Za-z0-9+\/]*=*$/ [private key removed]/' \
    -e 's/ [A-Za-z0-9+\/]*[0-9][A-Za-z0-9+\/]*[A-Z][A-Za-z0-9+\/]*=*$/ [private key removed]/' \
    -e '}' \
    -e 's/LS0tLS1CRUdJTi[A-Za-z0-9+\/]*=*/[private key removed]/g' \
    -e 's/\(key-data[\\":]*[ :=]*["]*\)[A-Za-z0-9+\/]\{8,\}=*/\1[private key removed]/g' \
    -e 's#\(://[^/:@ "]*\):[^/ "]*@#\1:[password removed]@#g' \
    -e "s#\\([Pp][Aa][Ss][Ss][A-Za-z]*[\\\\\"' ]*[=:][\\\\\"' ]*\\)[^\\\\\"' ,;&][^\\\\\"',;&]*#\\1[password removed]#g" \
    -e "s#\\([Pp][Ww][Dd][\\\\\"' ]*[=:][\\\\\"' ]*\\)[^\\\\\"' ,;&/][^\\\\\"' ,;&]*#\\1[password removed]#g" \
    -e "s#\\([Ss][Ee][Cc][Rr][Ee][Tt][A-Za-z_]*[\\\\\"' ]*[=:][\\\\\"' ]*\\)[^\\\\\"' ,;&][^\\\\\"' ,;&]*#\\1[password removed]#g" \
    -e "s#\\(--[a-z-]*pass[a-z]*[ =\"',]*\\)[^ \"',-][^ \"',]*#\\1[password removed]#g" \
    -e "s#\\(--*u[ser]*[ =\"',]*[A-Za-z0-9_.-]*\\):[^ \"',][^ \"',]*#\\1:[password removed]#g" \
    -e 's#\(ETCDCTL_USER[NAME]*[=: ]*[^: ]*\):[^ "]*#\1:[password removed]#g' \
    -e 's#\([Tt][Oo][Kk][Ee][Nn][\\":= ]*\)[^\\" ,;]*[^\\" ,;]\{16\}#\1[token removed]#g' \
    -e 's#\([Bb]earer \)[^" ]\{6,\}#\1[token removed]#g' \
    -e 's#\(uthorization[]\\":= []*\)\([Bb]asic \)*[A-Za-z0-9+/._=-]\{12,\}#\1[token removed]#g' \
    -e 's#eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_.-]*#[token removed]#g' \
    -e 's#A[KS]IA[A-Z0-9]\{16\}#[token removed]#g' -e "$known_tokens" \
    -e 's#K10[0-9a-f]\{32,\}::[^" ]*#[token removed]#g' \
    -e 's#\(hooks\.slack\.com/[a-z]*/\)[A-Za-z0-9/]*#\1[token removed]#g' -e 's#\([?&;]sig=\)[^& "]*#\1[token removed]#g' \
    -e 's#\([a-z]Key=\)[A-Za-z0-9+][A-Za-z0-9+/]\{24,\}=*#\1[token removed]#g' \
    -e 's#\(private_key_id[\\": ]*\)[0-9a-zA-Z]*#\1[token removed]#g' \
    -e 's#\([Cc]ookie[\\": []*\)[^" ][^"]*#\1[token removed]#g' \
    -e 's#\("auth[\\": ]*\)[A-Za-z0-9+/]\{8,\}=*#\1[password removed]#g' \
    -e 's#\$[0-9a-z]\{1,6\}\$[A-Za-z0-9./$=,]\{16,\}#[password removed]#g' \
    -e 's#{S*SHA[0-9]*}[A-Za-z0-9+/=]*#[password removed]#g' \
    -e 's#\(://discovery\.[^/ ]*/\)[^ ",)]*#\1[token removed]#g' \
    -e 's#\(--discovery[ =]*[a-z]*://[^/ ]*/\)[^ ",)]*#\1[token removed]#g' \
    -e 's#\(/registry/[a-z0-9.-]*/\)[^]"\\ ;,)<>?[][^"\\ ;,)<>]*#\1[key]#g' \
    -e 's#/registry/#@registry@#g' \
    -e 's#\(key:\\*"\)health\(\\*"\)#\1@health@\2#g' \
    -e 's#\(key:\\*"\)[^@"\\][^"\\]*#\1[key]#g' \
    -e 's#\(range_end:\\*"\)[^@"\\][^"\\]*#\1[key]#g' \
    -e 's#\(range_begin:\)[^@;"\\}][^;}]*#\1[key]#g' \
    -e 's#\(range_end:\)[^@;"\\}][^;}]*#\1[key]#g' \
    -e 's#\([ {]key:\)/[^; ]*#\1[key]#g' \
    -e 's#\("key":"\)[^@"/][^"]*#\1[key]#g' \
    -e 's#\(value[":]*\\*"\)[^"\\]*#\1[value removed]#g' \
    -e 's#\(/v2/keys/\)[^?" ]*#\1[key]#g' \
    -e 's#\(not found (\)/[^)]*#\1[key]#g' \
    -e 's#@registry@#/registry/#g' -e 's#@health@#health#g'
}

# ---------------------------------------------------------------- 3 Small things

say() { printf '%s\n' "$*" >&2; }

# How it goes on; where the bundle goes to standard output, another program listens, which wants complaints alone.
tell() { if [ "$target" = - ]; then is_heard; else say "$@"; fi; }

# Ends where whoever takes the bundle is gone, as when ssh was cut. Nobody sees a carriage return.
is_heard() { [ "$target" != - ] || printf '\r' >&2 || exit 130; }

# Finds a program: its path is in $file then.
program() {
  old_ifs=$IFS
  IFS=:
  for folder in $folders; do
    if [ -f "$folder/$1" ] && [ -x "$folder/$1" ]; then
      IFS=$old_ifs file=$folder/$1
      return 0
    fi
  done
  IFS=$old_ifs file=
  return 1
}

# Hundredths of a second since the host was started: cheap, and no clock that is set meanwhile.
now() {
  now=0
  read -r now rest 2>/dev/null </proc/uptime || now=$(date +%s).00
  : "${rest:-}"
  now=${now%.*}${now#*.}
}

stamp() { date -u +%Y-%m-%dT%H:%M:%SZ; }

size_of() { if [ -s "$1" ]; then wc -c <"$1" | tr -d ' '; else echo 0; fi; }

# SHA-256 of a file in $sum, by whatever is there; else empty.
sum_of() {
  case $hasher in
    sha256sum) sum=$(sha256sum <"$1") ;;
    shasum) sum=$(shasum -a 256 <"$1") ;;
    openssl) sum=$(openssl dgst -sha256 <"$1" | sed 's/.* //') ;;
    busybox) sum=$(busybox sha256sum <"$1") ;;
    *) sum= ;;
  esac
  sum=${sum%% *}
}

# Strings of JSON, one for each line, with commas between.
json() {
  cut_secrets | tr '\011' ' ' | tr -d '\000-\010\013-\037\177' | tr '\200-\377' '[?*]' |
    sed -e 's/[\\"]/\\&/g' -e 's/.*/"&"/' -e '$!s/$/,/' | tr -d '\n'
}

# A name for a file: what is no plain character of a name becomes _.
file_name() {
  printf '%s\n' "$1" | sed -e 's#^[a-z]*://##' -e 's#^.*@\([^@]*:[0-9]*\)$#\1#' -e 's/[^A-Za-z0-9_.@-]/_/g' -e 's/^\(.\{1,64\}\).*/\1/'
}

