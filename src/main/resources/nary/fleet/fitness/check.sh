# NEED…: how this server is. A need is KIND=SUBJECT; each answer a line KIND, SUBJECT, ANSWER, with tabs between. Changes nothing but
# that it makes and removes a file in a temp folder. After user=NAME all is asked as that user.
me=$(id -un)
user=$me
reach=yes

say() {
  printf '%s\t%s\t%s\n' "$1" "$2" "$(printf %s "$3" | tr '\n\t' '  ')"
}

# as SCRIPT ARGUMENT: what the app's user sees
as() {
  if [ "$user" = "$me" ]; then
    sh -c "$1" sh "$2"
  elif [ "$(id -u)" = 0 ]; then
    setpriv --reuid="$(id -u "$user")" --regid="$(id -g "$user")" --init-groups sh -c "$1" sh "$2"
  else
    sudo -n -u "$user" sh -c "$1" sh "$2"
  fi 2>/dev/null </dev/null
}

is_user() {
  if ! getent passwd "$1" >/dev/null; then
    say user "$1" missing
    reach=no
    return
  fi
  user=$1
  if as true .; then say user "$1" exists; else
    say user "$1" unreachable
    reach=no
  fi
}

# By number: names may have blanks.
in_group() {
  line=$(getent group "$1") || {
    say group "$1" missing
    return
  }
  gid=$(printf %s "$line" | cut -d: -f3)
  case " $(id -G "$user" 2>/dev/null) " in
    *" $gid "*) say group "$1" member ;;
    *) say group "$1" "no member" ;;
  esac
}

folder() {
  if ! [ -e "$1" ]; then say folder "$1" missing
  elif ! [ -d "$1" ]; then say folder "$1" "no folder"
  elif [ "$reach" = no ]; then say folder "$1" "$(stat -Lc '%U:%G:%a' "$1") ?"
  else say folder "$1" "$(stat -Lc '%U:%G:%a' "$1") $(as 'for r in r w x; do if [ -$r "$1" ]; then printf $r; else printf -- -; fi; done' "$1")"; fi
}

temp() {
  [ "$reach" = yes ] || return 0
  if as 'ls "$1" >/dev/null' "$1"; then list=list; else list=closed; fi
  if as 'f=$(mktemp "$1/nary.XXXXXX") && rm -f "$f"' "$1"; then write=write; else write=sealed; fi
  say temp "$1" "$list $write"
}

disk() {
  there=$1
  while ! [ -e "$there" ]; do there=$(dirname "$there"); done
  say disk "$1" "$(df -Pk "$there" | awk 'NR == 2 { print int($4 / 1024) }')"
}

# Who listens, from the kernel's tables; their names where we may see them.
port() {
  hex=$(printf ':%04X' "$1")
  inodes=$(awk -v p="$hex\$" '$2 ~ p && $4 == "0A" { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  if [ -z "$inodes" ]; then
    say port "$1" free
    return
  fi
  holder="taken by a process that cannot be seen"
  for inode in $inodes; do
    found=$(ls -l /proc/[0-9]*/fd 2>/dev/null | awk -v s="socket:[$inode]" '/^\/proc/ { split($0, a, "/"); pid = a[3] } index($0, s) { print pid }' | head -40)
    for pid in $found; do
      command=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-200)
      if tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -q '^NARY_WORKER=' || printf %s "$command" | grep -q 'nary\.Main'; then
        say port "$1" "nary $pid"
        return
      fi
      holder="taken $pid $command"
    done
  done
  say port "$1" "$holder"
}

program() {
  [ "$reach" = yes ] || return 0
  path=$(as 'command -v "$1"' "$1")
  say program "$1" "${path:-missing}"
}

package() {
  if command -v dpkg-query >/dev/null; then version=$(dpkg-query -W -f '${db:Status-Abbrev}${Version}' "$1" 2>/dev/null | sed -n 's/^ii //p')
  else version=$(rpm -q --qf '%{VERSION}-%{RELEASE}' "$1" 2>/dev/null) || version=; fi
  say package "$1" "${version:-missing}"
}

packages() {
  if command -v dpkg-query >/dev/null; then dpkg-query -W -f 'package\t${Package}\t${Version}\n'
  else rpm -qa --qf 'package\t%{NAME}\t%{VERSION}-%{RELEASE}\n'; fi
}

limit() {
  value=$(sed -n "s/^$user[[:space:]]*-[[:space:]]*$1[[:space:]]*//p" /etc/security/limits.d/*.conf 2>/dev/null | tail -n 1)
  say limit "$1" "${value:-missing}"
}

kernel() {
  say kernel release "$(uname -r)"
  if grep -qw user_notif /proc/sys/kernel/seccomp/actions_avail 2>/dev/null; then say kernel takeover yes; else say kernel takeover no; fi
}

variables() {
  [ "$reach" = yes ] || return 0
  as env . | while IFS='=' read -r name value; do say variable "$name" "$value"; done
}

for need; do
  subject=${need#*=}
  case $need in
    user=*) is_user "$subject" ;;
    group=*) in_group "$subject" ;;
    folder=*) folder "$subject" ;;
    temp=*) temp "$subject" ;;
    disk=*) disk "$subject" ;;
    port=*) port "$subject" ;;
    program=*) program "$subject" ;;
    package=*) package "$subject" ;;
    limit=*) limit "$subject" ;;
    kernel=*) kernel ;;
    packages=*) packages ;;
    variables=*) variables ;;
    *) echo "unknown need: $need" >&2; exit 2 ;;
  esac
done
