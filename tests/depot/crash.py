# SPDX-License-Identifier: MIT
"""Three collectors over one database and one object store, each killed again and again: crash.py COLLECTOR, within
with-postgres.sh. 50 kills; 1,000 with SIGHT_TEST_FULL. SIGHT_SEED=N takes the same decisions again.

An nginx stands in front, as in SCALE.md. Whoever is refused or cut off sends again, some to a collector beside it too. What was acknowledged is there
afterwards, once and whole; who followed the changes all the time knows what one who asks from the beginning learns."""
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

FULL = bool(os.environ.get("SIGHT_TEST_FULL"))
KILLS = 1000 if FULL else 50
SEED = int(os.environ.get("SIGHT_SEED", random.randrange(1 << 30)))
SENDERS = 12
SHARED = 4  # windows of one session are sent by so many at once
SOCKET = os.environ["SIGHT_TEST_POSTGRES"]
OBJECTS = os.environ["SIGHT_TEST_OBJECTS"]
FOREIGN = os.path.join(OBJECTS, "batches+another+orphan")
subprocess.run(["createdb", "-h", SOCKET, "-U", "sight", "crash"], check=True)
STORE = f"postgresql://sight@/crash?host={SOCKET}"
print(f"1..4\n# seed {SEED}, {KILLS} kills", flush=True)


class Collector:
    def __init__(self, listen="127.0.0.1:0"):
        self.listen = listen
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.argv[1], "--listen", self.listen, "--store", STORE, "--blobs", os.environ["SIGHT_TEST_BLOBS"],
             "--json", "--rate-address", "0", "--rate-key", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline()
        self.said = json.loads(line) if line else None
        if self.said:
            self.listen = self.said["url"].split("//")[1]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        # The port may be somebody's for a moment, and the object store may refuse once too often.
        for _ in range(50):
            self.start()
            if self.said:
                return
            self.process.wait()


first = Collector()
KEY, TOKEN = first.said["write_key"], first.said["token"]
collectors = [first, Collector(), Collector()]


class Front:
    """nginx: the next collector is asked where one is gone, also for a post."""
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.listen = "127.0.0.1:%d" % free.getsockname()[1]
        folder = self.folder.name
        with open(folder + "/conf", "w", encoding="utf-8") as conf:
            conf.write(f"""
daemon off; pid {folder}/pid; error_log {folder}/log crit; events {{ worker_connections 512; }}
http {{
  access_log off; client_body_buffer_size 64k; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream collectors {{ {"".join(f"server {c.listen} max_fails=0; " for c in collectors)} keepalive 64; }}
  server {{
    listen {self.listen};
    location / {{
      proxy_pass http://collectors; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
      proxy_next_upstream error timeout http_503 non_idempotent;
    }}
  }}
}}
""")
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", folder + "/conf"])


NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
front = Front()
# Some commits take their time, as on a busy disk: an order that only seems right is seen to be none.
subprocess.run(["psql", "-q", "-h", SOCKET, "-U", "sight", "crash", "-c", """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF random() < 0.1 THEN PERFORM pg_sleep(random() * 0.05); END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON batch DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION dawdle();
"""], check=True)


def ask(where, method, path, body=None):
    """(status, body); status 0: no whole answer."""
    try:
        connection = http.client.HTTPConnection(where.listen, timeout=20)
        headers = {"Authorization": "Bearer " + TOKEN} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""


def ask_until(chance, method, path, body=None, wanted=(200, 202)):
    while True:
        status, answer = ask(front, method, path, body)
        if status in wanted or status == 410:
            return status, json.loads(answer)
        time.sleep(0.02)


def text_of(session, window, seq):
    return f"https://shop.example/{session}/{window}/{seq}/" + "x" * (seq * 37 % 1500)


acknowledged, sent, erased = {}, set(), set()
lock = threading.Lock()
stop = threading.Event()
wrong = []


def send(number):
    chance = random.Random(SEED + number)
    window = f"w{number}"
    seqs = {}
    while not stop.is_set():
        session = f"shared-{chance.randrange(3)}" if number < SHARED else f"own-{number}-{chance.randrange(4)}"
        seq = seqs.setdefault(session, 0)
        body = json.dumps({"v": 1, "session": session, "window": window, "seq": seq, "sent_at": 1, "events": [
            {"type": 4, "timestamp": 1700000000000 + seq,
             "data": {"href": text_of(session, window, seq), "width": 1, "height": 1}}]})
        path = "/v1/batches?key=" + KEY
        with lock:
            sent.add((session, window, seq))
        twin = None
        if chance.random() < 0.2:
            twin = threading.Thread(target=ask, args=(chance.choice(collectors), "POST", path, body))
            twin.start()
        status, _ = ask_until(chance, "POST", path, body)
        if twin:
            twin.join()
        if status == 202:
            with lock:
                acknowledged[(session, window, seq)] = True
        seqs[session] = seq + 1


