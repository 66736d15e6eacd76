# SPDX-License-Identifier: MIT
"""A pseudo-locale: every string of the program, 40 % longer, as FOLDER/xx/LC_MESSAGES/sessionsight.mo. What is longer ends
in a letter that no recording has, so that whoever looks knows a string of ours."""
import os
import re
import subprocess
import sys

MARK = "ẋ"


def longer(text):
    """Plural forms, underlines, directives of printf and the end of a line stay as they are."""
    body, end = (text[:-2], text[-2:]) if text.endswith("\\n") else (text, "")
    more = max(1, round(len(re.sub(r"%[-'0-9.]*[a-z]+|_", "", body)) * 0.4))
    words = " ".join(MARK * min(6, more - done) for done in range(0, more, 7))
    return body + (words if more < 4 else " " + words) + end


def main(top, folder):
    target = os.path.join(folder, "xx", "LC_MESSAGES")
    os.makedirs(target)
    pot = os.path.join(folder, "sessionsight.pot")
    with open(os.path.join(top, "po", "POTFILES.in"), encoding="utf-8") as names:
        files = [name for name in names.read().split() if name.startswith(("src/ui/", "src/core/"))]
    subprocess.run(["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
                    "--keyword=ngettext:1,2", "--no-location", "--output", pot, *files], cwd=top, check=True,
                   stderr=subprocess.DEVNULL)
    entries = subprocess.run(["msgcat", "--no-wrap", pot], check=True, stdout=subprocess.PIPE, text=True).stdout
    out, forms = [], []
    for line in entries.splitlines():
        match = re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', line)
        if match and match[1].startswith("msgid"):
            forms = [match[2]] if match[1] == "msgid" else forms + [match[2]]
        if match and match[1].startswith("msgstr") and forms[0]:
            last = forms[-1] if match[1] == "msgstr[1]" else forms[0]
            line = '%s "%s"' % (match[1], longer(last))
        if line.startswith('"Plural-Forms:'):
            line = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
        out.append(line.replace("charset=CHARSET", "charset=UTF-8"))
    po = os.path.join(folder, "xx.po")
    with open(po, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
    subprocess.run(["msgfmt", "--output-file", os.path.join(target, "sessionsight.mo"), po], check=True)


main(*sys.argv[1:])
