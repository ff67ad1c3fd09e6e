"""Run a study on the full MNIST, seed by seed; what is done is kept, so it can be stopped.

    python -m tools.study NAME [--row WORDS] [--seeds 5] [--validation]

writes studies/NAME.json after every run and goes on from there. With --validation it trains on
50,000 digits, measures on the other 10,000 and writes nothing: choices are made there.
"""

import argparse
import json
import platform
import statistics
import sys
import time
from pathlib import Path

import torch
import torchvision
from PIL import Image
from torch.utils.data import DataLoader

from helpers.mnist import load_mnist
from tools.study.networks import lab
from tools.study.recipe import accuracy, train
from tools.study.rows import ROWS

FOLDER = Path(__file__).parents[2] / "studies"


def main(words=None):
    parser = argparse.ArgumentParser("python -m tools.study", description=__doc__)
    parser.add_argument("name", choices=ROWS)
    parser.add_argument("--row", default="", help="only rows whose name holds these words")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--validation", action="store_true")
    asked = parser.parse_args(words)
    digits = load_mnist("train", "full"), load_mnist("test", "full")
    rows = {name: r for name, r in ROWS[asked.name].items() if asked.row in name}
    if asked.validation:
        train_set, rest = (digits[0].images[:50_000], digits[0].labels[:50_000]), digits[0]
        measured = rest.images[50_000:], rest.labels[50_000:]
        for name, recipe in rows.items():
            for seed in range(asked.seeds):
                print(name, _run(recipe, seed, train_set, measured), flush=True)
        return
    study = Study(asked.name)
    sets = [(split.images, split.labels) for split in digits]
    for seed in range(asked.seeds):  # seed by seed, so that a stop leaves whole rows
        for name, recipe in rows.items():
            if not study.has(name, seed):
                study.add(name, _run(recipe, seed, *sets), digits[0])
    study.report()


def _run(recipe, seed, train_set, measured):
    def say(text):
        print(f"\r{text}   ", end="", file=sys.stderr, flush=True)

    model, seconds, losses = train(recipe, *train_set, seed, say)
    print("\r", end="", file=sys.stderr)
    return {
        "seed": seed,
        "accuracy": round(accuracy(recipe, model, *measured), 5),
        "seconds": round(seconds, 2),
        "loss": round(statistics.mean(losses[-100:]), 5),
        "parameters": sum(p.numel() for p in model.parameters()),
    }


class Study:
    """The results of a study, in its file after every run."""

    def __init__(self, name):
        self.path = FOLDER / f"{name}.json"
        self.data = {
            "study": name,
            "command": f"python -m tools.study {name}",
            "versions": {
                "python": platform.python_version(),
                "torch": torch.__version__.partition("+")[0],
                "torchvision": torchvision.__version__.partition("+")[0],
            },
            "machine": f"{torch.get_num_threads()} threads, {platform.machine()}, {_processor()}",
            "textbook_epoch_s": [],
            "rows": [],
        }
        if self.path.exists():
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            same = all(stored[key] == self.data[key] for key in ("versions", "machine"))
            if not same:
                sys.exit(
                    f"{self.path.name} comes from another machine or other versions: one study, "
                    "one machine. Move the file away to begin anew."
                )
            self.data = stored

    def _row(self, name):
        return next((row for row in self.data["rows"] if row["row"] == name), None)

    def has(self, name, seed):
        row = self._row(name)
        return row is not None and any(run["seed"] == seed for run in row["seeds"])

    def add(self, name, run, digits):
        """Keep one run, and time a tenth of the textbook's epoch beside it."""
        row = self._row(name)
        if row is None:
            row = {"row": name, "parameters": run["parameters"], "seeds": []}
            self.data["rows"].append(row)
        run.pop("parameters")
        run["textbook_epoch_s"] = round(textbook_epoch(digits), 2)
        row["seeds"].append(run)
        measured = [r["textbook_epoch_s"] for row in self.data["rows"] for r in row["seeds"]]
        self.data["textbook_epoch_s"] = round(statistics.median(measured), 2)
        FOLDER.mkdir(exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.data, indent=1) + "\n", encoding="utf-8")
        part.replace(self.path)
        print(f"{name}: {run}", flush=True)

    def report(self):
        """Mean, spread and time of every row, the time as a share of the textbook's run."""
        for row in self.data["rows"]:
            values = [run["accuracy"] for run in row["seeds"]]
            spread = statistics.stdev(values) if len(values) > 1 else float("nan")
            part = statistics.median(
                15 * run["textbook_epoch_s"] / run["seconds"] for run in row["seeds"]
            )
            print(
                f"{row['row']:<50} n {len(values)}  median {statistics.median(values):.4f}  mean "
                f"{statistics.mean(values):.4f}  sd {spread:.4f}  T/{part:.1f}  "
                f"{row['parameters']} parameters"
            )


class Listing(torch.utils.data.Dataset):
    """Pictures as torchvision's MNIST gives them: a PIL image made and converted each time."""

    def __init__(self, digits, count):
        self.pixels = (digits.images[:count, 0] * 255).round().byte()
        self.labels, self.to_tensor = digits.labels[:count], torchvision.transforms.ToTensor()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        picture = Image.fromarray(self.pixels[index].numpy(), mode="L")
        return self.to_tensor(picture), int(self.labels[index])


def textbook_epoch(digits, share=0.1):
    """Seconds that the lab's listing takes for one epoch, from a part of it: ToTensor a sample, a
    DataLoader without workers, batch 100, Adam."""
    dataset = Listing(digits, int(len(digits) * share))
    model = lab()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = DataLoader(dataset, batch_size=100, shuffle=True, drop_last=True)
    cost, start = 0.0, time.perf_counter()
    for x, y in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        cost += loss / len(loader)
    return (time.perf_counter() - start) / share


def _processor():
    path = Path("/proc/cpuinfo")
    text = path.read_text() if path.exists() else ""
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    main()
