# URL SECONDS: the answer of this server to a request, head and body, whatever its status.
if command -v curl >/dev/null 2>&1; then
  exec curl -sSi --max-time "$2" "$1"
fi
if command -v wget >/dev/null 2>&1; then
  wget -q -S -T "$2" -t 1 --content-on-error -O - "$1" 2>&1
  exit
fi
if command -v bash >/dev/null 2>&1; then
  rest=${1#http://}
  host=${rest%%/*}
  path=/${rest#*/}
  [ "$rest" != "$host" ] || path=/
  name=${host%:*}
  port=${host##*:}
  [ "$name" != "$host" ] || port=80
  exec timeout "$2" bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n" "$2" "$3" >&3 && cat <&3' "$name" "$port" "$path" "$host"
fi
echo "this server has neither curl nor wget nor bash to ask $1 with" >&2
exit 127
