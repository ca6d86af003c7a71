# DRY STEP…: makes the server so; what is so already is left alone. DRY is yes or no. A step is KIND=…, its parts separated by tabs; a
# part - is of no account. Each says a line WORD, TEXT: did, nothing, would, failed.
dry=$1
shift
bad=0

line() {
  printf '%s\t%s\n' "$1" "$(printf %s "$2" | tr '\n\t' '  ')"
}

fail() {
  line failed "$1"
  bad=1
}

# step TEXT COMMAND…
step() {
  text=$1
  shift
  if [ "$dry" = yes ]; then line would "$text"
  elif out=$(as_root "$@" 2>&1 </dev/null); then line did "$text"
  else fail "$text: $out"; fi
}

part() {
  printf %s "$subject" | cut -f "$1"
}

user() {
  if [ -n "$(name_of "$subject")" ]; then line nothing "user $subject: exists"
  elif is_of_domain "$subject"; then fail "user $subject: the domain must supply it, and this server does not know it: join the domain until this finds it: getent passwd '$subject'"
  else step "user $subject: added" useradd --system --create-home --shell /usr/sbin/nologin "$subject"; fi
}

group() {
  if getent group "$1" >/dev/null; then line nothing "group $1: exists"
  elif is_of_domain "$1"; then fail "group $1: the domain must supply it, and this server does not know it: join the domain until this finds it: getent group '$1'"
  else step "group $1: added" groupadd --system "$1"; fi
}

# The files know a member by the server's own name for it.
member() {
  who=$(part 1)
  group=$(part 2)
  group "$group"
  name=$(name_of "$who")
  gid=$(getent group "$group" | cut -d: -f3)
  case " $(id -G "$who" 2>/dev/null) " in
    *" ${gid:-none} "*) line nothing "$who in group $group: already a member" ;;
    *)
      if [ -z "$name" ] && is_of_domain "$who"; then fail "$who in group $group: there is no such user"
      elif [ -z "$gid" ] && is_of_domain "$group"; then fail "$who in group $group: there is no such group"
      elif [ -n "$gid" ] && ! getent -s files group "$group" >/dev/null; then fail "$who in group $group: the group is the domain's, add the user there"
      else step "$who in group $group: added" gpasswd -a "${name:-$who}" "$group"; fi
      ;;
  esac
}

# A user's or a group's, from getent.
number() {
  getent "$1" "$2" | cut -d: -f3
}

now() {
  as_root stat -Lc "$1" "$path" 2>/dev/null
}

# owner or group, the command that changes it, the one wanted, its number, that of now
belong() {
  if [ "$3" = - ] || { [ -n "$4" ] && [ "$4" = "$5" ]; }; then return; fi
  same=no
  step "folder $path: $1 $3" "$2" "${4:-$3}" "$path"
}

folder() {
  mode=$(part 1)
  owner=$(part 2)
  group=$(part 3)
  path=$(part 4)
  same=yes
  if ! as_root test -d "$path"; then
    same=no
    step "folder $path: made" mkdir -p "$path"
  fi
  belong owner chown "$owner" "$(number passwd "$owner")" "$(now %u)"
  belong group chgrp "$group" "$(number group "$group")" "$(now %g)"
  # chown may clear bits of it
  if [ "$mode" != - ] && [ "$mode" != "$(now %a)" ]; then
    same=no
    step "folder $path: rights $mode" chmod "$mode" "$path"
  fi
  [ "$same" = no ] || line nothing "folder $path: as wanted"
}

# Other limits in the file stay: they may be another build's.
limit() {
  who=$(part 1)
  item=$(part 2)
  value=$(part 3)
  name=$(name_of "$who")
  name=${name:-$who}
  file=$(limits_file "$name")
  what="limit $item of $who"
  case $(limit_now "$name" "$item") in
    "$value in "*) line nothing "$what: $value" ;;
    *)
      wanted=$( { grep -Fv " - $item " "$file" 2>/dev/null; printf '%s - %s %s' "$(limited_as "$name")" "$item" "$value"; } )
      step "$what: $value, in $file" sh -c 'mkdir -p /etc/security/limits.d && printf "%s\n" "$1" >"$2.new" && chmod 644 "$2.new" && mv "$2.new" "$2"' sh "$wanted" "$file"
      [ "$dry" = yes ] || check_limit
      ;;
  esac
}

check_limit() {
  case $(limit_now "$name" "$item") in
    "$value in "*) ;;
    *" in $file") ;;
    *" in "*) fail "$what: $(limit_now "$name" "$item"), which counts more than $file: remove that line" ;;
  esac
}

package() {
  if [ -n "$(version_of "$subject")" ]; then line nothing "package $subject: is there"
  else
    case $manager in
      apt-get)
        has_candidate "$subject" || [ "$dry" = yes ] || as_root apt-get update -qq >/dev/null 2>&1
        step "package $subject: installed" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$subject"
        ;;
      dnf) step "package $subject: installed" dnf install -y -q "$subject" ;;
      none) fail "package $subject: this server has neither apt-get nor dnf; install it by hand" ;;
    esac
  fi
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
exit "$bad"
