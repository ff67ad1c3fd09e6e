"""Write notebooks as Colab needs them to colab/: a cell that brings the course, whole addresses.

Colab opens one file and nothing around it. Pictures and links must therefore be addresses, which
would break the notebooks where there is no network: hence copies, and no cell in the originals.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import copies

ROOT = Path(__file__).resolve().parent.parent
HOST = "https://colab.research.google.com/github"
PICTURES = "https://raw.githubusercontent.com"
BRANCH = "colab"  # where the copies are published
SETUP = """\
#@title Run this first: it brings the course to Colab (anywhere else it does nothing)
import importlib.util
import os
import subprocess
import sys

if "COLAB_RELEASE_TAG" in os.environ:
    course = "/content/course"
    if not os.path.exists(course):
        clone = ["git", "clone", "--depth", "1", "{address}", course]
        subprocess.run(clone, check=True)
    if importlib.util.find_spec("helpers") is None:
        subprocess.run([sys.executable, course + "/course.py", "lab", "--here"], check=True)
        print("Now choose Runtime > Restart session, and run this cell once more.")
    else:
        from google.colab import output

        output.enable_custom_widget_manager()
"""


def for_colab(notebook, repository):
    """A cleared copy of a notebook (a dict) for Colab; `repository` is OWNER/NAME on GitHub."""
    notebook = copies.cleared(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            pictures = f"{PICTURES}/{repository}/HEAD/images/"
            text = copies.source_of(cell).replace("../images/", pictures)
            page = rf"]({HOST}/{repository}/blob/{BRANCH}/\1)"
            cell["source"] = re.sub(r"\]\((\w+\.ipynb)\)", page, text)
    setup = SETUP.replace("{address}", f"https://github.com/{repository}")
    first = {"cell_type": "code", "id": "colab-setup", "source": setup, "outputs": []}
    first |= {"execution_count": None, "metadata": {"cellView": "form", "tags": ["colab"]}}
    notebook["cells"].insert(0, first)
    return notebook


def repository_of(remote):
    """OWNER/NAME in a GitHub address, however it is written; exits with a sentence without one."""
    found = re.search(r"github\.com[:/]+([\w.-]+/[\w.-]+?)(?:\.git)?/?$", remote.strip())
    if not found:
        sys.exit("Say where the course is: --address https://github.com/OWNER/NAME")
    return found[1]


def main(arguments=None):
    """Write the notebooks with a set-up cell for Colab to colab/, to be published as a branch."""
    parser = argparse.ArgumentParser(prog="python -m tools.colab", description=main.__doc__)
    parser.add_argument("--address", help="the course on GitHub (default: that of git's origin)")
    address = parser.parse_args(arguments).address
    if not address:
        origin = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
        address = subprocess.run(origin, capture_output=True, text=True).stdout
    repository, folder = repository_of(address), ROOT / "colab"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in sorted(ROOT.glob("notebooks/*.ipynb")):
        notebook = for_colab(json.loads(path.read_text(encoding="utf-8")), repository)
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        (folder / path.name).write_text(text, encoding="utf-8", newline="\n")
    print(f"In {folder}: {len(list(folder.iterdir()))} notebooks for {HOST}/{repository}")


if __name__ == "__main__":
    main()
