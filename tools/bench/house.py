"""Times of the course itself: imports, checks, notebooks, widgets; each in a process of its own."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from helpers import exercises
from helpers.checking import examine
from helpers.checking.searching import compose
from tools.bench.figures import spread
from tools.execute import NOTEBOOKS

ROOT = Path(__file__).parents[2]
IMPORTS = {
    "import helpers": "import helpers",
    "from helpers import check, and a first verdict": (
        "from helpers import check; from helpers.checking import examine; examine('00.pixels', 1)"
    ),
    "python -m helpers.mnist": "import runpy; runpy.run_module('helpers.mnist')",
}


def imports(rounds=5):
    """Seconds in a new Python, what Python itself takes included."""
    return {
        name: spread([_seconds([sys.executable, "-c", code]) for _ in range(rounds)])
        for name, code in IMPORTS.items()
    }


def checks():
    """Seconds of `check` on the right answer, and over all known slips, by exercise."""
    result, everything = {}, []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for name, exercise in exercises.of(path.name[:2]).items():
            right = _judged(name, exercise.right if exercise.is_function else exercise.right())
            wrong = [_judged(name, answer) for answer in _wrong(exercise)]
            everything += wrong
            result[name] = {"right": round(right, 4), "wrong": spread(wrong)}
    return {"all wrong answers": spread(everything), "by exercise": result}


def _wrong(exercise):
    for slip in exercise.slips:
        answer = compose(exercise, [slip])
        yield answer if exercise.is_function else answer()


def _judged(name, answer):
    start = time.perf_counter()
    examine(name, answer)
    return time.perf_counter() - start


def notebooks(source):
    """Seconds of each notebook under nbval, on the digits of `source`: "sample" or "full"."""
    environment = {**os.environ, "MNIST_SOURCE": source}
    result = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        command = [sys.executable, "-m", "pytest", "-q", str(path)]
        result[path.stem] = round(_seconds(command, environment), 1)
    return result


def widgets():
    """Milliseconds from a key press to its picture, as the browser tests measure them."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "tests/live", "-k", "latency"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    found = re.findall(
        r"^(\S.*?)  +\d+ keys, .*?median +(\S+) ms.*?p95 +(\S+) ms", run.stdout, re.M
    )
    if not found:
        return {"not measured": "no browser, or its tests failed"}
    return {name: {"median": float(median), "p95": float(late)} for name, median, late in found}


def _seconds(command, environment=None):
    start = time.perf_counter()
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return time.perf_counter() - start
