# SPDX-License-Identifier: MIT
"""Files that expand to very much, in each form in which recordings come: bombs.py. Whatever becomes of them, sightctl
says so within a bound of memory. Five of them at random, or all with SIGHT_TEST_FULL; the byte in them is random, too:
SIGHT_SEED repeats a run."""
import gzip
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile
import zlib

MIB = 1 << 20
BIG = 256 * MIB
# The blocks of an export may have as much.
MOST_MIB = 400
# AddressSanitizer would keep 256 MiB of what was freed.
SANITIZER = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
HEAD = b'{"type":4,"timestamp":1700000000000,"data":{"href":"http://x.example/","width":1,"height":1}}'
TEXT = b'{"type":5,"timestamp":1700000000001,"data":{"tag":"x","payload":"'


def gzipped(pieces):
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join([packer.compress(piece) for piece in pieces] + [packer.flush()])


def zstandard(begin, byte, size, end):
    """One frame: what stands before and behind as it is, and between them blocks that repeat one byte."""
    def block(kind, bytes_, data, last=0):
        return (last | kind << 1 | bytes_ << 3).to_bytes(3, "little") + data
    most = 128 * 1024
    blocks = [block(0, len(begin), begin)] + [block(1, most, byte)] * (size // most) + [block(0, len(end), end, 1)]
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(blocks)


def zipped(names, byte, size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in names:
            with archive.open(name, "w") as entry:
                for _ in range(size // MIB):
                    entry.write(byte * MIB)
    return out.getvalue()


def packed(event, times):
    """As rrweb's pack() does, in itself as often as wanted."""
    for _ in range(times):
        event = json.dumps(zlib.compress(event, 1).decode("latin-1")).encode()
    return event


def clip(begin, byte):
    return zstandard(b'{"sightclip":1,' + begin, byte, BIG, b'],"events":[' + HEAD + b"]}")


def bombs(chance):
    byte = bytes([chance.choice(b' [{"0,x\n\\')])
    fill = [byte * MIB] * (BIG // MIB)
    event = TEXT + b"x" * (12 * MIB) + b'"}}'
    return [
        ("events.json.gz", lambda: gzipped([b"[" + HEAD + b","] + fill)),
        ("text.json.gz", lambda: gzipped([b"[" + HEAD + b"," + TEXT] + fill + [b'"}}]'])),
        ("lines.jsonl.gz", lambda: gzipped([HEAD + b"\n"] + fill)),
        ("nested.json.gz", lambda: gzip.compress(gzipped([b"[" + HEAD] + fill), 1)),
        ("rows.json.gz", lambda: gzipped([b'{"rows":[{"session_id":"s","events":"'] + fill)),
        ("values.json.gz", lambda: gzipped([b'{"rows":"['] + [b"0," * (MIB // 2)] * 60 + [b'0]"}'])),
        ("events.json.zst", lambda: zstandard(b"[" + HEAD + b",", byte, BIG, b"]")),
        ("notes.sightclip", lambda: clip(b'"notes":[', byte)),
        ("blank-notes.sightclip", lambda: clip(b'"notes":[', b" ")),
        ("before.sightclip", lambda: clip(b'"x":[', b" ")),
        ("block.zip", lambda: zipped(["data/rrweb/0"], byte, BIG)),
        ("blocks.zip", lambda: zipped((f"data/rrweb/{i}" for i in range(12)), byte, 24 * MIB)),
        ("packed.json", lambda: b"[" + HEAD + (b"," + packed(event, 1)) * 20 + b"]"),
        ("packed-twice.json", lambda: b"[" + HEAD + (b"," + packed(event, 2)) * 20 + b"]"),
    ]


def take(sightctl, folder, name, data):
    """What went wrong, or None; and what to tell. The memory is also that of this process at first."""
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    with open(os.path.join(folder, "said"), "w+b") as said:
        process = subprocess.Popen([sightctl, "import", path, "--cache", os.path.join(folder, "cache-" + name)],
                                   stdout=said, stderr=said, env={**os.environ, "ASAN_OPTIONS": SANITIZER})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace").strip()
    memory = usage.ru_maxrss // 1024
    told = f"{name}: {len(data)} bytes, exit {process.returncode}, {memory} MiB, {text[-160:]!r}"
    if process.returncode not in (0, 1):
        return "it ended with " + str(process.returncode), told
    if process.returncode == 1 and name not in text:
        return "the file is not named", told
    return (f"{memory} MiB" if memory > MOST_MIB else None), told


def main():
    seed = int(os.environ.get("SIGHT_SEED", random.randrange(1 << 32)))
    print(f"# SIGHT_SEED={seed}")
    sightctl = os.path.join(os.environ["SIGHT_BUILD_ROOT"], "src", "cli", "sightctl")
    chance = random.Random(seed)
    chosen = bombs(chance)
    if not os.environ.get("SIGHT_TEST_FULL"):
        chosen = chance.sample(chosen, 5)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="sight-bombs-") as folder:
        for n, (name, make) in enumerate(chosen, 1):
            fault, told = take(sightctl, folder, name, make())
            print(f"# {told}")
            print(f"{'not ok' if fault else 'ok'} {n} {name}{': ' + fault if fault else ''}", flush=True)
            wrong += fault is not None
    print(f"1..{len(chosen)}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
