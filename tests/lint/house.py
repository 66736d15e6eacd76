# SPDX-License-Identifier: MIT
"""The rules of the house that a script can check: layers, sizes, banned calls, heads of files, translations."""
import collections
import functools
import re

from tap import CORE, ROOT, Tap, c_files, files, looked_at, planted, read, relative

# What each module may include besides itself, base, model and event (src/README.md has the same table).
MAY_INCLUDE = {
    "base": (), "model": (), "event": (), "format": (), "dom": (), "wire": (), "store": (),
    "segment": ("dom",), "signal": ("dom",),
    "recording": ("format", "segment", "dom", "store"),
    "analysis": ("recording", "segment", "signal", "dom", "store"),
    "sync": ("format", "wire", "store"),
    "source": ("sync", "query", "format", "wire", "store"),
    "query": ("dom", "store"),
    "insight": ("query", "store"),
    "audit": ("dom", "store"),
    "clip": ("audit", "segment", "dom", "store"),
    "film": (),
    "tracker": ("analysis", "audit", "query", "insight", "segment", "recording", "signal", "dom", "store"),
    "collector": ("wire", "store"),
    "thumbnailer": (),
    "cli": CORE,
    "ui": CORE,
}

# Within ui: which rooms each may include besides itself. What stands in src/ui itself is the window.
UI_MAY_INCLUDE = {
    "model": (),
    "compat": (),
    "jobs": ("model",),
    "player": ("compat", "model"),
    "library": ("compat", "model", "player", "window"),
    "problems": ("compat", "model"),
    "explore": ("compat", "model", "player"),
    "inspector": ("compat", "model", "player", "window"),
    "dialogs": ("compat", "model", "jobs", "player", "window"),
    "window": ("compat", "model", "jobs", "player", "library", "problems", "explore", "inspector", "dialogs"),
}

# Which foreign headers belong to which modules alone.
FOREIGN = {
    "sqlite3.h": ("store",),
    "simdjson.h": ("base",),
    "zstd.h": ("base",),
    "zlib.h": ("base",),
    "roaring/roaring.h": ("base",),
    "archive.h": ("format",),
    "snappy-c.h": ("format",),
    "libsoup/soup.h": ("sync", "collector", "tracker", "cli"),
    "libpq-fe.h": ("collector",),
    "openssl/evp.h": ("collector",),
    "openssl/rand.h": ("collector",),
    "libsecret/secret.h": ("sync",),
    "gst/app/gstappsrc.h": ("film",),
    "webp/encode.h": ("film",),
    "webp/mux.h": ("film",),
    "pango/pangocairo.h": ("thumbnailer", "ui"),
    "gtk/gtk.h": ("ui",),
    "adwaita.h": ("ui",),
    "webkit/webkit.h": ("ui",),
}

BANNED = {
    r"\bgoto\b": "no goto",
    r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|system|popen|tmpnam|mktemp)\s*\(": "unsafe or blocking call",
    r"\bgchar\b|\bgint\b(?! \()": "char and int rather than gchar and gint",
    r"\bsqlite3_exec\s*\(": "statements are prepared and bound",
    r"gtk_label_set_markup|use-markup(?!\">False)|gtk_label_new_with_mnemonic": "labels are plain text",
    r"webkit_web_view_evaluate_javascript": "commands go through call_async_javascript_function",
    r"allow-scripts|DISABLE_SANDBOX|enable-write-console-messages-to-stdout": "weakens the view's safety",
    r"g_test_skip|should_fail|xfail": "no test is skipped",
    r"\b(TODO|FIXME|XXX|HACK)\b": "left to do",
    r"\bg_slice_|\bg_memdup\s*\(|\bG_TYPE_INSTANCE_GET_PRIVATE\b": "deprecated",
}


def module_of(path):
    parts = path.relative_to(ROOT / "src").parts
    return parts[1] if parts[0] == "core" else parts[0]


def room_of(path):
    parts = path.relative_to(ROOT / "src/ui").parts
    return parts[0] if len(parts) > 1 else "window"


def may_include(module):
    return {module, "base", "model", "event", *MAY_INCLUDE.get(module, ())}


