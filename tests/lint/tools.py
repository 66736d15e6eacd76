# SPDX-License-Identifier: MIT
"""What the usual tools say: formatting, spelling, shell, desktop files, settings, static analysis."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from tap import CORE, ROOT, Tap, c_files, command, files, relative


def clang_format():
    sources = [*c_files(), *files("tests/*.c", "tests/*.h")]
    return command("clang-format-14", "--dry-run", "-Werror", *sources, cwd=ROOT), sources


def codespell():
    texts = files("*.md", "*.c", "*.h", "*.cpp", "*.py", "*.mjs", "*.js", "*.sh", "*.ui", "*.xml", "*.in", "*.1", "*.build", "src/run",
                  "tests/run", "tests/field/run")
    texts = [path for path in texts if "fixtures" not in path.parts and path.name != "package-lock.json"]
    return command("codespell", "--ignore-words", ROOT / "tests/lint/words.txt", *texts, cwd=ROOT), texts


def shellcheck():
    scripts = [*files("*.sh"), ROOT / "src/run", ROOT / "tests/run", ROOT / "tests/field/run", ROOT / ".ci/run"]
    return command("shellcheck", *scripts, cwd=ROOT), scripts


def desktop_files():
    found = files("data/*.desktop")
    return [line for path in found for line in command("desktop-file-validate", path)], found


def metainfo():
    found = files("data/*.metainfo.xml")
    return [line for path in found for line in command("appstreamcli", "validate", "--no-net", path)], found


def schemas():
    found = files("data/*.gschema.xml")
    with tempfile.TemporaryDirectory() as target:
        return command("glib-compile-schemas", "--strict", f"--targetdir={target}", ROOT / "data"), found


def cppcheck():
    # memleak: it does not see that a GTask or an idle takes what it is given; the tests look for leaks with ASan.
    includes = [f"-I{ROOT}/src/core/{module}" for module in CORE]
    sources = [path for path in c_files() if path.suffix == ".c"]
    with tempfile.TemporaryDirectory() as work:
        listing = pathlib.Path(work) / "files"
        listing.write_text("\n".join(str(path) for path in sources))
        found = command("cppcheck", "--quiet", "-j2", "--std=c11", "--enable=warning,performance,portability",
                        "--inline-suppr", "--error-exitcode=1", "--library=gtk", "--suppress=missingInclude",
                        "--suppress=unknownMacro", "--suppress=varFuncNullUB", "--suppress=memleak", "--suppress=normalCheckLevelMaxBranches", *includes,
                        f"--cppcheck-build-dir={work}", f"--file-list={listing}")
    return found, sources


def manual_pages():
    found = files("data/man/*.1")
    findings = []
    for path in found:
        for section in (".SH NAME", ".SH SYNOPSIS", ".SH EXIT STATUS"):
            if section not in path.read_text():
                findings.append(f"{relative(path)} has no {section}")
    return findings, found


# What a service can do without, as systemd grades it: 0 (nothing) to 100. Its network weighs most of what is left.
MOST_EXPOSED = 15
SANDBOX = ("CapabilityBoundingSet=", "DynamicUser=yes", "MemoryDenyWriteExecute=yes", "NoNewPrivileges=yes", "PrivateDevices=yes",
           "PrivateTmp=yes", "ProtectHome=yes", "ProtectSystem=strict", "RestrictNamespaces=yes", "SystemCallFilter=@system-service")


def systemd_units():
    """The units of the collector and the worker: their sandbox, and what systemd says of it where systemd is there."""
    sources, findings = files("data/sessionsight-*.service.in"), []
    for source in sources:
        lines = source.read_text().splitlines()
        findings += [f"{source.name}: {line} is missing" for line in SANDBOX if line not in lines]
        if shutil.which("systemd-analyze") is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder) / source.name.removesuffix(".in")
            unit.write_text(re.sub("@bindir@/[a-z-]*", "/bin/true", source.read_text()))
            ran = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
            findings += [line for line in ran.stderr.splitlines() if unit.name in line]
            findings += command("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager",
                                unit)[-1:]
    return findings, sources


def scripts():
    """Every script of node and python at least parses."""
    findings = []
    python = files("tests/*.py", "data/*.py", "src/*.py")
    for path in python:
        findings += command(sys.executable, "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", path)
    node = files("src/*.js", "src/*.mjs", "tests/*.mjs")
    for path in node:
        text = path.read_text()
        findings += command("node", "--check", "--input-type=module", "-", input=text) if path.suffix == ".js" else \
            command("node", "--check", path)
    return findings, [*python, *node]


CHECKS = {
    "clang-format": clang_format, "codespell": codespell, "shellcheck": shellcheck,
    "desktop-file-validate": desktop_files, "appstreamcli": metainfo, "glib-compile-schemas": schemas,
    "cppcheck": cppcheck, "manual pages": manual_pages, "scripts parse": scripts, "systemd units": systemd_units,
}


def main():
    tap = Tap()
    for name, check in CHECKS.items():
        try:
            findings, looked_at = check()
        except FileNotFoundError as missing:
            findings, looked_at = [f"{missing.filename} is not installed"], [name]
        tap.check(name, findings, looked_at)
    tap.end()


os.environ["LC_ALL"] = "C.UTF-8"
main()
