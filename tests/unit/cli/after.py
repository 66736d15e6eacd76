# SPDX-License-Identifier: MIT
"""What comes after watching, in the terminal: two workstations and a collector of their own."""
import base64
import contextlib
import ctypes
import html
import html.parser
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

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
        return subprocess.run([SIGHTCTL, words[0], "--cache", self.cache, *words[1:]], capture_output=True, text=True, env=environment, input=given, check=False)

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
        # Closed at once: whoever reads keeps the log from being emptied.
        with contextlib.closing(sqlite3.connect(os.path.join(self.cache, "library.db"))) as database:
            rows = database.execute(statement, values).fetchall()
            database.commit()
            return rows


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
    bob.run("show", session)
    for station in (ada, bob, ada):
        station.run("sync")
    told = {(line["what"], line["session"], line["from"], line["to"]) for line in lines(bob)}
    wanted = {("watched", session, 4000, 4000), ("clipped", session, 0, 5000), ("watched", session, 100, 100),
              ("watched", session, -1, -1)}
    tap.check("who watched and clipped is told at the other workstation", [] if told == wanted else [f"{told}"], told)
    whole = [s.call("log", "verify").returncode for s in (ada, bob)]
    tap.check("both verify", [] if whole == [0, 0] else [f"{whole}"], whole)

    certificate = os.path.join(folder, "erased.json")
    ada.run("forget", session, "--remote", "--certificate", certificate)
    with open(certificate, encoding="utf-8") as written:
        erased = json.load(written)
    right = erased["sessions"] == [{"session": session, "endpoint": collector.url, "at_endpoint_too": True}] and erased["still_here"] == 0 and erased["at_endpoint_too"]
    tap.check("a certificate tells what was erased", [] if right else [f"{erased}"], erased)
    ada.run("sync")
    bob.run("sync")
    ran = bob.call("log", "verify", "--certificate", certificate)
    tap.check("its line is found at the other workstation", [] if ran.returncode == 0 else [ran.stdout + ran.stderr], ran.stdout)

    ran = bob.call("log", "verify", "--certificate", "/dev/zero")
    right = ran.returncode == 1 and "/dev/zero is no certificate" in ran.stderr
    tap.check("what never ends is no certificate", [] if right else [ran.stdout + ran.stderr], ran.stderr)

    # Somebody takes the erasure out of a cache, and another one of the clip.
    bob.sql("DELETE FROM annotation WHERE body LIKE '%\"erased\"%'")
    ran = bob.call("log", "verify", "--certificate", certificate)
    right = ran.returncode != 0 and "missing" in ran.stdout and erased["log_line"] in ran.stderr
    tap.check("a line that was taken away is missed", [] if right else [ran.stdout + ran.stderr], ran.stdout)
    ada.sql("UPDATE annotation SET body = replace(body, 'html', 'json') WHERE body LIKE '%\"clipped\"%'")
    found = json.loads(ada.call("log", "verify", "--json").stdout)
    tap.check("a line that was changed is named", [] if len(found) == 1 and found[0]["fault"] == "changed" and found[0]["from"] == 2 else [f"{found}"], found)


def stored(station):
    """Everything that a cache holds, plain: its files, and what is packed in them."""
    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZSTD_getFrameContentSize.restype = zstd.ZSTD_decompress.restype = ctypes.c_ulonglong
    parts = [file.read_bytes() for file in pathlib.Path(station.cache).iterdir()]
    for table, column in (("batch", "events"), ("block", "events"), ("segment", "keyframe"), ("segment", "tables"), ("account", "data"), ("occurrence", "data"), ("usage", "data")):
        for (blob,) in station.sql(f"SELECT {column} FROM {table}"):
            size = zstd.ZSTD_getFrameContentSize(blob, len(blob or b"")) if blob else 0
            room = ctypes.create_string_buffer(min(size, 1 << 26) + 1)
            if blob and zstd.ZSTD_decompress(room, size, blob, len(blob)) == size:
                parts.append(room.raw[:size])
    return b"\0".join(parts)


MAIL, CARD, NAME = "ada.lovelace@shop.example", "4111 1111 1111 1111", "Byron-Countess"
SECOND, THIRD = "grace.hopper@navy.example", "mary.somerville@sky.example"


