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
bundle() {
  NODE_PATH="$work/node_modules" "$work/node_modules/.bin/esbuild" "$1" --bundle --minify --format=iife \
    --target="$3" --loader:.css=text --legal-comments=none --charset=utf8 --log-level=warning --outfile="$2"
}
bundle "$src/player/player.js" "$out/player.js" safari16
bundle "$src/recorder/script.js" "$out/recorder.js" chrome90,firefox90,safari14
bundle "$src/clip/clip.js" "$out/clip.js" chrome111,firefox113,safari16
