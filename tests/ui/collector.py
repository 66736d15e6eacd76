# SPDX-License-Identifier: MIT
"""A real collector on loopback, and a way to it that can be slow, answer with an error, or be cut."""
import http.client
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.parse

BUILD = os.environ["SIGHT_BUILD_ROOT"]


class Collector:
    """The collector with a store of its own. `url` leads to it by way of a proxy that does as `mood` says: None lets
    through, a number of seconds delays batches, a status ("500") is answered instead. Paths that begin with `closed` are
    answered with 500."""

    def __init__(self, folder):
        self.store = os.path.join(folder, "collector")
        self.process = subprocess.Popen([f"{BUILD}/src/collector/sessionsight-collector", "--json", "--listen", "127.0.0.1:0",
                                         "--store", self.store, "--name", "Acme shop", "--rate-address", "0"],
                                        stdout=subprocess.PIPE, text=True)
        told = json.loads(self.process.stdout.readline())
        self.direct, self.token, self.write_key = told["url"], told["token"], told["write_key"]
        self.mood, self.closed = None, None
        collector = self

        class Proxy(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                collector._pass_on(self)

            do_PUT = do_POST = do_DELETE = do_GET

            def log_message(self, format, *args):
                pass

        self.proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        self.proxy.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.proxy.server_address[1]
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()

    def _pass_on(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        closed = self.closed and request.path.startswith(self.closed)
        if closed or isinstance(self.mood, str):
            status = 500 if closed else int(self.mood)
            answer, headers = b"out of order\n", [("Content-Type", "text/plain")]
        else:
            if self.mood and "batches?after=0&" in request.path + "&":
                time.sleep(self.mood)
            there = http.client.HTTPConnection(urllib.parse.urlsplit(self.direct).netloc)
            there.request(request.command, request.path, body, dict(request.headers))
            response = there.getresponse()
            status, answer, headers = response.status, response.read(), response.getheaders()
        request.send_response(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)

    def post(self, *files):
        subprocess.run([f"{BUILD}/src/cli/sightctl", "post", *files, "--url", self.direct, "--key", self.write_key],
                       check=True, stdout=subprocess.DEVNULL)

    def cut(self):
        """Nobody answers any more."""
        self.proxy.shutdown()
        self.proxy.server_close()

    def revoke_tokens(self):
        keys = [f"{BUILD}/src/collector/sessionsight-collector", "keys"]
        ran = subprocess.run([*keys, "list", "--store", self.store, "--json"], check=True, stdout=subprocess.PIPE, text=True)
        for key in map(json.loads, ran.stdout.splitlines()):
            if key["scopes"] != "write":
                subprocess.run([*keys, "revoke", str(key["number"]), "--store", self.store], check=True,
                               stdout=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait(20)
