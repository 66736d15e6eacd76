#!/bin/sh
# SPDX-License-Identifier: MIT
# Bundles the JavaScript: bundle.sh SOURCE_DIR WORK_DIR OUTPUT_DIR. Installs the locked npm packages into WORK_DIR first.
set -eu
src=$1 work=$2 out=$3
mkdir -p "$work"
if ! cmp -s "$src/package-lock.json" "$work/package-lock.json" || [ ! -x "$work/node_modules/.bin/esbuild" ]; then
  cp "$src/package.json" "$src/.npmrc" "$work/"
  cp "$src/package-lock.json" "$work/package-lock.new"
  mv "$work/package-lock.new" "$work/package-lock.json"
  (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    { rm -f "$work/package-lock.json"; exit 1; }
fi
exec node "$src/bundle.mjs" "$src" "$work/node_modules" "$out"