def private_visit():
    """Where private things stand in recordings, written in every way that pages write them."""
    quoted = urllib.parse.quote(MAIL)
    children = [element(4, "button", {"id": "pay", "title": MAIL}, [text(5, "Pay with " + CARD)]),
                element(6, "input", {"name": "email", "type": "email", "value": ""}), element(8, "title", {}, [text(9, "Orders of " + MAIL)]),
                element(10, "p", {"class": "who"}, [text(11, NAME)]), element(12, "a", {"href": "/u?mail=" + quoted}, [text(13, "me")]),
                element(14, "p", {}, [text(15, "Dear " + NAME)])]
    console = {"plugin": "rrweb/console@1", "payload": {"level": "log", "payload": [json.dumps({"mail": MAIL})], "trace": []}}
    more = [(3, 3100 + i, {"source": 5, "id": 6, "text": MAIL[:i + 1], "isChecked": False}) for i in range(len(MAIL))]
    more += [(6, 4000, console), (5, 4100, {"tag": "ss:request", "payload": {"kind": "fetch", "method": "GET", "url": "https://shop.example/a?m=" + quoted, "status": 500}}),
             (5, 4200, {"tag": "ss:event", "payload": {"name": "bought", "properties": {"who": base64.b64encode(MAIL.encode()).decode()}}}),
             (5, 4300, {"tag": "ss:identify", "payload": {"user": MAIL}}),
             (5, 4400, {"tag": "ss:error", "payload": {"kind": "exception", "message": "no account " + MAIL}})]
    return visit(*more, href="https://shop.example/pay?mail=" + quoted, children=children)


