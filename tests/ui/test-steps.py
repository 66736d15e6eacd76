# SPDX-License-Identifier: MIT
"""What an analyst does most, by keys alone: each task with no more of them than it may take."""
import contextlib
import os
import re
import subprocess

from tree import SENSITIVE
from window import BUILD, TOP, own_folder, run_tests, wait

# A problem of one session alone has no next moment; of the second release some of each must be there.
SAMPLES = [os.path.join(TOP, "data/samples", name + ".jsonl.zst") for name in (
    "abandoned-1", "abandoned-2", "coupon-1", "coupon-2", "coupon-4", "order-1", "order-4", "wish-list-1", "wish-list-2",
    "wrong-card-1", "wrong-card-2")]


def sightctl(home, *words):
    subprocess.run([f"{BUILD}/src/cli/sightctl", *words, "--cache", os.path.join(home, "cache")], check=True,
                   stdout=subprocess.DEVNULL, env=dict(os.environ, SECRET_BACKEND="file"))


class Steps:
    """Passes keys on and counts them; words that are typed are one step, wherever they are typed into."""

    def __init__(self, window):
        self.window, self.n = window, 0

    def key(self, name):
        self.n += 1
        self.window.key(name)

    def type(self, text):
        self.n += 1
        self.window.type(text)

    def condition(self, text):
        """Typing begins with the key that leads to where conditions are typed."""
        self.window.key("ctrl+f")
        self.type(text)


@contextlib.contextmanager
def task(window, title, most):
    """From the main window, under no filter, at the sessions."""
    window.key("ctrl+BackSpace", "alt+2")
    window.wait_for(role="label", name="%d sessions" % len(SAMPLES))
    steps = Steps(window)
    yield steps
    assert steps.n <= most, "%s: %d steps of at most %d" % (title, steps.n, most)


def focus_in_list(window, words):
    """The row that has the keys, once one of the list has them."""
    return wait("the keys in the list", lambda: (focus := window.focused()) and focus.role == "list item" and
                words in focus.name and focus)


def place(window):
    """Which of the moments is watched: "3 of 14"."""
    return next((node.name for node in window.find_all(role="label") if re.fullmatch(r"\d+ of \d+\+?", node.name)), None)


def times(window):
    """Where the playhead is and how long the session is, in seconds."""
    for node in window.find_all(role="label"):
        if re.fullmatch(r"[\d:]+ / [\d:]+", node.name):
            return [sum(60 ** i * int(part) for i, part in enumerate(reversed(text.split(":"))))
                    for text in node.name.split(" / ")]
    return None


def watch_worst(window):
    with task(window, "see the worst problem and watch its clearest moment", 2) as steps:
        steps.key("alt+1")
        worst = focus_in_list(window, " session")
        steps.key("Return")
        window.wait_for(role="button", name="Remove “%s”" % worst.name.split(", ")[0])
        wait("its sessions alone", lambda: [node for node in window.find_all(role="label") if re.fullmatch(
            r"\d+ of %d sessions" % len(SAMPLES), node.name)])
        first = wait("the place among its moments", lambda: place(window))
    if not first.startswith("1 of "):
        window.key("k", "k")  # back to this one, where it is over by now; then to the one before
        wait("the first of its moments", lambda: (place(window) or "").startswith("1 of "))
    steps = Steps(window)
    steps.key("j")
    wait("the next moment of the same kind", lambda: (place(window) or "").startswith("2 of "))


def watch_churned(window):
    with task(window, "churned sessions, last two minutes of the first", 2) as steps:
        steps.condition("churned")
        steps.key("Return")
        wait("a session that left", lambda: window.sessions() and all("Ended" in name or "Left" in name
                                                                      for name in window.sessions()))
        wait("its last two minutes", lambda: (now := times(window)) and now[0] >= max(0, now[1] - 120 - 3))


def search_seen(window):
    with task(window, "sessions whose users saw a text", 2) as steps:
        steps.condition('seen:"number is too short"')
        steps.key("Return")
        window.wait_for(role="label", name="2 of %d sessions" % len(SAMPLES))
        wait("one on display", lambda: times(window))


def menu_of(window, key, *items):
    """Opens the menu of what has the keys and goes down along its items; the last one has the keys then."""
    window.key(key)
    for i, item in enumerate(items):
        if i > 0:
            window.key("Down")
        wait("in the menu: " + item, lambda: (focus := window.focused()) and focus.name == item)


