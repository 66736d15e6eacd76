# SPDX-License-Identifier: MIT
"""What the player does for somebody at the keyboard: going to times, in and out points, the loop, clips."""
import json
import os
import re
import tempfile

from window import TOP, run_tests, wait

RAGE = os.path.join(TOP, "data", "samples", "wish-list-1.jsonl.zst")


def time_label(window):
    """The transport's "0:22 / 0:29"."""
    return next((node.name for node in window.find_all(role="label")
                 if re.fullmatch(r"[\d:]+ / [\d:]+", node.name)), None)


def position(window):
    """Where the playhead is, in seconds."""
    label = time_label(window)
    minutes, seconds = label.split(" / ")[0].split(":") if label else (0, 0)
    return int(minutes) * 60 + int(seconds)


def open_rage(start, **kinds):
    """A session with rage clicks, standing still at them."""
    window = start(RAGE, **kinds)
    window.name = ""
    wait("it is looked through", lambda: window.filter_count("Rage clicks") == "1")
    window.choose_filter("Rage clicks")
    wait("its reason", lambda: ["clicks in" in name for name in window.sessions()] == [True])
    window.key("j")
    wait("the moment of rage", lambda: position(window) > 20)
    if window.find(role="button", name="Pause"):
        window.key("space")
    window.wait_for(role="button", name="Play")
    # It has played on until it was looked at.
    go_to(window, "0:22")
    wait("that time again", lambda: position(window) == 22)
    return window


def go_to(window, text):
    window.key("ctrl+l")
    wait("the field for a time", lambda: (window.focused() or window).name == "Go to a time")
    window.type(text)
    window.key("Return")


