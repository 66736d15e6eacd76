#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test against a PostgreSQL of its own: with-postgres.sh [--blobs PERCENT] PROGRAM [ARGUMENT]…
# --blobs: and an object store (s3-server.py) that refuses so many of a hundred requests; SIGHT_TEST_BLOBS is where.
# The server lives in a temporary folder, listens on a socket there alone, and is gone afterwards. SIGHT_TEST_POSTGRES
# tells the test where. PostgreSQL does not run as root: as root, the user "postgres" of its package runs it.
set -eu
if [ -d /usr/lib/postgresql ]; then
  PATH=$PATH:$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort -V | tail -n 1)
fi
refused=""
if [ "${1:-}" = --blobs ]; then
  refused=$2
  shift 2
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/sight-postgres-XXXXXX")
as_other() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid postgres --regid postgres --clear-groups env -C "$folder" LSAN_OPTIONS= "$@"
  else
    "$@"
  fi
}
store=""
# shellcheck disable=SC2317 # the trap calls it
finish() {
  [ -z "$store" ] || kill "$store" 2>/dev/null || true
  as_other pg_ctl -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
[ "$(id -u)" != 0 ] || chown postgres "$folder"
as_other initdb -D "$folder/data" --no-sync --auth trust --username sight --encoding UTF8 --no-locale \
  >"$folder.log" 2>&1 || { cat "$folder.log" >&2; exit 1; }
mv "$folder.log" "$folder/initdb.log"
# What is killed in these tests are collectors, never the server.
as_other pg_ctl -D "$folder/data" -w -l "$folder/log" \
  -o "-c listen_addresses='' -c unix_socket_directories=$folder -c fsync=${SIGHT_TEST_FSYNC:-off}" \
  -o "-c max_connections=200" \
  start >/dev/null 2>&1 || { cat "$folder/log" >&2; exit 1; }
chmod 755 "$folder"
export SIGHT_TEST_POSTGRES="$folder"
here=$(cd "$(dirname "$0")" && pwd)
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0"
if [ -n "$refused" ]; then
  mkdir "$folder/objects"
  python3 "$(dirname "$0")/s3-server.py" "$folder/objects" --refuse "$refused" >"$folder/port" &
  store=$!
  until [ -s "$folder/port" ]; do
    kill -0 "$store"
    sleep 0.05
  done
  export AWS_ACCESS_KEY_ID=test-access AWS_SECRET_ACCESS_KEY=test-secret SIGHT_TEST_OBJECTS="$folder/objects"
  SIGHT_TEST_BLOBS="s3://recordings?endpoint=http://127.0.0.1:$(cat "$folder/port")"
  export SIGHT_TEST_BLOBS
fi
status=0
"$@" || status=$?
exit $status
