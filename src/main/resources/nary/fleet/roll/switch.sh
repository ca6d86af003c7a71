# DIR ID: current points to the release from one moment to the next; without ID to nothing.
set -eu
if [ -z "$2" ]; then
  rm -f "$1/current"
  exit
fi
[ -d "$1/releases/$2" ] || { echo "there is no $1/releases/$2" >&2; exit 1; }
mkdir -p "$1/.fleet"
rm -f "$1/.fleet/current"
ln -s "releases/$2" "$1/.fleet/current"
mv -T "$1/.fleet/current" "$1/current"
