"""Every notebook runs to its end wherever and however it is run, on the sample's digits."""

import copy

import nbformat
import pytest

from tools.execute import NOTEBOOKS, execute

# Each way is a run of every notebook.
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("large_pictures")]

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
CLOSED = "http://127.0.0.1:9"  # nobody listens there
WAYS = {
    "twice in one kernel": {},
    "from another directory": {},
    "without a network": {"MNIST_SOURCE": "auto", "http_proxy": CLOSED, "https_proxy": CLOSED},
    **{f"on {n} threads": {"OMP_NUM_THREADS": str(n)} for n in (1, 2, 4)},
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem[:2])
@pytest.mark.parametrize("way", WAYS)
def test_a_notebook_runs_to_its_end(way, path, tmp_path, monkeypatch):
    for name, value in {"MNIST_SOURCE": "sample", **WAYS[way]}.items():
        monkeypatch.setenv(name, value)
    if way == "without a network":
        monkeypatch.setenv("MNIST_CACHE", str(tmp_path / "cache"))
        monkeypatch.delenv("MNIST_DIR", raising=False)
    notebook = nbformat.read(path, as_version=4)
    if way == "twice in one kernel":
        again = copy.deepcopy(notebook.cells)
        for number, cell in enumerate(again):
            cell.id = f"again-{number}"
        notebook.cells += again
    folder = tmp_path if way == "from another directory" else NOTEBOOKS
    executed = execute(notebook, f"{path.name}, {way}", folder)  # RuntimeError names the cell
    counts = [cell.execution_count for cell in executed.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