def ask_why(window):
    """By the menus of a row of the list and of a line of the inspector; what is in the way is said in a dialog."""
    window.key("ctrl+BackSpace", "alt+2")
    row = window.tab_to(", length ")
    length = re.search(r", length ([\d:]+)", row.name)[1]
    menu_of(window, "shift+F10", "Open", "Copy Link", "Why Is It in the List, or Not?")
    window.key("Return")
    window.focus_dialog()
    window.wait_for(contains="every session is listed")
    window.type("clicks:>1 length:>9m")
    window.key("Return")
    window.wait_for(name="It does not match.")
    window.wait_for(role="list item", contains="clicks: > 1: met.")
    missed = window.wait_for(role="list item", contains="length > 9:00: not met. ")
    assert length in missed.name, (row.name, missed.name)
    window.key("Escape")
    window.focus_window()
    window.key("F9")
    window.tab_to("Opened ")
    menu_of(window, "Menu", "Copy", "Show Sessions with This")
    window.key("Return")
    window.wait_for(role="button", contains="Remove “")
    window.key("F9")


def tag_moment(window):
    with task(window, "tag this moment for the team", 3) as steps:
        steps.key("t")
        window.wait_for(contains="Tag 0:")
        steps.type("ask the shop")
        steps.key("Return")
        wait("a tag", lambda: window.filter_count("Tagged") == "1")


def save_clip(window, home):
    with task(window, "clip from a signal, as HTML, to a folder", 2) as steps:
        steps.key("c")
        window.focus_dialog()
        window.wait_for(contains="around ")
        steps.key("Return")
        wait("the clip", lambda: [name for name in os.listdir(home) if name.endswith(".html")])
        window.focus_window()


def choose_folder(window, folder):
    """Once: where issues go is remembered."""
    window.key("alt+1")
    focus_in_list(window, " session")
    window.key("f")
    window.focus_dialog()
    window.tab_to("Send to")
    window.key("space")
    wait("the ways", lambda: window.focused() and window.focused().role == "list item")
    window.key("Down", "Return")
    window.wait_for(contains="Folder")
    window.key("Tab")
    window.type(folder)
    window.key("ctrl+Return")
    wait("the first issue", lambda: os.listdir(folder))
    window.focus_window()


def file_issue(window, folder):
    choose_folder(window, folder)
    there = set(os.listdir(folder))
    with task(window, "file an issue from here: F, two fields with a Tab between them, Ctrl+Enter", 5) as steps:
        steps.key("f")
        window.focus_dialog()
        wait("the draft", lambda: any(node.has(SENSITIVE) for node in window.find_all(name="Text of the issue")))
        steps.type("The coupon is not taken")
        steps.key("Tab")
        steps.type("Say this first.")
        steps.key("ctrl+Return")
        new = wait("the issue", lambda: set(os.listdir(folder)) - there).pop()
        window.focus_window()
    path = os.path.join(folder, new, "issue.md")
    wait("its text", lambda: os.path.exists(path))
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert "The coupon is not taken" in text and "Say this first." in text, text


def verify(window, home):
    with task(window, "did release 2 fix it", 2) as steps:
        steps.key("alt+1")
        focus_in_list(window, " session")
        steps.key("v")
        window.focus_dialog()
        window.wait_for(contains="Before and after")
        window.key("Escape")
        window.focus_window()


def contrast(window):
    with task(window, "why did these leave", 1) as steps:
        window.key("ctrl+f")
        window.type("churned")
        window.key("Return")
        wait("those who left", lambda: window.sessions() and all("Ended" in name or "Left" in name
                                                                   for name in window.sessions()))
        steps.key("v")
        wait("an answer", lambda: window.find(contains="These sessions") or window.find(contains="beyond chance"))


def watch_reel(window):
    with task(window, "thirty moments in a row", 1) as steps:
        steps.key("r")
        first = wait("a moment of the reel", lambda: place(window))
        wait("the next one, by itself", lambda: place(window) not in (None, first))


def test_steps(start):
    """keys alone, no more than each task may take: worst problem, churned, search, tag, clip, issue, verdict, contrast, why, reel"""
    with own_folder("sight-steps-") as home:
        issues = os.path.join(home, "issues")
        os.mkdir(issues)
        sightctl(home, "import", *SAMPLES)
        sightctl(home, "key-actions", "add", "ordered", "--page", "/thanks")
        window = start(home=home, env={"HOME": home})
        wait("sessions", window.sessions)
        watch_worst(window)
        watch_churned(window)
        search_seen(window)
        tag_moment(window)
        save_clip(window, home)
        file_issue(window, issues)
        verify(window, home)
        contrast(window)
        ask_why(window)
        watch_reel(window)
        assert window.close(by_key=True) == 0, "it ends well"


run_tests(test_steps)
