# SPDX-License-Identifier: MIT
# kill -9 of the application at random points while it syncs and analyses: nothing is lost, nothing doubled, and the cache
# ends up as one that was never disturbed. 4 kills beside those of tests/unit/cli/test-kill.c; 40 with SIGHT_TEST_FULL.
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]
ROUNDS = 40 if os.environ.get("SIGHT_TEST_FULL") else 4
FILES_A_ROUND = 3


def sightctl(cache, *words):
    ran = subprocess.run([f"{BUILD}/src/cli/sightctl", *words, "--cache", cache, "--json"], check=True,
                         stdout=subprocess.PIPE, text=True)
    return json.loads(ran.stdout)


def post(collector, files):
    subprocess.run([f"{BUILD}/src/cli/sightctl", "post", *files, "--url", collector["url"], "--key", collector["write_key"]],
                   check=True, stdout=subprocess.DEVNULL)


def connect(cache, collector):
    sightctl(cache, "endpoints", "add", collector["url"], "--name", "Shop", "--token", collector["token"])


def sessions(cache):
    """What the library says of each session, without what says when it came."""
    listed = sightctl(cache, "sessions", "--limit", "0")["sessions"]
    return {session["session"]: {key: value for key, value in session.items() if key not in ("received_ms", "endpoint")}
            for session in listed}


def tags(cache, session):
    return sorted(tag["text"] for tag in sightctl(cache, "show", session)["tags"])


def batches(cache, session):
    return [(window["window"], window["batches"], window["missing"], window["events"])
            for window in sightctl(cache, "show", session)["windows_list"]]


def kill_application(cache, after_s):
    application = subprocess.Popen([f"{BUILD}/src/ui/sessionsight", "--cache", cache], stdout=sys.stderr)
    time.sleep(after_s)
    alive = application.poll() is None
    application.kill()
    application.wait()
    return alive


def run(folder, collector, samples):
    disturbed, calm = f"{folder}/disturbed", f"{folder}/calm"
    connect(disturbed, collector)
    post(collector, samples[:FILES_A_ROUND])
    sightctl(disturbed, "sync")
    tagged = next(iter(sessions(disturbed)))
    n_alive = 0
    for number in range(ROUNDS):
        first = (number + 1) * FILES_A_ROUND % len(samples)
        post(collector, samples[first:first + FILES_A_ROUND])
        sightctl(disturbed, "tag", tagged, "--at", "1000", f"round {number}")
        n_alive += kill_application(disturbed, random.uniform(0.2, 4))
    assert n_alive == ROUNDS, f"the application had ended by itself in {ROUNDS - n_alive} rounds"
    print(f"ok 1 - killed {n_alive} times", flush=True)

    sightctl(disturbed, "sync")
    connect(calm, collector)
    sightctl(calm, "sync")
    assert sessions(disturbed) == sessions(calm), "the caches differ"
    print("ok 2 - the disturbed cache says what an undisturbed one says", flush=True)
    for session in sessions(calm):
        assert batches(disturbed, session) == batches(calm, session), f"the batches of {session} differ"
    print("ok 3 - no batch is missing and none is there twice", flush=True)
    wanted = sorted(f"round {number}" for number in range(ROUNDS))
    assert tags(disturbed, tagged) == wanted, f"tags here: {tags(disturbed, tagged)}"
    assert tags(calm, tagged) == wanted, f"tags at the collector: {tags(calm, tagged)}"
    print("ok 4 - every tag has arrived once", flush=True)


def main():
    print("TAP version 13\n1..4", flush=True)
    folder = tempfile.mkdtemp(prefix="sight-kill-")
    samples = sorted(glob.glob(f"{ROOT}/data/samples/*.jsonl.zst"))
    process = subprocess.Popen([f"{BUILD}/src/collector/sessionsight-collector", "--json", "--listen", "127.0.0.1:0", "--store",
                                f"{folder}/collector", "--rate-address", "0"], stdout=subprocess.PIPE, text=True)
    status = 0
    try:
        run(folder, json.loads(process.stdout.readline()), samples)
    except (AssertionError, subprocess.CalledProcessError) as problem:
        status = 1
        print(f"not ok - {problem}")
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


main()
