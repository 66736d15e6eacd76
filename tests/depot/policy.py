# SPDX-License-Identifier: MIT
"""What a policy keeps, takes and records: policy.py COLLECTOR, by itself or within with-postgres.sh. Sessions are made
old in the database itself while no collector runs."""
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

folder = tempfile.TemporaryDirectory()
SOCKET = os.environ.get("SIGHT_TEST_POSTGRES")
STORE, LOG = folder.name + "/store", folder.name + "/log"
if SOCKET:
    subprocess.run(["createdb", "-h", SOCKET, "-U", "sight", "policy"], check=True)
    STORE = f"postgresql://sight@/policy?host={SOCKET}"
print("1..5", flush=True)
said = {}


def start():
    with open(LOG, "a", encoding="utf-8") as log:
        process = subprocess.Popen([sys.argv[1], "--listen", "127.0.0.1:0", "--store", STORE, "--json"],
                                   stdout=subprocess.PIPE, stderr=log)
    said.update({k: v for k, v in json.loads(process.stdout.readline()).items() if v})
    return process


def stop():
    process.terminate()
    return process.wait(30)


def policy(*options):
    return json.loads(subprocess.run([sys.argv[1], "policy", "--store", STORE, *options], check=True,
                                     capture_output=True, text=True).stdout)


def age(session, days):
    late = int((time.time() - days * 86400) * 1000)
    if SOCKET:
        subprocess.run(["psql", "-q", "-h", SOCKET, "-U", "sight", "policy", "-c", f"DELETE FROM lease; UPDATE session "
                        f"SET received_ms = {late} WHERE session = '{session}'"], check=True)
        return
    database = sqlite3.connect(STORE + "/collector.db")
    database.execute("UPDATE session SET received_ms = ? WHERE session = ?", (late, session))
    database.commit()
    database.close()


def came_yesterday(session):
    database = sqlite3.connect(STORE + "/collector.db")
    database.execute("UPDATE session SET arrived_ms = arrived_ms - 86400000 WHERE session = ?", (session,))
    database.commit()
    database.close()


def ask(method, path, body=None):
    connection = http.client.HTTPConnection(said["url"].split("//")[1], timeout=60)
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else
                       {"Authorization": "Bearer " + said["token"]})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.headers


def post(session, seq=0, error=False, padding=10, ms=None):
    return ask("POST", "/v1/batches?key=" + said["write_key"], json.dumps({
        "v": 1, "session": session, "window": "w", "seq": seq, "events": [
            {"type": 4, "timestamp": int(time.time() * 1000) if ms is None else ms, "data": {"href": "x" * padding, "width": 1, "height": 1}}] +
        ([{"type": 5, "timestamp": 2, "data": {"tag": "ss:error", "payload": {"message": "no"}}}] if error else [])}))