def erase():
    """Now and then a visitor wants to be forgotten."""
    chance = random.Random(SEED - 1)
    while not stop.wait(chance.uniform(0.5, 1.5)):
        session = f"own-{chance.randrange(SHARED, SENDERS)}-3"
        ask_until(chance, "DELETE", "/v1/sessions/" + session)
        erased.add(session)


def read_page(chance, cursor, state):
    status, page = ask_until(chance, "GET", f"/v1/changes?limit=20&after={cursor}", wanted=(200, 409))
    if status == 409 or "changes" not in page:
        wrong.append(f"a cursor was refused: {cursor}")
        return cursor, False
    last = int(cursor.split(".")[1]) if cursor else 0
    for change in page["changes"]:
        if change["revision"] <= last:
            wrong.append(f"revision {change['revision']} after {last}")
        last = change["revision"]
        state[change["session"]] = {k: v for k, v in change.items() if k != "session"}
    return page["cursor"], page["more"]


followed = {}
cursor = ""


def follow():
    global cursor
    chance = random.Random(SEED - 2)
    more = True
    while not stop.is_set() or more:
        cursor, more = read_page(chance, cursor, followed)


def check(number, right, what, problem=""):
    print(f"{'ok' if right else 'not ok'} {number} - {what}" + (f"\n# {problem}" if not right else ""), flush=True)
    return right


# A collector that was killed between the two left it behind, long ago.
depot = subprocess.run(["psql", "-At", "-h", SOCKET, "-U", "sight", "crash", "-c", "SELECT id FROM depot"],
                       check=True, capture_output=True, text=True).stdout.strip()
OLD = os.path.join(OBJECTS, f"batches+{depot}+orphan")
for name in (OLD, FOREIGN):
    with open(name, "w", encoding="utf-8") as orphan:
        orphan.write("nobody's")
    os.utime(name, (1, 1))
threads = [threading.Thread(target=send, args=(i,)) for i in range(SENDERS)]
threads += [threading.Thread(target=erase), threading.Thread(target=follow)]
began = time.monotonic()
for thread in threads:
    thread.start()
chance = random.Random(SEED)
killers = []
for _ in range(KILLS):
    time.sleep(chance.uniform(0.0, 0.3))
    victim = chance.randrange(3)
    for killer in [k for k in killers if k.victim == victim]:
        killer.join()
    killer = threading.Thread(target=collectors[victim].kill)
    killer.victim = victim
    killer.start()
    killers.append(killer)
for killer in killers:
    killer.join()
stop.set()
for thread in threads:
    thread.join()
print(f"# {len(acknowledged)} acknowledged, {len(erased)} erased in {time.monotonic() - began:.1f} s", flush=True)

cursor, more = read_page(chance, cursor, followed)
while more:
    cursor, more = read_page(chance, cursor, followed)
fresh, place, more = {}, "", True
while more:
    place, more = read_page(chance, place, fresh)
found, problems = {}, []
for session, change in fresh.items():
    if change["erased"]:
        continue
    after, lines = 0, [None]
    while lines:
        status, body = ask(front, "GET", f"/v1/sessions/{session}/batches?after={after}")
        if status in (0, 502, 503):
            continue
        lines = [json.loads(line) for line in body.splitlines()]
        for batch in lines:
            key = (session, batch["window"], batch["seq"])
            if key in found:
                problems.append(f"{key} twice")
            if batch["arrival"] != after + 1:
                problems.append(f"{session}: arrival {batch['arrival']} after {after}")
            if batch["events"][0]["data"]["href"] != text_of(*key):
                problems.append(f"{key} has another text")
            after = batch["arrival"]
            found[key] = True
    if after != change["batches"]:
        problems.append(f"{session}: {after} batches of {change['batches']}")
lost = [key for key in acknowledged if key not in found and key[0] not in erased]
problems += [f"{key} was never sent" for key in found if key not in sent]
problems += [f"{session} is erased and there" for session in erased if not fresh.get(session, {}).get("erased")]
ok = check(1, not lost and len(acknowledged) > KILLS, "nothing that was acknowledged is lost",
           f"{len(lost)} lost: {lost[:3]}")
ok = check(2, not problems, "nothing is doubled, mixed up, or comes back", problems[:3]) and ok
same = followed == fresh
ok = check(3, same and not wrong, "who followed the changes missed none, and saw them in order",
           wrong[:3] or [(k, followed.get(k), v) for k, v in fresh.items() if followed.get(k) != v][:3]) and ok
# Whoever had the lease for it may have been killed meanwhile.
subprocess.run(["psql", "-q", "-h", SOCKET, "-U", "sight", "crash", "-c", "DELETE FROM lease"], check=True)
collectors[0].kill()
deadline = time.monotonic() + 30
while os.path.exists(OLD) and time.monotonic() < deadline:
    time.sleep(0.2)
ok = check(4, not os.path.exists(OLD) and os.path.exists(FOREIGN),
           "an object that nobody told of is swept away, one of another database is not") and ok
front.process.terminate()
ok = front.process.wait(30) == 0 and ok
for collector in collectors:
    collector.process.terminate()
for collector in collectors:
    ok = collector.process.wait(30) == 0 and ok
sys.exit(0 if ok else 1)
