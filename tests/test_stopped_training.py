"""Notebook 06 runs on below a training that was stopped by hand, after any number of epochs.

Only cells that the training cell has a part in are run, and what they need from above.
"""

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from tests.notebook_slices import affected_by, needed_for, notebook_of
from tools.execute import NOTEBOOKS, execute

TRAINING = "history = fit(model, train, epochs=15"
USES = ['show_curves({"cost"', "published", "split(768)", "evaluate(model, test)", "DigitPad"]
USES += ["wrong[:10]", "torch.save", "load_state_dict"]
STEPS = 40  # of an epoch: the sample's 4,000 digits in batches of 100
STOP = """
from torch.optim.optimizer import register_optimizer_step_pre_hook

steps = iter(range({steps}))


def stop(*_):
    if next(steps, None) is None:
        raise KeyboardInterrupt  # what the square button does


hook = register_optimizer_step_pre_hook(stop)
"""


@pytest.fixture
def cells(monkeypatch, large_pictures):
    """The cells of notebook 06, whose kernel will read the sample."""
    monkeypatch.setenv("MNIST_SOURCE", "sample")
    return nbformat.read(next(NOTEBOOKS.glob("06_*.ipynb")), as_version=4).cells


@pytest.mark.parametrize("epochs", [0, 1, 2])
def test_every_cell_below_a_stopped_training_runs(cells, epochs):
    (training,) = [cell for cell in cells if TRAINING in cell.source]
    below = affected_by(cells, training)
    assert all(any(use in cell.source for cell in below) for use in USES)
    chosen = needed_for(cells, [training, *below])
    start = chosen.index(training)
    chosen.insert(start, new_code_cell(STOP.format(steps=STEPS * epochs + 3)))
    chosen.insert(start + 2, new_code_cell("hook.remove()"))
    executed = execute(notebook_of(chosen), f"06, stopped after {epochs} epochs")
    printed = "".join(output.text for output in executed.cells[start + 1].outputs)
    assert f"Finished epochs: {epochs} of 15" in printed
