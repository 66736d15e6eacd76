# SPDX-License-Identifier: MIT
"""Problems against what was planted: made-up visits to a shop in which known things go wrong. Each planted problem is one
problem of the list, with just its sessions and users; one visitor's storm is none of the first.

What differs between real visits differs here: ids in addresses and messages, texts by language, classes and bundles by
release, devices, users who come again and visitors without a name. planted.py [--full]: 12 problems in 320 sessions, or 44
in 2,200."""
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

SIGHTCTL = os.path.join(os.environ["SIGHT_BUILD_ROOT"], "src", "cli", "sightctl")
SEED = int(os.environ.get("SIGHT_SEED", "7"))
FULL = "--full" in sys.argv or os.environ.get("SIGHT_TEST_FULL") == "1"
N_PROBLEMS, N_SESSIONS = (44, 2200) if FULL else (12, 320)
STORM_SESSIONS = N_SESSIONS // 20
START_MS = 1700000000000
RIGHT_SHARE = 0.95
PAGES = ["/", "/search?q={word}", "/product/{id}", "/basket", "/checkout/address", "/checkout/payment", "/checkout/review",
         "/account/orders/{id}", "/help", "/wish-list", "/login", "/store/{id}/hours", "/gift/{uuid}"]
# Of each page: what can be pressed, by how it is told apart, with its text in two languages.
CONTROLS = [({"id": "pay"}, "Pay {price} now", "{price} jetzt zahlen"), ({"data-testid": "apply-coupon"}, "Apply", "Anwenden"),
            ({"name": "save", "type": "submit"}, "Save address {n}", "Adresse {n} speichern"), ({"aria-label": "Zoom"}, "", ""),
            ({}, "More of {word}", "Mehr von {word}"), ({"id": "next-step"}, "Continue", "Weiter")]
