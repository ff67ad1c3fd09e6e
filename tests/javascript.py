"""Runs the site's scripts in node, or in the system's Chromium where there is no node. No test."""

import json
import shutil
import subprocess

import pytest

from tools.site.replay import PARTS, bundle

NAMES = "Recording, Pad, Model, centred, shrunk, ink, push, look_inside, softmax, weights_of"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NODE = """
const data = JSON.parse(require("fs").readFileSync(0, "utf8"));
(PROGRAM)(globalThis.api, data).then((found) => process.stdout.write(JSON.stringify(found)));
"""


def run(program, data):
    """What `async (api, data) => ...` gives; `api` holds the scripts' classes and functions."""
    parts = [part for part in PARTS if part != "mount.js"]
    script = bundle(parts, after=f"globalThis.api = {{ {NAMES} }};")
    if node := shutil.which("node"):
        command = [node, "-e", script + NODE.replace("PROGRAM", program)]
        done = subprocess.run(command, input=json.dumps(data), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)
    paths = [path for name in CHROMIUM if (path := shutil.which(name))]
    api = pytest.importorskip("playwright.sync_api", reason="neither node nor Playwright")
    if not paths:
        pytest.skip("neither node nor Chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=paths[0], args=["--no-sandbox"])
        page = browser.new_page()
        page.evaluate(script)
        found = page.evaluate(f"(data) => ({program})(globalThis.api, data)", data)
        browser.close()
    return found
