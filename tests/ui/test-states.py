# SPDX-License-Identifier: MIT
"""Each state of the window says what it is and what to do."""
import hashlib
import os
import sqlite3
import tempfile

from gi.repository import Gio, GLib

from tree import FOCUSABLE
from window import own_folder, run_tests, wait

TOP = os.environ["SIGHT_SOURCE_ROOT"]


def sample(name):
    return os.path.join(TOP, "data", "samples", name)


def test_first_run(start):
    """the first start offers an endpoint, files and samples"""
    window = start()
    for name in ("Connect an Endpoint…", "Open Recordings…", "Try the Samples"):
        window.wait_for(role="button", name=name)
    wait("the first one has the focus", lambda: (window.focused() or window).name == "Connect an Endpoint…")


def test_empty_filter(start):
    """a filter that nothing matches offers to loosen it"""
    window = start(sample("film-1.jsonl.zst"))
    wait("one session", lambda: window.filter_count("All sessions") == "1")
    window.choose_filter("Rage clicks")
    window.wait_for(contains="Nothing Found")
    window.tab_to("Show All Sessions")
    window.key("Return")
    wait("the session again", window.sessions)


def test_churned_asks(start):
    """churned sessions ask for a key action, and are found with one"""
    window = start(sample("film-1.jsonl.zst"), sample("order-1.jsonl.zst"))
    wait("two sessions", lambda: window.filter_count("All sessions") == "2")
    wait("no number without a key action", lambda: window.filter_count("Churned") == "–")
    window.choose_filter("Churned")
    window.wait_for(contains="What Is a Success?")
    window.tab_to("Add a Key Action…")
    window.key("Return")
    window.wait_for(contains="Address of the page")
    window.focus_dialog()
    window.type("/thanks")
    window.key("Return")
    window.focus_window()
    wait("one of them churned", lambda: window.filter_count("Churned") == "1")
    wait("it is listed with its reason", lambda: len(window.sessions()) == 1)


def test_broken_file(start):
    """a file that is no recording is told with details, and nothing is lost"""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as broken:
        broken.write('{"this is": "no recording"}')
        broken.flush()
        window = start(broken.name, sample("film-1.jsonl.zst"))
        window.wait_for(contains="Not Everything Could Be Read")
        window.wait_for(contains=os.path.basename(broken.name))
        window.wait_for(role="button", name="Copy Details")
        window.focus_dialog()
        window.key("Escape")
        wait("the sound one", lambda: window.filter_count("All sessions") == "1")


def used_cache(start, home):
    """A cache that the application has made and closed; the path of its database."""
    window = start(sample("film-1.jsonl.zst"), home=home)
    wait("one session", window.sessions)
    wait("a good end", lambda: window.close(by_key=True) == 0)
    return os.path.join(window.cache, "library.db")


def test_damaged_cache(start):
    """a damaged cache is set aside under a dated name, and the user is told where"""
    with own_folder() as home:
        database = used_cache(start, home)
        # A log that a reader kept from being emptied would mend what is torn here.
        log = sqlite3.connect(database)
        log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        log.close()
        # The first page says where all else is; nothing of the session stands in it.
        with open(database, "r+b") as file:
            file.write(b"torn" * 1024)
        with open(database, "rb") as file:
            torn = file.read()
        window = start(home=home)
        window.wait_for(contains="The Cache Was Damaged")
        window.wait_for(contains="library.db.damaged-")
        aside = [name for name in os.listdir(window.cache) if name.startswith("library.db.damaged-")
                 and not name.endswith(("-wal", "-shm"))]
        assert len(aside) == 1, aside
        with open(os.path.join(window.cache, aside[0]), "rb") as file:
            assert file.read() == torn
        window.focus_dialog()
        window.key("Escape")
        wait("the session", lambda: window.filter_count("All sessions") == "1")


def set_modes(folder, of_files, of_folder):
    for name in os.listdir(folder):
        if os.path.isfile(os.path.join(folder, name)):
            os.chmod(os.path.join(folder, name), of_files)
    os.chmod(folder, of_folder)


def test_read_only_cache(start):
    """a cache that cannot be written is shown all the same, with the reason why nothing is stored"""
    with own_folder() as home:
        cache = os.path.dirname(used_cache(start, home))
        set_modes(cache, 0o444, 0o555)
        window = start(home=home, obedient=True)
        window.wait_for(contains="Nothing can be synced")
        wait("the session", lambda: window.filter_count("All sessions") == "1")
        with open(os.path.join(cache, "library.db"), "rb") as file:
            before = file.read()
        wait("a good end", lambda: window.close(by_key=True) == 0)
        with open(os.path.join(cache, "library.db"), "rb") as file:
            assert file.read() == before
        set_modes(cache, 0o644, 0o755)
        window = start(home=home, obedient=True)
        wait("the session again", lambda: window.filter_count("All sessions") == "1")
        assert not window.find_all(contains="Nothing can be synced")


