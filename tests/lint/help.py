# SPDX-License-Identifier: MIT
"""The help pages: each can be read and reached, names only what the window has, and tells of every key and signal."""
import re
import xml.etree.ElementTree as tree

from tap import ROOT, Tap, command, files, looked_at, planted, read, relative

M = "{http://projectmallard.org/1.0/}"
# What the desktop says, not this program.
FOREIGN_WORDS = set()
# Names of keys as they stand on them, where GTK calls them otherwise.
KEYCAPS = {"space": "Space", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "comma": ",", "period": ".", "bracketleft": "[",
           "bracketright": "]", "Page_Up": "Page Up", "Page_Down": "Page Down", "plus": "+", "minus": "−", "question": "?", "equal": "=",
           "BackSpace": "Backspace", "Control": "Ctrl", "0...9": "0…9"}


def pages():
    return files("data/help/C/*.page")


def parsed():
    return {path.stem: tree.fromstring(read(path)) for path in pages()}


def well_formed():
    if planted:
        return []
    return [line for path in pages() for line in command("xmllint", "--noout", path)]


def leads(page):
    """Ids of pages that one page leads to."""
    return {link.split("#")[0] for link in (e.get("xref") for e in page.iter()) if link}


def reached():
    """Every page has the id that its file has, leads to pages and sections that there are, and hangs on the index."""
    found, findings = parsed(), []
    sections = {f"{name}#{s.get('id')}" for name, page in found.items() for s in page.iter(M + "section")}
    for name, page in found.items():
        if page.get("id") != name:
            findings.append(f"{name}.page has the id {page.get('id')}")
        xrefs = [e.get("xref") for e in page.iter() if e.get("xref")]
        findings += [f"{name}.page leads to {x}, which is not there" for x in xrefs
                     if x not in found and x not in sections]
        guides = [e.get("xref") for e in page.iter(M + "link") if e.get("type") == "guide"]
        if name != "index" and not any(x.startswith("index") for x in guides):
            findings.append(f"{name}.page is in no list of the first page")
        if page.find(f"{M}info/{M}desc") is None or page.find(M + "title") is None:
            findings.append(f"{name}.page has no title or description")
    return findings


def strings():
    """All that the window says, as it is read: without mnemonics."""
    texts = set()
    for path in files("src/*.c", "src/*.h", "src/*.ui"):
        text = read(path)
        found = re.findall(r'(?:N?_|ngettext)\(\s*"((?:[^"\\]|\\.)*)"', text) if path.suffix != ".ui" else \
            re.findall(r'translatable="yes"[^>]*>([^<]*)<', text)
        texts.update(word.replace("_", "") for word in found)
    return texts


def names_what_is_there():
    said, findings = strings(), []
    for name, page in parsed().items():
        words = ["".join(e.itertext()) for e in page.iter(M + "gui")]
        findings += [f"{name}.page names “{word}”, which the window does not" for word in words
                     if word not in said and word not in FOREIGN_WORDS]
    return findings


def key_rows():
    """(title, accelerators) of each row of the table of keys that has a title."""
    text = read(ROOT / "src/ui/sight-ui-key-table.c")
    for title, rest in re.findall(r'ROW\(\w+, \w+, N_\("([^"]+)"\),(.*?)\)[,;]\n', text, re.S):
        yield title, re.findall(r'\{"([^"]+)", ', rest)


def keycaps(accelerator):
    modifiers, key = re.fullmatch(r"((?:<\w+>)*)(.+)", accelerator).groups()
    words = re.findall(r"<(\w+)>", modifiers)
    key = key.upper() if len(key) == 1 and key.isalpha() else key
    return [KEYCAPS.get(word, word) for word in [*words, key]]


def tells_of_every_key():
    page = tree.fromstring(read(ROOT / "data/help/C/keys.page"))
    told = {}
    for row in page.iter(M + "tr"):
        cells = row.findall(M + "td")
        told["".join(cells[1].itertext()).strip()] = [[k.text for k in seq.iter(M + "key")] for seq in cells[0].iter(M + "keyseq")]
    wanted = {title: [keycaps(key) for key in keys] for title, keys in key_rows()}
    findings = [f"keys.page lacks “{title}” or its keys {keys}" for title, keys in wanted.items() if told.get(title) != keys]
    findings += [f"keys.page tells of “{title}”, which is no key" for title in told if title not in wanted]
    return findings if len(wanted) > 30 else ["the table of keys could not be read"]


def tells_of_every_signal():
    rows = re.findall(r'\bKIND\([A-Z_]+, "[a-z-]+", N_\("([^"]+)"\)', read(ROOT / "src/core/model/sight-signal-kinds.h"))
    page = tree.fromstring(read(ROOT / "data/help/C/signals.page"))
    told = {"".join(e.itertext()) for e in page.iter(M + "title")}
    return [f"signals.page lacks “{title}”" for title in rows if title not in told] if len(rows) > 10 else ["no kinds were read"]


BREACHES = (
    (reached, "keys.page", 'xref="index#find"', 'xref="index#nowhere"', "which is not there"),
    (reached, "clip.page", 'type="guide"', 'type="seealso"', "in no list"),
    (names_what_is_there, "background.page", "<gui>Preferences</gui>", "<gui>Settings</gui>", "Settings"),
    (tells_of_every_key, "keys.page", "<key>F11</key>", "<key>F12</key>", "alone"),
    (tells_of_every_signal, "signals.page", "<title>Waiting</title>", "<title>Delays</title>", "Waiting"),
)


def unseen():
    findings = []
    for rule, name, old, new, expected in BREACHES:
        path = ROOT / "data/help/C" / name
        text = path.read_text()
        planted[path] = text.replace(old, new)
        seen = rule()
        planted.clear()
        if text == text.replace(old, new) or not any(expected in finding for finding in seen):
            findings.append(f"{rule.__name__}() does not see {new!r} in {name}")
    return findings


def main():
    tap = Tap()
    some = bool(pages())
    tap.check("help pages are XML", well_formed(), some)
    tap.check("every help page can be reached and leads to what is there", reached(), some)
    tap.check("help names what the window has", names_what_is_there(), some)
    tap.check("help tells of every key", tells_of_every_key(), some)
    tap.check("help tells of every signal", tells_of_every_signal(), some)
    tap.check("a breach that is planted is found", unseen(), some)
    tap.end()


if __name__ == "__main__":
    main()
