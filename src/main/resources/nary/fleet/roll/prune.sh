# DIR ID…: removes these releases, never the one that is current.
set -eu
dir=$1
shift
current=
[ ! -L "$dir/current" ] || current=$(basename "$(readlink "$dir/current")")
for id; do
  [ "$id" != "$current" ] || continue
  rm -rf "$dir/releases/$id" "$dir/releases/$id.part"
done
