# SPDX-License-Identifier: MIT
"""Recordings of another product, in the window: connecting it, asking for a part of it, and how long it takes."""
import os
import subprocess

from window import run_tests, wait


def test_product(start):
    """a product is connected in one dialog, which refuses what its listing does not tell; then a part is asked for"""
    server = subprocess.Popen([os.environ["SIGHT_SERVE_PRODUCT"], "posthog", "90"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        window = start()
        window.press(role="button", name="Connect an Endpoint…")
        window.focus_dialog()
        window.wait_for(contains="Where recordings are")
        window.tab_to("Where recordings are", key="shift+Tab")
        window.key("space")
        window.wait_for(contains="Umami")
        window.key("Down", "Return")
        window.wait_for(contains="personal API key")
        window.key("Tab")
        window.type(url)
        window.key("Tab")
        window.type("phx_secret")
        window.key("Tab", "Tab")  # past what shows the token
        window.type("rage")
        window.key("Return")
        window.wait_for(contains="“rage” is not known before a recording is fetched")
        window.picture("source-refused")
        window.key("Tab", "Tab", "Tab", "ctrl+a")
        window.type("started:80h user:nobody or started:80h")
        window.key("Return")

        # 60 requests a minute, two of them for each recording.
        window.focus_window()
        window.wait_for(contains="min left")
        window.picture("source-forecast")
        endpoint = window.ctl("endpoints")["endpoints"][1]
        assert (endpoint["kind"], endpoint["only"]) == ("posthog", "started:80h user:nobody or started:80h"), endpoint

        window.key("ctrl+comma")
        window.focus_dialog()
        window.tab_to("What Is Kept Here")
        window.key("Return")
        window.wait_for(contains="(empty: those of the last 14 days)")
        window.key("Tab", "ctrl+a")
        window.type("started:170m")
        window.key("Return")
        wait("the new part", lambda: window.ctl("endpoints")["endpoints"][1]["only"] == "started:170m")
        window.picture("source-part")
    finally:
        server.stdin.close()
        server.wait()


run_tests(test_product)
