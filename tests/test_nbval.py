"""nbval, with this project's flags, sees what it must see: shown on a tiny notebook."""

import copy
import os
import subprocess
import sys
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests import notebook_rules
from tools.execute import ROOT, execute, write

CELLS = {  # name: source, tags
    "text": ("1 + 1", []),
    "stream": ('print("three")', []),
    "html": ('display({"text/plain": "p", "text/html": "<b>h</b>"}, raw=True)', []),
    "plot": ("import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()", []),
    "whence": ('print("MNIST: 3 digits from $MNIST_DIR.")', []),
    "digits": ("print(60_000)", ["full-data"]),
    "digits assert": ("assert 60_000 == 60_000", ["full-data"]),
    "training": ("print(0.98)\nassert 0.98 > 0.9", ["nbval-ignore-output"]),
    "learner": ("print('TODO')", ["exercise", "raises-exception"]),
    "null": ("2 + 2", []),
}
CAUGHT = {"text", "stream", "html", "plot", "digits assert", "training", "learner"}


def _good():
    cells = [new_code_cell(source, metadata={"tags": tags}) for source, tags in CELLS.values()]
    return new_notebook(cells=cells)


def _corrupt(executed):
    """A copy in which every cell has something wrong."""
    notebook = copy.deepcopy(executed)
    cells = dict(zip(CELLS, notebook.cells, strict=True))
    cells["text"].outputs[0].data["text/plain"] = "3"
    cells["stream"].outputs[0].text = "four\n"
    cells["html"].outputs[0].data["text/html"] = "<b>other</b>"
    cells["plot"].outputs = []
    cells["whence"].outputs[0].text = "MNIST: 3 digits from the cache.\n"  # no difference
    cells["digits"].outputs[0].text = "4000\n"
    cells["digits assert"].source = "assert 60_000 == 4_000"
    cells["training"].source = "assert 0.1 > 0.9"
    cells["learner"].source = "print('TODO'"
    cells["null"].update(execution_count=None, outputs=[])
    return notebook


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with good.ipynb and bad.ipynb."""
    folder = tmp_path_factory.mktemp("nbval")
    executed = execute(_good(), "good", folder)
    write(executed, folder / "good.ipynb")
    write(_corrupt(executed), folder / "bad.ipynb")
    return folder


def failures(folder, source):
    """Run nbval as the test command does: (failed cells of good.ipynb, of bad.ipynb)."""
    report = folder / f"{source}.xml"
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "conftest"]
    done = subprocess.run(
        [*command, f"--junitxml={report}", folder / "good.ipynb", folder / "bad.ipynb"],
        cwd=ROOT, env={**os.environ, "MNIST_SOURCE": source}, capture_output=True, text=True,
    )  # fmt: skip
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert len(cases) == 2 * len(CELLS), done.stdout + done.stderr
    failed = [set(), set()]
    for number, case in enumerate(cases):
        assert case.find("skipped") is None
        if case.find("failure") is not None:
            failed[number // len(CELLS)].add(list(CELLS)[number % len(CELLS)])
    assert done.returncode == 1
    return failed


def test_on_the_sample_all_is_compared_but_cells_about_the_digits(folder):
    assert failures(folder, "sample") == [set(), CAUGHT]


def test_in_the_full_lane_cells_about_the_digits_are_compared_too(folder):
    assert failures(folder, "full") == [set(), CAUGHT | {"digits"}]


def test_a_cell_without_a_count_which_nbval_passes_over_is_forbidden(folder):
    bad = nbformat.read(folder / "bad.ipynb", as_version=4)
    with pytest.raises(AssertionError, match="None"):
        notebook_rules.it_was_run_once_top_to_bottom("bad", bad)
