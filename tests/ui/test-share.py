# SPDX-License-Identifier: MIT
"""After watching, by keys: an issue that is filed with a tracker, and the fix that is verified as sessions come in."""
import http.server
import json
import os
import random
import subprocess
import threading

from collector import Collector
from desktop import Desktop
from tree import SENSITIVE
from window import own_folder, run_tests, wait

TOP = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]
TOKEN = "a-token-of-the-tracker"


class Tracker(http.server.ThreadingHTTPServer):
    """Takes issues as Gitea does, and files to them; what it was asked stands in `requests`."""
    daemon_threads = True

    def __init__(self):
        self.requests, self.refuse, self.closed = [], None, False
        self.answers = threading.Event()
        self.answers.set()
        tracker = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                tracker.requests.append((self.path, self.headers, body))
                tracker.answers.wait()
                self.answer(*tracker.take(self.path))

            def do_GET(self):
                tracker.requests.append((self.path, self.headers, b""))
                self.answer(200, tracker.filed() if "/issues?" in self.path else {"state": "closed", "closed_at": "2024-05-26T10:00:00Z"} if tracker.closed else {"state": "open", "closed_at": None})

            def answer(self, status, value):
                text = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format, *args):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.address = "http://127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, path):
        if self.refuse:
            return self.refuse
        if path == "/api/v1/repos/acme/shop/issues":
            return 201, {"html_url": self.address + "/acme/shop/issues/%d" % self.n_filed()}
        if "/assets?name=" in path:
            return 201, {"id": 1}
        return 404, {"message": "not found"}

    def n_filed(self):
        return sum(path.endswith("/issues") for path, _, _ in self.requests)

    def filed(self):
        bodies = [json.loads(body)["body"] for path, _, body in self.requests if path.endswith("/issues")]
        return [{"html_url": self.address + "/acme/shop/issues/%d" % (i + 1), "body": body} for i, body in enumerate(bodies)]


def sightctl(home, *words):
    done = subprocess.run([f"{BUILD}/src/cli/sightctl", *words, "--cache", os.path.join(home, "cache")], check=True,
                          stdout=subprocess.PIPE, text=True, env=dict(os.environ, SECRET_BACKEND="file"))
    return done.stdout


def log(home, what):
    lines = [json.loads(row["line"]) for row in json.loads(sightctl(home, "log", "--json"))]
    return [line for line in lines if line["what"] == what]


def problems(home):
    return json.loads(sightctl(home, "problems", "--json"))["problems"]


def open_problems(window):
    window.key("alt+1")
    wait("problems", lambda: window.find_all(role="list item", contains=" users, "))


def open_issue(window):
    window.key("f")
    window.focus_dialog()
    wait("the draft", lambda: any(node.has(SENSITIVE) for node in window.find_all(name="Text of the issue")))


def write_address(window, tracker):
    """Fields of rows have no names of their own on the accessibility bus: by Tab from the first one on."""
    window.tab_to("Tracker")
    window.key("space")
    wait("the kinds", lambda: window.focused() and window.focused().role == "list item")
    window.key("Down", "Down", "Return")
    wait("the list to close", lambda: window.focused() and window.focused().name == "Tracker")
    for text in ("acme/shop", tracker.address, TOKEN):
        window.key("Tab")
        window.type(text)


def check_filed(tracker, n_issues):
    """What the tracker was given: the issue once, with a clip that holds nothing private."""
    assert tracker.n_filed() == n_issues, [path for path, _, _ in tracker.requests]
    path, headers, body = [request for request in tracker.requests if request[0].endswith("/issues")][-1]
    issue = json.loads(body)
    assert headers["Authorization"] == "token " + TOKEN, headers["Authorization"]
    assert "Steps to see it again" in issue["body"] and "/checkout" in issue["title"], issue
    path, headers, clip = [request for request in tracker.requests if "/assets?" in request[0]][-1]
    assert path.endswith("/issues/%d/assets?name=clip.html" % n_issues), path
    assert headers["Content-Type"].startswith("multipart/form-data"), headers["Content-Type"]
    assert b"<!doctype html>" in clip.lower() and b"@example." not in clip and b"@example." not in body


