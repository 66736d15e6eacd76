# SPDX-License-Identifier: MIT
"""Every page of Explore by keys: each takes them when it is led to, says what has them, and lets go of them."""
import os
import re
import subprocess

from window import BUILD, TOP, own_folder, run_tests, wait

SAMPLES = [os.path.join(TOP, "data/samples", name + ".jsonl.zst") for name in (
    "abandoned-1", "coupon-1", "coupon-2", "order-1", "wrong-card-1")]
# In the order in which the keys go through them: how what has the keys is called, by its beginning; or what stands there in
# place of a table.
PAGES = (("Pages", ("Page: /",)),
         ("Heatmap", ("",)),
         ("Forms", ("Form or field: ", "Nothing to Show. ")),
         ("Flows", ("Step: page:/",)),
         ("Compare", ("What is different: ", "Nothing to Show. ")),
         ("Variants", ("Variant: ", "Nothing to Show. ")),
         ("Private", ("What looks private: ",)),
         ("Watched", ("When: ", "Nothing to Show. ")),
         ("Duties", ("Asked by the French authority (CNIL): ",)))


def home_with(folder):
    subprocess.run([f"{BUILD}/src/cli/sightctl", "import", *SAMPLES, "--cache", os.path.join(folder, "cache")], check=True,
                   stdout=subprocess.DEVNULL, env=dict(os.environ, SECRET_BACKEND="file"))
    return folder


def arrive(window, page, names):
    """The page is on display, and something in it has the keys: not the switcher, nor what is typed into."""
    wait("the page " + page, lambda: (focus := window.focused()) and focus.name.startswith(names) and
         focus.name != "GtkListItemWidget" and focus.role not in ("text", "radio button", "page tab"))
    window.picture("explore-" + page.lower())


def test_walk(start):
    """through all pages by keys and back"""
    with own_folder("sight-explore-") as home:
        window = start(home=home_with(home))
        wait("sessions", window.sessions)
        window.key("alt+3")
        for page, names in PAGES:
            arrive(window, page, names)
            window.key("ctrl+Next")
        for page, names in reversed(PAGES[:-1]):
            window.key("ctrl+Prior")
            arrive(window, page, names)
        assert window.close(by_key=True) == 0, "it ends well"


def test_flow(start):
    """a flow by hand: a step is moved, refused, bounded and removed by the keys of its menu, another one is added"""
    with own_folder("sight-explore-") as home:
        window = start(home=home_with(home))
        wait("sessions", window.sessions)
        window.key("alt+3", "ctrl+Next", "ctrl+Next", "ctrl+Next")
        arrive(window, "Flows", ("Step: page:/",))
        first = window.tab_to("Step 2: ", key="shift+Tab").name.removeprefix("Step 2: ")
        window.key("space")
        wait("its menu", lambda: window.focused() and window.focused().name == "Move Earlier")
        window.key("Return")
        wait("it comes first", lambda: window.focused() and window.focused().name == "Step 1: " + first)
        second = window.tab_to("Step 2: ").name
        window.key("space")
        wait("its menu", lambda: window.focused() and window.focused().name == "Move Earlier")
        window.key("Down", "Down", "Down", "Return")
        wait("it must not come", lambda: window.focused() and
             window.focused().name == second.replace("Step 2: ", "Step 2: not "))
        window.picture("explore-flow-not")
        assert window.close(by_key=True) == 0, "it ends well"


def test_movement(start):
    """where the pointer was on a page is read when its layer is chosen, as sightctl tells it; an element leads to its moment"""
    with own_folder("sight-explore-") as home:
        window = start(home=home_with(home))
        wait("sessions", window.sessions)
        window.key("alt+3", "ctrl+Next")
        arrive(window, "Heatmap", ("",))
        page = max(window.ctl("pages", "--filter", "all")["pages"], key=lambda one: one["visits"])["page"]
        told = window.ctl("heatmap", page, "--movement")["movement"]
        first = told["elements"][0]
        length = window.ctl("sessions", "--filter", "session:" + first["session"])["sessions"][0]["duration_ms"] // 1000
        window.tab_to("Layer", key="shift+Tab")
        window.key("space", "Down", "Down", "Return")
        row = "%s: %.2f s · %.1f %%" % (first["label"] or first["selector"], first["ms"] / 1000 / told["views"],
                                        100 * first["ms"] / told["ms"])
        window.wait_for(role="label", contains="Time of the pointer for each view, in %d sessions" % told["sessions"])
        window.picture("explore-movement")
        window.tab_to(row)
        window.key("Return")
        at = wait("its session", lambda: next((found for node in window.find_all(role="label") if (found := re.fullmatch(
            r"(\d+):(\d\d) / %d:%02d" % divmod(length, 60), node.name))), None))
        # It begins a few seconds before.
        assert int(at[1]) * 60 + int(at[2]) > first["at_ms"] / 1000 - 5, at[0]
        assert window.close(by_key=True) == 0, "it ends well"


run_tests(test_walk, test_flow, test_movement)
