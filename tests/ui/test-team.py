# SPDX-License-Identifier: MIT
"""What a team says of a session, in the window: tags with colours, answers, and links to moments."""
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import urllib.parse

from gi.repository import GLib

from collector import Collector
from window import own_folder, run_tests, wait

TOP = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]
SAMPLE = os.path.join(TOP, "data/samples/coupon-1.jsonl.zst")


def sightctl(home, *words, cache="cache"):
    done = subprocess.run([f"{BUILD}/src/cli/sightctl", *words, "--cache", os.path.join(home, cache)], check=True,
                          stdout=subprocess.PIPE, text=True, env=dict(os.environ, SECRET_BACKEND="file"))
    return done.stdout


def session_of(home, cache="cache"):
    return json.loads(sightctl(home, "sessions", "--json", cache=cache))["sessions"][0]["session"]


def notes(home, session, cache="cache"):
    return json.loads(sightctl(home, "tag", session, "--list", "--json", cache=cache))


@contextlib.contextmanager
def full(home, table):
    """The store takes nothing into a table meanwhile, as where the disk is full."""
    def run(statement):
        with sqlite3.connect(os.path.join(home, "cache", "library.db"), timeout=60) as db:
            db.execute(statement)
        db.close()

    run("CREATE TRIGGER refuse BEFORE INSERT ON %s BEGIN SELECT RAISE(FAIL, 'no room'); END" % table)
    yield
    run("DROP TRIGGER refuse")


def dismiss(window):
    """It is told what could not be kept, and why."""
    window.wait_for(contains="no room")
    window.focus_dialog()
    window.picture("not-kept")
    window.key("Escape")
    window.focus_window()


def colours(home, session):
    return sorted(pair.split("=")[0] for pair in json.loads(sightctl(home, "tag", session, "--colours", "--json")))


def lines(window):
    """The lines of the page Tags of the inspector."""
    return [node.name for node in window.find_all(role="list item") if node.parent.name == "Tags"]


def open_session(window):
    window.wait_for(contains=", length ")
    window.key("n")
    window.wait_for(role="label", contains=" / 0:")
    window.key("space")


def show_tags(window):
    window.key("F9")
    window.tab_to("Tags")
    window.key("space")


def test_colours_and_answers(start):
    """a tag gets a colour, another one, and an answer; each is taken back; the set of colours is changed"""
    with own_folder("sight-team-") as home:
        sightctl(home, "import", SAMPLE)
        session = session_of(home)
        window = start(home=home)
        open_session(window)
        window.key("t")
        window.wait_for(contains="Tag 0:")
        window.type("coupon is refused")
        window.press(name="orange")
        window.picture("tag-colours")
        window.tab_to("Tag", key="shift+Tab")
        window.key("Return")
        wait("the tag", lambda: [(note["text"], note["colour"]) for note in notes(home, session)] ==
             [("coupon is refused", "orange")])
        show_tags(window)
        wait("its line", lambda: len(lines(window)) == 1)
        wait("its colour in a word", lambda: any("orange" in line for line in lines(window)))

        window.press(name="Answer “coupon is refused”")
        window.wait_for(name="Answer")
        window.type("it is one of last year")
        window.key("Return")
        wait("the answer", lambda: [line for line in lines(window) if "it is one of last year" in line])
        window.picture("tag-answered")
        assert [reply["text"] for reply in notes(home, session)[0]["replies"]] == ["it is one of last year"]
        window.key("ctrl+z")
        wait("no answer", lambda: len(lines(window)) == 1 and not notes(home, session)[0]["replies"])

        window.press(name="Change “coupon is refused”")
        window.wait_for(contains="Change the tag at ")
        window.press(name="blue")
        window.tab_to("Tag", key="shift+Tab")
        window.key("Return")
        wait("the other colour", lambda: notes(home, session)[0]["colour"] == "blue")
        with full(home, "annotation"):
            window.key("ctrl+z")
            dismiss(window)
        assert notes(home, session)[0]["colour"] == "blue"
        window.key("ctrl+z")
        wait("the first colour", lambda: notes(home, session)[0]["colour"] == "orange")

        window.key("t")
        window.wait_for(contains="Tag 0:")
        window.type("half a thought")
        window.press(name="Change the Colours")
        window.focus_dialog()
        window.press(name="Remove “orange”")
        window.press(name="Add a Colour")
        wait("the new name", lambda: window.focused() and window.focused().name == "Name of the colour")
        window.type("a=b")
        window.picture("tag-colours-set")
        window.press(name="Save")
        window.wait_for(contains="“a=b=#77767b” is no colour")
        window.key("ctrl+a")
        window.type("doubtful")
        before = colours(home, session)
        with full(home, "annotation"):
            window.key("Return")
            dismiss(window)
        assert colours(home, session) == before
        assert not window.find(contains="is no colour")
        window.focus_dialog()
        window.picture("tag-colours-again")
        window.press(name="Save")
        wait("the colours", lambda: colours(home, session) == ["blue", "doubtful", "green", "purple", "red"])

        # What was typed comes back. A change of words keeps a colour that the project has no more; one of nothing is none.
        window.focus_window()
        window.press(name="doubtful")
        window.tab_to("Tag", key="shift+Tab")
        window.key("Return")
        wait("the thought", lambda: sorted((note["text"], note["colour"]) for note in notes(home, session)) ==
             [("coupon is refused", "orange"), ("half a thought", "doubtful")])
        window.press(name="Change “coupon is refused”")
        window.wait_for(contains="Change the tag at ")
        window.key("ctrl+a")
        window.type("coupon of last year")
        window.key("Return")
        wait("the words", lambda: sorted((note["text"], note["colour"]) for note in notes(home, session)) ==
             [("coupon of last year", "orange"), ("half a thought", "doubtful")])
        window.press(name="Change “half a thought”")
        window.wait_for(contains="Change the tag at ")
        window.key("Return", "ctrl+z")
        wait("the words of before", lambda: sorted(note["text"] for note in notes(home, session)) ==
             ["coupon is refused", "half a thought"])
        window.close()


