# SPDX-License-Identifier: MIT
"""Pages, forms, flows, heatmaps and selectors of sightctl are what a plain walk through every recorded event counts, to the last
session. Reads the recordings by itself; of other recordings than the samples: naive.py FILE…"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ["SIGHT_SOURCE_ROOT"])
SIGHTCTL = os.path.join(os.environ["SIGHT_BUILD_ROOT"], "src", "cli", "sightctl")
FIELDS = ("input", "select", "textarea")
CONTROLS = ("a", "button", "label", "summary", "option", *FIELDS)
CLICKABLE = {"button", "link", "tab", "menuitem", "checkbox", "radio", "switch", "option", "combobox", "slider", "textbox"}
DOWN, UP, CLICK, TOUCH_START, TOUCH_END = 1, 0, 2, 7, 9
BANDS = 20
# Of the selectors that occur so many are asked for; and of those that occur nowhere.
SELECTORS = 14


def template(url):
    """Of the few addresses in these recordings."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url).split("#")[0].split("?")[0] or "/"
    return re.sub(r"/\d+(?=/|$)", "/:id", path)


def classes(attributes):
    """Without what a program made up."""
    return [name for name in str(attributes.get("class") or "").split()[:6] if re.fullmatch(r"[a-z]+(-[a-z]+)*", name)]


def identifier(attributes):
    return f"#{attributes['id']}" if re.fullmatch(r"[a-z]+(-[a-z]+)*", str(attributes.get("id") or "")) else None