def test_file_issue(start):
    """a problem becomes an issue by keys: refused in the tracker's words, then filed once with a clip; the next in 2 keys"""
    tracker = Tracker()
    with own_folder("sight-share-") as home:
        sightctl(home, "import", *SAMPLES)
        window = start(home=home)
        open_problems(window)
        open_issue(window)
        write_address(window, tracker)
        window.picture("issue-first")
        tracker.refuse = 422, {"message": "[Title]: Required"}
        window.key("ctrl+Return")
        window.wait_for(contains="[Title]: Required")
        window.picture("issue-refused")
        assert all(problem["state"] == "new" for problem in problems(home))
        tracker.requests, tracker.refuse = [], None
        window.key("ctrl+Return")
        window.wait_for(contains="Filed as " + tracker.address + "/acme/shop/issues/1")
        window.focus_window()
        check_filed(tracker, 1)
        window.picture("issue-filed")
        filed = [problem for problem in problems(home) if problem["state"] == "filed"]
        wait("the line of the log", lambda: "filed" in sightctl(home, "log", "--json"))
        assert [problem["issue"] for problem in filed] == [tracker.address + "/acme/shop/issues/1"], filed

        # Where the dialog is to be closed meanwhile it says first that nobody knows what became of it. It was filed, and is found.
        wait("the next problem", lambda: window.find(contains="Filed 1"))
        open_issue(window)
        tracker.answers.clear()
        window.key("ctrl+Return")
        wait("the letter", lambda: tracker.n_filed() == 2)
        window.key("Escape")
        window.wait_for(contains="No answer came")
        tracker.answers.set()
        window.key("Escape")
        window.focus_window()

        # Of several things that are to be told none is left out.
        open_issue(window)
        tracker.refuse = 413, {"message": "too large"}
        window.key("ctrl+Return")
        window.wait_for(contains="could not be attached")
        window.wait_for(contains="Filed before as " + tracker.address + "/acme/shop/issues/2")
        window.picture("issue-earlier")
        tracker.refuse = None
        window.focus_dialog()
        window.key("Escape")
        window.focus_window()
        check_filed(tracker, 2)
        window.press(contains="Filed 2")
        window.wait_for(contains="Issue: " + tracker.address)
        open_issue(window)
        window.wait_for(contains="Filed already: ")
        window.wait_for(name="File Again")
        window.picture("issue-again")
        window.key("ctrl+Return", "Escape")
        window.focus_window()
        tracker.closed = True
        window.key("F5")
        window.wait_for(contains="Issue (closed 26 May 2024): " + tracker.address)
        window.picture("issue-closed")
        # Whoever opens it again is heard.
        tracker.closed = False
        window.key("F5")
        window.wait_for(contains="Issue: " + tracker.address)
        check_filed(tracker, 2)
        window.close()
    tracker.shutdown()


def test_privacy(start):
    """Explore tells what looks private and what to do, who watched, and what the authority asks"""
    with own_folder("sight-privacy-") as home:
        sightctl(home, "import", os.path.join(TOP, "data/samples/wrong-card-2.jsonl.zst"))
        found = json.loads(sightctl(home, "audit", "--json"))["found"]
        entry = next(each for each in found if each["selector"])
        sightctl(home, "clip", entry["session"], "--from", "0", "--to", "5000", "-o", os.path.join(home, "clip.html"))
        window = start(home=home)
        window.key("alt+3")
        window.press(name="Private")
        window.wait_for(contains="Still leaks: %d" % entry["times"])
        window.wait_for(contains="What to do: " + entry["advice"])
        window.picture("private")
        window.press(name="Duties")
        window.wait_for(contains="State: Not met")
        window.wait_for(contains="State: Yours to decide")
        window.picture("duties")
        window.press(name="Watched")
        window.wait_for(contains="What: clipped")
        window.picture("watched")

        # A row leads to where it stands.
        window.press(name="Private")
        window.press(role="button", contains="What looks private: ")
        wait("the moment", lambda: any(abs(line["from"] + 3000 - found[0]["at_ms"]) < 1000 for line in log(home, "watched")))
        window.picture("private-moment")

        # What is there already is masked, or erased, for good.
        window.key("alt+3")
        window.press(name="Mask or Erase…")
        window.wait_for(name="Mask in 1 Session")
        window.picture("mask")
        window.press(name="Mask in 1 Session")
        window.wait_for(contains=" masked in 1 of 1 sessions.")
        window.picture("masked")
        window.focus_dialog()
        window.key("Escape")
        window.focus_window()
        left = json.loads(sightctl(home, "audit", "--json"))["found"]
        assert found[0]["kind"] not in [each["kind"] for each in left], left
        window.wait_for(name="Mask or Erase…")
        window.press(name="Mask or Erase…")
        window.focus_dialog()
        window.tab_to("Mask every")
        while "Erase these sessions" not in window.focused().name:
            window.move("Down", window.focused())
        window.key("space")
        window.press(name="Erase 1 Session")
        window.wait_for(contains="1 of 1 session was erased.")
        window.wait_for(name="Save Certificate…")
        window.picture("erased")
        window.focus_dialog()
        window.key("Escape")
        window.focus_window()
        assert json.loads(sightctl(home, "sessions", "--json"))["total"] == 0
        assert log(home, "redacted") and log(home, "erased")
        window.close()


