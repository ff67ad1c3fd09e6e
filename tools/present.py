"""Open a copy of a notebook as slides in JupyterLab (tools/lab/labextensions/present)."""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

import course
from tools.solved import solve

HELP = """Show a notebook to a room, as slides whose cells and widgets are live.

What is shown is a copy of the committed notebooks in a temporary folder, which is removed at the
end: neither notebooks/ nor a copy in work/ changes. The notebook is run from top to bottom when it
opens (06 trains for minutes: open it before the class). Copies keep the committed outputs until
then, so that a cell that fails to run has something to show."""
KEYS = """keys:
  right, down, space, page down   next; left, up, page up: back
  shift + right, shift + left     the next section, the one before
  shift + enter                   run the marked cell; enter or a click edits it
  n                               notes in a window of their own; N: notes below the page
  c                               the code of cells that only draw
  b or .                          black
  escape                          gives the keys of a widget or an editor back; again: leave
  F11                             the browser's full screen
In JupyterLab, "Present as Slides" in the command palette (Ctrl+Shift+C) begins again."""


def copy_for_room(folder, solved=False):
    """Put copies of notebooks (answered if `solved`) and pictures into `folder`."""
    work = folder / "work"
    work.mkdir(parents=True)
    shutil.copytree(course.ROOT / "images", folder / "images")
    for path in (course.ROOT / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(solve(notebook) if solved else notebook, work / path.name)


def command(folder, stem):
    """The JupyterLab that shows notebook `stem` of `folder`, and what its environment needs."""
    address = f"--LabApp.default_url=/lab/workspaces/present/tree/work/{stem}.ipynb"
    words = [sys.executable, "-m", "jupyterlab", address, *course.LAB_SETTINGS]
    words += ["--allow-root", "--ServerApp.ip=localhost", f"--ServerApp.root_dir={folder}"]
    settings = folder / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)  # every cell stays in the page, shown or not
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    return words, {
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
    }


def main(arguments=None):
    """Show one notebook until JupyterLab is stopped; return its status."""
    parser = argparse.ArgumentParser(
        prog="course.py present", description=HELP, epilog=KEYS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("name", nargs="?", default="00", metavar="NN", help="06 or its full name")
    parser.add_argument("--solved", action="store_true", help="show the exercises answered")
    options = parser.parse_args(arguments)
    stem = course.find_notebook(options.name)
    with tempfile.TemporaryDirectory(prefix="present-", ignore_cleanup_errors=True) as folder:
        copy_for_room(Path(folder), options.solved)
        words, environment = command(Path(folder), stem)
        displays = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
        if sys.platform == "linux" and not displays & set(os.environ):
            course.say("No display here: open the address that JupyterLab prints in a browser.")
            words.append("--no-browser")
        return course.hand_over(words, environment)


if __name__ == "__main__":
    sys.exit(main())