def test_go_to(start):
    """Ctrl+L goes to a time, a share and a time of the clock, and says what it does not understand"""
    window = open_rage(start)
    go_to(window, "0:07")
    wait("0:07", lambda: position(window) == 7)
    window.key("ctrl+l")
    clock = wait("the time of the clock", lambda: next(
        (node.name for node in window.find_all(role="label")
         if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d", node.name)), None))
    assert window.find(role="label", name="0:07.000"), "the session time to the millisecond"
    window.type("soon")
    window.key("Return")
    window.wait_for(role="label", contains="Write it as 1:30")
    window.key("ctrl+a")
    window.type("59:00")
    window.key("Return")
    window.wait_for(role="label", contains="The session ends at")
    window.key("Escape")
    go_to(window, "50%")
    wait("the middle", lambda: position(window) > 7)
    go_to(window, clock.split()[1].split(".")[0])
    wait("the second of the clock again", lambda: position(window) in (6, 7))


def test_steps(start):
    """arrows, pages and signals lead along the session"""
    window = open_rage(start)
    go_to(window, "10")
    wait("0:10", lambda: position(window) == 10)
    window.key("Left")
    wait("5 s back", lambda: position(window) == 5)
    window.key("shift+Right")
    wait("1 s ahead", lambda: position(window) == 6)
    window.key("alt+Left")
    wait("1 ms back", lambda: position(window) == 5)
    window.key("0", "shift+j")
    first = wait("the first signal", lambda: position(window))
    soon = lambda: [node for node in window.find_all(role="label") if re.fullmatch(r"in \d s", node.name)]
    wait("how soon it comes, over the page", soon)
    window.key("shift+j")
    wait("the next one", lambda: position(window) > first)
    window.key("shift+k", "shift+k", "0")
    wait("the start", lambda: position(window) == 0)
    wait("no caption where nobody went to a moment", lambda: not soon())
    window.tab_to("Timeline")
    window.key("Page_Down")
    wait("the second page", lambda: position(window) > 0)
    window.key("Page_Up")
    wait("the first page", lambda: position(window) == 0)
    window.key("bracketright")
    window.wait_for(contains="Speed 2×")
    window.key("bracketright", "bracketright", "bracketright", "bracketright")
    window.wait_for(contains="Speed Max")
    window.key("space")
    wait("the end, as fast as it goes", lambda: len(set(time_label(window).split(" / "))) == 1)


def test_loop(start):
    """L goes round between the in and the out point"""
    window = open_rage(start)
    go_to(window, "5")
    wait("0:05", lambda: position(window) == 5)
    window.key("i")
    go_to(window, "7")
    wait("0:07", lambda: position(window) == 7)
    window.key("o", "l", "Left", "shift+Right", "space")
    seen = set()

    def has_turned():
        seen.add(position(window))
        return 6 in seen and 5 in seen
    wait("both seconds, again and again", has_turned)
    for _ in range(3):
        seen.clear()
        wait("round once more", has_turned)
    assert window.find(role="button", name="Pause"), "it plays on"
    assert max(seen) <= 7, "and stays within"


def choose_form(window, n):
    """The n-th after the first."""
    window.tab_to("Form")
    window.key("space")
    wait("the forms", lambda: window.focused() and window.focused().role == "list item")
    window.key("Home", *["Down"] * n, "Return")
    wait("the list to close", lambda: window.focused() and window.focused().name == "Form")


def elements(node, tag):
    """Below a node of a snapshot."""
    if node.get("tagName") == tag:
        yield node
    for child in node.get("childNodes", []):
        yield from elements(child, tag)


def texts(node):
    yield node.get("textContent", "")
    for child in node.get("childNodes", []):
        yield from texts(child)


def empty(folder):
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    os.rmdir(folder)


def test_clip(start):
    """C and Enter save what is between the points, as HTML in the last folder; other forms are a few keys further"""
    home = tempfile.mkdtemp(prefix="sight-clips-")
    window = open_rage(start, env={"HOME": home})
    window.key("c")
    window.focus_dialog()
    window.wait_for(contains="around ")
    window.key("Return")
    first = wait("the first clip", lambda: os.listdir(home) or None)[0]
    assert first.endswith(".html") and "click" in first, first
    with open(os.path.join(home, first), encoding="utf-8") as file:
        assert "<!doctype html>" in file.read(200).lower(), "a page"

    window.focus_window()
    window.key("End", "c")
    window.focus_dialog()
    window.wait_for(contains="around ")
    window.key("Return")
    wait("one of the session's end", lambda: sum(name.endswith(".html") for name in os.listdir(home)) == 2)

    window.focus_window()
    go_to(window, "5")
    wait("0:05", lambda: position(window) == 5)
    window.key("i")
    go_to(window, "8")
    wait("0:08", lambda: position(window) == 8)
    window.key("o", "c")
    window.focus_dialog()
    window.wait_for(contains="0:03, between in and out")
    window.key("ctrl+a")
    window.type("between two points")
    choose_form(window, 7)
    # The field behind it, without its button.
    window.key("Tab")
    window.type("h1[")
    window.tab_to("Save")
    window.key("Return")
    window.wait_for(contains="No selector that is known")
    window.tab_to("Form")
    window.key("Tab")
    window.key("ctrl+a")
    window.type("h1")
    window.tab_to("Save")
    window.key("Return")
    path = os.path.join(home, "between two points.json")
    wait("the second clip", lambda: os.path.exists(path) and os.path.getsize(path))
    wait("the dialog to close", lambda: not window.find(name="Save"))
    with open(path, encoding="utf-8") as file:
        events = json.load(file)
    times = [event["timestamp"] for event in events]
    assert 0 < max(times) - min(times) <= 3001, "nothing outside of the range"
    assert [event["type"] for event in events[:2]] == [4, 2], "it begins with the page"
    headings = ["".join(texts(each)) for each in elements(events[1]["data"]["node"], "h1")]
    assert headings and all(set(each) == {"*"} for each in headings), headings

    window.focus_window()
    window.key("c")
    window.focus_dialog()
    choose_form(window, 5)
    window.tab_to("Save")
    window.key("Return")
    picture = wait("a picture", lambda: next((name for name in os.listdir(home) if name.endswith(".png")), None))
    with open(os.path.join(home, picture), "rb") as file:
        head = file.read(24)
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(head[at:at + 4], "big") for at in (16, 20))
    assert height > 1000, f"the page down to its end, not {width} x {height}"
    empty(home)


def test_clip_pick(start):
    """in the clip dialog an element of the page is picked to be masked; Escape comes back without one"""
    window = open_rage(start)

    def pick():
        window.wait_for(name="Save")
        window.press(name="Pick on the Page")
        # A slow machine shows it for a while yet, and parts of it not at all: nothing of it is left twice.
        wait("the dialog to step aside", lambda: not window.find(name="Save") and not window.find(name="Pick on the Page"))
        window.focus_window()

    window.key("c")
    window.focus_dialog()
    pick()
    window.key("c", "Escape")
    window.wait_for(name="Save")
    # By their place: GTK 4.8 now and then gives a window that was hidden and comes back the role of a widget.
    windows = [node.name for node in window.tree.read() if node.parent is not None and node.parent.parent is None]
    assert windows.count("Save a Clip") == 1, f"C opens no other one meanwhile: {windows}"
    assert not window.find(name="Element of the page")
    pick()
    window.click(950, 400)
    window.wait_for(name="Element of the page")
    window.picture("clip-picked")
    assert not window.find(name="Copy the selector"), "the inspector is not shown for it"
    window.close()


def test_film(start):
    """C saves a film of the moment as well"""
    home = tempfile.mkdtemp(prefix="sight-clips-")
    # With GStreamer GLib lets go of its first table of quarks, which would be a leak.
    window = open_rage(start, env={"HOME": home, "ASAN_OPTIONS": "detect_leaks=0"})
    window.key("c")
    window.focus_dialog()
    choose_form(window, 1)
    window.wait_for(contains="Plays nearly everywhere")
    window.picture("clip-film")
    window.tab_to("Save")
    window.key("Return")
    film = wait("a film", lambda: next((name for name in os.listdir(home) if name.endswith(".webm")), None))
    with open(os.path.join(home, film), "rb") as file:
        assert file.read(4) == b"\x1a\x45\xdf\xa3", "WebM"
    empty(home)


run_tests(test_go_to, test_steps, test_loop, test_clip, test_clip_pick, test_film)
