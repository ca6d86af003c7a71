# DIR [TEXT]: notes how the balancers had this server before it was taken out; with an empty TEXT that it is back. Without TEXT: says what is noted.
set -eu
note=$1/.fleet/out
if [ $# -lt 2 ]; then
  [ ! -e "$note" ] || cat "$note"
elif [ -z "$2" ]; then
  rm -f "$note"
else
  mkdir -p "$1/.fleet"
  printf '%s\n' "$2" | cat >"$note.new"
  mv -f "$note.new" "$note"
fi