def pages_of_numbers(home, n_sessions):
    """Recordings that take long to look through: all of what is on their pages might be a card."""
    digits = random.Random(7)
    for i in range(n_sessions):
        text = " ".join(str(digits.randrange(10**15, 10**16)) for _ in range(90000))
        body = {"type": 2, "id": 3, "tagName": "body", "attributes": {}, "childNodes": [{"type": 3, "id": 4, "textContent": text}]}
        html = {"type": 2, "id": 2, "tagName": "html", "attributes": {}, "childNodes": [body]}
        start_ms = 1770000000000 + i * 60000
        events = [{"type": 4, "timestamp": start_ms, "data": {"href": "http://shop.example/", "width": 800, "height": 600}},
                  {"type": 2, "timestamp": start_ms, "data": {"node": {"type": 0, "id": 1, "childNodes": [html]}}}]
        path = os.path.join(home, "numbers-%d.jsonl" % i)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"session": "numbers-%d" % i, "window": "w", "seq": 0, "events": events}, file)
        yield path


def test_stop(start):
    """what reads whole recordings tells how far it is, and can be stopped and asked again"""
    n_sessions = 16
    with own_folder("sight-stop-") as home:
        sightctl(home, "import", *pages_of_numbers(home, n_sessions))
        window = start(home=home)
        window.key("alt+3")
        window.press(name="Private")
        window.press(name="Stop")
        window.wait_for(name="Stopped")
        window.wait_for(contains=" of %d sessions were looked through." % n_sessions)
        window.picture("private-stopped")
        window.press(name="Look Again")
        window.wait_for(contains="Still leaks: ")
        assert not window.find(name="Stop") and not window.find(name="Stopped")
        window.close()


def next_release(folder, n):
    """So many visits of the release that mends the coupon, each of somebody else."""
    recording = subprocess.run(["zstd", "-dcq", os.path.join(TOP, "data/samples/wrong-email-desk-4.jsonl.zst")], check=True,
                               stdout=subprocess.PIPE).stdout
    for number in range(n):
        name = os.path.join(folder, "after-%d.jsonl" % number)
        with open(name, "wb") as file:
            file.write(recording.replace(b'"session":"', b'"session":"%02d-' % number))
        yield name


def come_back(folder):
    """One more visit that meets the problem, in release 2."""
    recording = subprocess.run(["zstd", "-dcq", SAMPLES[0]], check=True, stdout=subprocess.PIPE).stdout
    assert b'"release":"1.0"' in recording
    name = os.path.join(folder, "again.jsonl")
    with open(name, "wb") as file:
        file.write(recording.replace(b'"session":"', b'"session":"again-').replace(b'"release":"1.0"', b'"release":"2.0"'))
    return name


def watched(home):
    lines = [json.loads(each["line"]) for each in json.loads(sightctl(home, "log", "--json"))]
    return [line for line in lines if line["what"] == "watched"]


