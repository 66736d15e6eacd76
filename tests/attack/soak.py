# SPDX-License-Identifier: MIT
"""Honest visitors beside hostile ones: soak.py COLLECTOR. 15 s, or SIGHT_SOAK_S; ten minutes with SIGHT_TEST_FULL.

Visitors of each kind are processes of their own, so that no client waits for another: what is measured is the collector.
Always asserted: every honest post is answered 202, files are given back, memory is flat and at most 150 MB. With
SIGHT_SOAK_S or SIGHT_TEST_FULL also that the p99 of honest posts is at most 5 times the quiet one: that takes a machine
with nothing else to do. `SIGHT_SOAK_S=60 python3 tests/attack/soak.py build-tests/src/collector/sessionsight-collector`"""
import base64
import gzip
import http.client
import json
import multiprocessing
import os
import queue
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

SHORT_S = 15
FULL_S = 600
QUIET_S = 5
BACK_S = 90
MOST_MIB = 150
GROWTH_KIB = 48 * 1024
P99_TIMES = 5
SANITIZED = 3  # times the memory: shadow and red zones
# AddressSanitizer would keep 256 MiB of what was freed.
SANITIZER = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=16"


class Collector:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="sight-soak-")
        self.process = subprocess.Popen(
            [program, "--listen", "127.0.0.1:0", "--store", self.folder + "/store", "--json", "--rate-key", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "ASAN_OPTIONS": SANITIZER})
        start = json.loads(self.process.stdout.readline())
        self.target = Target(int(start["url"].rsplit(":", 1)[1]), "/v1/batches?key=" + start["write_key"], start["token"])

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def most_memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(status.read().split("VmHWM:")[1].split()[0])

    def is_sanitized(self):
        with open(f"/proc/{self.process.pid}/maps") as maps:
            return "libasan" in maps.read()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(60)
        shutil.rmtree(self.folder)
        return code


class Target:
    """What a visitor's process needs to know."""

    def __init__(self, port, path, token):
        self.port = port
        self.path = path
        self.token = token

    def connect(self, address):
        return socket.create_connection(("127.0.0.1", self.port), 10, source_address=(address, 0))

    def head(self, length, packed=False):
        coding = "Content-Encoding: gzip\r\n" if packed else ""
        return (f"POST {self.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{coding}"
                f"Content-Length: {length}\r\n\r\n").encode()


def batch(session, seq, event):
    return json.dumps({"v": 1, "session": session, "window": "w", "seq": seq, "events": [event]}).encode()


META = {"type": 4, "timestamp": 1700000000000, "data": {"href": "https://x.example/", "width": 1, "height": 1}}
RESET = struct.pack("ii", 1, 0)


# Hostile visitors: each is called again and again with its own state.
def goes_away(target, state, chance):
    with target.connect("127.0.0.2") as peer:
        peer.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n"[:chance.randrange(1, 40)])
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def reads_nothing(target, state, chance):
    state.append(target.connect("127.0.0.3"))
    state[-1].sendall(b"GET /v1/recorder.js HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
    if len(state) > 100:
        state.pop(chance.randrange(len(state))).close()


def sends_half(target, state, chance):
    state.append(target.connect("127.0.0.4"))
    state[-1].sendall(target.head(10 << 20) + b"x" * chance.randrange(10 << 20))
    if len(state) > 40:
        state.pop(chance.randrange(len(state))).close()


def names_long(target, state, chance):
    who = {"type": 5, "timestamp": 1, "data": {"tag": "ss:identify", "payload": {"user": "m" * chance.randrange(8 << 20)}}}
    send(target, "127.0.0.5", gzip.compress(batch(f"long{chance.random()}"[2:], 0, who), 1))


def bombs(target, state, chance):
    if not state:
        state.append(gzip.compress(b'{"x":"' + b"x" * (60 << 20) + b'"}'))
    send(target, "127.0.0.6", state[0])


def sends_one_event(target, state, chance):
    """Valid posts of one event, up to all that may be expanded: one long text, nothing but numbers, packed."""
    size = chance.choice([chance.randrange(1 << 20, 16 << 20), chance.randrange(1 << 20, 64 << 20)])
    kind = chance.randrange(3)
    data = b'"' + b"x" * size + b'"' if kind < 2 else b"[" + b"0," * (chance.randrange(1 << 20, 4 << 20)) + b"0]"
    event = b'{"type":5,"timestamp":1,"data":' + data + b"}"
    if kind == 1:
        event = json.dumps(zlib.compress(event, 1).decode("latin-1")).encode()
    session = f"one{chance.random()}".replace(".", "").encode()
    body = b'{"v":1,"session":"' + session + b'","window":"w","seq":0,"events":[' + event + b"]}"
    send(target, f"127.0.0.{chance.randrange(7, 10)}", gzip.compress(body, 1))


def reads_slowly(target, state, chance):
    """64 workstations that ask for large answers and take a KiB of each now and then."""
    if len(state) < 64:
        peer = target.connect(f"127.0.0.{chance.randrange(10, 18)}")
        peer.sendall((f"GET /v1/sessions/{LARGE}/batches HTTP/1.1\r\nHost: x\r\n"
                      f"Authorization: Bearer {target.token}\r\n\r\n").encode())
        peer.setblocking(False)
        state.append(peer)
    peer = chance.choice(state)
    try:
        gone = not peer.recv(1024)
    except BlockingIOError:
        gone = False
    except OSError:
        gone = True
    if gone:
        state.remove(peer)
        peer.close()


HOSTILE = [goes_away, reads_nothing, sends_half, names_long, bombs, sends_one_event, reads_slowly]
LARGE = "large"  # a session of more than one answer, which no compression makes small


def fill_large(target):
    for seq in range(12):
        text = base64.b64encode(random.randbytes(400_000)).decode()
        event = {"type": 5, "timestamp": 1, "data": {"tag": "x", "payload": text}}
        send(target, "127.0.0.1", gzip.compress(batch(LARGE, seq, event), 1))


def send(target, address, packed):
    with target.connect(address) as peer:
        peer.settimeout(120)
        peer.sendall(target.head(len(packed), True) + packed)
        peer.recv(4096)


def attack(target, kind, seed, stop):
    # An attacker has a machine of its own: here the collector and its honest visitors go first.
    os.nice(10)
    chance = random.Random(seed)
    state = []
    while not stop.is_set():
        try:
            kind(target, state, chance)
        except OSError:
            pass  # refusing them is right
        stop.wait(0.01)
    for peer in state:
        if isinstance(peer, socket.socket):
            peer.close()


def visit(target, session, seconds, results):
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=120)
    times, refused = [], []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        connection.request("POST", target.path, batch(session, len(times), META), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        times.append(time.monotonic() - begin)
        if answer.status != 202:
            refused.append(answer.status)
        time.sleep(0.02)
    connection.close()
    results.put((times, refused))


def visit_apart(collector, session, seconds):
    results = multiprocessing.Queue()
    visitor = multiprocessing.Process(target=visit, args=(collector.target, session, seconds, results))
    visitor.start()
    while True:
        try:
            times, refused = results.get(timeout=1)
            visitor.join()
            return times, refused
        except queue.Empty:
            if not visitor.is_alive() and results.empty():
                sys.exit("Bail out! The collector did not answer an honest visitor.")


def tell(what, times):
    times.sort()
    middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"# {what}: {len(times)} posts, p50 {middle * 1000:.1f} ms, p99 {late * 1000:.1f} ms", flush=True)
    return late