def script_in_time(good):
    deadline = time.monotonic() + 30
    while not good(ask("GET", "/v1/recorder.js")[1]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return ask("GET", "/v1/recorder.js")[1]


def policy_file(text):
    with open(STORE + "/policy.json", "w", encoding="utf-8") as file:
        file.write(text)


def erased():
    return {c["session"] for c in json.loads(ask("GET", "/v1/changes")[1])["changes"] if c["erased"]}


def wait_for(sessions):
    deadline = time.monotonic() + 30
    while erased() != sessions and time.monotonic() < deadline:
        time.sleep(0.1)
    return [] if erased() == sessions else [f"{erased()} are erased, not {sessions}"]


def check(number, problems, what):
    print(f"{'not ok' if problems else 'ok'} {number} - {what}" + "".join(f"\n# {p}" for p in problems[:5]), flush=True)
    return not problems


process = start()
stop()
policy("--max-sessions", "4")
process = start()
for name, error, ms in (("old", False, 4102444800000), ("old-errored", True, 0), ("new", False, None)):
    post(name, error=error, ms=ms)
post("old-errored", 1)
answers = [post("third"), post("fourth"), post("third", 1), post("fourth", 1)]
words = json.loads(answers[1][1])["error"]
problems = [] if [a[0] for a in answers] == [202, 429, 202, 429] else [[a[0] for a in answers]]
if words["code"] != "sessions_full" or answers[1][2]["Retry-After"] != "3600":
    problems.append(f"{words}, {answers[1][2]['Retry-After']}")
# What a visitor's clock says is not asked: counted anew.
stop()
process = start()
if post("fourth")[0] != 429:
    problems.append("a session of 1970 is not counted")
if not SOCKET:
    stop()
    came_yesterday("old")
    process = start()
    if post("fourth")[0] != 202:
        problems.append("a session of 2100 that came yesterday is counted")
ok = check(1, problems, "no more sessions begin in a day than the policy allows; those that began go on")

shown = policy("--max-sessions", "0", "--keep", "30", "--keep-errored", "90")
stop()
age("old", 31)
age("old-errored", 31)
process = start()
problems = wait_for({"old"})
stop()
age("old-errored", 91)
process = start()
problems += wait_for({"old", "old-errored"})
if (shown["keep_days"], shown["keep_errored_days"], policy()) != (30, 90, shown):
    problems.append(f"the policy is {shown}, then {policy()}")
if not SOCKET:
    # The database of the other kind asks the same in its statement.
    stop()
    age("new", 31)
    policy_file('{"keep_days":30,"closed":true}')
    process = start()
    # One writer: behind what the start has asked for.
    if post("late")[0] != 503 or "new" in erased():
        problems.append("a store that is closed is not left alone")
    stop()
    policy_file('{"keep_days":30}')
    process = start()
    problems += wait_for({"old", "old-errored", "new"})
    stop()
    database = sqlite3.connect(STORE + "/collector.db")
    database.execute("""WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 550)
        INSERT INTO session (endpoint, session, revision, last_arrival, received_ms, started_ms, arrived_ms, n_batches,
        n_bytes, n_events, flags) SELECT endpoint, 'many-' || i, revision, 0, 1, 1, 1, 0, 0, 0, 0 FROM n, (SELECT *
        FROM session LIMIT 1)""")
    database.commit()
    process = start()
    left, deadline = 1, time.monotonic() + 30
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = database.execute("SELECT count(*) FROM session WHERE session LIKE 'many-%'").fetchone()[0]
    database.close()
    if left:
        problems.append(f"{left} sessions of 1970 are still there")
ok = check(2, problems, "what is kept no longer goes as erased to who follows, what has an exception later") and ok

policy("--keep", "0", "--max-bytes", "20000")
stop()
process = start()
answers = [post("large", seq, padding=9000) for seq in range(4)]
problems = [] if [a[0] for a in answers] == [202, 202, 202, 507] else [[a[0] for a in answers]]
if post("large", 0, padding=9000)[0] != 202:
    problems.append("what is here already is not acknowledged")
if ask("DELETE", "/v1/sessions/large")[0] != 200 or post("after", padding=9000)[0] != 202:
    problems.append("there is no room after erasing")
post("more", padding=15000)
if post("after", 1)[0] != 507 or post("large", 9)[0] != 410:
    problems.append("a batch of what was erased is not answered as that where there is no room")
ok = check(3, problems, "a project that holds as much as it may takes no more until something goes") and ok

policy("--max-bytes", "0", "--sample", "0.25", "--sample-page", "/checkout=1", "--sample-page", "/blog=0.05")
stop()
process = start()
script = ask("GET", "/v1/recorder.js")[1]
first = script.splitlines()[0]
problems = [] if "dataset.sample" in first else [f"the recorder begins with {first[:80]}"]
if shutil.which("node") and not problems:
    for path, own, wanted in (("/", None, 0.25), ("/checkout/pay", None, 1), ("/blog", None, 0.05),
                              ("/checkout", "0.5", 0.5)):
        tag = {"dataset": {"sample": own} if own else {}}
        code = f"location={json.dumps({'pathname': path})};document={{currentScript:{json.dumps(tag)}}};{first};" \
               "console.log(document.currentScript.dataset.sample)"
        got = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True).stdout.strip()
        if float(got) != wanted:
            problems.append(f"the share of {path} is {got}, not {wanted}")
policy("--sample", "1", "--sample-page", "none")
if script_in_time(lambda text: "dataset.sample" not in text.splitlines()[0]) + first != script.replace(first + "\n", "") + first:
    problems.append("the rules stay after they were taken back")
if not SOCKET:
    stop()
    policy_file("{")
    process = start()
    status, _, headers = ask("GET", "/v1/recorder.js")
    if status != 503 or headers["Cache-Control"] != "no-store":
        problems.append(f"where nobody knows what to record: {status}, {headers['Cache-Control']}")
    answers = [post("unread", seq)[0] for seq in range(40)]
    with open(LOG, encoding="utf-8") as log:
        n_told = log.read().count("policy.json")
    if answers != [503] * 40 or n_told > 20:
        problems.append(f"a policy that cannot be read is told of {n_told} times, posts are answered {set(answers)}")
    policy_file("{}")
    answers = [post("unread", seq)[0] for seq in range(2)]
    # One that was read stands while its file is damaged.
    policy_file("{")
    answers.append(post("unread", 2)[0])
    if answers != [202] * 3:
        problems.append(f"after it was mended, posts are answered {answers}")
    policy_file("{}")
ok = check(4, problems, "recorders are told which share to record, by page, and again when that changes") and ok

wrong = [["--sample", "2"], ["--sample-page", "blog=1"], ["--keep", "-2"], ["--sample-page", "/a=x"],
         ["--keep", "36501"], ["--keep-errored", "106751991168"]]
codes = [subprocess.run([sys.argv[1], "policy", "--store", STORE, *w], capture_output=True).returncode for w in wrong]
absent = subprocess.run([sys.argv[1], "policy", "--store", folder.name + "/absent"], capture_output=True)
problems = [] if codes == [2] * 6 and absent.returncode == 1 and not os.path.exists(folder.name + "/absent") else [codes]
if not SOCKET:
    policy_file('{"keep_days":106751991168}')
    if policy()["keep_days"] != 36500:
        problems.append(f"what was written with a mistake is read as {policy()['keep_days']} days")
ok = check(5, problems, "what is wrong is refused, and a store that is none is not made") and ok
code = stop()
with open(LOG, encoding="utf-8") as log:
    sys.stderr.write(log.read())
sys.exit(0 if code == 0 and ok else 1)
