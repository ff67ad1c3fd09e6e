"""A class whose mix is known: notebooks as handed in, and what each answer is to be called.

Answers come from the bank of attempts: right in some style, one slip, two. What stands around them
(cells added, moved, deleted, renamed, broken) is made here, by the student's number.
"""

import random
import re
from dataclasses import dataclass, field

import nbformat

from helpers import exercises
from tests.attempts.bank import load
from tests.classroom.hostile import HOSTILE, text
from tools.execute import NOTEBOOKS

IMPORTS = "import math\nimport numpy as np\nimport torch\nfrom scipy.signal import convolve2d\n"
IMPORTS += (
    "from torch import nn\nfrom torch.nn import functional as F\nfrom helpers import arithmetic"
)
SLEEP = "86417"  # seconds: how a process that an answer left behind is recognised


@dataclass
class Expected:
    """What a cell of the table is to hold; slips: those that would be just, () for any."""

    status: str
    slips: tuple = ()
    flag: str = ""
    how: str = ""


@dataclass
class Class:
    """Expected by (student, exercise), and the file that no answer may touch."""

    victim: str
    cells: dict = field(default_factory=dict)


def generate(folder, victim, students, notebooks, seed=1):
    """Write a class's notebooks into `folder`: the Class.

    The last three students are one with a broken file, one with an own answer, and one who copied.
    """
    made, bank = Class(str(victim)), _by_kind()
    known = {p.name[:2]: p for p in sorted(NOTEBOOKS.glob("*.ipynb")) if p.name[:2] in notebooks}
    functions = [e.name for n in known for e in exercises.of(n).values() if e.is_function]
    kinds = list(HOSTILE) + list(ODD)
    for number in range(students - 3):
        student, rng = f"student{number:02}", random.Random(seed * 1000 + number)
        own = kinds[number % len(kinds) :: students - 3][: len(functions)]
        places = dict(zip(rng.sample(functions, len(own)), own, strict=True))
        for path in known.values():
            page = _Page(student, path, rng, bank, made)
            page.answer_all()
            for name, kind in places.items():
                if name in page.exercises:
                    page.spoil(name, kind)
            page.write(folder)
    for student, change in (("broken", _broken), ("own", _own), ("copied", _copied)):
        page = _Page(student, known["01"], random.Random(seed), bank, made)
        page.answer_all()
        change(page)
        page.write(folder)
    return made


def _by_kind():
    found = {}
    for attempt in load():
        found.setdefault((attempt.exercise, attempt.kind), []).append(attempt)
    return found


