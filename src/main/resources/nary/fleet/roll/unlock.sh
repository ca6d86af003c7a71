# DIR TOKEN: gives the lock back, if it is ours.
set -eu
lock=$1/.fleet/lock
token=$(cat "$lock/token" 2>/dev/null || echo none)
[ "$token" != "$2" ] || rm -rf "$lock"
