#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing of data/packages.txt: packages.sh GROUP… On Debian and Ubuntu with apt; elsewhere it says what
# is needed and goes on, since the names differ there.
set -eu
list=$(dirname "$0")/../data/packages.txt

wanted=""
for group in "$@"; do
  wanted="$wanted $(awk -v g="$group" '$1 == g { print $2 }' "$list")"
done
# Whoever has node and npm from elsewhere keeps them: Debian's own would stand in each other's way.
if ! command -v npm >/dev/null 2>&1; then
  wanted="$wanted $(awk '$1 == "node" { print $2 }' "$list")"
fi

if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
  echo "These packages are needed (Debian names; please install what they are called here):" >&2
  # shellcheck disable=SC2086 # a list of words
  printf '  %s\n' $wanted >&2
  exit 0
fi

missing=""
for package in $wanted; do
  state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "Please install as root:$missing" >&2; exit 1; }
  as_root=sudo
fi

# Another apt may be at work: both the lists and the package database are waited for.
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=900 "$@"
}
update() {
  tries=0
  until apt update >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || return 1
    sleep 15
  done
}

echo "Installing:$missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # a list of words
if ! { update && apt install --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "The packages could not be installed." >&2
  exit 1
fi
