"""Run a study on the full MNIST, seed by seed; what is done is kept, so it can be stopped.

    python course.py study NAME [--row WORDS] [--seeds 5] [--validation]

writes studies/NAME.json after every run and goes on from there. With --validation it trains on
50,000 digits, measures on the other 10,000 and writes nothing: choices are made there.

Everything runs on one thread and is timed by that thread's own clock of computing, so that other
work on the machine disturbs little; the textbook's loop is timed beside each run in the same way.
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

from helpers.mnist import load_mnist
from tools.study.machine import processor
from tools.study.networks import lab
from tools.study.recipe import train_listing
from tools.study.rows import ROWS

FOLDER = Path(__file__).parents[2] / "studies"


def main(words=None):
    parser = argparse.ArgumentParser("course.py study", description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=ROWS)
    parser.add_argument("--row", default="", help="only rows whose name holds these words")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--validation", action="store_true", help="choose here, write nothing")
    asked = parser.parse_args(words)
    torch.set_num_threads(1)
    splits = [load_mnist(split, "full") for split in ("train", "test")]
    digits, measured = [(split.images, split.labels) for split in splits]
    if asked.validation:
        digits, measured = zip(*(part.split(50_000) for part in digits), strict=True)
    study = None if asked.validation else Study(asked.name)
    for seed in range(asked.seeds):  # seed by seed, so that a stop leaves whole rows
        for name, row in ROWS[asked.name].items():
            if asked.row not in name or (study and study.has(name, seed)):
                continue
            result = row.run(seed, digits, measured, _say)
            result["textbook_epoch_s"] = round(textbook_epoch(*digits), 2)
            print(f"\r{name}: {result}", flush=True)
            if study:
                study.add(name, result)
    if study:
        study.report()


def _say(text):
    print(f"\r{text}   ", end="", file=sys.stderr, flush=True)


class Study:
    """The results of a study, in its file after every run."""

    def __init__(self, name):
        self.path = FOLDER / f"{name}.json"
        self.data = {
            "study": name,
            "command": f"python course.py study {name}",
            "versions": {
                "python": platform.python_version(),
                "torch": torch.__version__.partition("+")[0],
                "torchvision": torchvision.__version__.partition("+")[0],
            },
            "machine": f"one thread of {processor()} ({platform.machine()}), CPU seconds",
            "textbook_epoch_s": None,
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

    def add(self, name, result):
        """Keep one run, in the file too."""
        row = self._row(name)
        parameters = result.pop("parameters")
        if row is None:
            row = {"row": name, "parameters": parameters, "seeds": []}
            self.data["rows"].append(row)
            self.data["rows"].sort(key=lambda row: list(ROWS[self.data["study"]]).index(row["row"]))
        row["seeds"].append(result)
        measured = [r["textbook_epoch_s"] for row in self.data["rows"] for r in row["seeds"]]
        self.data["textbook_epoch_s"] = round(statistics.median(measured), 2)
        FOLDER.mkdir(exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.data, indent=1) + "\n", encoding="utf-8")
        part.replace(self.path)

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


def textbook_epoch(images, labels, share=0.1):
    """Seconds that the lab's listing takes for one epoch, from a part of it."""
    count = int(len(labels) * share)
    start = time.process_time()
    train_listing(lab(), images[:count], labels[:count])
    return (time.process_time() - start) / share


if __name__ == "__main__":
    main()
