# NEED…: how this server is. A need is KIND=SUBJECT, its parts separated by tabs; each answer a line KIND, SUBJECT, ANSWER, with tabs between.
# Changes nothing but that it makes and removes a file in a temp folder. After user=NAME all is asked as that user.
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

# As root where that may be.
look() {
  as_root "$@" 2>/dev/null || "$@" 2>/dev/null
}

part() {
  printf %s "$subject" | cut -f "$1"
}

is_user() {
  name=$(name_of "$1")
  if [ -z "$name" ]; then
    say user "$1" missing
    reach=no
    return
  fi
  user=$name
  if as true .; then say user "$1" "exists as $name"; else
    say user "$1" "unreachable by $me"
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
    *) if getent -s files group "$1" >/dev/null; then say group "$1" "no member"; else say group "$1" "no member of the domain's"; fi ;;
  esac
}

# Under the name that was asked for, if that is the same user or group.
owner_of() {
  if [ "$2" != - ] && [ "$(id -u "$2" 2>/dev/null)" = "$(look stat -Lc %u "$1")" ]; then printf %s "$2"; else look stat -Lc %U "$1"; fi
}

group_of() {
  if [ "$2" != - ] && [ "$(getent group "$2" | cut -d: -f3)" = "$(look stat -Lc %g "$1")" ]; then printf %s "$2"; else look stat -Lc %G "$1"; fi
}

# The first folder on the way that the user cannot enter.
behind() {
  closed=
  above=$(dirname "$1")
  until [ "$above" = / ] || [ "$above" = . ] || as 'test -x "$1"' "$above"; do
    closed=$above
    above=$(dirname "$above")
  done
  [ -z "$closed" ] || say behind "$1" "$closed"
}

folder() {
  path=$(part 1)
  if ! look test -e "$path"; then
    say folder "$path" missing
    return
  fi
  if ! look test -d "$path"; then
    say folder "$path" "no folder"
    return
  fi
  rights='?'
  [ "$reach" = no ] || rights=$(as 'for r in r w x; do if [ -$r "$1" ]; then printf $r; else printf -- -; fi; done' "$path")
  if [ "$rights" = --- ]; then behind "$path"; fi
  say folder "$path" "$(owner_of "$path" "$(part 2)"):$(group_of "$path" "$(part 3)"):$(look stat -Lc %a "$path") $rights"
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
  descriptors=$(look sh -c 'ls -l /proc/[0-9]*/fd || true')
  holder="taken by a process that cannot be seen"
  for inode in $inodes; do
    found=$(printf '%s\n' "$descriptors" | awk -v s="socket:[$inode]" '/^\/proc/ { split($0, a, "/"); pid = a[3] } index($0, s) { print pid }' | head -40)
    for pid in $found; do
      command=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-200)
      if look cat "/proc/$pid/environ" | tr '\0' '\n' | grep -q '^NARY_WORKER=' || printf %s "$command" | grep -q 'nary\.Main'; then
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
  if [ -n "$path" ]; then say program "$1" "$path"
  elif path=$(elsewhere "$1"); then say program "$1" "elsewhere $path"
  else say program "$1" "missing $(package_of "$1")"; fi
}

# Where it lies all the same, and the user may run it.
elsewhere() {
  for path in "$(command -v "$1")" "$HOME/bin/$1" "/opt/$1" /opt/*/"$1" /opt/*/bin/"$1" /usr/local/*/bin/"$1" /snap/bin/"$1"; do
    if [ -f "$path" ] && as 'test -x "$1"' "$path"; then
      printf %s "$path"
      return
    fi
  done
  return 1
}

# The package that has a program; empty if none is known. dnf finds it by the path.
package_of() {
  case $manager in
    dnf) printf %s "/usr/bin/$1" ;;
    apt-get)
      usual=$(usual_package "$1")
      if [ -n "$usual" ]; then printf %s "$usual"
      elif has_candidate "$1"; then printf %s "$1"; fi
      ;;
  esac
}

# Debian's, where it has another name than the program.
usual_package() {
  case $1 in
    node) echo nodejs ;;
    java) echo default-jre-headless ;;
    python) echo python-is-python3 ;;
    php) echo php-cli ;;
    mono) echo mono-runtime ;;
    bundle) echo bundler ;;
    erl) echo erlang-base ;;
  esac
}

# nary itself is run by who logs in, and found where nary fleet bootstrap puts it.
tool() {
  if path=$(PATH=$PATH:$HOME/.nary/bin command -v "$1"); then say tool "$1" "$path"; else say tool "$1" missing; fi
}

package() {
  version=$(version_of "$1")
  say package "$1" "${version:-missing}"
}

packages() {
  case $manager in
    apt-get) dpkg-query -W -f 'package\t${Package}\t${Version}\n' ;;
    dnf) rpm -qa --qf 'package\t%{NAME}\t%{VERSION}-%{RELEASE}\n' ;;
  esac
}

limit() {
  value=$(limit_now "$user" "$1")
  say limit "$1" "${value:-missing}"
}

# What nary's takeover of listening sockets needs, for who logs in.
kernel() {
  release=$(uname -r)
  scope=$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)
  say kernel release "$release"
  if ! grep -qw user_notif /proc/sys/kernel/seccomp/actions_avail 2>/dev/null; then say kernel takeover "no: it has no seccomp user notification"
  elif ! printf '%s\n' "$release" | awk -F '[.-]' '{ exit !($1 > 5 || ($1 == 5 && $2 >= 6)) }'; then say kernel takeover "no: it is older than 5.6"
  elif [ "$scope" -gt 2 ] || { [ "$scope" = 2 ] && [ "$(id -u)" != 0 ]; }; then say kernel takeover "no: kernel.yama.ptrace_scope is $scope"
  else say kernel takeover yes; fi
}

groups() {
  say groups "$user" "$(id -Gn "$user" 2>/dev/null | tr ' ' '\n' | sort | tr '\n' ' ')"
}

variables() {
  [ "$reach" = yes ] || return 0
  as env . | while IFS='=' read -r name value; do say variable "$name" "$value"; done
}

say login name "$me"
for need; do
  subject=${need#*=}
  case $need in
    user=*) is_user "$subject" ;;
    group=*) in_group "$subject" ;;
    groups=*) groups ;;
    folder=*) folder ;;
    temp=*) temp "$subject" ;;
    disk=*) disk "$subject" ;;
    port=*) port "$subject" ;;
    program=*) program "$subject" ;;
    tool=*) tool "$subject" ;;
    manager=*) say manager packages "$manager" ;;
    package=*) package "$subject" ;;
    limits=*)
      say limits file "$(limits_file "$user")"
      say limits as "$(limited_as "$user")"
      ;;
    limit=*) limit "$subject" ;;
    kernel=*) kernel ;;
    packages=*) packages ;;
    variables=*) variables ;;
    *) echo "unknown need: $need" >&2; exit 2 ;;
  esac
done
