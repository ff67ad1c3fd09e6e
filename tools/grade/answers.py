"""Where a student's answers stand in a notebook, and which other statements they need; static."""

import ast
import re
import symtable
import textwrap
import warnings
from dataclasses import dataclass, field

from IPython.core.inputtransformer2 import TransformerManager

_DEFINES = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
    ast.Assign, ast.AnnAssign, ast.AugAssign,
)  # fmt: skip


@dataclass
class Answer:
    """The cell of one exercise: its index (None: deleted), text to run, and what it needs.

    needs: (key, source) of statements of other cells, in order; holds: keys of its own.
    """

    exercise: object
    index: int | None = None
    source: str = ""
    needs: list = field(default_factory=list)
    holds: list = field(default_factory=list)


@dataclass(frozen=True)
class _Statement:
    key: tuple  # index of the cell, of the statement
    source: str
    reads: frozenset
    sets: frozenset


def find_answers(cells, original, exercises):
    """The Answer to each exercise in a submission's cells.

    original: the course's own cells; exercises: those of the notebook, by name.
    """
    checks = {i for i, cell in enumerate(cells) if is_check(cell, original)}
    places = {}
    for exercise in exercises.values():
        ids = {c.id for c in original if c.exercise == exercise.name and "exercise" in c.tags}
        places[exercise.name] = _place(cells, exercise, ids - {""}, checks, set(places.values()))
    statements = _statements(cells, checks, original)
    answers = []
    for exercise in exercises.values():
        answer = Answer(exercise, places[exercise.name])
        if answer.index is not None:
            answer.source = plain_python(cells[answer.index].source)
            own = [s for s in statements if s.key[0] == answer.index]
            answer.holds = [s.key for s in own]
            answer.needs = _needs(answer, statements)
        answers.append(answer)
    return sorted(answers, key=lambda a: -1 if a.index is None else a.index)


def is_check(cell, original):
    """Whether a cell is one of the course's check cells, edited or not."""
    if "check" in cell.tags:
        return True
    known = {c.id for c in original if "check" in c.tags}
    return cell.id in known or bool(re.search(r"^\s*check\(\s*[\"']\d\d\.", cell.source, re.M))


def defines(source, name):
    """Whether a cell's text defines a name at its top level, as far as it can be told."""
    tree = parsed(source)
    if tree is None:
        word = re.escape(name)
        return bool(re.search(rf"^(?:(?:def|class) {word}\b|{word}\s*=[^=])", source, re.M))
    return any(name in _names(statement)[1] for statement in tree.body)


def _place(cells, exercise, ids, checks, taken):
    """The index of an exercise's cell: by metadata, then id, then the name that it defines."""
    free = [i for i in range(len(cells)) if i not in checks and i not in taken]
    named = [i for i in free if defines(cells[i].source, exercise.answer)]
    of_exercise = [i for i in free if cells[i].exercise == exercise.name]
    of_exercise = of_exercise or [i for i in free if cells[i].id in ids]
    mine = [i for i in of_exercise if i in named] or of_exercise
    mine = [i for i in mine if not _untouched(cells[i], exercise)] or mine
    if not mine:  # nobody else's exercise cell
        mine = [i for i in named if not cells[i].exercise]
    elif _untouched(cells[mine[-1]], exercise):  # the answer stands in a cell of its own below
        mine += [i for i in named if i > mine[-1] and not cells[i].exercise]
    return mine[-1] if mine else None


def _untouched(cell, exercise):
    return cell.source.strip() == exercise.stub.strip()


def plain_python(source):
    """A cell's text without IPython's own commands, each line in its place."""
    source = textwrap.dedent(source)
    if not re.search(r"^\s*[%!?]|\?\s*$|=\s*[%!]", source, re.M):
        return source
    try:
        changed = TransformerManager().transform_cell(source)
    except (SyntaxError, RecursionError, ValueError):
        return source
    lines = changed.splitlines()
    return "\n".join("" if "get_ipython()" in line else line for line in lines) + "\n"


def parsed(source):
    """The syntax tree of a cell's text, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(plain_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _statements(cells, checks, original):
    """Definitions, imports and assignments at the top level of all cells but the course's first."""
    first = original[0].source if original else None
    found = []
    for i, cell in enumerate(cells):
        tree = parsed(cell.source) if i not in checks and cell.source != first else None
        for j, statement in enumerate(tree.body if tree else ()):
            if isinstance(statement, _DEFINES):
                reads, sets = _names(statement)
                found.append(_Statement((i, j), ast.unparse(statement), reads, sets))
    return found


def _names(statement):
    """The names that a statement takes from outside, and those that it sets or changes."""
    try:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return frozenset(), frozenset()
    symbols = table.get_symbols()
    sets = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    reads = {s.get_name() for s in symbols if s.is_referenced()} | _inside(table)
    for target in getattr(statement, "targets", [getattr(statement, "target", None)]):
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        sets |= {target.id} if isinstance(target, ast.Name) else set()
    return frozenset(reads), frozenset(sets)


def _inside(table):
    """What functions, classes and comprehensions inside take from the notebook."""
    names = set()
    for inner in table.get_children():
        names |= {s.get_name() for s in inner.get_symbols() if s.is_global()} | _inside(inner)
    return names


def _needs(answer, statements):
    """Statements that define what an answer's cell reads: those above it, else those below."""
    tree = parsed(answer.source)
    if tree is None:
        return []
    wanted = {name for s in tree.body for name in _names(s)[0]} - {answer.exercise.answer}
    chosen, asked = {}, set()
    while wanted - asked:
        name = min(wanted - asked)
        asked.add(name)
        setting = [s for s in statements if name in s.sets and s.key[0] != answer.index]
        above = [s for s in setting if s.key[0] < answer.index]
        for statement in above or setting:
            chosen[statement.key] = statement
            wanted |= statement.reads
    return [(key, chosen[key].source) for key in sorted(chosen)]
