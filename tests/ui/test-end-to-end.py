# SPDX-License-Identifier: MIT
# Real parts all the way: Chromium visits the shop with the recorder, a collector takes it, the running application lists and plays it.
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

ROOT = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]
WAIT_S = 240
running = []


def until(condition, what, limit=WAIT_S):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


def start(*command, **options):
    process = subprocess.Popen(command, **options)
    running.append(process)
    return process


def start_collector(folder):
    process = start(f"{BUILD}/src/collector/sessionsight-collector", "--json", "--listen", "127.0.0.1:0", "--store",
                    f"{folder}/collector", stdout=subprocess.PIPE, text=True)
    return json.loads(process.stdout.readline())


def walk(node, depth=0):
    """Every widget below; one that goes away meanwhile is passed over."""
    if node is None or depth > 40:
        return
    yield node
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for i in range(count):
        try:
            child = node.get_child_at_index(i)
        except GLib.Error:
            continue
        yield from walk(child, depth + 1)


def find(match, role=None):
    """The first widget of that role whose name the function accepts."""
    for node in walk(Atspi.get_desktop(0)):
        try:
            if (role is None or node.get_role() == role) and match(node.get_name() or ""):
                return node
        except GLib.Error:
            continue
    return None


def names():
    seen = []
    for node in walk(Atspi.get_desktop(0)):
        try:
            seen.append(f"{node.get_role_name()}: {node.get_name()}")
        except GLib.Error:
            continue
    return [name for name in seen if not name.endswith(": ")]


def position():
    """Seconds into the session as the player tells them: "0:03 / 0:12"."""
    label = find(lambda name: re.match(r"\W*\d+:\d\d\W.*/.*\d+:\d\d", name), Atspi.Role.LABEL)
    if label is None:
        return None
    minutes, seconds = re.search(r"(\d+):(\d\d)", label.get_name()).groups()
    return int(minutes) * 60 + int(seconds)


def select(row):
    while row is not None and row.get_role() != Atspi.Role.LIST_ITEM:
        row = row.get_parent()
    assert row is not None, "the row stands in no list"
    assert Atspi.Selection.select_child(row.get_parent(), row.get_index_in_parent()), "the row cannot be selected"


def run(folder):
    collector = start_collector(folder)
    cache = f"{folder}/cache"
    subprocess.run([f"{BUILD}/src/cli/sightctl", "endpoints", "add", collector["url"], "--name", "Test", "--token",
                    collector["token"], "--cache", cache], check=True, stdout=subprocess.DEVNULL)
    start(f"{BUILD}/src/ui/sessionsight", "--cache", cache, stdout=sys.stderr)
    until(lambda: find(lambda name: True, Atspi.Role.FRAME), "the window")
    print("ok 1 - the application is connected to the collector", flush=True)

    visit = subprocess.run(["node", f"{ROOT}/tests/demo-shop/visit.mjs", collector["url"], collector["write_key"],
                            f"{BUILD}/src/web/npm/node_modules"], check=True, stdout=subprocess.PIPE, text=True)
    ended = json.loads(visit.stdout)["ended"] / 1000
    print("ok 2 - Chromium visited the shop with the recorder", flush=True)

    row = until(lambda: find(lambda name: "visitor-of-the-test" in name and "/thanks" in name), "the session in the list")
    print(f"# listed {time.time() - ended:.1f} s after the visit ended")
    print("ok 3 - the application lists the session", flush=True)

    select(row)
    seen = set()

    def moves():
        at = position()
        if at is not None:
            seen.add(at)
        return len(seen) > 1

    until(lambda: position() is not None, "the player")
    play = find(lambda name: name == "Play", Atspi.Role.PUSH_BUTTON)
    if play is not None:
        Atspi.Action.do_action(play, 0)
    until(moves, "the session to play")
    print("ok 4 - it plays", flush=True)


def main():
    print("TAP version 13\n1..4", flush=True)
    folder = tempfile.mkdtemp(prefix="sight-end-")
    failed = False
    try:
        run(folder)
    except Exception as error:  # whatever it was, the programs are ended and the test says so
        failed = True
        print(f"not ok - {error}")
        print(f"# on show: {names()}")
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


main()
