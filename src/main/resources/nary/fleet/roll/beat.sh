# DIR TOKEN: keeps the lock; exit 75 if it is somebody else's by now.
set -eu
lock=$1/.fleet/lock
token=$(cat "$lock/token" 2>/dev/null || echo none)
[ "$token" = "$2" ] || { cat "$lock/holder" 2>/dev/null || echo '{}'; exit 75; }
touch -c "$lock/token"
