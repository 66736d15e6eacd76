# SPDX-License-Identifier: MIT
"""sightctl mcp: both versions of the protocol, wrong requests, and recorded texts that try to be instructions."""
import fcntl
import hashlib
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "lint"))
from tap import Tap  # noqa: E402

SIGHTCTL = os.path.join(os.environ["SIGHT_BUILD_ROOT"], "src", "cli", "sightctl")
META = {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}}
F_OFD_SETLK = 37  # of Linux; Python knows it since 3.9 where it was built with it
ORDERS = json.loads((pathlib.Path(__file__).parents[2] / "mcp" / "orders.json").read_text(encoding="utf-8"))


def visit():
    texts = [{"type": 2, "id": 10 + 2 * i, "tagName": "p", "attributes": {}, "childNodes": [{"type": 3, "id": 11 + 2 * i, "textContent": text}]}
             for i, text in enumerate(ORDERS)]
    node = {"type": 0, "id": 1, "childNodes": [{"type": 2, "id": 2, "tagName": "html", "attributes": {}, "childNodes": [
        {"type": 2, "id": 3, "tagName": "body", "attributes": {}, "childNodes": texts}]}]}
    events = [(4, 0, {"href": "https://shop.example/pay", "width": 1280, "height": 720}), (2, 1, {"node": node, "initialOffset": {"left": 0, "top": 0}})]
    events += [(5, 100 + i, {"tag": "ss:error", "payload": {"kind": "exception", "message": text}}) for i, text in enumerate(ORDERS)]
    events += [(5, 200 + i, {"tag": "ss:event", "payload": {"name": text}}) for i, text in enumerate(ORDERS)]
    events.append((3, 9000, {"source": 1, "positions": [{"x": 5, "y": 5, "id": 4, "timeOffset": 0}]}))
    return [{"type": kind, "timestamp": 1700000000000 + at, "data": data} for kind, at, data in events]


class Server:
    def __init__(self, cache, *options, **more):
        environment = dict(os.environ, LC_ALL="C.UTF-8", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent", **more)
        self.process = subprocess.Popen([SIGHTCTL, "mcp", "--cache", cache, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment, bufsize=1)
        self.n = 0

    def send(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, method, params=None):
        self.n += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.n, "method": method, "params": params or {}}))
        answer = json.loads(self.process.stdout.readline())
        assert answer["id"] == self.n and answer["jsonrpc"] == "2.0", answer
        return answer

    def tool(self, name, **arguments):
        return self.ask("tools/call", {"name": name, "arguments": arguments, **META})

    def end(self):
        self.process.stdin.close()
        rest = self.process.stdout.read()
        return self.process.wait(), rest


def truth(cache):
    """What the cache holds, as the verbs tell it."""
    said = b""
    for words in (["sessions"], ["sessions", "--filter", "tagged"], ["settings", "list"], ["endpoints"]):
        said += subprocess.run([SIGHTCTL, *words, "--json", "--cache", cache], capture_output=True, check=False).stdout
    return hashlib.sha256(said).hexdigest()


def fence_findings(answer):
    """What stands outside of the marks is ours; the marks are there once each, and their number nowhere within."""
    text = answer["result"]["content"][0]["text"]
    match = re.fullmatch(r"([^<]*)<recorded-data-([0-9a-f-]{36})>\n(.*)\n</recorded-data-\2>", text, re.S)
    if not match:
        return [f"no fence: {text[:200]!r}"]
    findings = [f"outside: {order}" for order in ORDERS if order in match.group(1)]
    return findings + (["the number stands within"] if match.group(2) in match.group(3) else [])