def test_beside(start):
    """the two sessions that were watched last stand side by side, and go from step to step together"""
    with own_folder("sight-beside-") as home:
        sightctl(home, "import", *SAMPLES)
        window = start(home=home)
        window.key("alt+2")
        wait("both", lambda: len(window.sessions()) == 2)
        window.key("n")
        window.wait_for(role="label", contains=" / 0:")
        window.key("n")
        wait("both were watched", lambda: len({line["session"] for line in watched(home)}) == 2)
        before = len(watched(home))
        window.key("shift+v")
        window.wait_for(name="Side by Side")
        window.focus_dialog()
        window.wait_for(contains=" of 12 · ")
        wait("it to stand still", lambda: window.find(name="Play") or window.key("space"))
        window.key("Home")
        window.wait_for(name="1 of 12 · Start")
        window.key("j", "j")
        window.wait_for(contains="3 of 12 · ")
        window.picture("side-by-side")
        window.key("k")
        window.wait_for(contains="2 of 12 · ")
        window.key("End", "space")
        window.wait_for(name="Pause")
        window.key("Escape")
        window.focus_window()
        wait("both are in the log", lambda: len(watched(home)) == before + 2)
        window.close()


def test_loop(start):
    """a problem of release 1 is tagged, filed, fixed in release 2, verified, notified; and told when it comes back"""
    desktop = Desktop()
    tracker = Tracker()
    with own_folder("sight-loop-") as home:
        collector = Collector(home)
        try:
            collector.post(*SAMPLES)
            sightctl(home, "endpoints", "add", collector.url, "--token", collector.token)
            sightctl(home, "sync")
            window = start(home=home)
            open_problems(window)
            window.key("Return")
            window.wait_for(role="label", contains=" / 0:")
            window.key("t")
            window.wait_for(contains="Tag 0:")
            window.type("the code is refused")
            window.key("Return")
            wait("the tag", lambda: '"tagged":true' in sightctl(home, "sessions", "--json"))
            window.key("alt+1", "ctrl+BackSpace")
            open_issue(window)
            write_address(window, tracker)
            window.key("ctrl+Return")
            wait("it is filed", lambda: [problem for problem in problems(home) if problem["state"] == "filed"])
            window.focus_window()
            check_filed(tracker, 1)
            filed = next(problem for problem in problems(home) if problem["state"] == "filed")
            sightctl(home, "problems", filed["problem"], "--state", "fixed", "--release", "2.0")
            window.press(contains="Fixed? 1")
            window.wait_for(contains="Release with the fix: 2.0")
            window.key("v")
            window.focus_dialog()
            window.wait_for(contains="No verdict: nobody had the opportunity")
            window.wait_for(contains="Release 2.0")
            window.picture("verify-no-visits")
            window.key("Escape")
            window.focus_window()

            collector.post(*next_release(home, 40))
            wait("the notification", lambda: any("Fixed: " in told[4] for told in desktop.pump()), 150)
            told = desktop.told[-1]
            assert filed["title"] in told[3], told
            window.key("alt+2")
            desktop.activate(len(desktop.told))
            window.wait_for(contains="Verified 1")
            window.wait_for(contains="Release with the fix: 2.0")
            window.picture("verified")
            window.key("v")
            window.focus_dialog()
            window.wait_for(contains="Fixed: 100.0 % of 2 before, 0.0 % of 40 after")
            window.wait_for(contains="Difference: ")
            window.picture("verify-fixed")
            window.key("alt+w")
            window.wait_for(name="Side by Side")
            window.focus_dialog()
            window.wait_for(name="After")
            window.key("Escape")
            window.focus_window()

            collector.post(come_back(home))
            wait("the notification", lambda: any("It came back" in told[4] for told in desktop.pump()), 150)
            assert filed["title"] in desktop.told[-1][3], desktop.told[-1]
            window.key("alt+2")
            desktop.activate(len(desktop.told))
            window.wait_for(contains="Came back")
            window.picture("came-back")
        finally:
            collector.close()
            tracker.shutdown()


SAMPLES = [os.path.join(TOP, "data/samples", name + ".jsonl.zst") for name in ("coupon-1", "coupon-2")]
run_tests(test_file_issue, test_privacy, test_stop, test_beside, test_loop)
