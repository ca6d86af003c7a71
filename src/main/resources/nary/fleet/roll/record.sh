# DIR ID WORD WHO: notes what became of a release here.
set -eu
mkdir -p "$1/.fleet"
printf '%s\t%s\t%s\t%s\n' "$2" "$3" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$4" >>"$1/.fleet/releases"
