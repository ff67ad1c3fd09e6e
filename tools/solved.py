"""Write solved, executed copies of notebooks to solved/, for presenting. Holds no solution."""

import argparse
import copy
import os
import sys

import nbformat

from helpers import exercises
from tools.execute import NOTEBOOKS, ROOT, execute, find, prepare_environment, write

SOLVED = ROOT / "solved"


def solve(notebook):
    """Copy of a notebook in which each exercise cell holds the exercise's solution."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if "exercise" in cell.metadata.get("tags", []):
            cell.source = exercises.find(cell.metadata["exercise"]).solution_source
    return notebook


def write_solved(path, folder, cwd=NOTEBOOKS):
    """Solve and execute the notebook at `path` (its kernel in `cwd`), write it into `folder`."""
    notebook = solve(nbformat.read(path, as_version=4))
    write(execute(notebook, f"solved {path.name}", cwd), folder / path.name)
    return notebook


def main(arguments=None):
    """Write solved copies of notebooks to solved/; what a copy there held is replaced."""
    parser = argparse.ArgumentParser(prog="python -m tools.solved", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="06, 06_train_..., or a path")
    paths = find(parser.parse_args(arguments).names)
    prepare_environment("auto")
    SOLVED.mkdir(exist_ok=True)
    for path in paths:
        print(f"solving {path.name} (digits: {os.environ['MNIST_SOURCE']})", flush=True)
        write_solved(path, SOLVED)


if __name__ == "__main__":
    sys.exit(main())
