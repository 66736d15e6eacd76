# SPDX-License-Identifier: MIT
"""The window driven by keys alone: from the first start to a played, tagged moment."""
import re

from tree import SELECTED
from window import SAMPLES, run_tests, wait


def position(window):
    """Where the playhead is, in seconds, from the transport's "0:22 / 0:29"."""
    for node in window.find_all(role="label"):
        match = re.fullmatch(r"(\d+):(\d\d) / \d+:\d\d", node.name)
        if match:
            return int(match[1]) * 60 + int(match[2])
    return None


def try_samples(window):
    window.wait_for(role="button", name="Connect an Endpoint…")
    window.tab_to("Try the Samples")
    window.key("Return")
    wait("all samples", lambda: window.filter_count("All sessions") == str(len(SAMPLES)))
    window.wait_for(role="button", contains="Remove “")  # the worst problem of them
    wait("its moment", lambda: [node for node in window.find_all(role="label") if re.fullmatch(r"[\d:]+ / [\d:]+", node.name)])
    window.key("ctrl+BackSpace")
    wait("all of them looked through", lambda: window.filter_count("Rage clicks") not in ("0", "–", None))


def tags(window):
    """The lines of the inspector's page."""
    return [node.name for node in window.find_all(role="list item") if node.parent.name == "Tags"]


def change_and_remove(window):
    """In the inspector the tag is changed and removed, and both are taken back."""
    window.key("F9")
    window.tab_to("Tags")
    window.key("space")
    wait("the tag, and that its page is the one on display", lambda: len(tags(window)) == 1 and
         [node for node in window.find_all(name="Tags") if node.has(SELECTED)])
    window.press(role="button", name="Change “the pay button does nothing”")
    window.wait_for(contains="Change the tag at ")
    window.key("ctrl+a")
    window.type("it waits for the bank")
    window.key("Return")
    wait("the other words", lambda: "it waits for the bank" in "".join(tags(window)))
    window.key("ctrl+z")
    wait("the first words", lambda: "the pay button does nothing" in "".join(tags(window)))
    window.press(role="button", name="Remove “the pay button does nothing”")
    wait("no tag", lambda: not tags(window))
    window.key("ctrl+z")
    wait("the tag again", lambda: "the pay button does nothing" in "".join(tags(window)))


def test_from_start_to_tag(start):
    """keys alone lead from the first start to a played and tagged moment"""
    window = start()
    try_samples(window)
    window.wait_for(role="label", contains=" / 0:")

    window.choose_filter("Rage clicks")
    wait("only sessions with rage clicks", lambda: window.sessions() and
         all("clicks in" in name for name in window.sessions()))
    window.key("j")
    wait("a moment of rage on display", lambda: (position(window) or 0) > 0)
    window.key("0")
    if window.find(role="button", name="Play"):  # a slow machine may have come to the end by now
        window.key("space")
    before = position(window)
    wait("the playhead moves", lambda: (position(window) or 0) > before)
    if window.find(role="button", name="Pause"):
        window.key("space")
    window.wait_for(role="button", name="Play")

    window.key("t")
    window.wait_for(contains="Tag 0:")
    window.type("the pay button does nothing")
    window.key("Return")
    wait("one tagged session", lambda: window.filter_count("Tagged") == "1")
    window.key("ctrl+BackSpace")
    window.choose_filter("Tagged")
    wait("the tag and its time in the list", lambda: any(
        "the pay button does nothing" in name for name in window.sessions()))
    change_and_remove(window)
    assert window.close(by_key=True) == 0, "it ends well"


def watch_person(window, length):
    """The sessions of a user on one line of time: arrow keys and Enter open one; then they play one after the other."""
    window.key("ctrl+f")
    window.type("user:u-117")
    window.key("Return")
    wait("the sessions of one user", lambda: len(window.sessions()) == 3)
    wait("the newest of them", lambda: length() == "1:12")
    window.key("ctrl+i")
    wait("the keys on the line", lambda: (focus := window.focused()) and focus.name == "Sessions on one line of time")
    window.picture("person")
    window.key("Home", "Return")
    wait("the first of them", lambda: length() == "0:36")
    window.key(*["bracketleft"] * 9, "shift+r")
    window.wait_for(role="label", name="1 of 3")
    window.key("9", *["bracketright"] * 3)
    window.wait_for(role="label", name="2 of 3 · 11 h later")
    wait("the second of them", lambda: length() == "0:27")
    window.key("shift+r")
    wait("that it is stopped", lambda: not window.find(role="label", contains=" · 11 h later"))


