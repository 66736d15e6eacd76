# SPDX-License-Identifier: MIT
"""What the desktop has to do with the program: help, going on in the background, being started at login."""
import os
import stat
import subprocess

from collector import BUILD, Collector
from desktop import Desktop, Portal
from window import SAMPLES, own_folder, run_tests, wait

# They are kept from one start to the next.
SETTINGS = {"GSETTINGS_BACKEND": "keyfile"}
HELPER = """#!/bin/sh
printf %%s "$1" > %s
"""
ENTRY = """[Desktop Entry]
Type=Application
Name=Help
Exec=%s %%u
MimeType=x-scheme-handler/help;
"""


def install_help_viewer(home):
    """What shows help pages; gives where it says what it was asked for."""
    folder, said = os.path.join(home, "data", "applications"), os.path.join(home, "help-asked")
    os.makedirs(folder)
    helper = os.path.join(home, "helper")
    with open(helper, "w") as file:
        file.write(HELPER % said)
    os.chmod(helper, os.stat(helper).st_mode | stat.S_IXUSR)
    with open(os.path.join(folder, "helper.desktop"), "w") as file:
        file.write(ENTRY % helper)
    with open(os.path.join(folder, "mimeapps.list"), "w") as file:
        file.write("[Default Applications]\nx-scheme-handler/help=helper.desktop\n")
    return said


def read(path):
    return open(path).read() if os.path.exists(path) else ""


def connected(home, collector):
    subprocess.run([f"{BUILD}/src/cli/sightctl", "endpoints", "add", collector.url, "--token", collector.token, "--cache",
                    os.path.join(home, "cache")], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, SECRET_BACKEND="file"))


def switch(window):
    window.tab_to("Sync in the background")
    window.key("space")


def closed_to_the_background(window):
    window.key("Escape")
    window.focus_window()
    window.key("ctrl+w")
    wait("no window", lambda: not window.is_displayed())
    assert window.process.poll() is None


def test_background(start):
    """F1 asks for the help; in the background sessions come and are told of, where the desktop allows it; login begins it"""
    with own_folder("sight-desktop-") as home:
        desktop, portal, collector = Desktop(), Portal(), Collector(home)
        said = install_help_viewer(home)
        try:
            collector.post(SAMPLES[0])
            connected(home, collector)
            window = start(home=home, env=SETTINGS)
            wait("a session", window.sessions)
            window.key("F1")
            wait("the help", lambda: read(said) == "help:sessionsight")
            assert not portal.pump()

            window.key("ctrl+comma")
            window.focus_dialog()
            window.tab_to("Watching", key="shift+Tab")
            window.key("space")
            switch(window)
            wait("a question", portal.pump)
            window.wait_for(contains="does not let this program run")
            switch(window)
            wait("that it is not wanted", lambda: len(portal.pump()) == 2)
            portal.granted = True
            switch(window)
            wait("another question", lambda: len(portal.pump()) == 3)
            window.wait_for(contains="begins at login")
            window.picture("background")
            assert [asked["autostart"] for asked in portal.asked] == [True, False, True]
            assert portal.asked[0]["commandline"] == ["sessionsight", "--background", "--cache", window.cache]

            closed_to_the_background(window)
            collector.post(SAMPLES[1])
            told = wait("a notification", desktop.pump)
            assert told[0][3] == "1 new session", told
            desktop.activate(1)
            wait("the window", window.is_displayed)
            window.arrive()
            window.wait_for(role="button", contains="Remove “not watched")
            assert window.close(by_key=True) == 0

            again = start("--background", home=home, env=SETTINGS, unseen=True)
            wait("the question at the start", lambda: len(portal.pump()) == 4)
            collector.post(SAMPLES[2])
            wait("another notification", lambda: len(desktop.pump()) == 2)
            assert not again.is_displayed() and again.process.poll() is None
        finally:
            collector.close()


def test_not_wanted(start):
    """a start at login without the setting ends at once"""
    window = start("--background", unseen=True)
    assert window.process.wait(60) == 0


run_tests(test_background, test_not_wanted)
