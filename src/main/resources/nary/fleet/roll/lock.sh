# DIR TOKEN HOLDER STALE STEAL: makes the lock ours, or says who holds it (exit 75). It is stale when nobody touched it for STALE seconds by
# this server's own clock; STEAL is the token of a holder known to be dead, or empty. What a full disk does not let it write is left as it was.
set -eu
mkdir -p "$1/.fleet"
if command -v flock >/dev/null 2>&1; then
  exec 9>"$1/.fleet/mutex"
  flock -w 10 9 || { echo "the lock's own mutex is held for 10 s" >&2; exit 1; }
fi
lock=$1/.fleet/lock
token=
if ! mkdir "$lock" 2>/dev/null; then
  [ -d "$lock" ] || { mkdir "$lock"; exit 1; }
  token=$(cat "$lock/token" 2>/dev/null || echo none)
  mark=$lock/token
  [ -e "$mark" ] || mark=$lock
  age=$(($(date +%s) - $(stat -c %Y "$mark")))
  if [ "$token" != "$2" ] && [ "$token" != "$5" ] && [ "$age" -lt "$4" ]; then
    printf '%s\n' "$token"
    cat "$lock/holder" 2>/dev/null || echo '{}'
    exit 75
  fi
fi
if printf '%s\n' "$3" | cat >"$lock/holder.new" && printf '%s\n' "$2" | cat >"$lock/token.new"; then
  [ -z "$token" ] || [ "$token" = "$2" ] || cat "$lock/holder" 2>/dev/null || echo '{}'
  mv -f "$lock/holder.new" "$lock/holder"
  mv -f "$lock/token.new" "$lock/token"
  exit
fi
rm -f "$lock/holder.new" "$lock/token.new"
if [ "$token" = "$2" ]; then
  touch -c "$lock/token"
  exit
fi
[ -n "$token" ] || rmdir "$lock"
exit 1
