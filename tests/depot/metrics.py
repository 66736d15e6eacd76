# SPDX-License-Identifier: MIT
"""What a collector counts and logs: metrics.py COLLECTOR, by itself or within with-postgres.sh.

The metrics are read by a parser of the text format as Prometheus documents it (version 0.0.4), which takes nothing that
the documentation does not say; the log by Python's JSON."""
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile

folder = tempfile.TemporaryDirectory()
SOCKET = os.environ.get("SIGHT_TEST_POSTGRES")
STORE = folder.name + "/store"
if SOCKET:
    subprocess.run(["createdb", "-h", SOCKET, "-U", "sight", "metrics"], check=True)
    STORE = f"postgresql://sight@/metrics?host={SOCKET}"
LOG = open(folder.name + "/log", "w+", encoding="utf-8")
print(f"1..{6 if SOCKET else 5}", flush=True)


def start(*options):
    process = subprocess.Popen([sys.argv[1], "--listen", "127.0.0.1:0", "--store", STORE, "--json", "--log", "json",
                                *options], stdout=subprocess.PIPE, stderr=LOG)
    return process, json.loads(process.stdout.readline())


process, said = start()
KEY, TOKEN = said["write_key"], said["token"]


def ask(method, path, body=None, token=None, headers=None):
    connection = http.client.HTTPConnection(said["url"].split("//")[1], timeout=60)
    headers = (headers or {}) | ({"Content-Type": "application/json"} if body else {})
    connection.request(method, path, body, headers | ({"Authorization": "Bearer " + token} if token else {}))
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.headers


def check(number, problems, what):
    print(f"{'not ok' if problems else 'ok'} {number} - {what}" + "".join(f"\n# {p}" for p in problems[:5]), flush=True)
    return not problems


NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL}(?:,{LABEL})*)?)\}})? ([+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)")


def parse(text):
    """({name: {labels: number}}, [problem]): one HELP, one TYPE, then all samples of a family, each once."""
    problems, samples, families = [], {}, {}
    family = None
    if not text.endswith("\n"):
        problems.append("the last line has no end")
    for line in text.splitlines():
        comment = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if comment and comment[1] == "HELP":
            if comment[2] in families:
                problems.append(f"{comment[2]} a second time")
            family, families[comment[2]] = comment[2], None
        elif comment:
            if comment[2] != family or families[family] or comment[3] not in ("counter", "gauge", "histogram"):
                problems.append(f"this type is out of place: {line}")
            families[family] = comment[3]
        else:
            match = SAMPLE.fullmatch(line)
            if not match:
                problems.append(f"no sample: {line}")
                continue
            kind = families.get(family)
            ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            if kind is None or match[1] not in [family + end for end in ends]:
                problems.append(f"a sample of another family than {family}: {line}")
            if kind == "counter" and not match[1].endswith("_total"):
                problems.append(f"a counter without _total: {line}")
            labels = tuple((m[1], m[2]) for m in re.finditer(LABEL, match[2] or ""))
            if len(dict(labels)) < len(labels) or labels in samples.setdefault(match[1], {}):
                problems.append(f"twice: {line}")
            samples[match[1]][labels] = float(match[match.lastindex])
    for name, kind in families.items():
        if kind == "histogram":
            problems += check_histogram(samples, name)
    return samples, problems


def check_histogram(samples, name):
    problems, series = [], {}
    for labels, value in samples.get(name + "_bucket", {}).items():
        rest = tuple(label for label in labels if label[0] != "le")
        series.setdefault(rest, []).append((float(dict(labels)["le"]), value))
    for rest, buckets in series.items():
        if buckets != sorted(buckets) or [v for _, v in buckets] != sorted(v for _, v in buckets):
            problems.append(f"buckets of {name}{rest} do not rise")
        if buckets[-1] != (float("inf"), samples[name + "_count"].get(rest)) or rest not in samples[name + "_sum"]:
            problems.append(f"{name}{rest} does not add up")
    return problems


def batch(session, seq):
    return json.dumps({"v": 1, "session": session, "window": "w", "seq": seq, "events": [
        {"type": 4, "timestamp": 1, "data": {"href": "http://a/", "width": 1, "height": 1}}]})


POST = "/v1/batches?key=" + KEY
for seq in (0, 1, 1):
    ask("POST", POST, batch("visit", seq))
ask("POST", POST, "{")
ask("GET", "/v1/nothing/secret-path")
ask("GET", "/v1/sessions/secret-session/batches", token=TOKEN)
ask("GET", "/v1/changes", token=TOKEN)
ask("POST", POST, batch("later", 0))
status, text, headers = ask("GET", "/metrics", token=TOKEN)
samples, problems = parse(text)
if status != 200 or headers["Content-Type"] != "text/plain; version=0.0.4; charset=utf-8":
    problems.append(f"{status} {headers['Content-Type']}")
ok = check(1, problems, "the metrics are in the text format, and no line is out of place")


def expect(name, value, **labels):
    found = {frozenset(k): v for k, v in samples.get("sessionsight_" + name, {}).items()}
    got = found.get(frozenset(labels.items()))
    return [] if got == value else [f"{name} {labels} is {got}, not {value}"]


route = {"method": "POST", "route": "/v1/batches"}
wanted = [("requests_total", 4, dict(route, status="202")), ("requests_total", 1, dict(route, status="422")),
          ("request_seconds_count", 5, route), ("batches_total", 3, {"result": "stored"}),
          ("batches_total", 1, {"result": "duplicate"}), ("refusals_total", 2, {"reason": "not_found"}),
          ("refusals_total", 1, {"reason": "invalid"}), ("depot_up", 1, {}),
          ("batches_waiting", 0, {}), ("blobs_pending", 0, {}), ("build_info", 1, {"version": dict(
              *samples["sessionsight_build_info"]).get("version")})]
problems = [problem for name, value, labels in wanted for problem in expect(name, value, **labels)]
for name in ("connections", "requests_open", "body_bytes_total", "event_bytes_total", "answer_bytes_total"):
    if samples.get("sessionsight_" + name, {}).get((), 0) < 1:
        problems.append(f"{name} is not counted")
lag = samples["sessionsight_feed_lag"].get((("key", "2"),), 0)
ask("GET", "/v1/changes", token=TOKEN)
ask("POST", POST, batch("later", 0))
after = parse(ask("GET", "/metrics", token=TOKEN)[1])[0]["sessionsight_feed_lag"][(("key", "2"),)]
plain = ask("GET", "/v1/recorder.js")[2]
before = parse(ask("GET", "/metrics", token=TOKEN)[1])[0]["sessionsight_answer_bytes_total"][()]
ask("GET", "/v1/recorder.js", headers={"If-None-Match": plain["ETag"]})
text = ask("GET", "/metrics", token=TOKEN)[1]
samples = parse(text)[0]
problems += expect("requests_total", 1, method="GET", route="/v1/recorder.js", status="304")
sent = samples["sessionsight_answer_bytes_total"][()] - before
if not 0 < sent < int(plain["Content-Length"]):
    problems.append(f"{sent} bytes are counted, where the recorder was not sent again")
if not re.search(r'_seconds_sum\{[^}]*\} \d+\.\d{6}\n', text):
    problems.append("the sum of seconds is rounded")
if not 1 <= lag <= 2 or after != 0:
    problems.append(f"who follows is behind by {lag}, and by {after} after asking again")
ok = check(2, problems, "what was done is counted, each by what became of it") and ok

made = {scope: subprocess.run([sys.argv[1], "keys", "create", "--store", STORE, "--scope", scope], check=True,
                              capture_output=True, text=True).stdout.strip() for scope in ("metrics", "read")}
answers = [ask("GET", "/metrics")[0], ask("GET", "/metrics", token=made["read"])[0],
           ask("GET", "/metrics", token=made["metrics"])[0], ask("GET", "/v1/changes", token=made["metrics"])[0]]
answers.append(ask("GET", "/v1/project", token=made["metrics"])[0])
ok = check(3, [] if answers == [401, 403, 200, 403, 200] else [answers], "a token of the scope metrics sees them, and no "
           "more; others do not") and ok


def admin(sql):
    subprocess.run(["psql", "-h", SOCKET, "-U", "sight", "-q", "-c", sql, "postgres"], check=True, stdout=subprocess.DEVNULL)


# That is when somebody looks.
if SOCKET:
    admin("ALTER DATABASE metrics ALLOW_CONNECTIONS false")
    admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'metrics'")
    status, text, _ = ask("GET", "/metrics", token=made["metrics"])
    answers = [status, "sessionsight_depot_up 0\n" in text, ask("GET", "/metrics", token=made["metrics"] + "x")[0],
               ask("GET", "/v1/changes", token=made["read"])[0]]
    admin("ALTER DATABASE metrics ALLOW_CONNECTIONS true")
    problems = [] if answers == [200, True, 503, 503] else [answers]
    ok = check(4, problems, "a database that is away is told to a token that was good before") and ok
process.terminate()
problems = [] if process.wait(30) == 0 else ["it did not end well"]
process, said = start("--open-metrics")
if ask("GET", "/metrics")[0] != 200 or ask("GET", "/v1/changes")[0] != 401:
    problems.append("--open-metrics opens something else")
ok = check(5 if SOCKET else 4, problems, "with --open-metrics nobody needs one") and ok
process.terminate()
process.wait(30)

LOG.seek(0)
problems, events = [], []
for line in LOG:
    try:
        events.append(json.loads(line))
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", events[-1]["time"]) or \
                events[-1]["level"] not in ("debug", "info", "warning", "error"):
            problems.append(f"not as it should be: {line}")
    except (ValueError, KeyError) as error:
        problems.append(f"{error}: {line}")
posts = [e for e in events if e.get("route") == "/v1/batches"]
if [(e["event"], e["status"], e["key"]) for e in posts] != [("answered", 202, 1)] * 3 + [("refused", 422, 1)] + [
        ("answered", 202, 1)] * 2:
    problems.append(f"posts are logged as {posts}")
LOG.seek(0)
for secret in (KEY, TOKEN, "secret-path", "secret-session", *made.values()):
    if secret in LOG.read():
        problems.append(f"{secret} is in the log")
    LOG.seek(0)
if [e["event"] for e in events if e["event"] in ("started", "stopped")] != ["started", "stopped"] * 2:
    problems.append("starts and ends are not told")
ok = check(6 if SOCKET else 5, problems, "each line of the log is one object; keys are in it by number, what is secret is not") and ok
sys.exit(0 if ok else 1)
