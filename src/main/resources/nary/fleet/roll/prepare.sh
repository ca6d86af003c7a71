# DIR ID HASH: how far the release is here: whole, part (all files, links not made), other (the id has another content), none.
set -eu
mkdir -p "$1/releases" "$1/shared" "$1/run" "$1/.fleet"
if [ -d "$1/releases/$2" ]; then
  folder=$1/releases/$2 word=whole
elif [ -d "$1/releases/$2.part" ]; then
  folder=$1/releases/$2.part word=part
else
  echo none
  exit
fi
if grep -qsF "\"hash\":\"$3\"" "$folder/.nary-release"; then
  echo "$word"
elif [ "$word" = part ]; then
  rm -rf "$folder"
  echo none
else
  echo other
fi