def ways(word):
    plain = word.encode()
    coded = {base64.b64encode(b" " * n + plain)[4 if n else 0:(n + len(plain)) // 3 * 4] for n in range(3)}
    return {plain, urllib.parse.quote(word).encode(), urllib.parse.quote(word, safe="").encode(), html.escape(word).encode(), word.encode("utf-16-le")} | coded


def check_redact(tap, folder, collector):
    station = Station(folder, "ada")
    session = station.take(MAIL, private_visit())
    other = station.take("other", visit())
    station.run("tag", session, "--at", "4000", "asks for " + MAIL)
    station.run("sessions", "--filter", "rage")
    before = stored(station)
    there = [way for way in ways(MAIL) if way in before]
    tap.check("what is private stands there before, in several ways", [] if len(there) >= 3 else [f"{there}"], there)

    told = {(row["kind"], row["place"]): (row["vanishes"], row["stays"]) for row in station.json("audit", "--rule", "#pay", "--rule", "[name=email]")["found"]}
    right = told[("card", "text")] == (1, 0) and told[("email", "attribute")] == (1, 0) and told[("email", "title")] == (0, 1) and told[("email", "input")][1] == 0
    tap.check("a dry run of rules tells what vanishes and what leaks", [] if right else [f"{told}"], told)

    def duties(*words):
        return {row["duty"]: row["state"] for row in station.json("audit", "--duties", *words)}

    told = duties("--filter", "release:none")
    tap.check("where no session is looked through, nothing is met", [] if told["secrets"] == told["masking"] == "yours" else [f"{told}"], told)
    told = duties()
    right = len(told) == 11 and (told["secrets"], told["masking"], told["trace"], told["provider"], told["consent"]) == ("not met", "not met", "yours", "met", "yours")
    tap.check("the authority's list says what is not met", [] if right else [f"{told}"], told)

    done = station.json("redact", session, "--mask-all", "--selector", ".who")
    after = stored(station)
    left = [f"{way!r} is left of {word}" for word in (MAIL, CARD, NAME) for way in ways(word) if way in after]
    left += [f"{i} letters are left" for i in range(5, len(MAIL)) if (MAIL[:i] + '"').encode() in after]
    tap.check("nothing of it is left, in no way of writing", left, done)
    found = station.json("audit")["found"]
    tap.check("audit finds nothing any more", [f"{row}" for row in found], [done])
    told = duties()
    tap.check("and that is met then", [] if told["secrets"] == told["masking"] == told["trace"] == "met" else [f"{told}"], told)
    seen = station.run("snapshot", session, "--at", "5000", "--format", "text")
    right = "Pay with *******************" in seen and "Dear **************" in seen and done["annotations"] == 1
    tap.check("the page is still there, masked", [] if right else [seen, f"{done}"], seen)
    rows = {row["session"] for row in station.json("sessions", "--filter", "seen:lovelace")["sessions"]}
    whole = {row["session"] for row in station.json("sessions")["sessions"]}
    tap.check("searches do not find it", [] if not rows and whole == {session, other} else [f"{rows} {whole}"], whole)
    told = [line for line in lines(station) if line["what"] == "redacted"]
    right = len(told) == 1 and told[0]["session"] == session and "all kinds" in told[0]["detail"] and not told[0]["detail"].count("ada")
    tap.check("the log tells that it was masked, not what", [] if right else [f"{told}"], told)
    again = station.json("redact", "--filter", "session:" + session, "--mask-all")
    tap.check("a second time there is nothing to mask", [] if again["sessions"] == 0 else [f"{again}"], again)


def check_tags(tap, folder, collector):
    station = Station(folder, "ada")
    session = station.take("visit", visit())
    tag = station.run("tag", session, "--at", "3000", "--to", "5000", "--colour", "red", "pays twice").strip()
    note = station.run("note", session, "a quiet visit").strip()
    answer = station.run("tag", session, "--reply", tag, "seen it, too").strip()
    station.run("tag", session, "--edit", tag, "--at", "2000", "pays three times")
    station.run("tag", session, "--edit", tag, "--colour", "", "--to", "")
    told = {row["id"]: row for row in station.json("tag", session, "--list")}
    row = told.get(tag, {})
    right = (row.get("text"), row.get("at_ms"), row.get("to_ms"), row.get("colour")) == ("pays three times", 2000, -1, None)
    tap.check("text, moment, end and colour are changed", [] if right else [f"{told}"], told)
    right = [reply["text"] for reply in row.get("replies", [])] == ["seen it, too"] and told[note]["at_ms"] == -1 and told[note]["kind"] == "note"
    tap.check("an answer and a note of the whole session are told", [] if right else [f"{told}"], told)
    station.run("tag", session, "--remove", answer)
    station.run("note", session, "--remove", note)
    told = station.json("tag", session, "--list")
    tap.check("both can be taken away", [] if len(told) == 1 and told[0]["replies"] == [] else [f"{told}"], told)
    refused = [station.call("tag", session, "--at", "1", "--colour", "mauve", "x"), station.call("tag", session, "--set-colour", "no colour"),
               station.call("tag", session, "--set-colour", "ü" * 41 + "=#e0b0ff"),
               station.call("tag", session, "--edit", "nobody", "x"), station.call("tag", session, "--reply", tag)]
    codes = [ran.returncode for ran in refused]
    tap.check("what makes no sense is refused, and leaves nothing", [] if codes == [1, 1, 1, 3, 2] and len(station.json("tag", session, "--list")) == 1 else [f"{codes}"], codes)
    station.run("tag", session, "--set-colour", "ü" * 40 + "=#e0b0ff")
    station.run("tag", session, "--set-colour", "mauve=#e0b0ff")
    station.run("tag", session, "--at", "1", "--colour", "mauve", "x")
    known = station.json("tag", session, "--colours")
    tap.check("colours are the project's own", [] if known == ["mauve=#e0b0ff"] else [f"{known}"], known)


def check_clip(tap, folder, collector):
    ada, bob = Station(folder, "ada"), Station(folder, "bob")
    session = ada.take("visit", private_visit())
    tag = ada.run("tag", session, "--at", "3000", "--to", "4500", "--colour", "red", "asks for " + MAIL).strip()
    ada.run("tag", session, "--reply", tag, "seen it")
    ada.run("tag", session, "--at", "8000", "behind the range")
    ada.run("note", session, "of the whole")
    file = os.path.join(folder, "a.sightclip")
    ada.run("clip", session, "--from", "2000", "--to", "6000", "--mask", "email", "--name", "Cannot pay", "-o", file)
    taken = [bob.json("import", file)["files"][0]["session"] for _ in range(2)]
    told = [(row["kind"], row["at_ms"], row["to_ms"], row["colour"], row["text"], [reply["text"] for reply in row["replies"]])
            for row in bob.json("tag", taken[0], "--list")]
    wanted = [("note", -1, -1, None, "of the whole", []), ("tag", 1000, 2500, "red", "asks for " + "*" * len(MAIL), ["seen it"])]
    tap.check("a .sightclip brings what the team said of its range, once", [] if told == wanted and taken[0] == taken[1] else [f"{told}"], told)
    seen = bob.run("snapshot", taken[0], "--at", "3000", "--format", "text")
    tap.check("and its page", [] if "Pay with" in seen else [seen], seen)
    left = [f"{way!r}" for way in ways(MAIL) if way in stored(bob)]
    tap.check("and nothing that was masked", left, told)

    # More answers than a team writes. It needs not be packed as we do it.
    crowd = pathlib.Path(folder) / "crowd.sightclip"
    notes = [{"kind": "tag", "at": 1, "text": f"tag {i}", "replies": [{"text": f"answer {i} {k}"} for k in range(101)]} for i in range(21)]
    crowd.write_bytes(zstd_raw(json.dumps({"sightclip": 1, "notes": notes, "events": visit()}).encode()))
    taken = bob.json("import", str(crowd))["files"][0]
    listed = bob.json("tag", taken["session"], "--list")
    told = (len(listed), sum(len(row["replies"]) for row in listed))
    right = told == (21, 2000) and "121 notes and answers" in taken["notice"]
    tap.check("of too many answers some are left out, and it says so", [] if right else [f"{told} {taken}"], told)

    # What the team said of a visit in which nothing is private.
    quiet = ada.take("quiet", visit())
    said = ada.run("tag", quiet, "--at", "3000", "write to " + MAIL).strip()
    ada.run("tag", quiet, "--reply", said, "or to " + SECOND)
    gone = ada.run("tag", quiet, "--at", "3500", "not to " + THIRD).strip()
    ada.run("tag", quiet, "--remove", gone)
    file = os.path.join(folder, "quiet.sightclip")
    ada.run("clip", quiet, "--from", "2000", "--to", "6000", "--mask-all", "--name", "For " + THIRD, "-o", file)
    other = Station(folder, "other")
    other.run("import", file)
    texts = other.sql("SELECT body FROM annotation") + other.sql("SELECT label FROM session")
    left = [f"{word} in {texts}" for word in (MAIL, SECOND, THIRD) if word.encode() in stored(other)]
    tap.check("what stands in tags, answers and the name alone is masked as well", left, texts)
    ada.run("redact", session, "--mask-all")
    done = ada.json("redact", quiet, "--mask-all")
    left = [word for word in (MAIL, SECOND, THIRD) for (body,) in ada.sql("SELECT body FROM annotation WHERE session = ?", quiet) if word in body]
    left += [word for word in (MAIL, SECOND, THIRD) if word.encode() in stored(ada)]
    tap.check("and so it is in the cache, also in what was taken away", left or ([] if done["annotations"] == 3 else [f"{done}"]), done)


def zstd_raw(data):
    """A frame (RFC 8878) of blocks that are not compressed."""
    parts = [data[at:at + (1 << 17)] for at in range(0, len(data), 1 << 17)]
    head = b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little")
    return head + b"".join((len(part) << 3 | (part is parts[-1])).to_bytes(3, "little") + part for part in parts)


class Markup(html.parser.HTMLParser):
    """Which elements there are, and the text."""

    def __init__(self):
        super().__init__()
        self.tags, self.words = set(), ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.tags.update(name for name, _ in attrs if name.startswith("on") or name in ("src", "href"))

    def handle_data(self, data):
        self.words += data


def check_report(tap, folder, collector):
    station = Station(folder, "ada")
    evil = "<img src=x onerror=alert(1)> [click](javascript:x) | `rm` @ada"
    station.take("visit", visit((5, 4000, {"tag": "ss:error", "payload": {"kind": "exception", "message": evil}})))
    station.run("sessions", "--filter", "error")
    for words in (["problems"], ["moments", "--filter", "error"], ["flow", "page:/pay then error"], ["forms"],
                  ["compare", "--filter", "error", "--opportunity", "page:/pay", "--date", "2023-11-20"]):
        file = os.path.join(folder, "r.html")
        station.run("report", "-o", file, "--title", "For the <b>meeting</b>", "--", *words)
        markup = Markup()
        markup.feed(pathlib.Path(file).read_text(encoding="utf-8"))
        wrong = markup.tags - {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "p", "b", "table", "tr", "th", "td"}
        tap.check(f"a report of {words[0]} is text in tables alone", [f"{wrong}"] if wrong or "For the <b>meeting</b>" not in markup.words else [], markup.words)
        if words[0] == "problems":
            tap.check("what was recorded stands there as it was", [] if "<img src=x onerror=alert(1)>" in markup.words else [markup.words], markup.words)
    file = pathlib.Path(folder, "r.md")
    station.run("report", "-o", str(file), "--", "problems")
    written = file.read_text(encoding="utf-8")
    wrong = [bad for bad in ("<img", "](", " @ada", "`rm`") if bad in written]
    tap.check("in Markdown nothing of it is markup", wrong or ([] if "onerror" in written else [written]), written)
    bad = station.call("report", "-o", str(file), "--", "forget", "--user", "ada")
    failed = station.call("report", "-o", str(file), "--", "moments", "--filter", "((")
    right = bad.returncode == 2 and failed.returncode == 1 and file.read_text(encoding="utf-8") == written
    tap.check("no other verb is run, and what fails writes nothing", [] if right else [f"{bad} {failed}"], [right])
    told = [line["what"] for line in lines(station)]
    tap.check("the log tells of the reports", [] if told.count("exported") == 6 else [f"{told}"], told)


def main():
    tap = Tap()
    for check in (check_log, check_redact, check_tags, check_clip, check_report):
        with tempfile.TemporaryDirectory() as folder:
            collector = Collector(folder)
            try:
                check(tap, folder, collector)
            finally:
                collector.close()
    tap.end()


main()