def clipboard(window):
    """What was copied: pasted into the filter, which takes it in one line."""
    window.key("ctrl+f")

    def text_of(node):
        n = window.tree.call(window.tree.app[0], node.path, "org.freedesktop.DBus.Properties", "Get",
                             GLib.Variant("(ss)", ("org.a11y.atspi.Text", "CharacterCount")))[0]
        return window.tree.call(window.tree.app[0], node.path, "org.a11y.atspi.Text", "GetText",
                                GLib.Variant("(ii)", (0, n)))[0] if n else None

    def paste():
        window.key("ctrl+a", "ctrl+v")
        text = text_of(window.focused())
        return text if text and "sessionsight:" in text else None

    text = wait("what was copied", paste)
    window.key("Escape", "Escape")
    return text


def open_link(window, link):
    """As the desktop does with a link that was clicked: the application that runs is told."""
    subprocess.run([f"{BUILD}/src/ui/sessionsight", "--cache", window.cache, link], check=True, timeout=60)


def watched(home):
    """Where the watching of each session began, as the log has it."""
    lines = [json.loads(each["line"]) for each in json.loads(sightctl(home, "log", "--json"))]
    return [line["from"] // 1000 for line in lines if line["what"] == "watched"]


def as_anna(home, tag):
    """Both caches are of one user: what was just said in the other is put into somebody else's mouth."""
    with sqlite3.connect(os.path.join(home, "theirs", "library.db")) as db:
        assert db.execute("UPDATE annotation SET author = 'Anna' WHERE id = ?", (tag,)).rowcount == 1
    db.close()


def test_link(start):
    """a link to a moment is copied; a teammate's window fetches that session and opens it there, or says why it cannot"""
    with own_folder("sight-link-a-") as here, own_folder("sight-link-b-") as there:
        collector = Collector(here)
        try:
            collector.post(SAMPLE)
            for home in (here, there):
                sightctl(home, "endpoints", "add", collector.url, "--token", collector.token)
            sightctl(here, "sync")
            session = session_of(here)
            window = start(f"sessionsight://session/{session}?at=9000", home=here)
            window.wait_for(role="label", contains=" / 0:37")
            wait("its beginning in the log", lambda: [6 <= second < 16 for second in watched(here)] == [True])
            window.key("space", "ctrl+shift+c")
            copied = clipboard(window)
            assert re.search(r" at 0:\d\d · Safari on iPhone", copied), copied
            link = re.search(r"sessionsight://session/%s\?at=\d+&from=\S+" % session, copied).group()
            assert link.endswith("&from=" + urllib.parse.quote(collector.url, safe="")), link
            window.close()

            collector.closed = "/v1/changes"
            window = start(home=there)
            window.wait_for(contains="Endpoint is faulty")
            open_link(window, re.sub("at=[0-9]+", "at=12000", link))
            window.wait_for(role="label", contains=" / 0:37")
            window.picture("link-fetched")
            wait("its beginning in the log", lambda: [9 <= second < 19 for second in watched(there)] == [True])
            for text, words in {
                    "sessionsight://session/none-of-it?from=" + urllib.parse.quote(collector.url, safe=""):
                        "has no such session: it was erased, or never was there.",
                    f"sessionsight://session/{session[:8]}": "does not say which endpoint has it",
                    "sessionsight://session/none-of-it?from=https%3A%2F%2Freplay.example": "which is not connected here",
                    "sessionsight://session/none-of-it?from=" + urllib.parse.quote("https://<b>a</b>\u202e\n%s"): "<b>a</b>",
                    "sessionsight://session/no such": "is no link to a session"}.items():
                open_link(window, text)
                window.wait_for(contains=words)
                window.picture("link-nowhere")
                window.focus_dialog()
                window.key("Escape")
                window.focus_window()
            window.close()
        finally:
            collector.close()


def test_news(start):
    """what a teammate says is told in the sidebar and where it was said, until it was looked at"""
    with own_folder("sight-news-") as home:
        collector = Collector(home)
        try:
            collector.post(SAMPLE)
            for cache in ("cache", "theirs"):
                sightctl(home, "endpoints", "add", collector.url, "--token", collector.token, cache=cache)
                sightctl(home, "sync", cache=cache)
            window = start(home=home)
            window.wait_for(contains=", length ")
            assert not window.find(contains="From the team")
            session = session_of(home, cache="theirs")
            tag = sightctl(home, "tag", session, "--at", "12000", "is this the coupon?", cache="theirs").strip()
            as_anna(home, tag)
            sightctl(home, "sync", cache="theirs")
            window.key("F5")
            wait("its row", lambda: window.filter_count("From the team") == "1")
            window.picture("news-sidebar")
            window.choose_filter("From the team")
            window.key("j")
            window.wait_for(role="label", contains=" / 0:37")
            show_tags(window)
            wait("its line", lambda: "is this the coupon?" in "".join(lines(window)))
            wait("that it is new, and who said it", lambda: any("New · " in line and "Anna" in line for line in lines(window)))
            window.picture("news-line")
            wait("no news", lambda: not window.find(role="list item", contains="From the team, "))
            assert notes(home, session)[0]["author"] == "Anna"
            window.close()
        finally:
            collector.close()


run_tests(test_colours_and_answers, test_link, test_news)
