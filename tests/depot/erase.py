# SPDX-License-Identifier: MIT
"""What was written and seen is nowhere in the bytes of database, log and object store, before and after it was erased;
the keys go with it. And a lock that somebody holds is waited for so long only: erase.py COLLECTOR, within
with-postgres.sh."""
import hashlib
import http.client
import json
import os
import subprocess
import sys
import time

SOCKET, OBJECTS = os.environ["SIGHT_TEST_POSTGRES"], os.environ["SIGHT_TEST_OBJECTS"]
SHEET = b".forgotten { content: 'pictured text' }"
TEXTS = ["typed text", "ada.lovelace@example.org", "noted text", "Grace who noted", "pictured text"]


def start(database, *options):
    subprocess.run(["createdb", "-h", SOCKET, "-U", "sight", database], check=True)
    process = subprocess.Popen(
        [sys.argv[1], "--listen", "127.0.0.1:0", "--store", f"postgresql://sight@/{database}?host={SOCKET}", "--json",
         *options], stdout=subprocess.PIPE)
    return process, json.loads(process.stdout.readline())


process, said = start("erase", "--blobs", os.environ["SIGHT_TEST_BLOBS"])
print("1..6", flush=True)


def ask(method, path, body=None, kind="application/json", wanted=(200, 202), whom=said):
    connection = http.client.HTTPConnection(whom["url"].split("//")[1], timeout=60)
    connection.request(method, path, body, {"Content-Type": kind, "Authorization": "Bearer " + whom["token"]})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status in wanted, (method, path, answer.status, text)
    return text


def query(sql, database="erase"):
    command = ["psql", "-h", SOCKET, "-U", "sight", "-At", "-c", sql, database]
    out = subprocess.run(command, check=True, capture_output=True)
    return out.stdout.decode().split()


def hold_lock():
    """Somebody's maintenance keeps a table for half a minute: a post is refused in time, and the next one is taken."""
    other, whom = start("locked")
    problems = []
    holder = subprocess.Popen(["psql", "-h", SOCKET, "-U", "sight", "-c", "BEGIN", "-c", "LOCK TABLE project", "-c",
                               "SELECT pg_sleep(40)", "locked"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        holding = "FROM pg_stat_activity WHERE query LIKE '%pg_sleep(40)%' AND pid <> pg_backend_pid()"
        while query("SELECT count(*) " + holding) == ["0"]:
            time.sleep(0.1)
        body = json.dumps({"v": 1, "session": "visit", "window": "w", "seq": 0,
                           "events": [{"type": 5, "timestamp": 1, "data": {"tag": "note", "payload": 1}}]})
        path, since = "/v1/batches?key=" + whom["write_key"], time.monotonic()
        ask("POST", path, body, wanted=(503,), whom=whom)
        if time.monotonic() - since > 30:
            problems.append(f"it took {time.monotonic() - since:.0f} s")
        query("SELECT pg_terminate_backend(pid) " + holding)
        ask("POST", path, body, whom=whom)
        query("UPDATE batch SET sealed = decode('00', 'hex')", "locked")
        if b'"damaged":true,"events":[]' not in ask("GET", "/v1/sessions/visit/batches", whom=whom):
            problems.append("a damaged batch is not told")
    except (AssertionError, OSError) as problem:
        problems.append(str(problem))
    finally:
        holder.kill()
        other.terminate()
        if other.wait(30) != 0:
            problems.append("it did not end cleanly")
    return problems


def where_found(needles):
    """Files of the database, its log and its objects in which one of them stands."""
    query("CHECKPOINT")
    found = []
    for folder, _, names in os.walk(SOCKET):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    data = file.read()
                found += [f"{needle!r} in {path}" for needle in needles if needle in data]
    return found


def check(number, problems, what):
    print(f"{'not ok' if problems else 'ok'} {number} - {what}" + "".join(f"\n# {p}" for p in problems[:5]), flush=True)
    return not problems


sheet = hashlib.sha256(SHEET).hexdigest()
key = "?key=" + said["write_key"]
ask("PUT", f"/v1/assets/{sheet}{key}", SHEET, "text/css")
for seq in range(3):
    ask("POST", "/v1/batches" + key, json.dumps({"v": 1, "session": "visit", "window": "w", "seq": seq, "events": [
        {"type": 5, "timestamp": 1, "data": {"tag": "ss:identify", "payload": {"user": TEXTS[1]}}},
        {"type": 5, "timestamp": 2, "data": {"tag": "note", "payload": TEXTS[0]}},
        {"type": 5, "timestamp": 3, "data": {"tag": "ss:assets", "payload": {"http://a/b.css": sheet}}}]}))
ask("PUT", "/v1/annotations/n-1", json.dumps({"id": "n-1", "session": "visit", "kind": "note", "at": 1, "body": TEXTS[2],
                                              "author": TEXTS[3], "created_at": 1, "updated_at": 1}))
given = b"".join(ask("GET", path) for path in (
    "/v1/sessions/visit/batches", "/v1/annotations", "/v1/assets/" + sheet)).decode()
keys = [bytes.fromhex(text[2:]) for text in query("SELECT key FROM secret")]
texts = [text.encode() for text in TEXTS]
ok = check(1, [f"{text} is not handed out" for text in TEXTS if text not in given] +
           ([] if len(keys) == 3 else [f"{len(keys)} keys"]), "a token gets what was brought")
ok = check(2, where_found(texts), "before it is erased, no text stands in clear") and ok

seeing = subprocess.Popen(["psql", "-h", SOCKET, "-U", "sight", "-c", "BEGIN ISOLATION LEVEL REPEATABLE READ", "-c",
                           "SELECT pg_sleep(90)", "erase"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
SLEEPING = "FROM pg_stat_activity WHERE query LIKE '%pg_sleep(90)%' AND pid <> pg_backend_pid()"
while query("SELECT count(*) " + SLEEPING) == ["0"]:
    time.sleep(0.1)
ask("DELETE", "/v1/users/" + TEXTS[1])
left = [f"{table} {n}" for table in ("secret", "session", "batch", "person", "annotation", "asset")
        for n in query(f"SELECT count(*) FROM {table}") if n != "0"]
ok = check(3, left + where_found(texts), "afterwards no row, no key and no text is left") and ok



def remains():
    """What the collector's next round still has to do. The server's log goes round by itself."""
    return os.listdir(OBJECTS) + [place for place in where_found(keys) if "/pg_wal/" not in place]


def wait_while(remaining):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and remaining():
        time.sleep(0.5)


# Objects are removed by the end of a round.
wait_while(lambda: os.listdir(OBJECTS) or query("SELECT 1 FROM shredding WHERE begun < wanted"))
problems = [] if query("SELECT 1 FROM shredding WHERE done < wanted") else ["it counts as done"]
if not remains():
    problems.append("this server keeps no row for others")
ok = check(4, problems, "keys that another transaction may still see are not taken to be gone") and ok
query("SELECT pg_terminate_backend(pid) " + SLEEPING)
wait_while(lambda: remains() or query("SELECT 1 FROM shredding WHERE done < wanted"))
problems = remains() + [f"to be done: {n}" for n in query("SELECT 1 FROM shredding WHERE done < wanted")]
ok = check(5, problems, "when that ends no object is left, nor a key's bytes in a table") and ok
process.terminate()
ok = check(6, hold_lock(), "a lock that somebody holds keeps nobody waiting for long") and ok
sys.exit(0 if process.wait(30) == 0 and ok else 1)
