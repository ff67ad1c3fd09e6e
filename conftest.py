"""What pytest sets up for all tests and for the notebooks that nbval runs. Holds no test."""

import os

import matplotlib
import pytest
import torch

from tools.execute import prepare_environment

prepare_environment("sample")  # what kernels inherit
matplotlib.use("Agg")  # this process itself shows no window
torch.set_num_threads(1)  # the tests' tensors are tiny; two threads would wait for each other


LONG = ("06_", "07_", "08_", "test_attempts", "test_exercises", "test_grade", "test_site")
LONG += ("test_solved",)


def pytest_collection_modifyitems(items):
    """The longest files come first, so that on several cores the last to end are short ones.

    Cells tagged full-data are run but not compared unless the digits are the full MNIST.
    """
    items.sort(key=lambda item: not (_is_live(item.nodeid) or item.path.name.startswith(LONG)))
    if os.environ["MNIST_SOURCE"] == "full":
        return
    for item in items:
        cell = getattr(item, "cell", None)  # nbval's items have one
        if cell is not None and "full-data" in cell.metadata.get("tags", []):
            item.options["check"] = False


def _is_live(nodeid):
    """Whether a test is one of those that share a browser and a JupyterLab."""
    return nodeid.startswith("tests/live/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """On several cores a file stays in one process, and so do all tests of tests/live."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return "tests/live" if _is_live(nodeid) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False  # keep the order from above
    return Scheduling(config, log)


@pytest.fixture
def large_pictures(monkeypatch):
    """To make pictures small takes longer than all the rest; test_figures.py looks at that."""
    monkeypatch.setattr("tools.execute.smaller", lambda picture: picture)


@pytest.fixture(scope="session")
def full_mnist():
    """Skips unless the full MNIST is asked for. Asked for and not there is an error, no skip."""
    if os.environ["MNIST_SOURCE"] != "full":
        pytest.skip("needs the full MNIST: set MNIST_SOURCE=full (and MNIST_DIR to its folder)")
