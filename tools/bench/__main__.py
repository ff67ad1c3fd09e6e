"""Measure what the course claims about time; print it, and write it as JSON."""

import argparse
import json
import sys
from pathlib import Path

from helpers.mnist import load_mnist
from tools.bench import house, training
from tools.bench.figures import lines
from tools.study.machine import processor


def main(words=None):
    parser = argparse.ArgumentParser("course.py bench", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="on the full MNIST (default: the embedded sample)"
    )
    parser.add_argument(
        "--only", choices=PARTS, nargs="+", default=list(PARTS), help="measure these parts only"
    )
    parser.add_argument("--out", default="bench.json", help="the file that is written")
    asked = parser.parse_args(words)
    source = "full" if asked.full else "sample"
    splits = [load_mnist(split, source) for split in ("train", "test")]
    digits, measured = [(split.images, split.labels) for split in splits]
    results = {"machine": {"processor": processor(), **training.machine(), "digits": source}}
    for part in asked.only:
        print(f"{part} ...", file=sys.stderr, flush=True)
        results[part] = PARTS[part](source, digits, measured)
        print("\n".join(lines({part: results[part]})), flush=True)
        Path(asked.out).write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {asked.out}.")


PARTS = {
    "training": lambda source, digits, measured: training.against_the_listing(source, *digits),
    "size": lambda source, digits, measured: training.by_size(*digits),
    "sprint": lambda source, digits, measured: training.sprint(digits, measured),
    "memory": lambda source, digits, measured: {"peak, MB": training.memory()},
    "imports": lambda source, digits, measured: house.imports(),
    "checks": lambda source, digits, measured: house.checks(),
    "notebooks": lambda source, digits, measured: house.notebooks(source),
    "widgets": lambda source, digits, measured: house.widgets(),
}

if __name__ == "__main__":
    main()
