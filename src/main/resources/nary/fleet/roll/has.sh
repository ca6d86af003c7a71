# DIR ID: exit 0 if the release is here as a whole.
[ -e "$1/releases/$2/.nary-release" ]
