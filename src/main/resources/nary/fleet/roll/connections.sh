# DIR: how many connections are open to listeners of the site's processes.
set -eu
dir=$(readlink -f "$1")
ports=$(ls -l /proc/[0-9]*/cwd 2>/dev/null | awk -v inside="-> $dir/releases/" 'index($0, inside) && match($0, /\/proc\/[0-9]+\/cwd/) { split(substr($0, RSTART), part, "/"); print part[3] }' | while read -r pid; do
  ls -l "/proc/$pid/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p'
done | sort -u | awk 'NR == FNR { mine[$1] = 1; next } $4 == "0A" && ($10 in mine) { split($2, part, ":"); print part[2] }' - /proc/net/tcp /proc/net/tcp6 | sort -u)
[ -n "$ports" ] || { echo 0; exit; }
printf '%s\n' "$ports" | awk 'NR == FNR { port[$1] = 1; next } $4 == "01" { split($2, part, ":"); if (part[2] in port) n++ } END { print n + 0 }' - /proc/net/tcp /proc/net/tcp6
