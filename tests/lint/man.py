# SPDX-License-Identifier: MIT
"""Every option that a program tells of is in its manual page, and every verb."""
import os
import re
import subprocess

from tap import ROOT, Tap

BUILD = os.environ["SIGHT_BUILD_ROOT"]
EVERYWHERE = {"--help"}


def help_of(*command):
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    return subprocess.run([*command, "--help"], check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def page(name):
    return (ROOT / "data" / "man" / (name + ".1")).read_text(encoding="utf-8").replace("\\-", "-")


def missing(text, manual):
    options = set(re.findall(r"^\s+(?:-\w, )?(--[a-z][a-z-]*)", text, re.MULTILINE)) - EVERYWHERE
    return sorted(option for option in options if option not in manual)


def main():
    tap = Tap()
    sightctl = os.path.join(BUILD, "src/cli/sightctl")
    manual = page("sightctl")
    verbs = re.findall(r"^  ([a-z-]+)  ", help_of(sightctl), re.MULTILINE)
    lacks = [verb for verb in verbs if not re.search(r"^\.BI?R? %s\b" % verb, manual, re.MULTILINE)]
    for verb in verbs:
        lacks += [verb + " " + option for option in missing(help_of(sightctl, verb), manual)]
    tap.check("sightctl.1 has every verb and option", lacks, verbs)
    for program, folder, words in (("sessionsight-collector", "collector", []), ("sessionsight-collector", "collector", ["keys"]),
                                   ("sessionsight", "ui", []), ("sessionsight-thumbnailer", "thumbnailer", [])):
        text = help_of(os.path.join(BUILD, "src", folder, program), *words)
        tap.check(" ".join([program + ".1 has every option", *words]), missing(text, page(program)), text)
    tap.end()


main()
