# SPDX-License-Identifier: MIT
"""Real parts all the way: Chromium visits the shop with the recorder, a collector takes it, the running application lists
and plays it."""
import json
import os
import re
import subprocess
import time

from collector import Collector
from gi.repository import GLib
from window import own_folder, run_tests, wait

ROOT = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]


def select(window, row):
    """Selects a row of a list as assistive technology does."""
    while row.role != "list item":
        row = row.parent
    name = window.tree.app[0]
    index = window.tree.call(name, row.path, "org.a11y.atspi.Accessible", "GetIndexInParent")
    window.tree.call(name, row.parent.path, "org.a11y.atspi.Selection", "SelectChild", GLib.Variant("(i)", index))


def position(window):
    """Where the playhead is, as the transport tells it: "0:03"."""
    for node in window.find_all(role="label"):
        match = re.fullmatch(r"(\d+:\d\d) / \d+:\d\d", node.name)
        if match:
            return match[1]
    return None


def test_visit(start):
    """a visit in Chromium is taken by a collector, listed by the application that runs already, and plays"""
    with own_folder("sight-end-") as home:
        collector = Collector(home)
        subprocess.run([f"{BUILD}/src/cli/sightctl", "endpoints", "add", collector.direct, "--name", "Test", "--token",
                        collector.token, "--cache", f"{home}/cache"], check=True, stdout=subprocess.DEVNULL)
        window = start(home=home)
        visit = subprocess.run(["node", f"{ROOT}/tests/demo-shop/visit.mjs", collector.direct, collector.write_key,
                                f"{BUILD}/src/web/npm/node_modules"], check=True, stdout=subprocess.PIPE, text=True)
        row = wait("the session in the list", lambda: next(
            (node for node in window.showing(contains="visitor-of-the-test") if "/thanks" in node.name), None))
        print(f"# listed {time.time() - json.loads(visit.stdout)['ended'] / 1000:.1f} s after the visit ended")
        select(window, row)
        first = wait("the player", lambda: position(window))
        if window.find(name="Play"):
            window.press(name="Play")
        wait("the session to play", lambda: position(window) not in (None, first))
        window.close()
        collector.close()


run_tests(test_visit)
