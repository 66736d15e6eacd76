# SPDX-License-Identifier: MIT
"""What a team says of a session, in the window: tags with colours, and answers."""
import json
import os
import subprocess
import tempfile

from window import run_tests, wait

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
    with tempfile.TemporaryDirectory(prefix="sight-team-") as home:
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
        window.wait_for(role="label", contains="orange")

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
        window.key("ctrl+z")
        wait("the first colour", lambda: notes(home, session)[0]["colour"] == "orange")

        window.key("t")
        window.press(name="Change the Colours")
        window.focus_dialog()
        window.press(name="Remove “green”")
        window.press(name="Add a Colour")
        wait("the new name", lambda: window.focused() and window.focused().name == "Name of the colour")
        window.type("a=b")
        window.picture("tag-colours-set")
        window.press(name="Save")
        window.wait_for(contains="“a=b=#77767b” is no colour")
        window.key("ctrl+a")
        window.type("doubtful")
        window.key("Return")
        wait("the colours", lambda: sorted(pair.split("=")[0] for pair in json.loads(
            sightctl(home, "tag", session, "--colours", "--json"))) == ["blue", "doubtful", "orange", "purple", "red"])
        window.close()


run_tests(test_colours_and_answers)
