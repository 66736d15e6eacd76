# SPDX-License-Identifier: MIT
"""After watching: an issue that is filed with a tracker, by keys."""
import http.server
import json
import os
import subprocess
import tempfile
import threading

from window import run_tests, wait

TOP = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]
SENSITIVE = 24
TOKEN = "a-token-of-the-tracker"


class Tracker(http.server.ThreadingHTTPServer):
    """Takes issues as Gitea does, and files to them; what it was asked stands in `requests`."""
    daemon_threads = True

    def __init__(self):
        self.requests, self.refuse, self.closed = [], None, False
        tracker = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                tracker.requests.append((self.path, self.headers, body))
                self.answer(*tracker.take(self.path))

            def do_GET(self):
                tracker.requests.append((self.path, self.headers, b""))
                self.answer(200, {"state": "closed" if tracker.closed else "open"})

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


def sightctl(home, *words):
    done = subprocess.run([f"{BUILD}/src/cli/sightctl", *words, "--cache", os.path.join(home, "cache")], check=True,
                          stdout=subprocess.PIPE, text=True, env=dict(os.environ, SECRET_BACKEND="file"))
    return done.stdout


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
    window.key("space", "Down", "Down", "Return")
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
    with tempfile.TemporaryDirectory(prefix="sight-share-") as home:
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
        assert [problem["issue"] for problem in filed] == [tracker.address + "/acme/shop/issues/1"], filed

        wait("the next problem", lambda: window.find(contains="Filed 1"))
        open_issue(window)
        window.key("ctrl+Return")
        window.wait_for(contains="/acme/shop/issues/2")
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
        window.wait_for(contains="Issue (closed): " + tracker.address)
        window.picture("issue-closed")
        check_filed(tracker, 2)
        window.close()
    tracker.shutdown()


SAMPLES = [os.path.join(TOP, "data/samples", name + ".jsonl.zst") for name in ("coupon-1", "coupon-2")]
run_tests(test_file_issue)
