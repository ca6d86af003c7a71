# What check.sh and prepare.sh have in common; it stands before them.
tab=$(printf '\t')

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# The name that the server itself has for a user: a domain's may be typed in several ways. Empty if there is none.
name_of() {
  getent passwd "$1" | cut -d: -f1
}

# DOMAIN\name, name@domain: nothing that useradd or groupadd may make.
is_of_domain() {
  case $1 in
    *\\* | *@*) return 0 ;;
    *) return 1 ;;
  esac
}

if command -v apt-get >/dev/null; then manager=apt-get
elif command -v dnf >/dev/null; then manager=dnf
else manager=none; fi

# Of a package that is installed; empty: it is not.
version_of() {
  case $manager in
    apt-get) dpkg-query -W -f '${db:Status-Abbrev}${Version}' "$1" 2>/dev/null | sed -n 's/^.i //p' ;;
    dnf) if found=$(rpm -q --qf '%{VERSION}-%{RELEASE}' "$1" 2>/dev/null); then printf %s "$found"; fi ;;
  esac
}

# apt-get can install it, as far as its lists say.
has_candidate() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

# How limits.conf names a user: by number if the name has blanks.
limited_as() {
  case $1 in
    *[[:space:]]*) printf ':%s' "$(id -u "$1")" ;;
    *) printf %s "$1" ;;
  esac
}

limits_file() {
  printf '/etc/security/limits.d/nary-%s.conf' "$(printf %s "$1" | tr -c 'A-Za-z0-9' _)"
}

# USER ITEM: the value that the user's own lines give it, and the file of the last of them: VALUE in FILE. Empty if there is none.
limit_now() {
  (
    NAME=$(limited_as "$1")
    ITEM=$2
    LC_ALL=C
    export NAME ITEM LC_ALL
    set --
    for file in /etc/security/limits.conf /etc/security/limits.d/*.conf; do if [ -r "$file" ]; then set -- "$@" "$file"; fi; done
    [ "$#" = 0 ] || awk '
      { sub(/#.*/, "") }
      $1 == ENVIRON["NAME"] && $3 == ENVIRON["ITEM"] {
        if ($2 != "hard") soft = $4
        if ($2 != "soft") hard = $4
        file = FILENAME
      }
      END { if (file != "") print (soft == hard ? soft : "soft " soft ", hard " hard) " in " file }' "$@"
  )
}
