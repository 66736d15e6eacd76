# SPDX-License-Identifier: MIT
"""What comes after watching, in the terminal: two workstations and a collector of their own."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(__file__)
sys.path[:0] = [os.path.join(HERE, "..", "..", "lint"), os.path.join(HERE, "..", "..", "ui")]
from collector import BUILD, Collector  # noqa: E402
from tap import Tap  # noqa: E402

SIGHTCTL = os.path.join(BUILD, "src", "cli", "sightctl")
START = 1700000000000


def element(number, tag, attributes=None, children=()):
    return {"type": 2, "id": number, "tagName": tag, "attributes": attributes or {}, "childNodes": list(children)}


def text(number, words):
    return {"type": 3, "id": number, "textContent": words}


def page(*children):
    body = element(3, "body", {}, children)
    return {"node": {"type": 0, "id": 1, "childNodes": [element(2, "html", {}, [body])]}, "initialOffset": {"left": 0, "top": 0}}


def visit(*more, href="https://shop.example/pay", children=()):
    shown = children or [element(4, "button", {"id": "pay"}, [text(5, "Pay now")])]
    events = [(4, 0, {"href": href, "width": 1280, "height": 720}), (2, 1, page(*shown)),
              (3, 3000, {"source": 2, "type": 2, "id": 4, "x": 5, "y": 6}), *more,
              (3, 9000, {"source": 1, "positions": [{"x": 5, "y": 5, "id": 4, "timeOffset": 0}]})]
    return [{"type": kind, "timestamp": START + at, "data": data} for kind, at, data in events]


class Station:
    """One workstation: a cache of its own."""

    def __init__(self, folder, name, collector=None):
        self.folder = pathlib.Path(folder)
        self.cache = str(self.folder / name)
        if collector:
            self.run("endpoints", "add", collector.url, "--token", "-", given=collector.token)

    def call(self, *words, given=""):
        environment = dict(os.environ, LC_ALL="C.UTF-8", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent", no_proxy="*")
        return subprocess.run([SIGHTCTL, *words, "--cache", self.cache], capture_output=True, text=True, env=environment, input=given, check=False)

    def run(self, *words, **more):
        ran = self.call(*words, **more)
        assert ran.returncode == 0, (words, ran.stdout, ran.stderr)
        return ran.stdout

    def json(self, *words, **more):
        return json.loads(self.run(*words, "--json", **more))

    def take(self, name, events):
        file = self.folder / (name + ".json")
        file.write_text(json.dumps(events), encoding="utf-8")
        return self.json("import", str(file))["files"][0]["session"]

    def sql(self, statement, *values):
        with sqlite3.connect(os.path.join(self.cache, "library.db")) as database:
            return database.execute(statement, values).fetchall()


def lines(station):
    return [json.loads(row["line"]) for row in station.json("log")]


def check_log(tap, folder, collector):
    file = pathlib.Path(folder) / "posted.json"
    file.write_text(json.dumps({"v": 1, "session": "s-4711", "window": "w", "seq": 0, "sent_at": START, "events": visit()}), encoding="utf-8")
    collector.post(str(file))
    ada, bob = (Station(folder, name, collector) for name in ("ada", "bob"))
    for station in (ada, bob):
        station.run("sync")
    session = ada.json("sessions")["sessions"][0]["session"]
    ada.run("snapshot", session, "--at", "4000")
    ada.run("clip", session, "--from", "0", "--to", "5000", "-o", os.path.join(folder, "a.html"))
    bob.run("snapshot", session, "--at", "100")
    for station in (ada, bob, ada):
        station.run("sync")
    told = {(line["what"], line["session"], line["from"], line["to"]) for line in lines(bob)}
    wanted = {("watched", session, 4000, 4000), ("clipped", session, 0, 5000), ("watched", session, 100, 100)}
    tap.check("who watched and clipped is told at the other workstation", [] if told == wanted else [f"{told}"], told)
    whole = [s.call("log", "verify").returncode for s in (ada, bob)]
    tap.check("both verify", [] if whole == [0, 0] else [f"{whole}"], whole)

    certificate = os.path.join(folder, "erased.json")
    ada.run("forget", session, "--remote", "--certificate", certificate)
    with open(certificate, encoding="utf-8") as written:
        erased = json.load(written)
    right = erased["sessions"] == [{"session": session, "endpoint": collector.url}] and erased["still_here"] == 0 and erased["at_endpoint_too"]
    tap.check("a certificate tells what was erased", [] if right else [f"{erased}"], erased)
    ada.run("sync")
    bob.run("sync")
    ran = bob.call("log", "verify", "--certificate", certificate)
    tap.check("its line is found at the other workstation", [] if ran.returncode == 0 else [ran.stdout + ran.stderr], ran.stdout)

    # Somebody takes the erasure out of a cache, and another one of the clip.
    bob.sql("DELETE FROM annotation WHERE body LIKE '%\"erased\"%'")
    ran = bob.call("log", "verify", "--certificate", certificate)
    right = ran.returncode != 0 and "missing" in ran.stdout and erased["log_line"] in ran.stderr
    tap.check("a line that was taken away is missed", [] if right else [ran.stdout + ran.stderr], ran.stdout)
    ada.sql("UPDATE annotation SET body = replace(body, 'html', 'json') WHERE body LIKE '%\"clipped\"%'")
    found = json.loads(ada.call("log", "verify", "--json").stdout)
    tap.check("a line that was changed is named", [] if len(found) == 1 and found[0]["fault"] == "changed" and found[0]["from"] == 2 else [f"{found}"], found)


def main():
    tap = Tap()
    for check in (check_log,):
        with tempfile.TemporaryDirectory() as folder:
            collector = Collector(folder)
            try:
                check(tap, folder, collector)
            finally:
                collector.close()
    tap.end()


main()