def check_include(path, header, owner):
    module = module_of(path)
    name = header.split("/")[-1]
    target = owner.get(name)
    if target and module_of(target) not in may_include(module):
        yield f"{relative(path)} includes {header} of {module_of(target)}"
    if target and name.endswith("-private.h") and target.parent != path.parent:
        yield f"{relative(path)} includes {header}, which is private to {relative(target.parent)}"
    if target and module == "ui" == module_of(target) and room_of(target) not in (room_of(path), *UI_MAY_INCLUDE[room_of(path)]):
        yield f"{relative(path)} includes {header} of ui/{room_of(target)}"
    if header in FOREIGN and module not in FOREIGN[header]:
        yield f"{relative(path)} includes <{header}>"
    if header == "webkit/webkit.h" and "/ui/player/" not in str(path):
        yield f"{relative(path)}: WebKit belongs to ui/player"


def layers():
    owner = {path.name: path for path in c_files() if path.suffix == ".h"}
    findings = []
    for path in looked_at(c_files()):
        for header in re.findall(r'^\s*#\s*include\s+["<]([^">]+)[">]', read(path), re.M):
            findings.extend(check_include(path, header, owner))
    return findings


def calls():
    """A call needs no include where somebody declares the function once more: by its name it is found all the same."""
    home = {}
    for path in c_files():
        if path.suffix == ".h":
            for name in re.findall(r"^[A-Za-z_][\w \*]*?[ \*](sight_\w+)\s*\(", without_comments(read(path)), re.M):
                home.setdefault(name, path)
    findings = []
    for path in looked_at(c_files()):
        module = module_of(path)
        for name in sorted(set(re.findall(r"\b(sight_\w+)\s*\(", without_comments(read(path))))):
            if name in home and module_of(home[name]) not in may_include(module):
                findings.append(f"{relative(path)} calls {name}() of {module_of(home[name])}")
            if path.suffix == ".c" and re.search(rf"^extern\b[^;{{]*\b{name}\s*\(", read(path), re.M):
                findings.append(f"{relative(path)} declares {name}() itself")
    return findings


def unused():
    """Public functions that nobody calls: neither the project nor a test."""
    texts = {path: without_comments(read(path)) for path in [*c_files(), *files("tests/*.c", "tests/*.h", "tests/*.cpp")]}
    uses = collections.Counter(name for text in texts.values() for name in re.findall(r"\bsight_\w+", text))
    findings = []
    for path in looked_at([path for path in c_files() if path.suffix == ".h"]):
        for name in re.findall(r"^[A-Za-z_][\w \*]*?[ \*](sight_\w+)\s*\(", texts[path], re.M):
            if uses[name] <= 2 and not name.endswith("_quark"):
                findings.append(f"{relative(path)}: nobody calls {name}()")
    return findings


@functools.lru_cache(maxsize=None)
def without_comments(text):
    """Comments and strings blanked, line by line kept."""
    def blank(match):
        kept = match.group(0)
        return re.sub(r"[^\n]", " ", kept) if kept.startswith("/") else '""' + "\n" * kept.count("\n")
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def functions(text):
    """(name, first line, length) of each function of formatted C: it begins and ends in column 0."""
    start = name = None
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"[A-Za-z_].*\)\s*\{$", line) or (line == "{" and start is None):
            start = number
            name = line
        elif start is None and re.match(r"[A-Za-z_][^;={]*\($|[A-Za-z_][^;={]*,$", line):
            name = line
        elif re.match(r"\s+.*\)\s*\{$", line) and start is None and name:
            start = number
        elif line == "}" and start is not None:
            yield name, start, number - start + 1
            start = name = None


NESTING_MAX = 4


def sizes():
    findings = []
    for path in looked_at([*c_files(), *files("src/*.js", "src/*.mjs", "tests/*.c", "tests/*.mjs", "tests/*.js", "tests/*.py")]):
        text = read(path)
        lines = text.count("\n")
        if lines > 800:
            findings.append(f"{relative(path)} has {lines} lines (800 at most; split at 600)")
        if path.suffix != ".c":
            continue
        code = without_comments(text)
        for name, start, length in functions(code):
            if length > 100:
                findings.append(f"{relative(path)}:{start} has a function of {length} lines: {name.strip()[:60]}")
        # As it is formatted, each level is two spaces.
        for match in re.finditer(rf"^ {{{2 * NESTING_MAX + 2},}}(?:if|for|while|do|switch)\b[^\n]*", code, re.M):
            line = code.count("\n", 0, match.start()) + 1
            findings.append(f"{relative(path)}:{line}: nested deeper than {NESTING_MAX}: {match.group(0).strip()[:60]}")
    return findings


