# DIR: the release that is current, if any.
set -eu
[ ! -L "$1/current" ] || basename "$(readlink "$1/current")"
