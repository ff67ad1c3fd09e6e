"""The network behind the page's digit pad: trained once as notebook 06 does, then read from a file.

    MNIST_SOURCE=full python -m tools.site.replay.network

runs the two cells of notebook 06 that define and train `model` and writes studies/digit_pad.bin
(all weights one after the other, float32, little-endian) and studies/digit_pad.json (their names
and shapes in that order, and how they came about). It takes as long as fifteen epochs take.
"""

import json
import os
import platform
from pathlib import Path

import nbformat
import numpy as np
import torch
from torch import nn

from helpers.mnist import load_mnist
from helpers.training import evaluate, fit

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOK = ROOT / "notebooks" / "06_train_a_cnn_on_mnist.ipynb"
WEIGHTS, STORY = ROOT / "studies" / "digit_pad.bin", ROOT / "studies" / "digit_pad.json"
SEED, EPOCHS = 777, 15


def cells():
    """The source of the notebook's class and of the cell that trains it with all digits."""
    sources = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells]
    seeds = f"torch.manual_seed({SEED})\nmodel = CNN()\n"
    starts = ("class CNN", f"{seeds}history = fit(model, train, epochs={EPOCHS}")
    return [next(s for s in sources if s.startswith(start)) for start in starts]


def train():
    """Run the cells, measure on the test digits, write both files."""
    names = {"torch": torch, "nn": nn, "fit": fit, "full": True}
    names["train"] = load_mnist("train", "full")
    for source in cells():
        exec(compile(source, NOTEBOOK.name, "exec"), names)
    model, costs = names["model"].cpu(), names["costs"]
    loss, accuracy, _ = evaluate(model, load_mnist("test", "full"))
    state = {name: weights.numpy() for name, weights in model.state_dict().items()}
    story = {
        "study": "digit_pad",
        "command": "MNIST_SOURCE=full python -m tools.site.replay.network",
        "notebook": f"{NOTEBOOK.name}, its cells that define CNN and train it with fit",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "machine": f"{torch.get_num_threads()} threads, {platform.machine()}, CPU",
        "seed": SEED,
        "epochs": EPOCHS,
        "cost": [round(cost, 4) for cost in costs],
        "test_loss": round(loss, 4),
        "accuracy": round(accuracy, 4),
        "parameters": sum(weights.size for weights in state.values()),
        "weights": {name: list(weights.shape) for name, weights in state.items()},
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    part = WEIGHTS.with_suffix(".part")
    part.write_bytes(b"".join(w.astype("<f4").tobytes() for w in state.values()))
    os.replace(part, WEIGHTS)
    STORY.write_text(json.dumps(story, indent=1) + "\n", encoding="utf-8")


def weights():
    """The stored weights by name, float32 arrays, and what is known about them."""
    story = json.loads(STORY.read_text(encoding="utf-8"))
    numbers, arrays, start = np.frombuffer(WEIGHTS.read_bytes(), "<f4"), {}, 0
    for name, shape in story["weights"].items():
        size = int(np.prod(shape))
        arrays[name] = numbers[start : start + size].reshape(shape)
        start += size
    return arrays, story


def load():
    """The network of notebook 06 with the stored weights, in eval mode."""
    names = {"nn": nn}
    exec(compile(cells()[0], NOTEBOOK.name, "exec"), names)
    model = names["CNN"]()
    arrays, _ = weights()
    model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in arrays.items()})
    return model.eval()


if __name__ == "__main__":
    train()