def test_through_sessions(start):
    """J and K, N and P go through moments and sessions, M marks, Shift+R plays those of one user"""
    window = start()
    try_samples(window)
    def length():
        return next((node.name.split(" / ")[1] for node in window.find_all(role="label")
                     if re.fullmatch(r"[\d:]+ / [\d:]+", node.name)), None)

    opened = wait("a session", length)
    window.key("n")
    second = wait("the next session", lambda: length() not in (None, opened) and length())
    window.key("n")
    wait("the one after it", lambda: length() not in (None, opened, second))
    window.key("p")
    wait("the second again", lambda: length() == second)
    def seen():
        return [each for each in window.ctl("sessions")["sessions"] if each["seen"]]

    before = len(seen())
    window.key("m")
    wait("one more that was seen", lambda: len(seen()) == before + 1)
    window.key("m")
    wait("one less", lambda: len(seen()) == before)
    # Played to its end it offers the next one, and counts as seen, but where somebody has said that it does not.
    def play_to_the_end():
        window.key("9", *["bracketright"] * 5)
        if window.find(role="button", name="Play"):
            window.key("space")
        window.wait_for(contains="End of the Session")

    play_to_the_end()
    window.wait_for(role="button", contains="Next: ")
    window.key("n")
    wait("the one that was offered", lambda: length() not in (None, second))
    play_to_the_end()
    wait("that it was seen", lambda: len(seen()) == before + 1)
    watch_person(window, length)


def test_search(start):
    """Ctrl+F, words and Enter lead to the session that has them"""
    window = start()
    try_samples(window)
    window.key("ctrl+f")
    window.type("rag")
    window.wait_for(role="list item", contains="Rage clicks, rage:, ")
    window.key("Escape")
    window.type("coupon")
    window.key("Return")
    window.wait_for(role="label", contains=" of %d sessions" % len(SAMPLES))
    wait("one of them on display", lambda: position(window) is not None)
    window.wait_for(name="mentioning “coupon”")
    window.wait_for(role="button", contains=" moment")
    window.key("ctrl+f")
    window.type("xyzzy")
    window.key("Return")
    window.wait_for(contains="Nothing Found")
    window.wait_for(contains="Without “mentioning “xyzzy”” there")
    window.tab_to("Remove This Condition")
    window.key("Return")
    window.wait_for(role="label", contains=" of %d sessions" % len(SAMPLES))
    window.key("ctrl+BackSpace")
    window.wait_for(role="label", name="%d sessions" % len(SAMPLES))
    window.key("ctrl+f")
    window.type("releese:2")
    window.key("Return")
    window.wait_for(contains="did you mean release")


def test_problem(start):
    """two keys lead from the problems to the clearest moment of the worst one, and back"""
    window = start()
    try_samples(window)
    window.key("alt+1")
    worst = wait("the list, and the keys in it", lambda: (focus := window.focused()) and
                 focus.role == "list item" and " session" in focus.name and focus)
    window.key("Return")
    window.wait_for(role="button", name="Remove “%s”" % worst.name.split(", ")[0])
    window.wait_for(role="label", contains=" / 0:")
    wait("the place among its moments", lambda: any(
        re.fullmatch(r"\d+ of \d+\+?", node.name) for node in window.find_all(role="label")))
    window.key("alt+1")
    window.wait_for(role="list item", contains=" session")

    # F6 leads to the problem beside the list, Tab through all that can be done about it, F6 back.
    wait("the keys in the list", lambda: (focus := window.focused()) and focus.role == "list item")
    window.move("F6", window.focused())
    for name in ("Watch", "Same As…", "As a table", "desktop: "):
        window.tab_to(name, most=20)
    window.key("F6")
    wait("the list", lambda: (focus := window.focused()) and focus.role == "list item" and " session" in focus.name)


def test_after_a_click(start):
    """after a click keys belong to the player; F11 leaves the page alone; the open session stays selected"""
    window = start()
    try_samples(window)

    def times():
        return next((node.name.split(" / ") for node in window.find_all(role="label")
                     if re.fullmatch(r"[\d:]+ / [\d:]+", node.name)), [None, ""])

    def selected():
        return [node.name for node in window.find_all(role="list item", contains=", length ") if node.has(SELECTED)]

    def end_and_home():
        window.key("End")
        wait("the end", lambda: times()[0] == times()[1])
        window.key("Home")
        wait("the start", lambda: times()[0] == "0:00")

    wait("a session", lambda: times()[0])
    window.click(350, 400)
    wait("the session that was clicked", selected)
    if window.find(role="button", name="Pause"):
        window.key("space")
    window.wait_for(role="button", name="Play")
    end_and_home()

    window.key("F11")
    wait("the page alone", lambda: not window.find(name="Add a condition") and not window.sessions())
    end_and_home()
    window.key("Escape")
    wait("the list again", lambda: window.find(name="Add a condition") and window.sessions())

    opened = wait("the open session", selected)
    window.key("ctrl+f")
    window.type("xyzzy")
    window.key("Return")
    window.wait_for(contains="Nothing Found")
    window.click(900, 500)
    window.tab_to("Play")
    window.key("Escape")
    wait("all sessions again, and the same one selected",
         lambda: len(window.sessions()) > 5 and selected() == opened)


run_tests(test_from_start_to_tag, test_through_sessions, test_search, test_problem, test_after_a_click)