def banned():
    findings = []
    for path in looked_at([*c_files(), *files("tests/*.c", "tests/*.h", "src/*.ui")]):
        code = without_comments(read(path)) if path.suffix != ".ui" else read(path)
        raw = read(path)
        for pattern, why in BANNED.items():
            text = raw if "allow-scripts" in pattern or "TODO" in pattern else code
            for match in re.finditer(pattern, text):
                line = text.count("\n", 0, match.start()) + 1
                findings.append(f"{relative(path)}:{line}: {match.group(0).strip()} ({why})")
        if re.search(r"\bsqlite3_\w+\s*\(", code) and "/core/store/" not in str(path) and "/tests/" not in str(path):
            findings.append(f"{relative(path)}: SQLite belongs to core/store")
        if "g_str_hash" in code and re.search("/src/(core|collector)/", str(path)):
            findings.append(f"{relative(path)}: keys of strangers are hashed by sight_hash_text()")
    return findings


ROW_TEXT = re.compile(r"adw_(?:action|expander)_row_set_subtitle\(|adw_preferences_row_set_title\(")


def plain_rows():
    """Rows take their texts as markup unless they are told not to: what a visitor's page says would be a link there."""
    findings = []
    for path in looked_at(files("src/ui/*.c")):
        code = without_comments(read(path))
        form = path.with_suffix(".ui")
        is_plain = "row_set_use_markup(" in code or (form.exists() and '"use-markup">False' in form.read_text())
        for match in ROW_TEXT.finditer(code):
            text = code[match.end():code.index(";", match.end())].split(",", 1)[-1]
            if re.search(r"\w", re.sub(r'\b_(?=\()|"[^"]*"', "", text)) and not is_plain:
                findings.append(f"{relative(path)}: a row takes {text.strip()[:40]} as markup")
    return findings


def keys_pass():
    """A label that is selectable and not focusable takes the keys and has them not: Tab ends there. It must not be able to
    take them (can-focus)."""
    findings = []
    for path in looked_at(files("src/ui/*.c")):
        code = without_comments(read(path))
        for name in re.findall(r"set_selectable\(GTK_LABEL\(([^()]+)\), TRUE\)", code):
            if re.search(rf"set_focusable\((?:GTK_WIDGET\()?{re.escape(name)}\)?, FALSE\)", code):
                findings.append(f"{relative(path)}: {name} ends the way of the keys")
    return findings


def heads():
    findings = []
    marked = files("src/*.c", "src/*.h", "src/*.cpp", "src/*.js", "src/*.mjs", "src/*.css", "src/*.sql", "src/*.sh", "src/run",
                   "tests/*.c", "tests/*.h", "tests/*.py", "tests/*.mjs", "tests/*.js", "tests/*.sh", "tests/run", "tests/field/run",
                   "*meson.build", "src/*.ui", "data/*.py", "data/*.mjs")
    for path in marked:
        first = "\n".join(read(path).splitlines()[:3])
        if "SPDX-License-Identifier: MIT" not in first:
            findings.append(f"{relative(path)}: no SPDX line")
        if path.suffix == ".h" and "#pragma once" not in read(path):
            findings.append(f"{relative(path)}: no #pragma once")
    return findings


def potfiles():
    listed = {line.strip() for line in (ROOT / "po/POTFILES.in").read_text().splitlines()
              if line.strip() and not line.startswith("#")}
    findings = [f"po/POTFILES.in lists {name}, which is not there" for name in sorted(listed) if not (ROOT / name).is_file()]
    speaking = r'(?<![A-Za-z0-9_])(?:_|N_|C_|Q_|ngettext|gettext)\s*\(\s*(?:"|\n)|translatable="yes"'
    for path in looked_at(files("src/*.c", "src/*.ui", "data/*.in", "data/*.gschema.xml")):
        name = relative(path)
        if re.search(speaking, read(path)) and name not in listed:
            findings.append(f"{name} has strings to translate and is not in po/POTFILES.in")
    return findings


# A file that names more kinds of signal than that is a second table of them.
MAX_KINDS_NAMED = 6


def kinds_named(code):
    return set(re.findall(r"\bSIGHT_SIGNAL_([A-Z_]+)\b", code)) - {"KINDS", "ID"}


