# DRY STEP…: makes the server so; what is so already is left alone. DRY is yes or no. A step is KIND=…, its parts separated by tabs; a
# part - is of no account. Each says a line WORD, TEXT: did, nothing, would, failed.
dry=$1
shift
bad=0
tab=$(printf '\t')
limits=
limited=

line() {
  printf '%s\t%s\n' "$1" "$(printf %s "$2" | tr '\n\t' '  ')"
}

# step TEXT COMMAND…
step() {
  text=$1
  shift
  if [ "$dry" = yes ]; then
    line would "$text"
  elif out=$(as_root "$@" 2>&1 </dev/null); then
    line did "$text"
  else
    line failed "$text: $out"
    bad=1
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

part() {
  printf %s "$subject" | cut -f "$1"
}

user() {
  if getent passwd "$subject" >/dev/null; then line nothing "user $subject: exists"
  else
    case $subject in
      *\\*)
        line failed "user $subject: a domain's user, and this server does not know it: join the domain"
        bad=1
        ;;
      *) step "user $subject: added" useradd --system --create-home --shell /usr/sbin/nologin "$subject" ;;
    esac
  fi
}

member() {
  who=$(part 1)
  group=$(part 2)
  if getent group "$group" >/dev/null; then line nothing "group $group: exists"; else step "group $group: added" groupadd --system "$group"; fi
  gid=$(getent group "$group" | cut -d: -f3)
  case " $(id -G "$who" 2>/dev/null) " in
    *" ${gid:-none} "*) line nothing "$who in group $group: already a member" ;;
    *) step "$who in group $group: added" gpasswd -a "$who" "$group" ;;
  esac
}

folder() {
  mode=$(part 1)
  owner=$(part 2)
  group=$(part 3)
  path=$(part 4)
  same=yes
  if ! [ -d "$path" ]; then
    same=no
    step "folder $path: made" mkdir -p "$path"
  fi
  now=$(stat -Lc "%U$tab%G$tab%a" "$path" 2>/dev/null)
  if [ "$owner" != - ] && [ "$owner" != "$(printf %s "$now" | cut -f 1)" ]; then
    same=no
    step "folder $path: owner $owner" chown "$owner" "$path"
  fi
  if [ "$group" != - ] && [ "$group" != "$(printf %s "$now" | cut -f 2)" ]; then
    same=no
    step "folder $path: group $group" chgrp "$group" "$path"
  fi
  # chown may clear bits of it
  now=$(stat -Lc "%U$tab%G$tab%a" "$path" 2>/dev/null)
  if [ "$mode" != - ] && [ "$mode" != "$(printf %s "$now" | cut -f 3)" ]; then
    same=no
    step "folder $path: rights $mode" chmod "$mode" "$path"
  fi
  [ "$same" = no ] || line nothing "folder $path: as wanted"
}

limit() {
  limited=$(part 1)
  limits="$limits$limited - $(part 2) $(part 3)
"
}

write_limits() {
  file=/etc/security/limits.d/nary-$(printf %s "$limited" | tr -c 'A-Za-z0-9\n' _).conf
  if [ "$(cat "$file" 2>/dev/null)" = "$(printf %s "$limits")" ]; then line nothing "limits of $limited: as wanted"
  else step "limits of $limited: written to $file" sh -c 'mkdir -p /etc/security/limits.d && printf %s "$1" >"$2.new" && mv "$2.new" "$2"' sh "$limits" "$file"; fi
}

package() {
  if command -v dpkg-query >/dev/null; then
    if dpkg-query -W -f '${db:Status-Abbrev}' "$subject" 2>/dev/null | grep -q ^ii; then line nothing "package $subject: is there"
    else step "package $subject: installed" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$subject"; fi
  elif rpm -q "$subject" >/dev/null 2>&1; then line nothing "package $subject: is there"
  else step "package $subject: installed" dnf install -y -q "$subject"; fi
}

for need; do
  subject=${need#*=}
  case $need in
    user=*) user ;;
    member=*) member ;;
    folder=*) folder ;;
    limit=*) limit ;;
    package=*) package ;;
    *) echo "unknown step: $need" >&2; exit 2 ;;
  esac
done
if [ -n "$limits" ]; then write_limits; fi
exit "$bad"