def test_newer_cache(start):
    """a cache of a newer version is refused with the reason, and left as it is"""
    with own_folder() as home:
        path = used_cache(start, home)
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version = 4711")
        database.close()
        with open(path, "rb") as file:
            before = file.read()
        window = start(home=home, title="The Recordings Cannot Be Opened")
        window.wait_for(contains="What is kept on this computer was left as it is")
        window.wait_for(contains="newer version")
        with open(path, "rb") as file:
            assert file.read() == before
        assert not [name for name in os.listdir(window.cache) if "damaged" in name]


def test_drop(start):
    """files dropped on the window are read"""
    window = start()
    window.wait_for(role="button", name="Open Recordings…")
    window.drop(sample("film-1.jsonl.zst"), sample("order-1.jsonl.zst"),
                until=lambda: window.filter_count("All sessions") == "2")


def test_stop_reading(start):
    """a file that goes on for ever can be stopped, and what was read before stays"""
    with own_folder() as folder:
        endless = os.path.join(folder, "endless.json")
        os.mkfifo(endless)
        writer = os.open(endless, os.O_RDWR)  # nobody waits for the other end
        try:
            window = start(sample("film-1.jsonl.zst"), endless)
            window.wait_for(contains="Reading 2 of 2")
            window.press(role="button", name="Stop reading")
            window.wait_for(contains="Stopped: 1 of 2")
            wait("the session", lambda: window.filter_count("All sessions") == "1")
        finally:
            os.close(writer)


def test_refused_endpoint(start):
    """an endpoint that does not answer is not kept, and says why"""
    window = start()
    window.wait_for(role="button", name="Connect an Endpoint…")
    window.key("Return")
    window.wait_for(contains="Recordings come from a SessionSight collector")
    window.focus_dialog()
    window.type("http://127.0.0.1:9")
    window.key("Tab")
    window.type("sst_none")
    window.key("Return")
    wait("why", lambda: [n for n in window.find_all(role="label") if "127.0.0.1" in n.name])


def test_narrow(start):
    """a narrow window closes its side panes and opens them above the others"""
    window = start(sample("film-1.jsonl.zst"), size=(800, 600))
    wait("one session", window.sessions)
    wait("no sidebar", lambda: not window.find(contains="All sessions, "))
    wait("no inspector", lambda: not window.find(name="Console"))
    window.key("F8")
    window.wait_for(contains="All sessions, ")
    window.key("Escape")
    wait("no sidebar again", lambda: not window.find(contains="All sessions, "))
    window.key("F9")
    window.wait_for(name="Console")


def test_names(start):
    """everything that can be focused has a name"""
    window = start(sample("coupon-1.jsonl.zst"))
    window.wait_for(role="label", contains=" / 0:")
    window.key("F9")
    window.wait_for(name="Console")
    roles = ("button", "toggle button", "entry", "text", "slider", "menu button", "list", "tab")
    bare = [node.role + " in " + (node.parent.name or node.parent.role)
            for role in roles for node in window.find_all(role=role)
            if not node.name and node.has(FOCUSABLE)]
    assert not bare, bare


def test_search(start):
    """a search from the desktop finds what was seen, without a window, and leads to it"""
    with own_folder() as home:
        used_cache(start, home)
        window = start(home=home, service=True)
        digest = hashlib.sha256(window.cache.encode()).hexdigest()[:12]
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)

        def call(method, kinds, *values):
            return bus.call_sync("io.github.sessionsight.SessionSight.cache_" + digest,
                                 "/io/github/sessionsight/SessionSight/cache_%s/SearchProvider" % digest,
                                 "org.gnome.Shell.SearchProvider2", method, GLib.Variant(kinds, values), None,
                                 Gio.DBusCallFlags.NONE, 20000, None)

        def found(*words):
            (results,) = call("GetInitialResultSet", "(as)", list(words))
            return results

        wait("the service", lambda: found("nothing-says-this") == [])
        page = found("dash")
        assert page and page[0].startswith(("problem:", "page:")), page
        (metas,) = call("GetResultMetas", "(as)", page[:1] + ["page:/never-told"])
        assert [meta["id"] for meta in metas] == page[:1], metas
        assert metas[0]["name"].find("/dashboard") >= 0 and metas[0]["description"].endswith("1 session"), metas
        assert found("export", "as") == ['seen:"Export as table"'], found("export", "as")
        assert found('a " and a \\') == []
        assert not window.is_displayed()
        call("ActivateResult", "(sasu)", page[0], ["dashboard"], 0)
        window.arrive()
        wait("the one that it is of", lambda: len(window.sessions()) == 1)
        window.wait_for(contains=metas[0]["name"])


run_tests(test_first_run, test_empty_filter, test_churned_asks, test_broken_file, test_damaged_cache,
          test_read_only_cache, test_newer_cache, test_drop, test_stop_reading, test_refused_endpoint,
          test_narrow, test_names, test_search)
