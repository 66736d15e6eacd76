# SPDX-License-Identifier: MIT
"""A cache whose index is damaged, from a terminal: what is asked of it is answered as before, at once and at the next
start; that the store was damaged is told at each start until it is accepted, and the file is set aside. Each part of
the index is damaged, in caches that were closed and in such that were not."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lint"))
from tap import ROOT, Tap  # noqa: E402

SIGHTCTL = os.path.join(os.environ["SIGHT_BUILD_ROOT"], "src", "cli", "sightctl")
SAMPLES = ("coupon-gave-up-1", "coupon-gave-up-2", "abandoned-1", "abandoned-2")
QUESTIONS = (("sessions", "--filter", "error"), ("moments", "--filter", "error"), ("sessions", "--filter", "-error"))
DAMAGES = {
    "postings that are gone": "DELETE FROM posting_recent WHERE rowid % 2 = 0",
    "postings of others": "UPDATE posting_recent SET session = 1000 WHERE session = 1",
    "occurrences": "UPDATE occurrence SET data = substr(data, 1, length(data) - 3) || x'ffffff' WHERE session = 2",
    "an occurrence that is gone": "DELETE FROM occurrence WHERE session = 1",
    "terms": "UPDATE term SET row = row + 1 WHERE row = (SELECT max(row) FROM term)",
}


def call(cache, *words):
    environment = dict(os.environ, LC_ALL="C.UTF-8", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
    return subprocess.run([SIGHTCTL, *words, "--cache", str(cache)], capture_output=True, text=True, env=environment, check=False)


def answers(cache):
    """Of each question the sessions and moments; and what was told beside the first answer."""
    said = [call(cache, *question, "--json") for question in QUESTIONS]
    found = []
    for answer in said:
        parsed = json.loads(answer.stdout) if answer.returncode == 0 else {}
        rows = parsed.get("sessions", parsed.get("moments", []))
        found.append((parsed.get("total"), sorted((row["session"], row.get("at_ms", 0)) for row in rows)))
    return found, said[0].stderr


def damage(cache, how, closed):
    database = sqlite3.connect(cache / "library.db")
    database.execute(how)
    changed = database.total_changes
    database.commit()
    database.close()
    state = cache / "library.db.state"
    state.write_text("open" if not closed else state.read_text(encoding="utf-8"), encoding="utf-8")
    return changed


def check_one(tap, sound, folder, name, how, closed):
    cache = folder / "copy"
    shutil.rmtree(cache, ignore_errors=True)
    shutil.copytree(sound, cache)
    before, _ = answers(sound)
    findings = [] if before[0][1] and damage(cache, how, closed) > 0 else ["nothing was found before, or nothing damaged"]
    for start in ("first", "next"):
        after, told = answers(cache)
        findings += [f"{start} start: {question}: {found}, not {wanted}" for question, found, wanted in zip(QUESTIONS, after, before) if found != wanted]
        findings += [] if "sightctl damage" in told else [f"{start} start: says nothing of damage: {told!r}"]
    findings += [] if list(cache.glob("library.db.damaged-*")) else ["nothing was set aside"]
    call(cache, "damage", "accept")
    after, told = answers(cache)
    findings += [] if after == before and "damage" not in told else [f"accepted: {told!r} {after}"]
    tap.check(f"{name}, {'closed' if closed else 'not closed'}", findings, before)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="sight-index-") as name:
        folder = pathlib.Path(name)
        sound = folder / "sound"
        samples = [str(ROOT / "data" / "samples" / f"{sample}.jsonl.zst") for sample in SAMPLES]
        done = call(sound, "import", *samples)
        assert done.returncode == 0, done.stderr
        answers(sound)
        for i, (part, how) in enumerate(DAMAGES.items()):
            check_one(tap, sound, folder, part, how, i % 2 == 0)
    tap.end()


main()