KINDS = ("rage", "error", "dead", "request", "console")
AGENTS = [("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36", 1440, 900),
          ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile Safari/604.1", 390, 780),
          ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0", 1280, 720)]
WORDS = ["lamp", "chair", "cup", "table", "shelf", "mirror"]


def hexadecimal(rng, n):
    return "".join(rng.choice("0123456789abcdef") for _ in range(n))


class Visit:
    """One session: a window, its events, and what was planted in it."""

    def __init__(self, number, rng):
        self.rng = rng
        self.id = f"visit-{number:06d}-{hexadecimal(rng, 6)}"
        self.now = START_MS + number * 61000
        self.user = None
        self.agent, self.width, self.height = rng.choice(AGENTS)
        self.german = rng.random() < 0.4
        self.release = rng.randrange(6)
        self.events = []
        self.nodes = {}
        self.event(5, {"tag": "ss:context", "payload": {"userAgent": self.agent, "language": "de-DE" if self.german else "en-US",
                                                          "release": f"4.{self.release}"}})

    def event(self, kind, data, after=0):
        self.now += after
        self.events.append({"type": kind, "timestamp": self.now, "data": data})

    def fill(self, text):
        rng = self.rng
        return text.format(id=rng.randrange(1000, 10 ** 7), word=rng.choice(WORDS), n=rng.randrange(1, 9), price=f"{rng.randrange(5, 900)},99 €",
                           uuid="-".join(hexadecimal(rng, n) for n in (8, 4, 4, 4, 12)))

    def classes(self, name):
        """Made by the build: another one in each release."""
        made = random.Random(f"{name} {self.release}")
        return f"css-{hexadecimal(made, 6)} {name}__{hexadecimal(made, 5)}"

    def show(self, page):
        self.event(4, {"href": f"https://shop.example{self.fill(page)}", "width": self.width, "height": self.height}, 2000)
        identifier = 10
        controls = []
        for number, (attributes, english, german) in enumerate(CONTROLS):
            text = self.fill(german if self.german else english)
            children = [{"type": 3, "id": identifier + 1, "textContent": text}] if text else []
            controls.append({"type": 2, "id": identifier, "tagName": "button", "childNodes": children,
                             "attributes": {**attributes, "class": self.classes(f"button{number}")}})
            self.nodes[number] = identifier
            identifier += 2
        heading = {"type": 2, "id": 4, "tagName": "h1", "attributes": {}, "childNodes": [{"type": 3, "id": 5, "textContent": self.fill("About {word}")}]}
        main = {"type": 2, "id": 6, "tagName": "main", "attributes": {"class": self.classes("main")}, "childNodes": [heading, *controls]}
        body = {"type": 2, "id": 3, "tagName": "body", "attributes": {}, "childNodes": [main]}
        html = {"type": 2, "id": 2, "tagName": "html", "attributes": {}, "childNodes": [body]}
        self.event(2, {"node": {"type": 0, "id": 1, "childNodes": [html]}, "initialOffset": {"left": 0, "top": 0}}, 50)

    def rest(self):
        """Nobody waits for an answer any more."""
        self.event(3, {"source": 1, "positions": [{"x": 5, "y": 5, "id": 3, "timeOffset": 0}]}, 9000)

    def press(self, control, answered, after):
        node = self.nodes[control]
        where = {"source": 2, "id": node, "x": 100 + 30 * control, "y": 200}
        for kind in (1, 0, 2):
            self.event(3, {**where, "type": kind}, after if kind == 1 else 20)
        if answered:
            self.event(3, {"source": 0, "texts": [{"id": 5, "value": self.fill("Now {word} {n}")}], "attributes": [], "removes": [], "adds": []}, 60)


class Problem:
    def __init__(self, number):
        self.number = number
        self.kind = KINDS[number % len(KINDS)]
        self.page = number * 7 % len(PAGES)
        self.control = number // len(KINDS) % len(CONTROLS)
        self.sessions = set()
        self.users = set()

    def plant(self, visit):
        visit.show(PAGES[self.page])
        {"rage": self.rage, "dead": self.dead, "error": self.error, "request": self.request, "console": self.console}[self.kind](visit)
        self.sessions.add(visit.id)
        self.users.add(visit.user or visit.id)

    def rage(self, visit):
        for _ in range(visit.rng.randrange(5, 9)):
            visit.press(self.control, False, 180)
        visit.rest()

    def dead(self, visit):
        visit.press(self.control, False, 1500)
        visit.rest()

    def stack(self, visit, file):
        made = random.Random(f"{file} {visit.release}")
        return f"Error\n    at {file} (https://shop.example/assets/{file}.{hexadecimal(made, 8)}.js:{made.randrange(1, 9)}:{made.randrange(1000, 90000)})"

    def error(self, visit):
        message = visit.fill(f"Part {chr(65 + self.number)}: no price for article {{id}} of {{uuid}}")
        visit.event(5, {"tag": "ss:error", "payload": {"kind": "exception", "message": message, "stack": self.stack(visit, f"part{chr(97 + self.number % 26)}")}}, 900)

    def request(self, visit):
        visit.event(5, {"tag": "ss:request", "payload": {"kind": "fetch", "method": ("GET", "POST")[self.number % 2], "duration_ms": 120, "status": (500, 404, 503)[self.number % 3],
                                                         "url": visit.fill(f"https://shop.example/api/part-{chr(97 + self.number % 26)}{'x' * (self.number // 26)}/{{id}}?t={{n}}")}}, 900)

    def console(self, visit):
        message = visit.fill(f"Store {chr(65 + self.number)} of {{uuid}} did not answer in {{id}} ms")
        visit.event(6, {"plugin": "rrweb/console@1", "payload": {"level": "error", "payload": [json.dumps(message)], "trace": []}}, 900)


def calm(visit):
    """Two pages, on which what is pressed answers."""
    for _ in range(2):
        visit.show(visit.rng.choice(PAGES))
        visit.press(visit.rng.randrange(len(CONTROLS)), True, 2500)


def end(visit):
    visit.show(PAGES[3])
    visit.rest()


def make(rng):
    problems = [Problem(number) for number in range(N_PROBLEMS)]
    # The more often, the fewer users: the true order is one of users, not of sessions.
    weights = [1 / (3 + number) for number in range(N_PROBLEMS)]
    rng.shuffle(weights)
    visits = []
    for number in range(N_SESSIONS):
        visit = Visit(number, rng)
        visit.user = f"user{rng.randrange(N_SESSIONS // 2)}@mail.example" if rng.random() < 0.6 else None
        if visit.user:
            visit.event(5, {"tag": "ss:identify", "payload": {"user": visit.user}})
        calm(visit)
        if rng.random() < 0.7:
            for problem in set(rng.choices(problems, weights, k=rng.choice((1, 1, 2)))):
                problem.plant(visit)
        end(visit)
        visits.append(visit)
    for number in range(STORM_SESSIONS):
        visit = Visit(N_SESSIONS + number, rng)
        visit.user = "storm@mail.example"
        visit.event(5, {"tag": "ss:identify", "payload": {"user": visit.user}})
        visit.show(PAGES[10])
        for _ in range(20):
            visit.press(5, False, 150)
        visit.rest()
        end(visit)
        visits.append(visit)
    return problems, visits


def ask(cache, *words):
    command = [SIGHTCTL, *words, "--json", "--cache", cache]
    return json.loads(subprocess.run(command, capture_output=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout)


class Check:
    def __init__(self):
        self.n = self.failed = 0

    def __call__(self, holds, what):
        self.n += 1
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok'} {self.n} {what}", flush=True)


def write(visits, folder):
    paths = []
    for visit in visits:
        path = pathlib.Path(folder, f"{visit.id}.jsonl")
        path.write_text(json.dumps({"v": 1, "session": visit.id, "window": "w", "seq": 0, "sent_at": visit.now, "events": visit.events}) + "\n")
        paths.append(str(path))
    return paths


def main():
    check = Check()
    problems, visits = make(random.Random(SEED))
    print(f"# seed {SEED}: {len(problems)} problems in {len(visits)} sessions")
    with tempfile.TemporaryDirectory() as folder:
        cache = os.path.join(folder, "cache")
        subprocess.run([SIGHTCTL, "import", *write(visits, folder), "--cache", cache], capture_output=True, check=True)
        listed = ask(cache, "problems", "--limit", "0")["problems"]
        shown = {one["filter"]: frozenset(row["session"] for row in ask(cache, "sessions", "--filter", one["filter"], "--limit", "0")["sessions"]) for one in listed}
    met = [problem for problem in problems if problem.sessions]
    of = collections.defaultdict(list)
    for one in listed:
        of[shown[one["filter"]]].append(one)
    right = [problem for problem in met if len(of[frozenset(problem.sessions)]) == 1]
    for problem in met:
        if problem not in right:
            print(f"# {problem.number} {problem.kind} {PAGES[problem.page]}, {len(problem.sessions)} sessions: "
                  + "; ".join(f"{one['title']} ({one['sessions']})" for one in listed if len(shown[one["filter"]] & problem.sessions) > len(problem.sessions) / 8))
    check(len(met) == len(problems), "every problem is met")
    check(len(right) >= RIGHT_SHARE * len(met), f"{len(right)} of {len(met)} are one problem each, with just their sessions")
    check(all(of[frozenset(problem.sessions)][0]["users"] == len(problem.users) for problem in right), "each tells how many users met it")
    tenth = sorted((len(problem.users) for problem in met), reverse=True)[9]
    true_top = {frozenset(problem.sessions) for problem in met if len(problem.users) > tenth}
    top = {shown[one["filter"]] for one in sorted(listed, key=lambda one: -one["users"])[:10]}
    check(true_top <= top, "those with the most users are the first ten by users")
    storm = {visit.id for visit in visits if visit.user == "storm@mail.example"}
    check(not any(storm <= shown[one["filter"]] for one in listed[:10]), "one visitor's storm is none of the first ten")
    check(any(storm <= shown[one["filter"]] for one in listed), "but it is told")
    print(f"1..{check.n}")
    sys.exit(check.failed > 0)


main()
