# DIR: nothing is left of the site, so nothing of it is to be looked for.
rm -f "$1/.fleet/listeners"