class Window:
    """One tab: its nodes, the page on display, and what is done on it."""

    def __init__(self, session):
        self.session = session
        self.nodes = {}  # id -> (parent, tag, attributes)
        self.url = self.view = None
        self.pressed = self.unspent = None
        self.told_presses = False
        self.last_click = (0, None, False)
        self.top = self.viewport = self.height = 0
        self.since = None
        self.hidden = False
        self.loading = False
        self.forms = {}
        self.pointed = []  # (time, what the pointer was over or None, whether it was a finger)
        self.touched = None

    def add(self, node, parent):
        attributes = node.get("attributes", {}) if isinstance(node.get("attributes"), dict) else {}
        self.nodes[node["id"]] = (parent, node.get("tagName", "").lower(), dict(attributes))
        self.stands(node["id"])
        for child in node.get("childNodes", []):
            self.add(child, node["id"])

    def stands(self, node):
        """Every selector of two steps that finds an element which can be acted on."""
        _, tag, attributes = self.nodes[node]
        path = [*self.up(node)][1:]
        if tag not in ("a", "button", *FIELDS) or not path or self.nodes[path[-1]][1] not in ("", "html"):
            return
        subjects = [tag, *(f"{tag}.{name}" for name in classes(attributes))]
        for depth, above in enumerate(path):
            _, tag, attributes = self.nodes[above]
            for name in filter(None, [tag, *(f".{one}" for one in classes(attributes)), identifier(attributes)]):
                self.session["selectors"].update(f"{name} {subject}" for subject in subjects)
                if depth == 0:
                    self.session["selectors"].update(f"{name} > {subject}" for subject in subjects)

    def up(self, node):
        while node in self.nodes:
            yield node
            node = self.nodes[node][0]

    def control(self, node):
        for at in [*self.up(node)][:8]:
            _, tag, attributes = self.nodes[at]
            tabindex = str(attributes.get("tabindex", "-1"))
            if tag in CONTROLS or attributes.get("role") in CLICKABLE or not tabindex.startswith("-"):
                return at
        return node

    # The page and how it lies

    def lay(self, now):
        if self.view is not None:
            self.view["stretches"].append((now - self.since if not self.hidden else 0, self.top, self.viewport, self.height))
        self.since = now

    def show(self, url, now, document):
        same = self.url is not None and url.split("#")[0] == self.url.split("#")[0]
        if same and not (document and self.loading):
            return
        if not same:
            self.end(now)
            self.view = {"page": template(url), "start": now, "end": now, "clicks": [], "stretches": [], "window": self}
            self.session["views"].append(self.view)
            self.session["moments"].append((now, "page", self.view["page"]))
        if document:
            self.top = self.height = 0
        self.since = now
        self.url = url

    def end(self, now):
        if self.view is not None:
            self.lay(now)
            self.view["end"] = now
            for key, form in self.forms.items():
                if form["sent"] or any(field["filled"] for field in form["fields"].values()):
                    self.session["forms"].append((key, self.view["page"], form))
        self.forms = {}

    # Presses

    def press(self, node, now):
        self.pressed, self.unspent, self.told_presses = node, True, True

    def lift(self, node, now):
        disabled = any("disabled" in self.nodes[at][2] for at in self.up(node))
        if node == self.pressed and disabled and self.nodes.get(self.control(node), (0, ""))[1] in (*FIELDS, "button"):
            self.click(node, now)

    def click(self, node, now):
        at, last, label = self.last_click
        tag = self.nodes.get(node, (0, "", {}))[1]
        if label and tag in FIELDS and now - at <= (50 if self.unspent else 2000):
            self.last_click = (at, last, False)
            return
        if self.told_presses and not self.unspent:
            return
        self.unspent = False
        control = self.control(node)
        self.last_click = (now, node, self.nodes.get(control, (0, "", {}))[1] == "label")
        if self.view is not None:
            self.view["clicks"].append(self.nodes.get(control, (0, "", {}))[2].get("id"))

    # The pointer

    def point(self, data, now):
        finger = data["source"] == 6
        for one in data["positions"]:
            at = max(now + min(one["timeOffset"], 0), self.pointed[-1][0] if self.pointed else 0)
            if finger or self.touched is None or at - self.touched > 500:
                self.pointed.append((at, self.over(one["id"]), finger))

    def over(self, node):
        path = [*self.up(node)]
        if not path or self.nodes[path[-1]][0] != 0:
            return None
        return identifier(self.nodes[self.control(node)][2]) or "something without a name"

    # Forms

    def form(self, said, now):
        key, what = str(said.get("form") or ""), said.get("what")
        name = (said.get("field") or {}).get("name") or "?"
        if what in ("focus", "submit", "sent"):
            form = self.forms.setdefault(key, {"fields": {}, "sent": 0, "sent_at": None, "refused": 0})
        elif what == "blur" and key in self.forms:
            form = self.forms[key]
        else:
            return
        if what in ("submit", "sent"):
            form["sent"] += 1
            form["sent_at"] = now
            return
        if what == "focus":
            form["fields"].setdefault(name, {"ms": 0, "refills": 0, "filled": False, "place": len(form["fields"])})
        field = form["fields"].get(name)
        if field is None:
            return
        field["last"] = now
        field["node"] = said["field"]["id"]
        self.filling = field["node"] if what == "focus" else None
        if what == "blur":
            field["ms"] += said.get("duration_ms", 0)
            field["refills"] = max(field["refills"], said.get("refills", 0))

    def typed(self, node):
        for form in self.forms.values():
            for field in form["fields"].values():
                if node == getattr(self, "filling", None) == field["node"]:
                    field["filled"] = True

    def notice(self, said, now):
        if said.get("what") == "shown" and said.get("kind") in ("alert", "invalid"):
            for form in self.forms.values():
                if form["sent_at"] is not None and now - form["sent_at"] <= 2000:
                    form["refused"] += 1
                    form["sent_at"] = None

    # Events

    def event(self, event):
        now, data = event["timestamp"], event.get("data", {})
        self.session["first"] = min(self.session["first"], now)
        self.session["last"] = max(self.session["last"], now)
        self.since = now if self.since is None else self.since
        self.now = now
        if event["type"] in (0, 1):
            self.loading = True
        elif event["type"] == 4:
            self.lay(now)
            self.viewport = data["height"]
            self.show(data["href"], now, True)
            self.loading = False
        elif event["type"] == 2:
            self.lay(now)
            self.nodes = {}
            self.add(data["node"], 0)
            self.top = data.get("initialOffset", {}).get("top", 0)
        elif event["type"] == 5:
            self.custom(data["tag"], data.get("payload") or {}, now)
        elif event["type"] == 3:
            self.incremental(data, now)

    def custom(self, tag, said, now):
        if tag == "ss:route":
            self.show(said["href"], now, False)
        elif tag == "ss:page":
            self.lay(now)
            self.height = said["height_px"]
        elif tag == "ss:visibility":
            self.lay(now)
            self.hidden = said["hidden"]
        elif tag == "ss:form":
            self.form(said, now)
        elif tag == "ss:notice":
            self.notice(said, now)
        elif tag == "ss:event":
            self.session["moments"].append((now, "event", said["name"]))
        elif tag == "ss:context":
            for name, value in (said.get("variants") or {}).items():
                self.session["variants"].add(f"{name}={value}")

    def incremental(self, data, now):
        source = data["source"]
        if source == 0:
            for removed in data.get("removes", []):
                self.nodes.pop(removed["id"], None)
            for added in data.get("adds", []):
                self.add(added["node"], added["parentId"])
            for change in data.get("attributes", []):
                attributes = self.nodes.get(change["id"], (0, "", {}))[2]
                for name, value in change["attributes"].items():
                    attributes.pop(name, None) if value is None else attributes.__setitem__(name, value)
                if {"class", "id"} & {*change["attributes"]}:
                    for node in [node for node in self.nodes if change["id"] in self.up(node)]:
                        self.stands(node)
        elif source == 2:
            act = {DOWN: self.press, TOUCH_START: self.press, UP: self.lift, TOUCH_END: self.lift, CLICK: self.click}
            act.get(data["type"], lambda *_: None)(data["id"], now)
            self.touched = now if data["type"] in (TOUCH_START, TOUCH_END) else self.touched
            self.session["used"] = self
        elif source in (1, 6, 12):
            self.point(data, now)
        elif source == 3:
            if self.nodes.get(data["id"], (0, ""))[1] in ("", "html", "body"):
                self.lay(now)
                self.top = data["y"]
        elif source == 4:
            self.lay(now)
            self.viewport = data["height"]
        elif source == 5:
            self.typed(data["id"])


