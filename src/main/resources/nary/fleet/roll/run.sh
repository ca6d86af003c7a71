# DIR WORD…: runs a command in a folder; words with = before it are variables. What nary fleet bootstrap installed is found.
cd "$1" || exit 1
shift
PATH=$PATH:$HOME/.nary/bin
export PATH
exec env "$@"
