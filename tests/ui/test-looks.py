# SPDX-License-Identifier: MIT
"""Each state that the window can be in, driven into with a real collector and real files. SIGHT_TEST_PICTURES keeps what
it looks like."""
import glob
import json
import os
import subprocess

from collector import Collector
from window import own_folder, run_tests, wait

TOP = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]
SAMPLES = sorted(glob.glob(os.path.join(TOP, "data", "samples", "*.jsonl.zst")))
ONE_OF_EACH = [name for name in SAMPLES if name.endswith("-1.jsonl.zst")]
NARROW, MIDDLE = (760, 560), (900, 700)


def sample(name):
    return os.path.join(TOP, "data", "samples", name + ".jsonl.zst")


def lines_of(name):
    text = subprocess.run(["zstd", "-dcq", sample(name)], check=True, stdout=subprocess.PIPE).stdout
    return text.splitlines(keepends=True)


def sightctl(home, *words):
    subprocess.run([f"{BUILD}/src/cli/sightctl", *words, "--cache", os.path.join(home, "cache")], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ, SECRET_BACKEND="file"))


def home_with(folder, *files):
    """A home whose cache holds these recordings, looked through."""
    sightctl(folder, "import", *files)
    return folder


def settled(window):
    """The player shows the session and nothing is being looked through."""
    window.wait_for(role="label", contains=" / ")
    wait("the page", lambda: not window.find(contains="Reading the recording"))
    wait("all looked through", lambda: not window.find(contains="Analysing"))


def one_side_at_a_time(window):
    """The page has most of the window at the first start; the inspector takes the sidebar's place, and gives it back."""
    timeline = window.wait_for(role="slider", name="Timeline")
    width = window.tree.extents(timeline)[2] + 24  # its margins
    assert width >= 0.55 * 1440, "the page is %d wide" % width
    assert not window.find(name="Console")
    window.key("F9")
    window.wait_for(name="Console")
    assert not window.filter_count("Rage clicks"), "two side panes leave no room for the page"
    window.picture("main-inspector")
    window.key("F9")
    wait("the sidebar again", lambda: window.filter_count("Rage clicks"))


# What is drawn to be looked at; what a run asserts does not depend on it.
SCHEMES = ("light", "dark") if os.environ.get("SIGHT_TEST_FULL") else ("light",)


def test_main(start):
    """sessions with their reasons, wide and narrow (with --full: light and dark)"""
    with own_folder("sight-looks-") as home:
        home_with(home, *ONE_OF_EACH)
        for name in SCHEMES:
            window = start(home=home, dark=name == "dark")
            wait("sessions", window.sessions)
            window.choose_filter("Rage clicks")
            wait("reasons", lambda: all("clicks in" in row for row in window.sessions()))
            window.key("j")
            settled(window)
            window.picture("main-" + name)
            if name == "light":
                one_side_at_a_time(window)
                window.resize(MIDDLE)
                settled(window)
                window.picture("main-middle")
            window.resize(NARROW)
            settled(window)
            window.picture("main-narrow-" + name)
            if name == "light":
                window.key("F9")
                window.wait_for(name="Console")
                window.picture("main-narrow-inspector")
                window.key("F9", "F8")
                window.wait_for(contains="Rage clicks, ")
                window.picture("main-narrow-sidebar")
            window.close()


def test_first_run(start):
    """the first start, wide and narrow (with --full: light and dark)"""
    for name in SCHEMES:
        window = start(dark=name == "dark")
        window.wait_for(role="button", name="Connect an Endpoint…")
        window.picture("first-run-" + name)
        window.resize(NARROW)
        window.wait_for(role="button", name="Connect an Endpoint…")
        window.picture("first-run-narrow-" + name)
        window.close()


def test_empty(start):
    """filters that nothing matches, and what to loosen"""
    with own_folder("sight-looks-") as home:
        window = start(home=home_with(home, sample("film-1")))
        for title, words in {"Rage clicks": "Nothing Found", "Tagged": "Nothing Tagged Yet",
                             "Churned": "What Is a Success?"}.items():
            window.choose_filter("All sessions")
            window.choose_filter(title)
            window.wait_for(contains=words)
            window.picture("empty-" + title.split()[0].lower())
        window.choose_filter("All sessions")
        window.key("ctrl+f")
        window.type("no such words")
        window.key("Return")
        window.wait_for(contains="Nothing Found")
        window.picture("empty-search")


def test_sync(start):
    """syncing with counts, offline with its time, a refused token and a faulty endpoint, each with what to do"""
    with own_folder("sight-looks-") as home:
        collector = Collector(home)
        try:
            collector.post(*ONE_OF_EACH)
            collector.mood = 4.0
            sightctl(home, "endpoints", "add", collector.url, "--token", collector.token)
            window = start(home=home)
            wait("how far it is", lambda: window.find(contains="Syncing 2 of %d" % len(ONE_OF_EACH)))
            window.picture("syncing")
            window.wait_for(name="Stop syncing")
            collector.mood = None
            wait("all of them", lambda: window.filter_count("All sessions") == str(len(ONE_OF_EACH)))
            wait("when", lambda: window.find(contains="Synced "))

            def details(name, words):
                window.wait_for(contains=words[0])
                window.tab_to(words[0])
                window.key("Return")
                for text in words[1:]:
                    window.wait_for(contains=text)
                window.picture(name)
                window.key("Escape")

            collector.mood = "500"
            details("faulty", ["Endpoint is faulty", "You can watch, tag and search what is here", "500"])
            collector.mood = None
            wait("back", lambda: window.find(contains="Synced "))
            collector.revoke_tokens()
            details("refused", ["Not let in", "does not let this program in", "token"])
            collector.cut()
            details("offline", ["Offline since ", "You can watch, tag and search what is here", "Copy Details"])
        finally:
            collector.close()


