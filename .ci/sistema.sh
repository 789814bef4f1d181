#!/bin/sh
# Make sure that the system libraries named by "$@" (Debian package names) are here, installing what is missing when we may.
# Presence is judged by what matters, not by the distribution: a library that loads, a module that imports, a program that runs.
set -eu

falta() {
    case "$1" in
        python3-venv) ! python3 -c 'import venv, ensurepip' 2>/dev/null ;;
        ca-certificates) [ ! -e /etc/ssl/certs/ca-certificates.crt ] && [ -e /etc/debian_version ] ;;
        libpango-1.0-0) ! carga pango-1.0 ;;
        libpangoft2-1.0-0) ! carga pangoft2-1.0 ;;
        libharfbuzz-subset0) ! carga harfbuzz-subset ;;
        fonts-dejavu-core) [ ! -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] && ! fc-list 2>/dev/null | grep -qi dejavu ;;
        chromium) ! alguno chromium chromium-browser google-chrome ;;
        libatomic1) ! carga atomic ;;
        npm) ! command -v npm >/dev/null ;;
        default-jre-headless) ! command -v java >/dev/null ;;
        nginx-light) ! { command -v nginx || [ -x /usr/sbin/nginx ]; } >/dev/null ;;
        redis-server) ! command -v redis-server >/dev/null ;;
        poppler-utils) ! command -v pdftoppm >/dev/null ;;
    esac
}

alguno() {
    for programa in "$@"; do
        if command -v "$programa" >/dev/null; then return 0; fi
    done
    return 1
}

carga() {
    python3 -c "import ctypes.util, sys; sys.exit(not ctypes.util.find_library('$1'))" 2>/dev/null ||
        ls /usr/lib/*/lib"$1".so.* /usr/lib/lib"$1".so.* >/dev/null 2>&1
}

faltantes=""
for paquete in "$@"; do
    if falta "$paquete"; then faltantes="$faltantes $paquete"; fi
done
[ -n "$faltantes" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Faltan bibliotecas del sistema. Instálelas y repita la orden (nombres en Debian):$faltantes" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    como=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    como="sudo -n"
else
    echo "Faltan bibliotecas del sistema. Ejecute y repita la orden: sudo apt-get install$faltantes" >&2
    exit 1
fi
echo "Instalando bibliotecas del sistema:$faltantes"
$como apt-get update -qq
# shellcheck disable=SC2086  the names are words
DEBIAN_FRONTEND=noninteractive $como apt-get install -y -qq --no-install-recommends $faltantes >/dev/null
