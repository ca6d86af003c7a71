# DIR: "current ID", "here ID" for each whole release, and the record, a line "record ID WORD TIME WHO" each with tabs.
set -eu
[ ! -L "$1/current" ] || printf 'current\t%s\n' "$(basename "$(readlink "$1/current")")"
for note in "$1"/releases/*/.nary-release; do
  [ -e "$note" ] || continue
  folder=${note%/.nary-release}
  case $folder in *.part) continue ;; esac
  printf 'here\t%s\n' "${folder##*/}"
done
[ ! -e "$1/.fleet/releases" ] || sed 's/^/record\t/' "$1/.fleet/releases"
