# DIR: who holds the lock, if anybody does.
set -eu
[ ! -d "$1/.fleet/lock" ] || cat "$1/.fleet/lock/holder" 2>/dev/null || echo '{}'
