#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A workstation that holds a slice of a collector with very many sessions: how long the first sync, a filter, and
opening a recording that is not here take. Sessions and digests of the many are copies of those of the samples, written
into the collector's store directly; only the samples have recordings.

    python3 tests/bench/slice.py BUILD [--sessions 1000000] [--here 5000] [--folder DIR]
"""
import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DAY_MS = 24 * 3600 * 1000
PORTION = 20000


class Bench:
    def __init__(self, build, folder):
        self.build, self.folder = Path(build), Path(folder)
        self.environment = dict(os.environ, SECRET_BACKEND="file", XDG_DATA_HOME=str(self.folder / "data"),
                                LSAN_OPTIONS=f"suppressions={ROOT}/tests/depot/lsan.supp")
        self.process = None

    def start(self):
        address = self.folder / "address"
        address.unlink(missing_ok=True)
        started = open(self.folder / "started.json", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [self.build / "src/collector/sessionsight-collector", "--json", "--listen", "127.0.0.1:0", "--store",
             self.folder / "collector", "--address-file", address], stdout=started, env=self.environment)
        while not address.exists() or not address.read_text():
            time.sleep(0.05)
        return "http://" + address.read_text().strip()

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()

    def ctl(self, cache, *words):
        begun = time.monotonic()
        done = subprocess.run([self.build / "src/cli/sightctl", *words, "--cache", self.folder / cache, "--json"],
                              capture_output=True, text=True, env=self.environment, check=True)
        return time.monotonic() - begun, json.loads(done.stdout) if done.stdout.startswith("{") else None


def fill(path, n_sessions, n_here):
    """Copies of what stands there; as many as are to be here arrived within the last day."""
    db = sqlite3.connect(path)
    now = int(time.time() * 1000)
    kinds = db.execute("SELECT s.endpoint, s.started_ms, d.version, d.ruleset, d.n_bytes, d.data FROM digest d "
                       "JOIN session s ON s.row = d.session").fetchall()
    row = db.execute("SELECT max(row) FROM session").fetchone()[0]
    revision = db.execute("SELECT value FROM counter WHERE name = 'revision'").fetchone()[0]
    for first in range(0, n_sessions, PORTION):
        sessions, digests = [], []
        for i in range(first, min(first + PORTION, n_sessions)):
            endpoint, started, version, ruleset, n_bytes, data = kinds[i % len(kinds)]
            row, revision = row + 1, revision + 1
            received = now - (i * DAY_MS // 2 // n_here if i < n_here else 10 * DAY_MS + i)
            sessions.append((row, endpoint, f"bulk-{i:08d}", revision, 1, received, started, received, 1, 1, 1, 0))
            digests.append((row, endpoint, revision, received, version, ruleset, 1, n_bytes, data))
        with db:
            db.executemany("INSERT INTO session (row, endpoint, session, revision, last_arrival, received_ms, started_ms, "
                           "arrived_ms, n_batches, n_bytes, n_events, flags) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", sessions)
            db.executemany("INSERT INTO digest VALUES (?,?,?,?,?,?,?,?,?)", digests)
    with db:
        db.execute("UPDATE counter SET value = ? WHERE name = 'revision'", (revision,))
    db.close()


def run(bench, n_sessions, n_here):
    url = bench.start()
    started = json.loads((bench.folder / "started.json").read_text())
    bench.ctl("worker", "endpoints", "add", url, "--token", started["token"])
    bench.ctl("worker", "post", "--url", url, "--key", started["write_key"],
              *sorted(str(p) for p in (ROOT / "data/samples").glob("*.jsonl.zst"))[:40])
    bench.ctl("worker", "analyse", "--worker", "--once")
    bench.stop()
    begun = time.monotonic()
    fill(bench.folder / "collector/collector.db", n_sessions, n_here)
    print(f"filled with {n_sessions:,} sessions in {time.monotonic() - begun:.0f} s, "
          f"{(bench.folder / 'collector/collector.db').stat().st_size / 1e6:,.0f} MB")
    url = bench.start()
    bench.ctl("here", "endpoints", "add", url, "--token", started["token"])
    seconds, told = bench.ctl("here", "sync", "--slice", "started:1d errored", "--no-analysis")
    print(f"first sync: {told['endpoints'][0]['digests']:,} digests in {seconds:.1f} s")
    seconds, told = bench.ctl("here", "sync", "--no-analysis")
    print(f"second sync, nothing new: {seconds:.2f} s")
    seconds, told = bench.ctl("here", "sessions", "--filter", "rage or errored", "--limit", "50")
    print(f"filter: {seconds:.2f} s: {told['total']:,} sessions; {told['part']}")
    ids = [s["session"] for s in bench.ctl("here", "sessions", "--filter", "-session:bulk*", "--limit", "5")[1]["sessions"]]
    for session in ids:
        seconds, told = bench.ctl("here", "show", session)
        print(f"opened {session}, fetched and analysed: {seconds:.2f} s, {told['events']} events")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--sessions", type=int, default=1000000)
    parser.add_argument("--here", type=int, default=5000)
    parser.add_argument("--folder")
    options = parser.parse_args()
    folder = options.folder or tempfile.mkdtemp(prefix="sight-slice-")
    bench = Bench(options.build, folder)
    try:
        run(bench, options.sessions, options.here)
    finally:
        bench.stop()
        if not options.folder:
            shutil.rmtree(folder)


main()
