# SPDX-License-Identifier: MIT
"""The application in a real window, looked at through AT-SPI and driven by real keys; and tests that say TAP."""
import ctypes
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from gi.repository import GLib

from tree import Tree

TOP = os.environ["SIGHT_SOURCE_ROOT"]
BUILD = os.environ["SIGHT_BUILD_ROOT"]
# One visit of each kind of the samples: all of them would only take longer.
SAMPLES = sorted(glob.glob(os.path.join(TOP, "data", "samples", "*-1.jsonl.zst")))
PATIENCE = float(os.environ.get("SIGHT_TEST_PATIENCE", "240"))


class Missing(AssertionError):
    """What was waited for did not come."""


def wait(what, condition, patience=PATIENCE):
    """Waits until condition() gives something true, and gives that."""
    end = time.monotonic() + patience
    while True:
        began = time.monotonic()
        try:
            found = condition()
        except GLib.Error:
            found = None  # the widget went away while it was looked at
        if found:
            return found
        if time.monotonic() > end:
            raise Missing("did not come: " + what)
        time.sleep(min(max(0.05, time.monotonic() - began), 0.5))  # who looks all the time keeps the application busy


def own_folder(prefix="sight-"):
    """For the time of a test; the application may still write into it while that ends."""
    return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)


def obey_modes():
    """From here on root, too, writes only where the mode of a file lets it: without the capability to pass modes over."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, capability, 0, 0, 0) != 0:  # PR_CAPBSET_DROP
            raise OSError(ctypes.get_errno(), "a capability cannot be given up")


class Window:
    """One run of the application, with settings, data and cache of its own."""

    def __init__(self, *args, size=(1360, 860), dark=False, home=None, env=None, title="SessionSight", service=False,
                 obedient=False, unseen=False):
        self.home = home or tempfile.mkdtemp(prefix="sight-ui-")
        self.keep_home = home is not None
        self.size = size
        self.title = title
        self.cache = os.path.join(self.home, "cache")
        environment = dict(os.environ)
        for name in ("DATA", "CONFIG", "CACHE", "STATE"):
            environment["XDG_%s_HOME" % name] = os.path.join(self.home, name.lower())
        environment.update(
            GSETTINGS_BACKEND="memory", GSETTINGS_SCHEMA_DIR=os.path.join(BUILD, "data"), GSK_RENDERER="cairo",
            GDK_BACKEND="x11", SECRET_BACKEND="file", LC_ALL="C.UTF-8", GTK_THEME="", NO_AT_BRIDGE="0",
            SIGHT_SAMPLES_DIR=self._samples())
        environment.pop("GTK_THEME")
        environment.pop("GTK_A11Y", None)
        if dark:
            environment["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
        environment.update(env or {})
        self.log = open(os.path.join(self.home, "log"), "w+b")
        if service:
            args = ("--gapplication-service", *args)
        self.process = subprocess.Popen([os.path.join(BUILD, "src/ui/sessionsight"), "--cache", self.cache, *args],
                                        env=environment, stdout=self.log, stderr=self.log,
                                        preexec_fn=obey_modes if obedient else None)
        self.tree = Tree()
        if not (service or unseen):
            self.arrive()

    def arrive(self):
        """Waits for the window and gives it the keys."""
        wait("the application on the accessibility bus", self._find_app)
        self.xid = wait("the window on the display", self._find_xid)
        self._xdotool("windowmove", "--sync", self.xid, "0", "0")
        self.resize(self.size)
        self._xdotool("windowfocus", "--sync", self.xid)

    def resize(self, size):
        self.size = size
        self._xdotool("windowsize", self.xid, str(size[0]), str(size[1]))

    def _samples(self):
        folder = os.path.join(self.home, "samples")
        if not os.path.isdir(folder):
            os.mkdir(folder)
            for sample in SAMPLES:
                os.symlink(sample, os.path.join(folder, os.path.basename(sample)))
        return folder

    def _find_app(self):
        if self.process.poll() is not None:
            self.log.seek(0)
            said = self.log.read().decode(errors="replace")
            raise AssertionError("the application ended with %d: %s" % (self.process.returncode, said))
        return self.tree.find_app(self.process.pid)

    def _find_xid(self):
        run = subprocess.run(["xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.process.pid),
                              "--name", "^%s$" % self.title], capture_output=True, text=True, check=False)
        return run.stdout.split()[-1] if run.stdout.split() else None

    def is_displayed(self):
        return self._find_xid() is not None

    @staticmethod
    def _xdotool(*args):
        subprocess.run(["xdotool", *args], check=True, stdout=subprocess.DEVNULL)

    # What is there

    def showing(self, role=None, name=None, contains=None):
        for node in self.tree.read():
            if role and node.role != role:
                continue
            if (name is not None and node.name != name) or (contains is not None and contains not in node.name):
                continue
            if self.tree.is_seen(node):
                yield node

    def find_all(self, **kinds):
        return list(self.showing(**kinds))

    def find(self, **kinds):
        return next(self.showing(**kinds), None)

    def wait_for(self, **kinds):
        return wait(repr(kinds), lambda: self.find(**kinds))

    def focused(self):
        """What keys go to: the innermost widget that has the focus."""
        return self.tree.focused()

    def filter_count(self, title):
        """The number beside a filter in the sidebar."""
        row = self.find(role="list item", contains=title + ", ")
        return row.name.rsplit(", ", 1)[1] if row else None

    def sessions(self):
        """Accessible names of the rows of the session list."""
        return [node.name for node in self.find_all(contains=", length ")]

    def ctl(self, *words):
        """What `sightctl` tells of the same cache."""
        told = subprocess.run([f"{BUILD}/src/cli/sightctl", *words, "--json", "--cache", self.cache], check=True,
                              stdout=subprocess.PIPE, env=dict(os.environ, SECRET_BACKEND="file")).stdout
        return json.loads(told)

    # What is done

    def press(self, **kinds):
        """Presses a button without the pointer, as assistive technology does."""
        self.press_node(self.wait_for(**kinds))

    def press_node(self, node):
        self.tree.call(self.tree.app[0], node.path, "org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (0,)))

    def click(self, x, y):
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def key(self, *keys):
        for name in keys:
            self._xdotool("key", "--clearmodifiers", name)
            time.sleep(0.05)

    def type(self, text):
        self._xdotool("type", "--clearmodifiers", "--delay", "20", text)

    def move(self, key, focus):
        """Presses a key that moves the focus; gives what has it then. What had it before where it has it still after a
        second and, on a machine that takes that long for an answer, after a few of them."""
        self.key(key)
        end, left = time.monotonic() + 1, 4
        while True:
            now = self.focused()
            left -= 1
            if (left <= 0 and time.monotonic() > end) or (now and now.path) != (focus and focus.path):
                return now
            time.sleep(0.05)

    def tab_to(self, name, key="Tab", most=80):
        """Tab until the widget of that name has the focus."""
        self.tree.read()  # what was done before has its time
        focus = self.focused()
        for _ in range(most):
            if focus is not None and name in focus.name:
                return focus
            focus = self.move(key, focus)
        raise Missing("no way by %s to %s" % (key, name))

    def choose_filter(self, title):
        """By Tab to the sidebar, along its rows, and Enter: it takes the place of those of its kind."""
        self.tree.read()
        focus = self.focused()
        for _ in range(80):
            if focus is not None and focus.role == "list item" and focus.parent.name == "Filters":
                break
            focus = self.move("shift+Tab", focus)
        for _ in range(2):
            focus = self.move("Home", focus)
            seen = set()
            while focus is not None and focus.name not in seen:
                if focus.name.startswith(title + ", "):
                    self.key("Return")
                    return
                if focus.name.endswith(" more"):
                    self.key("Return")  # what occurs nowhere is folded
                    self.tree.read()
                seen.add(focus.name)
                focus = self.move("Down", focus)
        raise Missing("no way to " + title)

    def focus_dialog(self):
        """There is no window manager that would give a new window the keys."""

        def other():
            run = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                                 capture_output=True, text=True, check=False)
            return [xid for xid in run.stdout.split() if xid != self.xid]

        self._xdotool("windowfocus", "--sync", wait("a dialog on the display", other)[-1])

    def focus_window(self):
        self._xdotool("windowfocus", "--sync", self.xid)

    def drop(self, *paths, until):
        """Drags files from another window, right of this one, into the middle of it, and waits for what comes of it."""
        source = subprocess.Popen([os.environ["SIGHT_DRAG_SOURCE"], *paths], stdout=self.log, stderr=self.log)
        try:
            xid = wait("the window to drag from", lambda: subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--pid", str(source.pid), "--name", "Drag Source"],
                capture_output=True, text=True, check=False).stdout.split())[-1]
            left = self.size[0] + 10
            self._xdotool("windowmove", "--sync", xid, str(left), "10")
            self._xdotool("mousemove", str(left + 50), "60", "mousedown", "1")
            for x in (left + 40, left + 20, self.size[0] - 20, self.size[0] // 2, self.size[0] // 2 - 5):
                time.sleep(0.3)
                self._xdotool("mousemove", str(x), str(self.size[1] // 2))
            time.sleep(0.5)
            self._xdotool("mouseup", "1")
            wait("what was dropped", until)  # the files are handed over only now
        finally:
            source.terminate()
            source.wait()

    def picture(self, name):
        """The window as it is now, where SIGHT_TEST_PICTURES says; nowhere without."""
        folder = os.environ.get("SIGHT_TEST_PICTURES")
        if folder:
            subprocess.run(["import", "-window", "root", "-crop", "%dx%d+0+0" % self.size, "+repage",
                            os.path.join(folder, name + ".png")], check=True)

    def close(self, by_key=False):
        """Ends it; by Ctrl+Q it must end well."""
        status = None
        if self.process.poll() is None:
            if by_key:
                self.key("ctrl+q")
            else:
                self.process.send_signal(signal.SIGTERM)
            try:
                status = self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                status = self.process.wait()
        if by_key and status != 0:
            # GLib lets go of its first table of quarks on purpose when it makes a larger one.
            self.log.seek(0)
            if b"SUMMARY: AddressSanitizer: 16384 byte(s) leaked in 1 allocation" in self.log.read():
                status = 0
            else:
                self.tell_log()
        self.log.close()
        if not self.keep_home:
            shutil.rmtree(self.home, ignore_errors=True)
        return status

    def tell_log(self):
        self.log.flush()
        self.log.seek(0)
        for line in self.log.read().decode(errors="replace").splitlines()[-40:]:
            print("# " + line)


def run_tests(*tests):
    """Runs functions, prints TAP, keeps pictures of what failed where SIGHT_TEST_PICTURES says."""
    print("1..%d" % len(tests), flush=True)
    failed = 0
    for number, test in enumerate(tests, 1):
        windows = []

        def start(*args, **kinds):
            windows.append(Window(*args, **kinds))
            return windows[-1]

        try:
            test(start)
            print("ok %d - %s" % (number, test.__doc__.strip()), flush=True)
        except Exception:  # a test that falls over has failed
            failed += 1
            print("not ok %d - %s" % (number, test.__doc__.strip()))
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            for window in windows:
                if not window.log.closed:
                    window.tell_log()
            if windows and windows[-1].process.poll() is None:
                windows[-1].picture("failed-" + test.__name__)
        finally:
            for window in windows:
                if not window.log.closed:
                    window.close()
        sys.stdout.flush()
    sys.exit(1 if failed else 0)
