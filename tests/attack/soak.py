# SPDX-License-Identifier: MIT
"""Honest visitors beside hostile ones, about 20 s (10 minutes with SIGHT_TEST_FULL): soak.py COLLECTOR.

Asserted: every honest post is answered 202, the collector's files are back to what they were within 90 s, and memory
does not grow. Printed, not asserted: how long honest posts took, quiet and under attack, and the most memory."""
import gzip
import http.client
import json
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

QUIET_S = 5
BACK_S = 90
GROWTH_KIB = 48 * 1024


class Collector:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="sight-soak-")
        self.process = subprocess.Popen(
            [program, "--listen", "127.0.0.1:0", "--store", self.folder + "/store", "--json", "--rate-key", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        start = json.loads(self.process.stdout.readline())
        self.port = int(start["url"].rsplit(":", 1)[1])
        self.path = "/v1/batches?key=" + start["write_key"]

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self, what="VmRSS"):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(status.split(what + ":")[1].split()[0])

    def connect(self, address):
        return socket.create_connection(("127.0.0.1", self.port), 10, source_address=(address, 0))

    def head(self, length, packed=False):
        coding = "Content-Encoding: gzip\r\n" if packed else ""
        return (f"POST {self.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{coding}"
                f"Content-Length: {length}\r\n\r\n").encode()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(60)
        shutil.rmtree(self.folder)
        return code


def batch(session, seq, event):
    return json.dumps({"v": 1, "session": session, "window": "w", "seq": seq, "events": [event]}).encode()


META = {"type": 4, "timestamp": 1700000000000, "data": {"href": "https://x.example/", "width": 1, "height": 1}}
RESET = struct.pack("ii", 1, 0)


# Hostile visitors: each is called again and again with its own state.
def goes_away(collector, state, chance):
    with collector.connect("127.0.0.2") as peer:
        peer.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n"[:chance.randrange(1, 40)])
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def reads_nothing(collector, state, chance):
    state.append(collector.connect("127.0.0.3"))
    state[-1].sendall(b"GET /v1/recorder.js HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
    if len(state) > 100:
        state.pop(chance.randrange(len(state))).close()


def sends_half(collector, state, chance):
    state.append(collector.connect("127.0.0.4"))
    state[-1].sendall(collector.head(10 << 20) + b"x" * chance.randrange(10 << 20))
    if len(state) > 40:
        state.pop(chance.randrange(len(state))).close()


def names_long(collector, state, chance):
    who = {"type": 5, "timestamp": 1, "data": {"tag": "ss:identify", "payload": {"user": "m" * chance.randrange(8 << 20)}}}
    send_packed(collector, "127.0.0.5", batch(f"long{chance.random()}"[2:], 0, who))


def bombs(collector, state, chance):
    if not state:
        state.append(gzip.compress(b'{"x":"' + b"x" * (60 << 20) + b'"}'))
    send(collector, "127.0.0.6", state[0], True)


def send_packed(collector, address, body):
    send(collector, address, gzip.compress(body, 1), True)


def send(collector, address, body, packed):
    with collector.connect(address) as peer:
        peer.settimeout(120)
        peer.sendall(collector.head(len(body), packed) + body)
        return peer.recv(4096)


def attack(collector, kind, chance, stop):
    state = []
    while not stop.is_set():
        try:
            kind(collector, state, chance)
        except OSError:
            pass  # refusing them is right
        stop.wait(0.01)
    for peer in state:
        if isinstance(peer, socket.socket):
            peer.close()


def visit(collector, number, seconds, times, refused):
    connection = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=120)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number[0] += 1
        begin = time.monotonic()
        connection.request("POST", collector.path, batch("honest", number[0], META), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        times.append(time.monotonic() - begin)
        if answer.status != 202:
            refused.append(answer.status)
        time.sleep(0.02)
    connection.close()


def tell(what, times):
    times.sort()
    middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"# {what}: {len(times)} posts, p50 {middle * 1000:.1f} ms, p99 {late * 1000:.1f} ms", flush=True)
    return late


def main():
    seconds = 600 if os.environ.get("SIGHT_TEST_FULL") else 15
    seed = int(os.environ.get("SIGHT_SEED", random.randrange(1 << 32)))
    print(f"# SIGHT_SEED={seed}")
    collector = Collector(sys.argv[1])
    number, refused, quiet, busy = [0], [], [], []
    visit(collector, number, QUIET_S, quiet, refused)
    files = collector.files()
    stop = threading.Event()
    kinds = [goes_away, reads_nothing, sends_half, names_long, bombs]
    threads = [threading.Thread(target=attack, args=(collector, kind, random.Random(seed + i), stop))
               for i, kind in enumerate(kinds)]
    for thread in threads:
        thread.start()
    visit(collector, number, seconds / 2, busy, refused)
    half = collector.memory("VmHWM")
    visit(collector, number, seconds / 2, busy, refused)
    most = collector.memory("VmHWM")
    stop.set()
    for thread in threads:
        thread.join()
    end = time.monotonic() + BACK_S
    while collector.files() > files + 8 and time.monotonic() < end:
        time.sleep(0.2)
    left = collector.files()
    ratio = tell("attacked", busy) / tell("quiet", quiet)
    print(f"# p99 {ratio:.1f} times the quiet one; at most {most // 1024} MiB; {files} files before, {left} after")
    results = [(not refused, f"every honest post is answered 202 (others: {refused[:5]})"),
               (left <= files + 8, "files are given back"),
               (most - half < GROWTH_KIB, f"memory is flat ({half} KiB in the first half, {most} KiB in all)"),
               (collector.stop() == 0, "the collector ends well")]
    print(f"1..{len(results)}")
    for i, (held, what) in enumerate(results, 1):
        print(f"{'ok' if held else 'not ok'} {i} {what}")
    sys.exit(0 if all(held for held, _ in results) else 1)


if __name__ == "__main__":
    main()
