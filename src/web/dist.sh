#!/bin/sh
# SPDX-License-Identifier: MIT
# Run by `meson dist`: puts the finished bundles into the tarball, so that building it needs no node.
set -eu
build=$1
mkdir -p "$MESON_DIST_ROOT/src/web/dist"
ninja -C "$MESON_BUILD_ROOT" src/web/player.js
cp "$build/clip.js" "$build/player.js" "$build/recorder.js" "$MESON_DIST_ROOT/src/web/dist/"
# The same commit gives the same tarball, whenever it is made.
committed=${SOURCE_DATE_EPOCH:-$(git -C "$MESON_SOURCE_ROOT" log -1 --format=%ct)}
find "$MESON_DIST_ROOT" -exec touch -h -d "@$committed" {} +
