#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds one fuzz target with clang's libFuzzer, ASan and UBSan, and runs it: fuzz.sh TARGET [SECONDS]
set -eu

target=${1:?usage: fuzz.sh TARGET [SECONDS]}
seconds=${2:-60}
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/build-fuzz

[ -d "$build" ] || CC=clang CXX=clang++ meson setup "$build" "$top" -Db_sanitize=address,undefined -Db_lundef=false \
  -Dc_args=-fsanitize=fuzzer-no-link -Dcpp_args=-fsanitize=fuzzer-no-link >/dev/null
ninja -C "$build" "tests/fuzz/fuzz-$target" >/dev/null
# New inputs go into the first folder; what is worth keeping is copied into the corpus by hand.
mkdir -p "$build/found/$target"
cd "$build"
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 "$build/tests/fuzz/fuzz-$target" -max_total_time="$seconds" \
  -timeout=10 -rss_limit_mb=2048 -max_len=20000 -print_final_stats=1 "$build/found/$target" \
  "$top/tests/fuzz/corpus/$target"
