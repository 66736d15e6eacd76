# SPDX-License-Identifier: MIT
"""The rules of the house that a script can check: layers, sizes, banned calls, heads of files, translations."""
import re

from tap import CORE, ROOT, Tap, c_files, files, relative

# What each module may include besides itself, base and event (src/README.md has the same table).
MAY_INCLUDE = {
    "base": (), "event": (), "format": (), "dom": (), "wire": (), "store": (),
    "segment": ("dom",), "signal": ("dom",),
    "analysis": ("format", "segment", "signal", "dom", "store"),
    "sync": ("format", "wire", "store"),
    "query": ("store",),
    "insight": ("query", "store"),
    "clip": ("segment", "dom", "store"),
    "collector": ("wire", "store"),
    "cli": CORE,
    "ui": CORE,
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
    "libsoup/soup.h": ("sync", "collector", "cli"),
    "libsecret/secret.h": ("sync",),
    "gtk/gtk.h": ("ui",),
    "adwaita.h": ("ui",),
    "webkit/webkit.h": ("ui",),
}

BANNED = {
    r"\bgoto\b": "no goto",
    r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|system|popen|tmpnam|mktemp)\s*\(": "unsafe or blocking call",
    r"\bgchar\b|\bgint\b(?! \()": "char and int rather than gchar and gint",
    r"\bsqlite3_exec\s*\(": "statements are prepared and bound",
    r"gtk_label_set_markup|use-markup|gtk_label_new_with_mnemonic": "labels are plain text",
    r"webkit_web_view_evaluate_javascript": "commands go through call_async_javascript_function",
    r"allow-scripts|DISABLE_SANDBOX|enable-write-console-messages-to-stdout": "weakens the view's safety",
    r"g_test_skip|should_fail|xfail": "no test is skipped",
    r"\b(TODO|FIXME|XXX|HACK)\b": "left to do",
    r"\bg_slice_|\bg_memdup\s*\(|\bG_TYPE_INSTANCE_GET_PRIVATE\b": "deprecated",
}


def module_of(path):
    parts = path.relative_to(ROOT / "src").parts
    return parts[1] if parts[0] == "core" else parts[0]


def layers():
    owner = {path.name: module_of(path) for path in c_files() if path.suffix == ".h"}
    findings = []
    for path in c_files():
        module = module_of(path)
        allowed = {module, "base", "event", *MAY_INCLUDE.get(module, ())}
        for header in re.findall(r'^\s*#\s*include\s+["<]([^">]+)[">]', path.read_text(), re.M):
            target = owner.get(header.split("/")[-1])
            if target and target not in allowed:
                findings.append(f"{relative(path)} includes {header} of {target}")
            if header in FOREIGN and module not in FOREIGN[header]:
                findings.append(f"{relative(path)} includes <{header}>")
            if header == "webkit/webkit.h" and "/ui/player/" not in str(path):
                findings.append(f"{relative(path)}: WebKit belongs to ui/player")
    return findings


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


def sizes():
    findings = []
    for path in [*c_files(), *files("src/*.js", "src/*.mjs", "tests/*.c", "tests/*.mjs", "tests/*.js", "tests/*.py")]:
        text = path.read_text()
        lines = text.count("\n")
        if lines > 800:
            findings.append(f"{relative(path)} has {lines} lines (800 at most; split at 600)")
        if path.suffix != ".c":
            continue
        for name, start, length in functions(without_comments(text)):
            if length > 100:
                findings.append(f"{relative(path)}:{start} has a function of {length} lines: {name.strip()[:60]}")
    return findings


def banned():
    findings = []
    for path in [*c_files(), *files("tests/*.c", "tests/*.h", "src/*.ui")]:
        code = without_comments(path.read_text()) if path.suffix != ".ui" else path.read_text()
        raw = path.read_text()
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


def heads():
    findings = []
    marked = files("src/*.c", "src/*.h", "src/*.cpp", "src/*.js", "src/*.mjs", "src/*.css", "src/*.sql", "src/*.sh", "src/run",
                   "tests/*.c", "tests/*.h", "tests/*.py", "tests/*.mjs", "tests/*.js", "tests/*.sh", "tests/run", "tests/field/run",
                   "*meson.build", "src/*.ui", "data/*.py", "data/*.mjs")
    for path in marked:
        first = "\n".join(path.read_text().splitlines()[:3])
        if "SPDX-License-Identifier: MIT" not in first:
            findings.append(f"{relative(path)}: no SPDX line")
        if path.suffix == ".h" and "#pragma once" not in path.read_text():
            findings.append(f"{relative(path)}: no #pragma once")
    return findings


def potfiles():
    listed = {line.strip() for line in (ROOT / "po/POTFILES.in").read_text().splitlines()
              if line.strip() and not line.startswith("#")}
    findings = [f"po/POTFILES.in lists {name}, which is not there" for name in sorted(listed) if not (ROOT / name).is_file()]
    speaking = r'(?<![A-Za-z0-9_])(?:_|N_|C_|Q_|ngettext|gettext)\s*\(\s*(?:"|\n)|translatable="yes"'
    for path in files("src/*.c", "src/*.ui", "data/*.in", "data/*.gschema.xml"):
        name = relative(path)
        if re.search(speaking, path.read_text()) and name not in listed:
            findings.append(f"{name} has strings to translate and is not in po/POTFILES.in")
    return findings


def top_level():
    allowed = {"src", "data", "po", "tests", "flatpak", "meson.build", "README.md"}
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


def main():
    tap = Tap()
    sources = bool(c_files())
    tap.check("modules include only what the table of layers allows", layers(), sources)
    tap.check("files and functions are small", sizes(), sources)
    tap.check("no banned call", banned(), sources)
    tap.check("every file says its licence", heads(), sources)
    tap.check("every string is known to the translators", potfiles(), sources)
    tap.check("the top level holds what belongs there", top_level(), sources)
    tap.check("no registry and no machine is named", neutral(), sources)
    tap.end()


main()