def one_table_of_kinds():
    """Adding a kind of signal is a row, a detector and an icon: no other file knows all kinds, and one that means nothing
    special is named by its detector alone."""
    table = (ROOT / "src/core/model/sight-signal-kinds.h").read_text()
    rows = dict(re.findall(r'\bKIND\(([A-Z_]+), "([a-z-]+)"', table))
    findings = [] if len(rows) > 10 else ["the table of kinds could not be read"]
    places = {kind: [] for kind in rows}
    for path in looked_at(c_files()):
        code = without_comments(read(path))
        named = kinds_named(code) & set(rows)
        if len(named) > MAX_KINDS_NAMED:
            findings.append(f"{relative(path)} names {len(named)} kinds of signal: what differs belongs into their table")
        for kind in named:
            places[kind].append(relative(path))
    for kind in ("THRASH", "QUICK_BACK", "UNSEEN", "WAITING", "SLOW"):
        more = [place for place in places.get(kind, []) if not place.startswith("src/core/signal/detect-")]
        findings += [f"{place} names {kind}, which is its detector's and its row's" for place in more]
    for path in looked_at(files("src/*.css")):
        findings += [f"{relative(path)} has a style of its own for .{name}" for name in rows.values()
                     if re.search(rf"[.]{name}\b(?!-)", read(path))]
    return findings


ASKS_URL = r"!endpoint->url|endpoint->url\s*(?:[!=]=\s*NULL|&&|\|\||\?)|\(endpoint->url\) *\{"


def one_list_of_sources():
    """Adding a kind of endpoint is a file, its line in the header and one in the list: nothing else names it, and nobody
    takes an address for a kind."""
    folder = ROOT / "src/core/source"
    listed = re.search(r"kinds\[\] = \{(.*?)\}", read(folder / "sight-source.c"), re.S)
    names = set(re.findall(r"&sight_source_(\w+)", listed.group(1) if listed else ""))
    findings = [] if {"files", "collector"} <= names else ["the list of sources could not be read"]
    findings += [f"core/source has no source-{name}.c" for name in names if not (folder / f"source-{name}.c").exists()]
    named = "|".join(sorted(names - {"files", "collector"})) or "$."
    for path in looked_at(c_files()):
        if not relative(path).startswith("src/") or path.parent == folder:
            continue
        code = without_comments(read(path))
        findings += [f"{relative(path)} names the kind of endpoint {name}" for name in set(re.findall(rf'"({named})"', code))]
        findings += [f"{relative(path)} asks for an address, not for what its kind can" for _ in re.finditer(ASKS_URL, code)]
    return findings


def deprecations():
    """What newer GTK and libadwaita deprecate is counted, and the numbers go down."""
    texts = {relative(path): re.sub(r"/\*.*?\*/", "", read(path), flags=re.S)
             for path in files("src/ui/*.c", "src/ui/*.h", "src/ui/*.ui")}
    rows = [line.split(None, 2) for line in (ROOT / "tests/lint/deprecated.txt").read_text().splitlines() if line[:1] != "#"]
    findings = [] if len(rows) > 10 else ["tests/lint/deprecated.txt could not be read"]
    for since, number, pattern in rows:
        uses = {name: len(re.findall(pattern, text)) for name, text in texts.items() if re.search(pattern, text)}
        if sum(uses.values()) != int(number):
            findings.append(f"{pattern} (deprecated since {since}) is used {sum(uses.values())} times, not {number}: {uses}")
    return findings


def top_level():
    allowed = {"src", "data", "po", "tests", "flatpak", "meson.build",
               "README.md"}
    names = {relative(path).split("/")[0] for path in files(".")}
    return [f"{name} does not belong at the top" for name in sorted(names) if name not in allowed and not name.startswith(".")]


def neutral():
    """No host of a package registry and no path of somebody's machine stands in the project."""
    registries = "|".join(("npmjs" + r"\.", "deb" + r"\.debian\.", "pypi" + r"\.", "crates" + r"\.io"))
    machine = r"(?<![A-Za-z0-9_.$}-])/(?:home|root|work)/[a-z]"
    findings = []
    for path in files("."):
        if path.suffix in (".png", ".zst", ".gz", ".db"):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for match in re.finditer(f"{registries}|{machine}", text):
            if path.name == "package-lock.json" and "node_modules" in match.group(0):
                continue
            findings.append(f"{relative(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group(0)}")
    return findings


