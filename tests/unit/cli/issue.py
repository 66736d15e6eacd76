# SPDX-License-Identifier: MIT
"""sightctl issue: the draft, the trackers' pages, and answers that no tracker should give. What trackers take: tests/tracker."""
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "lint"))
from tap import Tap  # noqa: E402

SIGHTCTL = os.path.join(os.environ["SIGHT_BUILD_ROOT"], "src", "cli", "sightctl")
TOKEN = "me@example.org:t0ken"


class Tracker(http.server.BaseHTTPRequestHandler):
    """Answers with what the test has set, and keeps the requests."""
    requests = []
    answer = (201, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Tracker.requests.append({"path": self.path, "headers": self.headers, "body": json.loads(body)})
        status, answer = Tracker.answer
        text = json.dumps(answer).encode()
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        """No issue was filed before."""
        text = b'{"issues":[]}' if "search" in self.path else b"[]"
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def visit():
    """A visit that presses a button and meets an exception; texts of it try to be markup, and an address to be sent on."""
    node = {"type": 0, "id": 1, "childNodes": [{"type": 2, "id": 2, "tagName": "html", "attributes": {}, "childNodes": [
        {"type": 2, "id": 3, "tagName": "body", "attributes": {}, "childNodes": [
            {"type": 2, "id": 4, "tagName": "button", "attributes": {"id": "pay"}, "childNodes": [{"type": 3, "id": 5, "textContent": "Pay <b>now</b> @ada #7"}]},
            {"type": 2, "id": 6, "tagName": "p", "attributes": {"role": "alert"}, "childNodes": [
                {"type": 3, "id": 7, "textContent": "Card 4111 1111 1111 1111 was [declined](https://evil.example)"}]}]}]}]}
    events = [(4, 0, {"href": "https://shop.example/pay?token=9f86d081884c7d65", "width": 1280, "height": 720}),
              (2, 1, {"node": node, "initialOffset": {"left": 0, "top": 0}}),
              (5, 5, {"tag": "ss:context", "payload": {"release": "2.3"}}),
              (3, 3000, {"source": 2, "type": 2, "id": 4, "x": 5, "y": 6}),
              (5, 3100, {"tag": "ss:error", "payload": {"kind": "exception", "message": "rate of ada@shop.example is undefined ```"}}),
              (3, 9000, {"source": 1, "positions": [{"x": 5, "y": 5, "id": 4, "timeOffset": 0}]})]
    return [{"type": kind, "timestamp": 1700000000000 + at, "data": data} for kind, at, data in events]


class Run:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.cache = str(self.folder / "cache")
        file = self.folder / "visit.json"
        file.write_text(json.dumps(visit()), encoding="utf-8")
        self.session = json.loads(self.call("import", str(file), "--json").stdout)["files"][0]["session"]

    def call(self, *words, token=TOKEN):
        environment = dict(os.environ, LC_ALL="C.UTF-8", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent", no_proxy="*")
        environment.pop("SIGHT_TRACKER_TOKEN", None)
        if token:
            environment["SIGHT_TRACKER_TOKEN"] = token
        return subprocess.run([SIGHTCTL, *words, "--cache", self.cache], capture_output=True, text=True, env=environment,
                              stdin=subprocess.DEVNULL, check=False)

    def issue(self, *words, **more):
        return self.call("issue", f"{self.session}@3000", *words, **more)


PROJECTS = {"github": "o/r", "gitlab": "g/sub/p", "gitea": "o/r", "redmine": "shop", "jira": "SHOP", "jira-dc": "SHOP", "linear": "TEAM", "youtrack": "SHOP",
            "azure": "org/shop"}


def check_refusals(run, tap, base):
    target = f"github:{base}/o/r"
    cases = [((401, {"message": "Bad credentials"}), 5, "Bad credentials"), ((429, {"message": "slow down"}), 4, "slow down"),
             ((422, {"message": "Validation Failed", "errors": [{"field": "title", "code": "missing"}]}), 1, "field: title"),
             ((410, {"message": "Issues are disabled"}), 1, "Issues are disabled"), ((500, {"message": "oops"}), 1, "may"),
             ((307, {}), 1, ""), ((201, {"unexpected": True}), 1, "")]
    for answer, code, says in cases:
        Tracker.requests, Tracker.answer = [], answer
        done = run.issue("--to", target)
        right = done.returncode == code and len(Tracker.requests) == 1 and (says in done.stderr or "trying again finds" in done.stderr) and TOKEN not in done.stderr
        tap.check(f"an answer of {answer[0]} is told, and nothing is tried again", [] if right else [f"{done.returncode} {done.stderr}"], [done])
    Tracker.answer = (200, {"errors": [{"message": "no such team", "extensions": {"code": "RATELIMITED"}}]})
    done = run.issue("--to", f"linear:{base}/TEAM")
    tap.check("errors within an answer of 200 are errors", [] if done.returncode == 4 and "no such team" in done.stderr else [done.stderr], [done])
    Tracker.answer = (400, {"errorMessages": [], "errors": {"customfield_10001": "Team is required."}})
    done = run.issue("--to", f"jira:{base}/SHOP")
    tap.check("required fields are named", [] if "customfield_10001: Team is required." in done.stderr else [done.stderr], [done])
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = run.issue("--to", f"gitea:http://127.0.0.1:{closed.getsockname()[1]}/o/r")
    tap.check("offline: nothing was filed, and it is said", [] if done.returncode == 4 else [f"{done.returncode} {done.stderr}"], [done])
    done = run.issue("--to", target, token=None)
    tap.check("without a token nothing is sent", [] if done.returncode == 5 else [done.stderr], [done])
    for wrong in ("github:o", "nowhere:o/r", "gitea:http://tracker.example/o/r", "gitea:http://127.0.0.1:x@evil.example/o/r",
                  "gitea:https://good.example@evil.example/o/r", "github:o/../r", "github:o/r?x=1"):
        done = run.issue("--to", wrong)
        tap.check(f"{wrong} is no target", [] if done.returncode == 2 else [f"{done.returncode} {done.stderr}"], [done])


def check_bounds(run, tap):
    """Of a long visit it is said what the draft leaves out."""
    events = visit()[:-1] + [{"type": 3, "timestamp": 1700000004000 + 500 * i, "data": {"source": 2, "type": 2, "id": 4, "x": 5, "y": 6}} for i in range(20)]
    events += [{"type": 5, "timestamp": 1700000014000 + i, "data": {"tag": "ss:error", "payload": {"kind": "exception", "message": f"number {chr(97 + i)} is odd"}}} for i in range(14)]
    file = run.folder / "long.json"
    file.write_text(json.dumps(events + [{"type": 3, "timestamp": 1700000020000, "data": {"source": 1, "positions": []}}]), encoding="utf-8")
    session = json.loads(run.call("import", str(file), "--json").stdout)["files"][0]["session"]
    text = run.call("issue", f"{session}@14500").stdout
    findings = [f"lacks {part!r}" for part in ("steps before", "more before.", "more lines") if part not in text]
    tap.check("what the draft has no room for is counted", findings + ([text] if findings else []), [text])


def check_text(run, tap):
    text = run.issue().stdout
    wanted = ["# ", "**Tried:** Press", "**Where:** /pay", "1\\. ", "Release\\: 2\\.3", "page.locator(\"#pay\").click()", "page.goto(\"https://shop.example/pay",
              "console: rate of", "SessionSight: `" + run.session + "@3000`"]
    findings = [f"lacks {part!r}" for part in wanted if part.replace("1\\. ", "1. ") not in text]
    findings += [f"holds {part!r}" for part in ("4111", "ada@shop", "9f86d081884c7d65", "](https://evil", "<b>", "@ada", "#7") if part in text]
    findings += [f"makes a link: {line}" for line in re.sub(r"(?ms)^(`{3,}).*?^\1$|(?<!\\)`[^`\n]*`", "", text).splitlines() if re.search(r"(?<!\\)://", line)]
    opened = next((line for line in text.splitlines() if "page.goto(" in line), "")
    findings += [] if "*" not in opened and "PRIVATE" in opened and "// PRIVATE stands for" in text else [f"stars in the script: {opened}"]
    fences = [line for line in text.splitlines() if line.startswith("```")]
    if len(fences) != 4 or len(fences[0]) < 4:
        findings.append(f"fences {fences}")
    tap.check("the draft says what is wanted, masked and without markup of the page", findings + ([text] if findings else []), [text])
    folder = run.folder / "out"
    done = run.issue("--to", f"folder:{folder}")
    files = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    tap.check("a folder", [] if done.returncode == 0 and files == ["issue.md", "steps.spec.js"] else [done.stderr, *files], [done])
    node = subprocess.run(["node", "--check", "--input-type=module"], input=(folder / "steps.spec.js").read_text(encoding="utf-8"), text=True,
                          capture_output=True, check=False)
    tap.check("the script is JavaScript", [node.stderr] if node.returncode else [], [node])


def check_pages(run, tap):
    problem = json.loads(run.call("problems", "--json").stdout)["problems"][0]["problem"]
    for kind, project in PROJECTS.items():
        base = "" if kind in ("github", "gitlab", "linear", "azure") else f"https://{kind}.example/"
        done = run.call("issue", "--problem", problem, "--to", f"{kind}:{base}{project}", "--page", token=None)
        address = urllib.parse.urlsplit(done.stdout.strip())
        values = [value for _, value in urllib.parse.parse_qsl(address.query)]
        right = done.returncode == 0 and address.scheme == "https" and len(done.stdout) < 8100 and any("Steps to see it again" in value for value in values)
        tap.check(f"{kind}: a page without a token", [] if right else [done.stdout + done.stderr], [done])
    done = run.issue("--to", "github:o/r", "--dry-run", token=None)
    right = done.stdout.startswith("POST https://api.github.com/repos/o/r/issues\n") and not Tracker.requests
    tap.check("a dry run prints the request and sends nothing", [] if right else [done.stdout, done.stderr], [done])


def check_marked(run, tap, base):
    """Where a problem was filed, the problem says; and the log, whatever the way."""
    folder, address = run.folder / "filed", f"{base}/o/r/issues/1"
    for to, wanted in ((f"github:{base}/o/r", address), (f"folder:{folder}", (folder / "issue.md").as_uri())):
        Tracker.requests, Tracker.answer = [], (201, {"html_url": address})
        problem = json.loads(run.call("problems", "--json").stdout)["problems"][0]["problem"]
        done = run.call("issue", "--problem", problem, "--to", to)
        marked = next(each for each in json.loads(run.call("problems", "--json").stdout)["problems"] if each["problem"] == problem)
        filed = [json.loads(row["line"]) for row in json.loads(run.call("log", "--json").stdout)]
        filed = [line["detail"] for line in filed if line["what"] == "filed"]
        right = done.returncode == 0 and (marked["state"], marked["issue"]) == ("filed", wanted) and wanted in filed
        tap.check(f"{to.split(':')[0]}: the problem knows of its issue, and the log does", [] if right else [done.stderr, marked, filed], [done])


def main():
    tap = Tap()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tracker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder)
        check_text(run, tap)
        check_bounds(run, tap)
        check_pages(run, tap)
        check_refusals(run, tap, base)
        check_marked(run, tap, base)
    server.shutdown()
    tap.end()


main()
