# SPDX-License-Identifier: MIT
"""Counts what `meson test` ran, subtest by subtest, and prints it: count.py MESON_LOGS EXIT_STATUS [SUITE…].

A suite that is named and of which nothing ran has failed."""
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def main():
    logs = pathlib.Path(sys.argv[1])
    status = int(sys.argv[2])
    passed = failed = 0
    failing = []
    for suite in ElementTree.parse(logs / "testlog.junit.xml").getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            bad = case.find("failure") is not None or case.find("error") is not None
            # A skipped subtest asserts nothing: it does not count as passed.
            if case.find("skipped") is not None:
                bad = True
            if bad:
                failed += 1
                failing.append(f"{suite.get('name')}: {case.get('name')}")
            else:
                passed += 1
    missing = set(sys.argv[3:])
    # A program that crashed or ran out of time after its last good subtest has failed as well.
    for line in (logs / "testlog.json").read_text().splitlines():
        test = json.loads(line)
        name = test["name"].split(" / ")[-1]
        missing -= {test["name"].split(" / ")[0].split(":")[-1]}
        if test["result"] in ("OK", "EXPECTEDFAIL"):
            continue
        if not any(name in entry for entry in failing):
            failed += 1
            failing.append(f"{test['name']}: {test['result']}")
    if status != 0 and failed == 0:
        failed = 1
        failing.append(f"meson test ended with {status}")
    for suite in sorted(missing):
        failed += 1
        failing.append(f"suite {suite}: nothing of it ran")
    for entry in failing:
        print(f"FAILED {entry}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
