#!/bin/sh
# The code of an earlier version, with its own tests of money and pages, on a database migrated by this one: what happens for some
# minutes of each deployment.
set -eu
antes=${1:?"which version (a commit)"}
raiz=$(git rev-parse --show-toplevel)
carpeta=$(mktemp -d)
trap 'rm -rf "$carpeta"' EXIT INT TERM
git -C "$raiz" archive "$antes" | tar -x -C "$carpeta"
rm -r "$carpeta/migrations/versions"
cp -r "$raiz/migrations/versions" "$carpeta/migrations/versions"
ln -s "$raiz/.venv" "$carpeta/.venv"
cd "$carpeta"
.venv/bin/python -m pytest -q -p no:cacheprovider tests/operaciones/test_pagos.py tests/operaciones/test_ordenes.py \
    tests/operaciones/test_archivos_banco.py tests/web/test_pago.py tests/web/test_liquidaciones.py
