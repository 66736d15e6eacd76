# SPDX-License-Identifier: MIT
"""sightctl issue against a server of our own that takes requests as the trackers' published descriptions say."""
import base64
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


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


# Kind: what stands behind the host, the path that is asked, the header of the token, the answer, the issue's address.
TRACKERS = {
    "github": ("o/r", "/api/v3/repos/o/r/issues", ("Authorization", "Bearer " + TOKEN), {"html_url": "https://x.example/o/r/issues/1"}, None),
    "gitlab": ("g/sub/p", None, ("PRIVATE-TOKEN", TOKEN), {"web_url": "https://x.example/1"}, None),
    "gitea": ("o/r", "/api/v1/repos/o/r/issues", ("Authorization", "token " + TOKEN), {"html_url": "https://x.example/1"}, None),
    "redmine": ("shop", "/issues.json", ("X-Redmine-API-Key", TOKEN), {"issue": {"id": 7}}, "/issues/7"),
    "jira": ("SHOP", "/rest/api/3/issue", ("Authorization", basic(TOKEN)), {"id": "1", "key": "SHOP-7"}, "/browse/SHOP-7"),
    "linear": ("TEAM", "/graphql", ("Authorization", TOKEN), {"data": {"issueCreate": {"success": True, "issue": {"url": "https://x.example/1"}}}}, None),
    "youtrack": ("0-0", "/api/issues?fields=id,idReadable", ("Authorization", "Bearer " + TOKEN), {"id": "2-1", "idReadable": "SH-7"}, "/issue/SH-7"),
    "azure": ("org/shop", "/org/shop/_apis/wit/workitems/$Bug?api-version=7.1", ("Authorization", basic(":" + TOKEN)),
              {"id": 7, "_links": {"html": {"href": "https://x.example/7"}}}, None),
}


def title_and_body(kind, body):
    if kind == "redmine":
        return body["issue"]["subject"], body["issue"]["description"], body["issue"]["project_id"] == "shop"
    if kind == "jira":
        document = body["fields"]["description"]
        right = body["fields"]["project"] == {"key": "SHOP"} and body["fields"]["issuetype"] == {"name": "Bug"} and \
            document["type"] == "doc" and document["version"] == 1
        return body["fields"]["summary"], document["content"][0]["content"][0]["text"], right
    if kind == "linear":
        data = body["variables"]["input"]
        return data["title"], data["description"], data["teamId"] == "TEAM" and "issueCreate" in body["query"]
    if kind == "azure":
        fields = {item["path"]: item["value"] for item in body}
        return fields["/fields/System.Title"], fields["/fields/Microsoft.VSTS.TCM.ReproSteps"], all(item["op"] == "add" for item in body)
    if kind == "youtrack":
        return body["summary"], body["description"], body["project"] == {"id": "0-0"}
    return body["title"], body.get("body") or body["description"], True


def check_filed(run, tap, kind, base):
    project, path, (header, value), answer, address = TRACKERS[kind]
    path = path or "/api/v4/projects/" + project.replace("/", "%2F") + "/issues"
    Tracker.requests, Tracker.answer = [], (201 if kind != "linear" else 200, answer)
    done = run.issue("--to", f"{kind}:{base}/{project}", "--json")
    findings = []
    if done.returncode != 0 or len(Tracker.requests) != 1:
        findings.append(f"{done.returncode} {done.stderr} {len(Tracker.requests)} requests")
    else:
        request = Tracker.requests[0]
        title, body, right = title_and_body(kind, request["body"])
        url = json.loads(done.stdout)["url"]
        wanted = base + address if address else next(word for word in json.dumps(answer).split('"') if word.startswith("https"))
        findings += [f"{what}: {seen!r}, wanted {want!r}" for what, seen, want in
                     (("path", request["path"], path), ("token", request["headers"][header], value), ("url", url, wanted)) if seen != want]
        if not right or "nothing on the page changed" not in title or "Pay" not in body:
            findings.append(f"fields: {request['body']}")
        if "application/json" not in request["headers"]["Content-Type"] and kind != "azure":
            findings.append(request["headers"]["Content-Type"])
        if kind == "azure" and request["headers"]["Content-Type"] != "application/json-patch+json":
            findings.append(request["headers"]["Content-Type"])
    tap.check(f"{kind}: filed once, as described", findings, [done])


def check_refusals(run, tap, base):
    target = f"github:{base}/o/r"
    cases = [((401, {"message": "Bad credentials"}), 5, "Bad credentials"), ((429, {"message": "slow down"}), 4, "slow down"),
             ((422, {"message": "Validation Failed", "errors": [{"field": "title", "code": "missing"}]}), 1, "field: title"),
             ((410, {"message": "Issues are disabled"}), 1, "Issues are disabled"), ((500, {"message": "oops"}), 1, "may"),
             ((307, {}), 1, ""), ((201, {"unexpected": True}), 1, "")]
    for answer, code, says in cases:
        Tracker.requests, Tracker.answer = [], answer
        done = run.issue("--to", target)
        right = done.returncode == code and len(Tracker.requests) == 1 and (says in done.stderr or "look whether" in done.stderr) and TOKEN not in done.stderr
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
    for wrong in ("github:o", "nowhere:o/r", "gitea:http://tracker.example/o/r", "github:o/../r", "github:o/r?x=1"):
        done = run.issue("--to", wrong)
        tap.check(f"{wrong} is no target", [] if done.returncode == 2 else [f"{done.returncode} {done.stderr}"], [done])


def check_text(run, tap):
    text = run.issue().stdout
    wanted = ["# ", "**Tried:** Press", "**Where:** /pay", "1\\. ", "Release\\: 2\\.3", "page.locator(\"#pay\").click()", "page.goto(\"https://shop.example/pay",
              "console: rate of", "SessionSight: `" + run.session + "@3000`"]
    findings = [f"lacks {part!r}" for part in wanted if part.replace("1\\. ", "1. ") not in text]
    findings += [f"holds {part!r}" for part in ("4111", "ada@shop", "9f86d081884c7d65", "](https://evil", "<b>", "@ada", "#7") if part in text]
    findings += [f"makes a link: {line}" for line in re.sub(r"(?ms)^(`{3,}).*?^\1$", "", text).splitlines() if re.search(r"(?<!\\)://", line)]
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
    bases = {"gitea": "https://git.example/", "redmine": "https://red.example/", "jira": "https://jira.example/", "youtrack": "https://yt.example/"}
    for kind, row in TRACKERS.items():
        done = run.call("issue", "--problem", problem, "--to", f"{kind}:{bases.get(kind, '')}{row[0]}", "--page", token=None)
        address = urllib.parse.urlsplit(done.stdout.strip())
        values = [value for _, value in urllib.parse.parse_qsl(address.query)]
        right = done.returncode == 0 and address.scheme == "https" and len(done.stdout) < 8100 and any("Steps to see it again" in value for value in values)
        tap.check(f"{kind}: a page without a token", [] if right else [done.stdout + done.stderr], [done])
    done = run.issue("--to", "github:o/r", "--dry-run", token=None)
    right = done.stdout.startswith("POST https://api.github.com/repos/o/r/issues\n") and not Tracker.requests
    tap.check("a dry run prints the request and sends nothing", [] if right else [done.stdout, done.stderr], [done])


def main():
    tap = Tap()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tracker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder)
        check_text(run, tap)
        check_pages(run, tap)
        for kind in TRACKERS:
            check_filed(run, tap, kind, base)
        check_refusals(run, tap, base)
    server.shutdown()
    tap.end()


main()