# A breach of each rule: what is written into which file, and what is then found.
BREACHES = (
    (layers, "src/core/base/sight-text.c", '#include "sight-store.h"\n', "of store"),
    (layers, "src/core/wire/sight-cursor.c", '#include "sight-format-private.h"\n', "of format"),
    (layers, "src/core/analysis/sight-analysis.c", '#include "sight-format-private.h"\n', "private to"),
    (layers, "src/ui/model/sight-ui-story.c", '#include "sight-ui-player.h"\n', "of ui/player"),
    (layers, "src/cli/main.c", "#include <sqlite3.h>\n", "<sqlite3.h>"),
    (layers, "src/core/insight/sight-library.c", "#include <libsoup/soup.h>\n", "<libsoup/soup.h>"),
    (layers, "src/ui/main.c", "#include <webkit/webkit.h>\n", "WebKit belongs"),
    (calls, "src/core/dom/sight-dom.c", "void plant(void) {\n  sight_store_close(NULL);\n}\n", "of store"),
    (calls, "src/cli/main.c", "extern void sight_store_close(SightStore *store);\n", "declares"),
    (unused, "src/core/dom/sight-dom.h", "void sight_dom_plant(void);\n", "nobody calls"),
    (sizes, "src/core/base/sight-text.c", "\n" * 801, "lines"),
    (sizes, "src/core/base/sight-text.c", "void plant(void) {\n" + "  g_usleep(0);\n" * 101 + "}\n", "function of"),
    (sizes, "src/core/base/sight-text.c", "void plant(void) {\n" + " " * 10 + "if (TRUE)\n", "nested"),
    (one_table_of_kinds, "src/core/insight/sight-library.c", "int plant = SIGHT_SIGNAL_THRASH;\n", "THRASH"),
    (one_table_of_kinds, "src/ui/style.css", ".quick-back { color: red; }\n", "quick-back"),
    (one_list_of_sources, "src/cli/main.c", "gboolean plant(const SightEndpoint *endpoint) { return !endpoint->url; }\n", "an address"),
    (banned, "src/core/base/sight-text.c", "void plant(void) {\n  goto end;\n}\n", "no goto"),
    (banned, "src/core/dom/sight-dom.c", "void plant(void) {\n  sqlite3_close(NULL);\n}\n", "SQLite belongs"),
    (banned, "src/core/dom/sight-dom.c", "GHashTable *t = g_hash_table_new(g_str_hash, g_str_equal);\n", "hashed by"),
    (plain_rows, "src/ui/main.c", "void plant(void) {\n  adw_action_row_set_subtitle(row, text);\n}\n", "as markup"),
    (keys_pass, "src/ui/main.c", "void plant(void) {\n  gtk_label_set_selectable(GTK_LABEL(a), TRUE);\n"
     "  gtk_widget_set_focusable(a, FALSE);\n}\n", "way of the keys"),
    (deprecations, "src/ui/main.c", "void plant(void) {\n  gtk_widget_show(NULL);\n}\n", "1 times"),
    (potfiles, "src/core/wire/sight-cursor.c", 'const char *t = _("Plant");\n', "POTFILES"),
)


def unseen():
    """The breaches that their rule does not see."""
    findings = []
    for rule, name, text, expected in BREACHES:
        path = ROOT / name
        planted[path] = path.read_text() + text
        seen = rule()
        planted.clear()
        if not any(name in finding and expected in finding for finding in seen):
            findings.append(f"{rule.__name__}() does not see {text.strip()[:50]!r} in {name}")
    return findings


def main():
    tap = Tap()
    sources = bool(c_files())
    tap.check("modules include only what the table of layers allows", layers(), sources)
    tap.check("nothing calls past its layer", calls(), sources)
    tap.check("every public function has a caller", unused(), sources)
    tap.check("files and functions are small", sizes(), sources)
    tap.check("no banned call", banned(), sources)
    tap.check("no row takes what a recording says as markup", plain_rows(), sources)
    tap.check("no label ends the way of the keys", keys_pass(), sources)
    tap.check("every file says its licence", heads(), sources)
    tap.check("every string is known to the translators", potfiles(), sources)
    tap.check("what is said of a kind of signal stands in one row", one_table_of_kinds(), sources)
    tap.check("what is particular to a kind of endpoint stands in its file", one_list_of_sources(), sources)
    tap.check("what newer GTK deprecates is counted", deprecations(), sources)
    tap.check("the top level holds what belongs there", top_level(), sources)
    tap.check("no registry and no machine is named", neutral(), sources)
    tap.check("a breach that is planted is found", unseen(), sources)
    tap.end()


main()
