# SPDX-License-Identifier: MIT
"""Moving a store while it takes batches: move.py COLLECTOR, within with-postgres.sh --blobs. From a folder to a database
with an object store, killed on the way and begun again, and from there to another folder. Whoever posts goes on all the
time, at the old place until it closes, then at the new one: everything acknowledged is there, once."""
import hashlib
import http.client
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

folder = tempfile.TemporaryDirectory()
SOCKET = os.environ["SIGHT_TEST_POSTGRES"]
BLOBS = os.environ["SIGHT_TEST_BLOBS"]
SEED = int(os.environ.get("SIGHT_SEED", random.randrange(1 << 30)))
SHEET = b".moved { color: red }"
HASH = hashlib.sha256(SHEET).hexdigest()
subprocess.run(["createdb", "-h", SOCKET, "-U", "sight", "move"], check=True)
FIRST, MIDDLE, LAST = folder.name + "/first", f"postgresql://sight@/move?host={SOCKET}", folder.name + "/last"
print(f"1..5\n# seed {SEED}", flush=True)


class Place:
    def __init__(self, store, blobs=None):
        options = ["--blobs", blobs] if blobs else []
        self.process = subprocess.Popen(
            [sys.argv[1], "--listen", "127.0.0.1:0", "--store", store, "--json", "--rate-key", "0", "--rate-address",
             "0", *options], stdout=subprocess.PIPE)
        self.said = json.loads(self.process.stdout.readline())
        self.listen = self.said["url"].split("//")[1]

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)


place = Place(FIRST)
KEY, TOKEN, PROJECT = place.said["write_key"], place.said["token"], None