def envelopes(path):
    text = subprocess.run(["zstd", "-dcf", path], capture_output=True, check=True).stdout.decode()
    return json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]


def walk(path):
    session = {"views": [], "forms": [], "moments": [], "variants": set(), "selectors": set(), "first": float("inf"), "last": 0, "used": None, "windows": []}
    windows = {}
    for batch in envelopes(path):
        windows.setdefault(batch["window"], []).extend(batch["events"])
    session["id"] = batch["session"]
    for events in windows.values():
        window = Window(session)
        for event in sorted(events, key=lambda one: one["timestamp"]):
            window.event(event)
        window.end(window.now)
        session["windows"].append(window)
    session["n_windows"] = len(windows)
    session["views"].sort(key=lambda view: view["start"])
    session["moments"].sort(key=lambda moment: moment[0])
    return session


# What is counted

def middle(values):
    return sorted(values)[(len(values) - 1) // 2]


def pages_of(sessions):
    pages = collections.defaultdict(lambda: {"visits": 0, "sessions": 0, "entries": 0, "times": [], "depths": []})
    for session in sessions:
        for name in {view["page"] for view in session["views"]}:
            pages[name]["sessions"] += 1
        for view in session["views"]:
            pages[view["page"]]["visits"] += 1
            pages[view["page"]]["times"].append(view["end"] - view["start"])
            depth, _ = measured(view)
            if depth is not None:
                pages[view["page"]]["depths"].append(depth)
        if session["views"]:
            pages[session["views"][0]["page"]]["entries"] += 1
    return {name: {"visits": page["visits"], "sessions": page["sessions"], "entries": page["entries"],
                   "median_ms": middle(page["times"]), "measured": len(page["depths"]),
                   "depth": [sorted(page["depths"])[(len(page["depths"]) - 1) * q // 4] / 1000 for q in (1, 2, 3)]
                   if page["depths"] else [0, 0, 0]} for name, page in pages.items()}


def measured(view):
    """The greatest share in thousandths, and the ms for each band, of a view."""
    together = []
    for stretch in view["stretches"]:
        if together and together[-1][1:] == stretch[1:]:
            together[-1] = (together[-1][0] + stretch[0], *stretch[1:])
        else:
            together.append(stretch)
    heights = [height for _, _, _, height in together if height > 0]
    depth, bands, height = None, [0] * BANDS, 0
    for ms, top, viewport, told in together:
        height = told or height or (heights[0] if heights else 0)
        if not height:
            continue
        for band in range(BANDS):
            if top <= (2 * band + 1) * height / (2 * BANDS) < top + viewport:
                bands[band] += ms
        if ms >= 100 and viewport:
            depth = max(depth or 0, min((top + viewport) * 1000 // height, 1000))
    return depth, bands


def forms_of(sessions):
    forms = collections.defaultdict(lambda: {"sessions": set(), "sent": set(), "left": set(), "fields": {}})
    for number, session in enumerate(sessions):
        for key, page, form in session["forms"]:
            if key.isdigit() or not key:
                continue
            told, sent = forms[key, page], form["sent"] - form["refused"]
            told["sessions"].add(number)
            told["sent" if sent > 0 else "left"].add(number)
            last = max(form["fields"].values(), key=lambda field: (field["last"], field["place"]), default=None)
            for name, field in form["fields"].items():
                kept = told["fields"].setdefault(name, {"sessions": set(), "filled": set(), "refilled": set(), "left": set(), "ms": []})
                kept["sessions"].add(number)
                kept["ms"].append(field["ms"])
                for what, holds in (("filled", field["filled"]), ("refilled", field["refills"] > 0),
                                    ("left", sent <= 0 and field is last)):
                    if holds:
                        kept[what].add(number)
    return {key: {"sessions": len(form["sessions"]), "sent": len(form["sent"]), "left": len(form["left"]),
                  "fields": {name: {"sessions": len(field["sessions"]), "filled": len(field["filled"]),
                                    "refilled": len(field["refilled"]), "left": len(field["left"]), "median_ms": middle(field["ms"])}
                             for name, field in form["fields"].items()}} for key, form in forms.items()}


def heat_of(sessions, page):
    views = [(number, view) for number, session in enumerate(sessions) for view in session["views"] if view["page"] == page]
    clicks = [(number, name) for number, view in views for name in view["clicks"]]
    named = collections.Counter(name for _, name in clicks if name)
    looks = [measured(view) for _, view in views]
    return {"views": len(views), "sessions": len({number for number, _ in views}), "clicks": len(clicks),
            "measured": sum(depth is not None for depth, _ in looks),
            "reached": [sum(depth is not None and depth >= (band + 1) * 1000 // BANDS for depth, _ in looks) for band in range(BANDS)],
            "attention_ms": [sum(bands[band] for depth, bands in looks if depth is not None) for band in range(BANDS)],
            "named": {f"#{name}": (n, len({number for number, other in clicks if other == name})) for name, n in named.items()}}


def movement_of(sessions, page):
    """The time from one position to the next, at most 2 s, of a finger not where it is lifted, as far as the page was on display."""
    told = collections.Counter()
    having = collections.defaultdict(set)
    for number, session in enumerate(sessions):
        for window in session["windows"]:
            views = [view for view in session["views"] if view["window"] is window]
            ends = [at for at, _, _ in window.pointed[1:]] + [float("inf")]
            for (at, over, finger), end in zip(window.pointed, ends):
                view = next((view for view in reversed(views) if view["start"] <= at), None)
                ms = min(end - at, 2000)
                if over is None or view is None or view["page"] != page or (finger and ms > 500):
                    continue
                told[over] += min(ms, view["end"] - at)
                if min(ms, view["end"] - at) > 0:
                    having[over].add(number)
    return {"sessions": sum(any(view["page"] == page for view in session["views"]) for session in sessions), "missing": 0,
            "views": sum(view["page"] == page for session in sessions for view in session["views"]), "ms": sum(told.values()),
            "named": {name: (ms, len(having[name])) for name, ms in told.items() if name[0] == "#" and ms > 0}}


def reaches(session, steps):
    """The moments of one course through the steps, where the last comes as early as it can and each other one as late."""
    ends = [None] * len(session["moments"])
    for number, step in enumerate(steps):
        begun = [None] * len(session["moments"])
        for at, moment in enumerate(session["moments"]):
            if moment[1:] != step:
                continue
            if number == 0:
                begun[at] = [moment[0]]
            else:
                before = [way for other, way in enumerate(ends) if way and session["moments"][other][0] < moment[0]]
                begun[at] = before[-1] + [moment[0]] if before else None
        ends = begun
    return next((way for way in ends if way), None)


def flow_of(sessions, steps):
    times = [[] for _ in steps]
    counts = [0] * len(steps)
    for session in sessions:
        way = None
        for n in range(1, len(steps) + 1):
            further = reaches(session, steps[:n])
            if further is None:
                break
            way = further
            counts[n - 1] += 1
        for n in range(1, len(way or [])):
            times[n].append(way[n] - way[n - 1])
    return [(n, middle(ms) if ms else None) for n, ms in zip(counts, times)]


# What is compared

class Agent:
    """sightctl mcp, asked over its pipes: one process for many filters."""

    def __init__(self, cache):
        self.server = subprocess.Popen([SIGHTCTL, "mcp", "--cache", cache], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def sessions(self, text):
        """How many match, and their ids as far as an answer holds them."""
        call = {"name": "find_sessions", "arguments": {"filter": text, "limit": 500}}
        self.server.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}) + "\n")
        self.server.stdin.flush()
        content = json.loads(self.server.stdout.readline())["result"]["content"][0]["text"]
        given = json.loads(re.search(r"<recorded-data-[^>]*>\n(.*)\n</recorded-data", content, re.S)[1])
        return given["total"], [one["session"] for one in given["sessions"]]

    def end(self):
        self.server.stdin.close()
        self.server.wait()


class Told:
    def __init__(self, cache):
        self.cache = cache
        self.agent = Agent(cache)
        self.n = 0
        self.failed = False

    def ask(self, *words):
        command = [SIGHTCTL, *words, "--json", "--cache", self.cache]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    def check(self, name, told, naive):
        self.n += 1
        print(f"{'ok' if told == naive else 'not ok'} {self.n} {name}")
        if told != naive:
            self.failed = True
            for line in difference(told, naive):
                print(f"# {line}")


def difference(told, naive, where=""):
    if isinstance(told, dict) and isinstance(naive, dict):
        return [line for key in {**told, **naive} for line in
                difference(told.get(key), naive.get(key), f"{where}{key} ") if told.get(key) != naive.get(key)]
    return [f"{where}: told {told}, counted {naive}"]


def pick(told, naive):
    return {key: told[key] for key in naive}


def compare(told, sessions):
    pages = pages_of(sessions)
    said = {page["page"]: page for page in told.ask("pages", "--filter", "all")["pages"]}
    told.check("pages", {name: pick(page, pages[name]) if name in pages else None for name, page in said.items()}, pages)
    forms = forms_of(sessions)
    said = {(form["form"], form["page"]): form for form in told.ask("forms")["forms"]}
    told.check("forms", {key: pick(form, {"sessions": 0, "sent": 0, "left": 0}) | {"fields": {
        field["field"]: pick(field, {"sessions": 0, "filled": 0, "refilled": 0, "left": 0, "median_ms": 0}) for field in form["fields"]}}
        for key, form in said.items() if key in forms}, forms)
    compare_conditions(told, said.values())
    for page in sorted(pages, key=lambda name: -pages[name]["visits"])[:5]:
        naive = heat_of(sessions, page)
        heat = told.ask("heatmap", page, "--limit", "0", "--movement", "--latest", "0")
        heat["named"] = {one["selector"]: (one["clicks"], one["sessions"]) for one in heat["elements"] if one["selector"] in naive["named"]}
        told.check(f"heatmap of {page}", pick(heat, naive), naive)
        naive = movement_of(sessions, page)
        moved = heat["movement"]
        moved["named"] = {one["selector"]: (one["ms"], one["sessions"]) for one in moved["elements"] if re.fullmatch("#[a-z-]+", one["selector"])}
        told.check(f"movement on {page}: {naive['ms']} ms, {len(naive['named'])} named elements", pick(moved, naive), naive)
    steps = [("page", name) for name in sorted(pages, key=lambda name: -pages[name]["visits"])[:4]]
    events = sorted({moment[1:] for session in sessions for moment in session["moments"] if moment[1] == "event"})
    for flow in [steps[:2], steps[1:3], steps[:3][::-1], [steps[0], steps[1], *events[:1]], [steps[-1], steps[0], steps[-1]]]:
        naive = flow_of(sessions, flow)
        said = told.ask("flow", " then ".join(f'{key}:"{value}"' for key, value in flow))["steps"]
        told.check("flow " + " ".join(value for _, value in flow), [(step["sessions"], step["median_ms"]) for step in said], naive)
        for at, step in enumerate(said[:-1]):
            left = told.agent.sessions(step["dropped"])[0]
            told.check(f"dropped at step {at + 1}", left, naive[at][0] - naive[at + 1][0])


def compare_conditions(told, forms):
    """The number of a form or field is the number of sessions under the condition that stands beside it."""
    for form in forms:
        for name, row in [("", form), *((field["field"], field) for field in form["fields"])]:
            conditions = {"sessions": "filter", "left": "left_filter", "refilled": "refilled_filter"}
            given = {number: told.agent.sessions(row[key])[0] for number, key in conditions.items() if key in row}
            told.check(f"conditions of {form['form']} {name}", given, pick(row, given))


def compare_selectors(told, sessions):
    """Those that some sessions have and others have not, of which the descendants are often no children."""
    having = collections.defaultdict(set)
    for session in sessions:
        for selector in session["selectors"]:
            having[selector].add(session["id"])
    asked = sorted(selector for selector, ids in having.items() if len(ids) < len(sessions) or " > " in selector)
    asked = asked[:: max(len(asked) // SELECTORS, 1)]
    never = sorted({selector.replace(" ", " > ") for selector in having if " > " not in selector} - having.keys())
    asked += never[:: max(len(never) // 6, 1)]
    for selector in asked:
        told.check(f"element {selector}", sorted(told.agent.sessions(f'element:"{selector}"')[1]), sorted(having.get(selector, ())))


def compare_agent(told):
    """The fourth point of the contract: an agent gets the same answer to the same text as who types it."""
    for text in ['rage or dead', 'page:/cart then event', '-signal length:>20s', 'element:"form button"', 'error -converted', 'basket']:
        typed = told.ask("sessions", "--filter", text, "--limit", "500")
        total, ids = told.agent.sessions(text)
        told.check(f"an agent's {text}: {total}", [total, ids], [typed["total"], [one["session"] for one in typed["sessions"]]])


def main():
    paths = sys.argv[1:] or [str(path) for path in sorted((ROOT / "data" / "samples").glob("*.jsonl.zst"))]
    with tempfile.TemporaryDirectory() as cache:
        subprocess.run([SIGHTCTL, "import", *paths, "--cache", cache], capture_output=True, check=True)
        told = Told(cache)
        sessions = [walk(path) for path in paths]
        compare(told, sessions)
        compare_selectors(told, sessions)
        compare_agent(told)
        told.agent.end()
        print(f"1..{told.n}")
    sys.exit(1 if told.failed else 0)


main()
