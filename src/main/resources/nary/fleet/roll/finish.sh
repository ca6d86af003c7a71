# DIR ID PATH…: links the shared paths into the release; then it has its name. What it brings for a shared path is where that begins.
set -eu
dir=$1 id=$2
shift 2
part=$dir/releases/$id.part
whole=$(readlink -f "$dir")
for path; do
  shared=$dir/shared/$path link=$part/$path
  mkdir -p "$(dirname "$shared")" "$(dirname "$link")"
  if [ ! -L "$link" ]; then
    if [ -e "$link" ] && [ ! -e "$shared" ]; then cp -a "$link" "$shared.new.$$" && mv -T "$shared.new.$$" "$shared"; fi
    rm -rf "$link"
    ln -s "$whole/shared/$path" "$link"
  fi
  [ -e "$shared" ] || mkdir -p "$shared"
done
mv -T "$part" "$dir/releases/$id"