class _Page:
    """One notebook of one student, being filled in."""

    def __init__(self, student, path, rng, bank, made):
        self.student, self.path, self.rng, self.bank, self.made = student, path, rng, bank, made
        self.page = nbformat.read(path, as_version=4)
        self.exercises, self.broken = exercises.of(path.name[:2]), False

    def cell(self, name, tag="exercise"):
        for cell in self.page.cells:
            if tag in cell.metadata.get("tags", []):
                if cell.metadata.get("exercise") == name or f'check("{name}"' in cell.source:
                    return cell
        raise LookupError(f"{self.path.name} has no {tag} cell for {name}")

    def expect(self, name, status, slips=(), flag="", how=""):
        self.made.cells[self.student, name] = Expected(status, slips, flag, how)

    def add(self, source, before):
        self.page.cells.insert(self.page.cells.index(before), nbformat.v4.new_code_cell(source))

    def answer_all(self):
        """Fill every stub: right in some style, one slip, two, or not at all."""
        self.add(IMPORTS, self.page.cells[-1])
        for name in self.exercises:
            kind = self.rng.choices(("right", "one", "two", "todo"), (5, 4, 2, 1))[0]
            attempts = self.bank.get((name, kind), ())
            if not attempts:
                self.expect(name, "todo", how="left alone")
                continue
            attempt = self.rng.choice(attempts)
            self.cell(name).source = attempt.source
            keys = [k for k in attempt.keys.split("|") if k and not k.startswith('"')]
            if '"' in attempt.keys:
                keys = []
            self.expect(name, "ok" if kind == "right" else "wrong", tuple(keys), how=attempt.label)

    def spoil(self, name, kind):
        """Put something odd or hostile in place of one function."""
        if kind in ODD:
            ODD[kind](self, name)
            return
        stub = self.exercises[name].stub
        self.cell(name).source, status, slip = text(kind, stub, self.made.victim, SLEEP)
        self.expect(name, status, (slip,) if slip else (), how=kind)

    def write(self, folder):
        content = nbformat.writes(self.page)
        content = content[: len(content) // 2] if self.broken else content
        flat = sum(map(ord, self.student)) % 2
        name = f"{self.student}_{self.path.name[:2]}.ipynb"
        target = folder / (name if flat else f"{self.student}/{self.path.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


def _syntax_error(page, name):
    page.cell(name).source = page.exercises[name].stub.replace(":\n", "\n", 1)
    page.expect(name, "wrong", ("syntax-error",), how="syntax error")


def _deleted(page, name):
    page.page.cells.remove(page.cell(name))
    page.expect(name, "missing", how="deleted")


def _stripped(page, name):
    cell = page.cell(name)
    cell.source = page.exercises[name].solution_source
    cell.metadata, cell.id = nbformat.NotebookNode(), "elsewhere"
    page.expect(name, "ok", how="found by its name")


def _by_id(page, name):
    cell = page.cell(name)
    cell.source = page.exercises[name].solution_source
    cell.metadata = nbformat.NotebookNode()
    page.expect(name, "ok", how="found by its id")


def _renamed(page, name):
    exercise = page.exercises[name]
    cell = page.cell(name)
    cell.source = re.sub(rf"\b{exercise.answer}\b", "my_own_name", exercise.solution_source)
    page.expect(name, "missing", how="another name")


def _added(page, name):
    exercise = page.exercises[name]
    cell = page.cell(name)
    source = re.sub(rf"\b{exercise.answer}\b", "do_the_work", exercise.solution_source)
    page.add("import os\nprint(os.getcwd())\nraise SystemExit", cell)
    page.add(f"{source}\n\nwhile True:\n    pass", cell)
    cell.source = f"{exercise.answer} = do_the_work\n%timeit 1 + 1"
    page.expect(name, "ok", how="in a cell of its own, beside cells that never end")


def _edited_check(page, name):
    page.cell(name).source = page.exercises[name].stub.replace("return TODO", "return 'no'")
    page.cell(name, "check").source = f'print("OK  {name}")'
    page.expect(name, "wrong", flag="check-edited", how="check edited")


def _shown(page, name):
    exercise = page.exercises[name]
    page.cell(name).source = "# my own work\n" + exercise.solution_source
    long = len(exercise.solution_source.splitlines()) > 6
    page.expect(name, "ok", flag="solution-text" if long else "", how="the solution shown")


def _imported(page, name):
    exercise = page.exercises[name]
    page.cell(
        name
    ).source = f'from helpers.exercises import find\n{exercise.answer} = find("{name}").solution'
    page.expect(name, "ok", flag="engine-imported", how="the solution imported")


def _broken(page):
    page.broken = True
    for name in page.exercises:
        page.expect(name, "void", ("unreadable",), how="broken file")


def _own(page):
    page.cell("01.conv2d").source = OWN
    page.expect("01.conv2d", "ok", flag="same-code:copied", how="copied from")


def _copied(page):
    source = f"# all mine\n{OWN.replace('found', 'result')}"
    page.cell("01.conv2d").source = re.sub(r"\by\b", "row", source)
    page.expect("01.conv2d", "ok", flag="same-code:own", how="copied")


OWN = """def conv2d(image, kernel):
    rows, columns = kernel.shape
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    found = torch.zeros(height, width)
    for y in range(height):
        for x in range(width):
            found[y, x] = (image[y : y + rows, x : x + columns] * kernel).sum()
    return found"""
ODD = {
    "syntax error": _syntax_error, "deleted": _deleted, "found by name": _stripped,
    "found by id": _by_id, "renamed": _renamed, "own cells": _added,
    "edited check": _edited_check, "shown": _shown, "imported": _imported,
}  # fmt: skip
