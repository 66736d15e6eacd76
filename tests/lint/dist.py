# SPDX-License-Identifier: MIT
"""A release tarball is made twice: both are the same to the byte, and hold what building without node needs. Of what is
not committed nothing is packed."""
import hashlib
import os
import subprocess
import tarfile
import time
from pathlib import Path

from tap import ROOT, Tap

BUILD = Path(os.environ["SIGHT_BUILD_ROOT"])
BUNDLES = ("src/web/dist/player.js", "src/web/dist/recorder.js", "src/web/dist/clip.js")


def make():
    done = subprocess.run(["meson", "dist", "-C", str(BUILD), "--no-tests", "--allow-dirty", "--formats", "xztar"],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"meson dist failed: {done.stdout}{done.stderr}")
    return max((BUILD / "meson-dist").glob("*.tar.xz"), key=lambda path: path.stat().st_mtime)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def differences(first, second):
    """Which members are not the same: names what is to be mended."""
    def members(path):
        with tarfile.open(path) as tar:
            return {m.name: (m.mtime, m.mode, m.size, m.uname) for m in tar.getmembers()}
    one, other = members(first), members(second)
    return [f"{name}: {one.get(name)} and {other.get(name)}" for name in sorted(one.keys() | other.keys())
            if one.get(name) != other.get(name)][:20]


def main():
    tap = Tap()
    if not (ROOT / ".git").exists():
        print("# no checkout: out of a release tarball no other one is made")
        tap.check("made twice it is the same", [], True)
        tap.end()
        return
    first = make()
    kept = first.with_suffix(".first")
    first.rename(kept)
    time.sleep(1.1)  # times in a tarball count seconds
    second = make()
    same = digest(kept) == digest(second)
    tap.check("made twice it is the same", [] if same else differences(kept, second) or ["the bytes differ"], True)
    with tarfile.open(second) as tar:
        names = {name.split("/", 1)[-1] for name in tar.getnames()}
    tap.check("brings the bundles", [name for name in BUNDLES if name not in names], True)
    kept.unlink()
    tap.end()


main()
