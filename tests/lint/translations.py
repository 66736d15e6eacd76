# SPDX-License-Identifier: MIT
"""Each translation is whole: every string of the program, with the directives, lines and mnemonics of the original."""
import pathlib
import re
import subprocess
import tempfile

from tap import ROOT, Tap, command, files, read, relative

KEYWORDS = ("_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3")
# gettext knows the macros of <inttypes.h>, no others: it ends a string where one of these stands.
MACRO = re.compile(r"\bG_G[A-Z0-9]+_FORMAT\b")
CALL = re.compile(r"(?<![A-Za-z0-9_])(?:N?_|ngettext)\(((?:\s*\"(?:[^\"\\]|\\.)*\"|\s*[A-Z0-9_]+(?=[\s\"),])|\s*,)+)")
MNEMONIC = re.compile(r"(?:^|[\s(])_\w")


def languages():
    return (ROOT / "po/LINGUAS").read_text(encoding="utf-8").split()


def template(folder):
    """All strings of the program, with what takes a printf format marked."""
    pot = pathlib.Path(folder) / "all.pot"
    flags = ("g_print:1", "g_printerr:1", "g_strdup_printf:1", "g_string_append_printf:2", "g_set_error:4",
             "sight_cli_progress:1")
    findings = command(
        "xgettext", "--from-code=UTF-8", "--add-comments=Translators", *(f"--keyword={word}" for word in KEYWORDS),
        *(f"--flag={flag}:c-format" for flag in flags), "--flag=_:1:pass-c-format", "--flag=N_:1:pass-c-format",
        "--flag=ngettext:1:pass-c-format", "--flag=ngettext:2:pass-c-format", "--files-from=po/POTFILES.in",
        "--output", pot, cwd=ROOT)
    return pot, findings


def entries(po):
    """(msgid, the translations) of each entry, as text."""
    joined = subprocess.run(["msgattrib", "--no-wrap", "--no-location", "--no-obsolete", str(po)], capture_output=True, text=True,
                            check=True)
    for block in joined.stdout.split("\n\n")[1:]:
        # What stands on several lines is joined.
        texts, key = {}, None
        for line in block.splitlines():
            match = re.match(r'(msgid_plural|msgid|msgctxt|msgstr(?:\[\d\])?) "(.*)"$', line)
            if match:
                key = match[1]
                texts[key] = match[2]
            elif key and line.startswith('"'):
                texts[key] += line[1:-1]
        if "msgid" in texts:
            yield texts["msgid"], [text for name, text in texts.items() if name.startswith("msgstr")]


def missing(pot, folder):
    findings = []
    for language in languages():
        merged = pathlib.Path(folder) / f"{language}.po"
        wrong = command("msgmerge", "--quiet", "--no-fuzzy-matching", "--output-file", merged, ROOT / f"po/{language}.po", pot)
        findings += wrong
        if wrong:
            continue
        for text, translations in entries(merged):
            if text and not all(translations):
                findings.append(f"po/{language}.po: nothing for “{text}”")
    return findings


def unsound():
    findings = []
    for language in languages():
        findings += command("msgfmt", "--check", "--output-file=/dev/null", ROOT / f"po/{language}.po")
    return findings


def mnemonics():
    findings = []
    for language in languages():
        for text, translations in entries(ROOT / f"po/{language}.po"):
            if MNEMONIC.search(text) and not all("_" in translation for translation in translations):
                findings.append(f"po/{language}.po: no key for “{text}”")
    return findings


def cut(sources):
    return [f"{name}: xgettext does not know {MACRO.search(call[1])[0]}" for name, text in sources
            for call in CALL.finditer(text) if MACRO.search(call[1])]


def main():
    tap = Tap()
    sources = [(relative(path), read(path)) for path in files("src/*.c", "src/*.h")]
    with tempfile.TemporaryDirectory() as folder:
        pot, findings = template(folder)
        tap.check("the strings can be taken out of the sources", findings, pot.is_file())
        tap.check("each translation has every string", missing(pot, folder), len(languages()) >= 5)
    tap.check("each translation keeps directives and line ends", unsound(), languages())
    tap.check("each translation keeps the keys of buttons", mnemonics(), languages())
    tap.check("no string ends at a macro", cut(sources), sources)
    plant = 'g_print(_("%s: %" G_GINT64_FORMAT " of them"), name, n);'
    tap.check("a string that ends at a macro is found", [] if cut([("plant", plant)]) else ["it was not"], plant)
    tap.end()


main()
