#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A small S3-compatible store for tests: s3-server.py FOLDER [--refuse PERCENT]. Prints its port.

It is written from the public description of the protocol alone, checks every signature by a calculation of its own,
and keeps each object as a file of the folder. It refuses, with 503, so many of a hundred requests; PUTs both before and
after they were stored, as a store does whose answer is lost."""
import datetime
import hashlib
import hmac
import http.server
import os
import random
import re
import sys
import urllib.parse

ACCESS, SECRET, REGION, BUCKET = "test-access", "test-secret", "us-east-1", "recordings"
FOLDER = sys.argv[1]
REFUSED = float(sys.argv[sys.argv.index("--refuse") + 1]) / 100 if "--refuse" in sys.argv else 0
SEED = random.randrange(1 << 30)
CHANCE = random.Random(SEED)


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(handler, body, names, day):
    path, _, query = handler.path.partition("?")
    pairs = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
    quoted = "&".join(f"{urllib.parse.quote(k, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for k, v in pairs)
    headers = "".join(f"{name}:{' '.join(handler.headers[name].split())}\n" for name in names)
    content = hashlib.sha256(body).hexdigest()
    if handler.headers["x-amz-content-sha256"] != content:
        return "the content has another hash"
    request = "\n".join([handler.command, path, quoted, headers, ";".join(names), content])
    scope = f"{day}/{REGION}/s3/aws4_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", handler.headers["x-amz-date"], scope, hashed])
    key = digest(digest(digest(digest(("AWS4" + SECRET).encode(), day), REGION), "s3"), "aws4_request")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def is_signed(handler, body):
    match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
                         r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})",
                         handler.headers.get("Authorization", ""))
    if not match or match[1] != ACCESS or match[3] != REGION:
        return False
    names = match[4].split(";")
    time = datetime.datetime.strptime(handler.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
    fresh = abs((datetime.datetime.utcnow() - time).total_seconds()) < 900
    needed = {"host", "x-amz-content-sha256", "x-amz-date"} | ({"range"} if "Range" in handler.headers else set())
    return fresh and needed <= set(names) and signature(handler, body, names, match[2]) == match[5]


def modified(name):
    time = datetime.datetime.utcfromtimestamp(os.stat(os.path.join(FOLDER, name)).st_mtime)
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, code):
        self.answer(status, f"<Error><Code>{code}</Code></Error>".encode())

    def list(self, query):
        names = sorted(os.listdir(FOLDER))
        after = query.get("continuation-token", "")
        rest = [name for name in names if name > after and not name.startswith(".")
                and name.replace("+", "/").startswith(query.get("prefix", ""))]
        page, more = rest[:3], len(rest) > 3
        entries = "".join(f"<Contents><Key>{name.replace('+', '/')}</Key><LastModified>{modified(name)}</LastModified>"
                          f"</Contents>" for name in page)
        token = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if more else ""
        self.answer(200, f"<?xml version='1.0'?><ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>"
                         f"{token}{entries}</ListBucketResult>".encode())

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_signed(self, body):
            self.refuse(403, "SignatureDoesNotMatch")
            return
        refuse, early = CHANCE.random() < REFUSED, CHANCE.random() < 0.5
        if refuse and early:
            self.refuse(503, "SlowDown")
            return
        path, _, query = self.path.partition("?")
        bucket, _, name = path.lstrip("/").partition("/")
        file = os.path.join(FOLDER, name.replace("/", "+"))
        if bucket != BUCKET or not re.fullmatch(r"[A-Za-z0-9_/-]*", name):
            self.refuse(404, "NoSuchBucket")
        elif self.command == "PUT" and name:
            with open(file + ".part", "wb") as out:
                out.write(body)
            os.rename(file + ".part", file)
            self.refuse(503, "SlowDown") if refuse else self.answer(200)
        elif self.command == "GET" and not name:
            self.list(dict(urllib.parse.parse_qsl(query)))
        elif not os.path.exists(file):
            self.answer(204) if self.command == "DELETE" else self.refuse(404, "NoSuchKey")
        elif self.command == "DELETE":
            os.remove(file)
            self.answer(204)
        else:
            with open(file, "rb") as content:
                data = content.read()
            span = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            self.answer(206 if span else 200, data[int(span[1]):int(span[2]) + 1] if span else data)

    do_GET = do_PUT = do_DELETE = handle_one


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Collectors that are killed close their connections."""


server = Server(("127.0.0.1", 0), Handler)
print(f"# object store, seed {SEED}", file=sys.stderr)
print(server.server_address[1], flush=True)
server.serve_forever()