def under_attack(collector, seconds, seed):
    """Times and refusals of the honest one; the most memory in the first half, and in all."""
    stop = multiprocessing.Event()
    attackers = [multiprocessing.Process(target=attack, args=(collector.target, kind, seed + i, stop))
                 for i, kind in enumerate(HOSTILE)]
    for attacker in attackers:
        attacker.start()
    try:
        first, refused = visit_apart(collector, "first-half", seconds / 2)
        half = collector.most_memory()
        second, refused_later = visit_apart(collector, "second-half", seconds / 2)
        most = collector.most_memory()
    finally:
        stop.set()
        for attacker in attackers:
            attacker.join()
    return first + second, refused + refused_later, half, most


def main():
    asked = os.environ.get("SIGHT_SOAK_S")
    full = bool(os.environ.get("SIGHT_TEST_FULL"))
    seconds = float(asked) if asked else FULL_S if full else SHORT_S
    seed = int(os.environ.get("SIGHT_SEED", random.randrange(1 << 32)))
    print(f"# SIGHT_SEED={seed}")
    collector = Collector(sys.argv[1])
    fill_large(collector.target)
    quiet, refused = visit_apart(collector, "quiet", QUIET_S)
    files = collector.files()
    busy, refused_busy, half, most = under_attack(collector, seconds, seed)
    refused += refused_busy
    begin = time.monotonic()
    while collector.files() > files + 8 and time.monotonic() < begin + BACK_S:
        time.sleep(0.2)
    left, back_s = collector.files(), time.monotonic() - begin
    ratio = tell("attacked", busy) / tell("quiet", quiet)
    bound = MOST_MIB * (SANITIZED if collector.is_sanitized() else 1)
    print(f"# p99 {ratio:.1f} times the quiet one; at most {most // 1024} MiB; {files} files before, {left} after {back_s:.0f} s")
    results = [(not refused, f"every honest post is answered 202 (others: {refused[:5]})"),
               (left <= files + 8, f"files are given back within {BACK_S} s"),
               (most - half < GROWTH_KIB, f"memory is flat ({half} KiB in the first half, {most} KiB in all)"),
               (most <= bound * 1024, f"memory is at most {bound} MiB ({most // 1024})")]
    if asked or full:
        results.append((ratio <= P99_TIMES, f"p99 is at most {P99_TIMES} times the quiet one ({ratio:.1f})"))
    results.append((collector.stop() == 0, "the collector ends well"))
    print(f"1..{len(results)}")
    for i, (held, what) in enumerate(results, 1):
        print(f"{'ok' if held else 'not ok'} {i} {what}")
    for held, what in results:
        print(f"# {'PASS' if held else 'FAIL'}: {what}")
    sys.exit(0 if all(held for held, _ in results) else 1)


if __name__ == "__main__":
    main()
