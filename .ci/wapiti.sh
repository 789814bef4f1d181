#!/bin/sh
# wapiti against the demonstration that `make run` serves: as anybody, then as an official. Reports in .wapiti/.
set -eu
URL="http://127.0.0.1:${PORT:-8000}"
CORREO="${CORREO:-tesoreria@demo.portal.test}"
CLAVE="${PORTAL_CLAVE_DEMO:-$(cat instance/clave_demo)}"
GALLETAS=$(mktemp)
trap 'rm -f "$GALLETAS"' EXIT

recorrer() {
	nombre=$1 desde=$2
	shift 2
	.wapiti/bin/wapiti -u "$URL$desde" --scope domain -d 3 --max-links-per-page 40 --max-files-per-dir 30 \
		--max-scan-time "${SEGUNDOS:-1200}" --max-attack-time 150 --flush-session --no-bugreport -f json -o ".wapiti/$nombre.json" \
		--store-session ".wapiti/$nombre" -x "$URL/static/*" -x "$URL/apariencia*" -x "$URL/salir" "$@"
}

# The session first: wapiti's own attempts at the login leave this address waiting for a quarter of an hour.
FICHA=$(curl -s -c "$GALLETAS" "$URL/consulta" | sed -n 's/.*name="csrf_token"[^>]*value="\([^"]*\)".*/\1/p' | head -n 1)
curl -s -b "$GALLETAS" -c "$GALLETAS" -o /dev/null --data-urlencode "csrf_token=$FICHA" --data-urlencode "correo=$CORREO" \
	--data-urlencode "clave=$CLAVE" "$URL/ingresar"
SESION=$(awk '$6 ~ /portal$/ { print $6 "=" $7 }' "$GALLETAS")
recorrer publico /
recorrer firmado /gestion -H "Cookie: $SESION" -m "sql,xss,permanentxss,redirect,file,exec,crlf,ssrf,csrf,http_headers,cookieflags"
