# SPDX-License-Identifier: MIT
"""The Flatpak manifest cannot be built here: it is read, and what it says is compared with meson.build and data/."""
import json
import re

from tap import ROOT, Tap

MANIFEST = ROOT / "flatpak/io.github.sessionsight.SessionSight.json"


def main():
    tap = Tap()
    manifest = json.loads(MANIFEST.read_text())
    meson = (ROOT / "meson.build").read_text()
    version = re.search(r"version: '([^']+)'", meson).group(1)
    app_id = re.search(r"'SIGHT_APP_ID', '([^']+)'", meson).group(1)
    module = manifest["modules"][-1]
    archive = [source for source in module["sources"] if source["type"] == "archive"]

    findings = []
    if manifest["id"] != app_id:
        findings.append(f"id {manifest['id']} is not meson's {app_id}")
    if manifest["command"] != "sessionsight":
        findings.append(f"command {manifest['command']}")
    if not (ROOT / f"data/{app_id}.desktop").is_file():
        findings.append("no desktop file of that id")
    tap.check("names the application", findings, True)

    findings = [f"{source['path']} is not version {version}" for source in archive
                if f"sessionsight-{version}.tar" not in source["path"]]
    findings += [] if len(archive) == 1 else ["not exactly one release tarball"]
    findings += [] if module["buildsystem"] == "meson" else ["not built with meson"]
    tap.check("builds the release tarball of this version", findings, True)

    moving = [module["name"] for module in manifest["modules"] for source in module["sources"]
              if source["type"] == "git" and not re.fullmatch(r"[0-9a-f]{40}", source.get("commit", ""))]
    tap.check("what is built beside it is pinned to a commit", moving, True)

    findings = [word for word in manifest["finish-args"] if word.startswith(("--filesystem=home", "--filesystem=host", "--device=all",
                                                                              "--talk-name=*", "--socket=session-bus"))]
    tap.check("asks for no more than it needs", findings, True)

    release = re.search(r'<release version="([^"]+)"', (ROOT / f"data/{app_id}.metainfo.xml").read_text()).group(1)
    tap.check("metainfo tells of this version", [] if release == version else [f"{release} is not {version}"], True)
    tap.end()


main()