def ask(method, path, body=None, kind="application/json", at=None):
    try:
        connection = http.client.HTTPConnection((at or place).listen, timeout=60)
        connection.request(method, path, body, {"Authorization": "Bearer " + TOKEN} | (
            {"Content-Type": kind} if body else {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""


def insist(*args, **more):
    while True:
        status, body = ask(*args, **more)
        if status in (200, 202, 410):
            return body
        if status not in (0, 503):
            raise SystemExit(f"{args[:2]}: {status} {body}")
        time.sleep(0.05)


acknowledged, stop = {}, threading.Event()


def send(number):
    chance = random.Random(SEED + number)
    seqs = {}
    while not stop.is_set():
        session = f"s{number}-{chance.randrange(8)}"
        seq = seqs.get(session, 0)
        text = f"{session} {seq} " + "x" * chance.randrange(900)
        events = [{"type": 4, "timestamp": 1700000000000 + seq, "data": {"href": text, "width": 1, "height": 1}}]
        if seq == 0:
            events += [{"type": 5, "timestamp": 1, "data": {"tag": "ss:assets", "payload": {"http://a/b.css": HASH}}},
                       {"type": 5, "timestamp": 2, "data": {"tag": "ss:identify", "payload": {"user": session}}}]
        insist("POST", "/v1/batches?key=" + KEY, json.dumps(
            {"v": 1, "session": session, "proof": "p" + session, "window": "w", "seq": seq, "events": events}))
        acknowledged[(session, seq)] = text
        stop.wait(0.05)
        seqs[session] = seq + 1


def check(number, problems, what):
    print(f"{'not ok' if problems else 'ok'} {number} - {what}" + "".join(f"\n# {p}" for p in problems[:5]), flush=True)
    return not problems


def move(origin, target):
    return [sys.argv[1], "move", *origin, *target]


def look():
    """What is there now, and what is wrong with it."""
    found, problems, torn = {}, [], []
    changes = json.loads(insist("GET", "/v1/changes"))["changes"]
    for change in changes:
        if change["erased"]:
            continue
        for line in insist("GET", f"/v1/sessions/{change['session']}/batches").splitlines():
            batch = json.loads(line)
            if batch["session"] == "torn":
                torn.append((batch["seq"], batch.get("damaged"), len(batch["events"])))
                continue
            name = (batch["session"], batch["seq"])
            if name in found:
                problems.append(f"{name} twice")
            found[name] = batch["events"][0]["data"]["href"]
    lost = [name for name, text in acknowledged.items() if found.get(name) != text and name[0] != "s0-0"]
    if torn != [(0, True, 0), (1, None, 1)]:
        problems.append(f"of the damaged session there is {torn}")
    if lost:
        problems.append(f"{len(lost)} of {len(acknowledged)} are lost: {lost[:3]}")
    if "s0-0" not in [c["session"] for c in changes if c["erased"]]:
        problems.append("what was erased is not told")
    notes = json.loads(insist("GET", "/v1/annotations"))["annotations"]
    if [(n["id"], n["body"]) for n in notes] != [("n-1", "a note")]:
        problems.append(f"the notes are {notes}")
    if insist("GET", "/v1/assets/" + HASH) != SHEET:
        problems.append("the sheet is another")
    if json.loads(insist("GET", "/v1/project"))["id"] != PROJECT:
        problems.append("the project has another id")
    status, _ = ask("POST", "/v1/batches?key=" + KEY, json.dumps(
        {"v": 1, "session": "s1-1", "proof": "another", "window": "w", "seq": 999, "events": [
            {"type": 4, "timestamp": 1, "data": {"href": "", "width": 1, "height": 1}}]}))
    if status != 403:
        problems.append(f"another proof is answered {status}")
    return problems


insist("PUT", f"/v1/assets/{HASH}?key={KEY}", SHEET, "text/css")
PROJECT = json.loads(insist("GET", "/v1/project"))["id"]
subprocess.run([sys.argv[1], "policy", "--store", FIRST, "--keep", "30", "--max-sessions", "500"], check=True,
               stdout=subprocess.DEVNULL)
for number in range(2):
    insist("POST", "/v1/batches?key=" + KEY, json.dumps({"v": 1, "session": "torn", "window": "w", "seq": number, "events": [
        {"type": 4, "timestamp": 1, "data": {"href": "", "width": 1, "height": 1}}]}))
database = sqlite3.connect(FIRST + "/collector.db")
database.execute("UPDATE batch SET events = x'00' WHERE seq = 0 AND session = (SELECT row FROM session WHERE session = 'torn')")
database.commit()
database.close()
threads = [threading.Thread(target=send, args=(i,), daemon=True) for i in range(4)]
for thread in threads:
    thread.start()
while len(acknowledged) < 80:
    time.sleep(0.05)
insist("PUT", "/v1/annotations/n-1", json.dumps({"id": "n-1", "session": "s1-1", "kind": "note", "at": 1, "body": "a note",
                                                 "author": "Ada", "created_at": 1, "updated_at": 1}))
ask("DELETE", "/v1/sessions/s0-0")

chance = random.Random(SEED - 1)
there = ["--to", MIDDLE, "--to-blobs", BLOBS]
for _ in range(3):
    process = subprocess.Popen(move(["--from", FIRST], there), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0.1, 1.0))
    process.kill()
    process.wait()
result = subprocess.run(move(["--from", FIRST], there), capture_output=True, text=True)
if result.returncode:
    raise SystemExit(result.stderr)
old, said = place, json.loads(result.stdout) if result.returncode == 0 else {}
answer = ask("POST", "/v1/batches?key=" + KEY, json.dumps({"v": 1, "session": "s1-1", "proof": "ps1-1", "window": "w",
             "seq": 5000, "events": [{"type": 4, "timestamp": 1, "data": {"href": "", "width": 1, "height": 1}}]}), at=old)
problems = [result.stderr] if result.returncode else []
if answer[0] != 503 or b"moving" not in answer[1]:
    problems.append(f"the old store answers {answer}")
ok = check(1, problems, "after it was killed and begun again, the whole is moved, and the old store closed")
place = Place(MIDDLE, BLOBS)
old.stop()
time.sleep(0.5)
stop.set()
for thread in threads:
    thread.join()
print(f"# {len(acknowledged)} acknowledged; moved: {said}", flush=True)
problems = look()
policy = json.loads(subprocess.run([sys.argv[1], "policy", "--store", MIDDLE], check=True, capture_output=True,
                                   text=True).stdout)
if (policy["keep_days"], policy["max_sessions"], policy["closed"]) != (30, 500, False):
    problems.append(f"the policy is {policy}")
if said["damaged"] != 1:
    problems.append(f"{said['damaged']} batches are told to be damaged")
if len({"sessions", "erased", "batches", "bytes", "annotations", "assets", "sha256"} & set(said)) < 7 or \
        said["annotations"] != 1 or said["erased"] != 1 or said["batches"] > len(acknowledged) + 2:
    problems.append(f"it proves {said}")
ok = check(2, problems, "all that was acknowledged is there once, with notes, pictures, keys, proofs and policy") and ok

result = subprocess.run(move(["--from", MIDDLE, "--from-blobs", BLOBS], ["--to", LAST]), capture_output=True, text=True)
said = json.loads(result.stdout) if result.returncode == 0 else {}
problems = [result.stderr] if result.returncode else []
place.stop()
place = Place(LAST)
problems += look()
if said.get("batches", 0) != len(acknowledged) - len([n for n in acknowledged if n[0] == "s0-0"]) + 2:
    problems.append(f"{said} of {len(acknowledged)}")
ok = check(3, problems, "and back into a folder") and ok
place.stop()

# Into a store that has another project, and from a store where a batch differs.
other = Place(folder.name + "/other")
other.stop()
refused = subprocess.run(move(["--from", LAST], ["--to", folder.name + "/other"]), capture_output=True, text=True)
problems = [] if refused.returncode == 1 and "another project" in refused.stderr else [refused.stderr]
subprocess.run(["psql", "-q", "-h", SOCKET, "-U", "sight", "move", "-c", "UPDATE batch SET sent_ms = sent_ms + 1 WHERE ctid "
                "= (SELECT min(ctid) FROM batch)"], check=True)
subprocess.run([sys.argv[1], "policy", "--store", MIDDLE, "--reopen"], check=True, stdout=subprocess.DEVNULL)
differs = subprocess.run(move(["--from", LAST], there), capture_output=True, text=True)
if differs.returncode != 1 or "is not the same" not in differs.stderr:
    problems.append(f"a batch that differs: {differs.returncode} {differs.stderr}")
ok = check(4, problems, "another project is left alone, and what differs is found") and ok

# From an object store that has lost one object, and of another the end.
objects = os.environ["SIGHT_TEST_OBJECTS"]
names = sorted(n for n in os.listdir(objects) if n.startswith("batches+"))
os.remove(os.path.join(objects, names[0]))
os.truncate(os.path.join(objects, names[1]), 1)
subprocess.run([sys.argv[1], "policy", "--store", MIDDLE, "--reopen"], check=True, stdout=subprocess.DEVNULL)
result = subprocess.run(move(["--from", MIDDLE, "--from-blobs", BLOBS], ["--to", folder.name + "/part"]),
                        capture_output=True, text=True)
part = json.loads(result.stdout) if result.returncode == 0 else {}
problems = [result.stderr] if result.returncode else []
if part.get("batches") != said["batches"] or not 1 < part.get("damaged", 0) < part.get("batches", 0):
    problems.append(f"of {said} there is {part}")
if any(f"{name.replace('+', '/')} is not whole" not in result.stderr for name in names[:2]) or \
        "are marked so" not in result.stderr:
    problems.append(f"it is told as {result.stderr}")
ok = check(5, problems, "what the object store lost is told and carried as damaged, the rest is moved") and ok
sys.exit(0 if ok else 1)
