# SPDX-License-Identifier: MIT
"""The little of TAP that the lint checks need, and the project's files."""
import functools
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("SIGHT_SOURCE_ROOT") or pathlib.Path(__file__).resolve().parents[2])
CORE = ("base", "model", "event", "format", "dom", "segment", "recording", "signal", "store", "analysis", "wire", "sync", "source", "query", "insight", "audit", "tracker", "clip", "film")


@functools.lru_cache(maxsize=None)
def files(*patterns):
    """Tracked and new files that match one of the patterns, without what git ignores."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:  # a release tarball has no git
        names = [str(p.relative_to(ROOT)) for pattern in patterns for p in ROOT.glob("**/" + pattern.split("/")[-1])]
    return sorted(ROOT / name for name in set(names) if (ROOT / name).is_file())


def c_files():
    return files("src/*.c", "src/*.h", "src/*.cpp")


# What a file holds instead, for as long as a breach is planted in it.
planted = {}


@functools.lru_cache(maxsize=None)
def on_disk(path):
    return path.read_text()


def read(path):
    return planted.get(path) or on_disk(path)


def looked_at(paths):
    """Those of the files that a rule has to look at: where a breach is planted, no others."""
    return [path for path in paths if path in planted] if planted else paths


def relative(path):
    return str(path.relative_to(ROOT))


class Tap:
    """Each check is one subtest; its findings are printed as diagnostics."""

    def __init__(self):
        self.count = 0
        self.failed = False

    def check(self, name, findings, looked_at):
        self.count += 1
        if not looked_at:
            findings = ["nothing was looked at: the check would pass on an empty tree"]
        for finding in findings:
            print(f"# {finding}")
        print(f"{'not ok' if findings else 'ok'} {self.count} {name}")
        self.failed = self.failed or bool(findings)

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def command(*words, **options):
    """Runs a tool; its output lines where it found something, else none."""
    ran = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)
    if ran.returncode == 0:
        return []
    return (ran.stdout + ran.stderr).splitlines()[-60:] or [f"{words[0]} ended with {ran.returncode}"]