def check_versions(tap, server):
    answer = server.ask("server/discover", META)["result"]
    right = answer["resultType"] == "complete" and "2026-07-28" in answer["supportedVersions"] and answer["ttlMs"] >= 0 and \
        answer["cacheScope"] == "private" and "tools" in answer["capabilities"]
    tap.check("server/discover", [] if right else [answer], [answer])
    listed = [server.ask("tools/list", META)["result"] for _ in range(2)]
    names = [tool["name"] for tool in listed[0]["tools"]]
    right = listed[0] == listed[1] and listed[0]["resultType"] == "complete" and "ttlMs" in listed[0] and len(names) == 8 and \
        all(tool["inputSchema"]["type"] == "object" and tool["annotations"]["readOnlyHint"] for tool in listed[0]["tools"]) and \
        not any(word in name for name in names for word in ("forget", "tag", "file", "import", "sync"))
    tap.check("tools are listed in the same order, and none of them changes anything", [] if right else [names], names)
    for asked, wanted in (("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"), ("1999-01-01", "2025-11-25")):
        answer = server.ask("initialize", {"protocolVersion": asked, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}})["result"]
        right = answer["protocolVersion"] == wanted and answer["serverInfo"]["name"] == "sessionsight" and "resultType" not in answer
        tap.check(f"initialize of {asked}", [] if right else [answer], [answer])
    server.send(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
    answer = server.ask("tools/list")["result"]
    tap.check("older clients get no members that they do not know", [] if "resultType" not in answer and "ttlMs" not in answer else [answer], [answer])
    tap.check("ping", [] if server.ask("ping")["result"] == {} else ["no"], ["ping"])


def check_wrong(tap, server):
    new = {"_meta": {"io.modelcontextprotocol/protocolVersion": "2031-01-01"}}
    error = server.ask("tools/list", new)["error"]
    right = error["code"] == -32022 and error["data"]["requested"] == "2031-01-01" and "2026-07-28" in error["data"]["supported"]
    tap.check("a version of the future is refused by name", [] if right else [error], [error])
    for method, params, code in (("no/such", META, -32601), ("tools/call", {"name": "forget", **META}, -32602),
                                 ("tools/call", {"name": "find_sessions", "arguments": {}, **META}, -32602),
                                 ("tools/call", {"name": "find_sessions", "arguments": {"filter": 5}, **META}, -32602),
                                 ("tools/call", {"name": "find_sessions", "arguments": {"filter": "all", "cache": "/etc"}, **META}, -32602)):
        error = server.ask(method, params)["error"]
        tap.check(f"{method} {params.get('name', '')} {params.get('arguments', '')}: {code}", [] if error["code"] == code else [error], [error])
    server.send("{not json")
    answer = json.loads(server.process.stdout.readline())
    tap.check("what is no JSON is told, and the next request answered", [] if answer["error"]["code"] == -32700 and server.ask("ping") else [answer], [answer])
    server.send("x" * 3000000)
    answer = json.loads(server.process.stdout.readline())
    tap.check("a line without end is cut", [] if answer["error"]["code"] == -32700 else [answer], [answer])
    for name, arguments in (("session_story", {"session": "--help"}), ("find_sessions", {"filter": "--help"}), ("draft_issue", {"moment": "--to=folder:nowhere@1"}),
                            ("session_story", {"session": "nobody-here"}), ("page_text", {"session": "--file=/etc/passwd", "at_ms": 1})):
        result = server.tool(name, **arguments)["result"]
        right = result["isError"] and "Usage" not in result["content"][0]["text"].split("\n")[2][:5]
        tap.check(f"{name} {arguments} is no option, and an error", [] if right and not fence_findings({"result": result}) else [result], [result])


def check_recorded(tap, server, session):
    calls = [("find_sessions", {"filter": "error", "limit": 5}), ("find_moments", {"filter": "error", "limit": 50}), ("list_problems", {"limit": 50}),
             ("session_story", {"session": session}), ("page_text", {"session": session, "at_ms": 500}), ("draft_issue", {"moment": session + "@100"}),
             ("contrast", {"filter": "error", "against": "-error"}), ("compare", {"filter": "error", "opportunity": "page:/pay", "date": "2023-11-20"})]
    seen = ""
    for name, arguments in calls:
        answer = server.tool(name, **arguments)
        findings = fence_findings(answer) if not answer["result"]["isError"] else [answer]
        seen += answer["result"]["content"][0]["text"]
        tap.check(f"{name}: recorded text stands between the marks alone", findings, [answer])
    missing = [order for order in ORDERS if order.split("\n")[0][:12] not in seen.replace('\\"', '"').replace("\\/", "/")]
    tap.check(f"{len(ORDERS)} orders were in what was asked for", missing if len(missing) > 8 or len(ORDERS) < 40 else [], ORDERS)


def check_clips(tap, cache, folder, session):
    clips = os.path.join(folder, "clips")
    os.mkdir(clips)
    server = Server(cache, "--clips", clips)
    tools = {tool["name"]: tool for tool in server.ask("tools/list", META)["result"]["tools"]}
    right = len(tools) == 9 and not tools["make_clip"]["annotations"]["readOnlyHint"] and "still" not in tools
    tap.check("where a folder is named, clips can be made", [] if right else list(tools), tools)
    answer = server.tool("make_clip", session=session, from_ms=0, to_ms=2000)
    made = os.listdir(clips)
    right = not answer["result"]["isError"] and len(made) == 1 and made[0] in answer["result"]["content"][0]["text"]
    html = pathlib.Path(clips, made[0]).read_text(encoding="utf-8") if made else ""
    tap.check("make_clip writes one file there", [] if right and html.startswith("<!doctype html>") and not fence_findings(answer) else [answer, made], made)
    wrong = [server.tool("make_clip", session="--output=" + folder + "/x", from_ms=0, to_ms=9), server.tool("make_clip", session=session, from_ms=9, to_ms=1),
             server.tool("still", session=session, at_ms=1)]
    right = wrong[0]["result"]["isError"] and wrong[1]["result"]["isError"] and wrong[2]["error"]["code"] == -32602 and os.listdir(clips) == made
    tap.check("nothing is written elsewhere, and no still without leave", [] if right and not os.path.exists(folder + "/x") else wrong, wrong)
    server.end()
    temporary = os.path.join(folder, "temporary")
    os.mkdir(temporary)
    server = Server(cache, "--stills", TMPDIR=temporary)
    refused = server.tool("still", session=session, at_ms="soon")
    right = refused["error"]["code"] == -32602 and not os.listdir(temporary)
    tap.check("a still that is refused leaves no file", [] if right else [refused, os.listdir(temporary)], refused)
    server.end()


def check_patience(tap, cache, session):
    """What waits for ever, such as for a door that another program holds shut, does not keep the next one waiting."""
    with open(cache + "/library.db.state", "r+b") as state:
        lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 1, 0)
        fcntl.fcntl(state, F_OFD_SETLK, lock)
        server = Server(cache, "--patience", "6")
        answer = server.tool("session_story", session=session)
    right = answer["result"]["isError"] and "does not end" in answer["result"]["content"][0]["text"]
    tap.check("a tool that does not end is given up", [] if right else [answer], [answer])
    answer = server.tool("find_sessions", filter="all")
    tap.check("and the next one is answered", [] if not answer["result"]["isError"] else [answer], [answer])
    server.end()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        cache = str(pathlib.Path(folder) / "cache")
        file = pathlib.Path(folder) / "visit.json"
        file.write_text(json.dumps(visit()), encoding="utf-8")
        done = subprocess.run([SIGHTCTL, "import", str(file), "--json", "--cache", cache], capture_output=True, text=True, check=True)
        session = json.loads(done.stdout)["files"][0]["session"]
        before = truth(cache)
        server = Server(cache)
        check_versions(tap, server)
        check_wrong(tap, server)
        check_recorded(tap, server, session)
        code, rest = server.end()
        tap.check("it ends with its input, and nothing else was printed", [] if code == 0 and not rest else [code, rest], [code])
        tap.check("nothing was changed", [] if truth(cache) == before and os.listdir(folder) == ["cache", "visit.json"] or
                  sorted(os.listdir(folder)) == ["cache", "visit.json"] and truth(cache) == before else ["the cache differs"], [before])
        check_clips(tap, cache, folder, session)
        check_patience(tap, cache, session)
    tap.end()


main()