def test_broken(start):
    """recordings that are cut, have a gap, or nothing to replay: what is missing and what can be shown"""
    with own_folder("sight-looks-") as home:
        whole = b"".join(lines_of("film-1"))
        cut = os.path.join(home, "cut.jsonl")
        with open(cut, "wb") as file:
            file.write(whole[:len(whole) * 2 // 3])
        window = start(cut)
        window.wait_for(contains="1 recording opened, but it is not complete")
        window.wait_for(contains="ends in the middle")
        settled(window)
        window.picture("broken")
        window.close()

        gap = os.path.join(home, "gap.jsonl")
        batches = lines_of("long-reader-1")
        with open(gap, "wb") as file:
            file.write(b"".join(batches[:len(batches) // 3] + batches[len(batches) // 3 + 3:]))
        window = start(gap)
        window.wait_for(contains="3 batches are missing between ")
        assert len(window.find_all(contains="batches are missing between ")) == 1, "it is said once"
        window.key("F9")
        window.wait_for(contains="Nothing was recorded for ")
        settled(window)
        window.picture("gap")
        window.close()

        nothing = os.path.join(home, "nothing.jsonl")
        with open(nothing, "w") as file:
            file.write(json.dumps({"type": 4, "timestamp": 1700000000000,
                                   "data": {"href": "https://shop.example/", "width": 1280, "height": 720}}) + "\n")
            for second in (7, 8, 9):
                file.write(json.dumps({"type": 5, "timestamp": 1700000000000 + second * 1000, "data": {
                    "tag": "ss:error", "payload": {"message": "boom", "kind": "exception"}}}) + "\n")
        window = start(nothing)
        window.wait_for(contains="no full snapshot")
        window.key("F9")
        window.wait_for(contains="boom")
        window.picture("nothing-to-replay")
        window.tab_to("Console")
        window.key("space")
        window.wait_for(contains="3 times, last at 0:09")


def test_analysis(start):
    """a long analysis tells how far it is, and shows what it has"""
    with own_folder("sight-looks-") as home:
        copies = []
        for name in SAMPLES:
            text = b"".join(lines_of(os.path.basename(name)[:-len(".jsonl.zst")]))
            for number in range(3):
                # Other sessions with the same events.
                copies.append(os.path.join(home, "%d-%s" % (number, os.path.basename(name)[:-4])))
                with open(copies[-1], "wb") as file:
                    file.write(text.replace(b'"session":"', b'"session":"%d-' % number))
        sightctl(home, "import", "--no-analysis", *copies)
        window = start(home=home)

        def how_far():  # both at once: it may be over before there is a second look
            seen = window.find_all(contains="nalysing")
            button = next((node for node in seen if node.role == "button" and node.name == "Stop analysing"), None)
            return button if any(node.name.startswith("Analysing ") for node in seen) else None

        window.press_node(wait("how far it is, and what stops it", how_far))
        window.wait_for(contains="Analysis stopped")
        window.tab_to("Analysis stopped", key="shift+Tab")
        window.key("Return")
        window.wait_for(contains="wait. They can be watched, but have no signals yet.")
        window.press(role="button", name="Go On with the Analysis")
        wait("it goes on", lambda: not window.find(contains="Analysis stopped"))
        wait("sessions", window.sessions)
        window.picture("analysing")


def test_errors(start):
    """files that are no recordings: what happened, what was kept, what to do"""
    with own_folder("sight-looks-") as home:
        bad = []
        for name, text in {"report.json": '{"this is": "no recording"}', "empty.json": ""}.items():
            bad.append(os.path.join(home, name))
            with open(bad[-1], "w") as file:
                file.write(text)
        window = start(*bad, sample("film-1"))
        window.wait_for(role="button", name="Copy Details")
        window.focus_dialog()
        window.wait_for(contains="“report.json” cannot be imported")
        window.wait_for(contains="The rest was opened")
        window.picture("error-files")
        window.close()


def change_a_rule(window):
    """Another number in the rules is kept, and the session that is open is looked through by it."""
    window.tab_to("Rules")
    window.key("space")
    window.wait_for(contains="Sessions that end without one of these have churned.")
    window.picture("dialog-rules")
    window.tab_to("Rage click: clicks at least")
    window.key("Tab", "Page_Up")
    wait("the number in the cache", lambda: window.ctl("settings")["rage-clicks"] > 5)
    wait("no such signal in the open session", lambda: not window.find(role="list item", contains="clicks in "))


def test_dialogs(start):
    """preferences, shortcuts, and the questions about endpoints and key actions"""
    with own_folder("sight-looks-") as home:
        window = start(home=home_with(home, sample("wish-list-1")))
        wait("sessions", window.sessions)
        window.choose_filter("Rage clicks")
        window.key("j", "F9")
        window.wait_for(role="list item", contains="clicks in ")
        for key, words, name in (("ctrl+comma", "Endpoints", "preferences"), ("ctrl+question", "Next, previous moment", "shortcuts")):
            window.key(key)
            window.focus_dialog()
            window.wait_for(contains=words)
            window.picture("dialog-" + name)
            if name == "preferences":
                change_a_rule(window)
                window.tab_to("Watching", key="shift+Tab")
                window.key("space")
                window.wait_for(name="Captions")
                window.picture("dialog-watching")
            window.key("Escape")
            window.focus_window()


run_tests(test_main, test_first_run, test_empty, test_sync, test_broken, test_analysis, test_errors, test_dialogs)
