"""A real JupyterLab and a real browser for what is live; skipped where there is none."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

import course
from tests.live.widget import CELLS
from tools.execute import METADATA

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["background-networking", "component-update", "sync", "quic", "gpu"]


class Lab:
    """A running JupyterLab: `root` is its folder, `errors` what the browser complained about."""

    def __init__(self, browser, url, token, root):
        self.browser, self.url, self.token, self.root = browser, url, token, root
        self.errors = []

    def open(self, name, cells=None):
        """Open notebooks/NAME.ipynb as it is, or run a new notebook made of `cells`: the page.

        Console errors and failed requests go to `errors`.
        """
        path = self.root / "work" / f"{name}.ipynb"
        if cells is None:
            notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        else:
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata = nbformat.from_dict(METADATA)
        nbformat.write(notebook, path)
        page = self.browser.new_page(viewport={"width": 1300, "height": 1000})
        self.errors.clear()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        page.on("response", lambda r: r.status >= 400 and self.errors.append(f"{r.status} {r.url}"))
        page.goto(
            f"{self.url}/lab/workspaces/{time.time_ns()}/tree/work/{path.name}?token={self.token}"
        )
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel")
        if cells is not None:
            self.run_all(page)
        return page

    def run_all(self, page):
        """Run every cell and wait until the last one is done."""
        page.set_default_timeout(300_000)
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(
            "[...jupyterapp.shell.currentWidget.content.widgets].every(cell =>"
            " cell.model.type !== 'code' || cell.model.executionCount !== null)"
        )
        page.set_default_timeout(20_000)

    def _settings(self, plugin, values):
        folder, _, name = plugin.rpartition("/")
        path = self.root / "settings" / folder / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, driven by Playwright."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    paths = [path for name in CHROMIUM if (path := shutil.which(name))]
    if not paths:
        pytest.skip(f"no browser: none of {', '.join(CHROMIUM)} is on the PATH")
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in QUIET)]
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=paths[0], args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """JupyterLab on a free port of this machine, its root a folder with work/ and images/."""
    root = tmp_path_factory.mktemp("lab")
    (root / "work").mkdir()
    shutil.copytree(ROOT / "images", root / "images")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(root / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(root / "config"),
        "JUPYTER_PATH": str(ROOT / "tools" / "lab"),
        "MNIST_SOURCE": os.environ.get("MNIST_SOURCE", "sample"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={root}", f"--ServerApp.port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=test"]
    command += ["--LabApp.expose_app_in_browser=True", *course.LAB_SETTINGS]
    with (root / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    lab = Lab(browser, f"http://127.0.0.1:{port}", "test", root)
    for plugin, values in SETTINGS.items():
        lab._settings(plugin, values)
    try:
        _wait_for(f"{lab.url}/api?token=test", server, root / "server.log")
        yield lab
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="session")
def page(lab):
    """All widgets of CELLS on one page, each with the id board-NAME."""
    page = lab.open("all_widgets", list(CELLS.values()))
    page.wait_for_function(f"document.querySelectorAll('.board').length === {len(CELLS)}")
    page.evaluate(
        "names => document.querySelectorAll('.board').forEach("
        "(board, i) => { board.id = `board-${names[i]}` })",
        list(CELLS),
    )
    yield page
    page.close()


@pytest.fixture(autouse=True)
def nothing_complains(lab):
    """The browser's console stays empty in every test."""
    yield
    assert not lab.errors


def _wait_for(url, server, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
