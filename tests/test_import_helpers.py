"""`import helpers` is quick: what is heavy comes when a name is first used."""

import subprocess
import sys
from pathlib import Path

import pytest

import helpers
from helpers import checking

LIMIT = 0.05  # seconds
HEAVY = ("torch", "numpy", "IPython", "matplotlib", "pooch", "ipywidgets")
IMPORT = f"""
import sys, time
start = time.perf_counter()
import helpers
print(time.perf_counter() - start, *[name for name in {HEAVY} if name in sys.modules])
"""


def test_import_helpers_takes_less_than_50_ms_and_loads_nothing_heavy():
    seconds = []
    for _ in range(5):  # the best of several: others use the machine too
        command = [sys.executable, "-c", IMPORT]
        run = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
        taken, *loaded = run.stdout.split()
        assert loaded == []
        seconds.append(float(taken))
    assert min(seconds) < LIMIT


@pytest.mark.parametrize("name", ["TODO", "check", "hint", "progress", "solution"])
def test_the_names_of_a_notebook_are_those_of_checking(name):
    assert getattr(helpers, name) is getattr(checking, name)
    assert name in dir(helpers) and name in helpers.__all__


def test_no_other_name_of_checking_is_one_of_helpers():
    assert hasattr(checking, "examine")
    with pytest.raises(AttributeError, match="'helpers' has no attribute 'examine'"):
        _ = helpers.examine
