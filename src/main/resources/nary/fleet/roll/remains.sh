# DIR: what is left of the site, a line each: processes that work in a release, run from it or have a file of it open, and listeners that
# they had. Nothing is printed when nothing is left; then there are no listeners to remember any more. Needs no room on the disk, though
# without any it cannot remember listeners.
set -eu
dir=$(readlink -f "$1")
known=$1/.fleet/listeners
processes=$(ls -l /proc/[0-9]*/cwd /proc/[0-9]*/exe /proc/[0-9]*/fd 2>/dev/null | awk -v inside="-> $dir/releases/" '
  /^\/proc\/[0-9]+\/fd:$/ { split($0, part, "/"); pid = part[3]; next }
  index($0, inside) { if (match($0, /\/proc\/[0-9]+\/(cwd|exe) ->/)) { split(substr($0, RSTART), part, "/"); print part[3] } else if (pid) print pid }
' | sort -un) || true
found=
for pid in $processes; do
  [ "$pid" != $$ ] || continue
  line=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) || continue
  [ -n "$line" ] || continue
  found=yes
  printf 'process %s: %.120s\n' "$pid" "$line"
  for socket in $(ls -l "/proc/$pid/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p'); do
    inode=$(awk -v inode="$socket" '$4 == "0A" && $10 == inode { print inode; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    [ -z "$inode" ] || { printf '%s\n' "$inode" >>"$known"; } 2>/dev/null || true
  done
done
[ -e "$known" ] || exit 0
left=$(awk 'NR == FNR { known[$1] = 1; next } $4 == "0A" && ($10 in known) { print "listener " $2 }' "$known" /proc/net/tcp /proc/net/tcp6)
if [ -n "$left" ]; then printf '%s\n' "$left"; elif [ -z "$found" ]; then rm -f "$known"; fi
