"""The test command does not lie: a corpus of bad notebooks, each one caught by it."""

import copy
import os
import subprocess
import sys
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests import notebook_rules
from tools.execute import NOTEBOOKS, ROOT, execute, prepare_environment, write

pytestmark = pytest.mark.slow

THREAD = """
import threading

def work():
    raise ValueError("nobody sees this")

thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
OUTPUT = """
import ipywidgets as widgets

out = widgets.Output()
with out:
    1 / 0
"""
BUTTON = """
import ipywidgets as widgets

button = widgets.Button()
button.on_click(lambda _: 1 / 0)
button.click()
"""
SLIDER = """
import ipywidgets as widgets

slider = widgets.IntSlider()
slider.observe(lambda _: 1 / 0, "value")
slider.value = 3
"""
INTERACT = """
from ipywidgets import interact

interact(lambda n: 1 / n, n=(0, 3))
"""
WRONG_AT_RUN_TIME = {  # committed without a trace of it; the exception comes when it is run
    "an exception": "1 / 0",
    "an unknown magic, then an exception": "%no_such_magic\n1 / 0",
    "an unknown magic": "%no_such_magic",
    "an exception in a thread": THREAD,
    "an exception inside Output": OUTPUT,
    "an exception behind a button": BUTTON,
    "an exception behind a slider": SLIDER,
    "an exception in interact": INTERACT,
    "a kernel that dies": "import os\n\nos._exit(1)",
    "a cell that does not end": "import time\n\ntime.sleep(60)",
    "an exit": "import sys\n\nsys.exit(1)",
}
GOOD = ["1 + 1", 'print("a")\nprint("b")', "x = 3\nx"]


def _drop(cells):
    cells[0].outputs = []


def _reorder(cells):
    cells[0].outputs, cells[2].outputs = cells[2].outputs, cells[0].outputs


def _edit(cells):
    cells[1].outputs[0].text = "a\nc\n"


def _add(cells):
    cells[2].outputs.append(copy.deepcopy(cells[0].outputs[0]))


def _uncount(cells):
    cells[1].execution_count = None


def _tag_away(cells):
    cells[2].source, cells[2].outputs = "1 / 0", []
    cells[2].metadata["tags"] = ["raises-exception"]


def _skip(cells):
    cells[2].source, cells[2].metadata["tags"] = "1 / 0", ["nbval-skip"]


WRONG_IN_THE_FILE = {
    "an output missing": _drop,
    "outputs reordered": _reorder,
    "an output edited": _edit,
    "an output too many": _add,
    "a cell without a count": _uncount,
    "an exception tagged away": _tag_away,
    "a cell skipped": _skip,
}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    prepare_environment("sample")
    cells = [new_code_cell(source) for source in GOOD]
    return execute(new_notebook(cells=cells), "good", tmp_path_factory.mktemp("good"))


def _verdicts(folder, *options):
    """Run the notebooks of a folder as the test command does: names of those that failed."""
    paths = sorted(folder.glob("*.ipynb"))
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "conftest", *options]
    run = subprocess.run(
        [*command, f"--junitxml={report}", *map(str, paths)],
        cwd=ROOT, env={**os.environ, "MNIST_SOURCE": "sample"}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode in (0, 1), run.stdout[-3000:] + run.stderr[-3000:]
    owners = [path.stem for path in paths for _ in _code_cells(path)]  # nbval: a case a code cell
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert len(cases) == len(owners)
    return {
        owner
        for owner, case in zip(owners, cases, strict=True)
        if case.find("failure") is not None or case.find("error") is not None
    }


def _code_cells(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def _broken_rules(notebook):
    """Names of the rules for committed notebooks that refuse it."""
    broken = set()
    for rule in notebook_rules.RULES:
        try:
            rule("01_convolution_by_hand", notebook)
        except (AssertionError, ValueError):
            broken.add(rule.__name__)
    return broken


def test_what_goes_wrong_when_it_runs_is_caught(tmp_path, good):
    names = {}
    for number, (name, source) in enumerate(WRONG_AT_RUN_TIME.items()):
        notebook = copy.deepcopy(good)
        bad = new_code_cell(source, execution_count=4)
        notebook.cells.append(bad)
        names[f"bad{number:02}"] = name
        nbformat.write(notebook, tmp_path / f"bad{number:02}.ipynb")
    write(good, tmp_path / "good.ipynb")
    failed = _verdicts(tmp_path, "--nbval-cell-timeout=5")
    missed = [name for stem, name in names.items() if stem not in failed]
    print(f"bad when run: {len(names) - len(missed)} of {len(names)} caught; missed: {missed}")
    assert "good" not in failed and not missed


def test_what_is_wrong_in_the_file_is_caught(tmp_path, good):
    missed = set(WRONG_IN_THE_FILE)
    for number, (name, change) in enumerate(WRONG_IN_THE_FILE.items()):
        notebook = copy.deepcopy(good)
        change(notebook.cells)
        if _broken_rules(notebook) - _broken_rules(good):
            missed.discard(name)
        nbformat.write(notebook, tmp_path / f"bad{number:02}.ipynb")
    failed = _verdicts(tmp_path)
    for number, name in enumerate(WRONG_IN_THE_FILE):
        if f"bad{number:02}" in failed:
            missed.discard(name)
    total = len(WRONG_IN_THE_FILE)
    print(f"bad in the file: {total - len(missed)} of {total} caught; missed: {sorted(missed)}")
    assert not missed


def _cut_after_an_edited_output(notebook):
    """Keep the cells up to the first whose text is compared, and change that text."""
    for number, cell in enumerate(notebook.cells):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "code" and not tags & {"full-data", "nbval-ignore-output"}:
            for output in cell.outputs:
                where, key = output.get("data", output), "text"
                if output.output_type != "stream":
                    key = "text/plain"
                if key in where and "image/png" not in where:
                    where[key] = where[key].rstrip() + " or not"
                    notebook.cells = notebook.cells[: number + 1]
                    return notebook
    raise AssertionError("no output of this notebook is compared")


def test_one_changed_output_in_each_notebook_is_caught(tmp_path):
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(_cut_after_an_edited_output(notebook), tmp_path / path.name)
    missed = {path.stem for path in paths} - _verdicts(tmp_path)
    print(f"edited: {len(paths) - len(missed)} of {len(paths)} caught; missed: {sorted(missed)}")
    assert not missed
