"""Where a student's answers stand in a notebook, and which other statements they need; static."""

import ast
import functools
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
_SHOWING = {"check", "hint", "solution", "progress"}


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
    """A statement at the top level of a cell: its text, and the names that it reads and sets."""

    source: str
    reads: frozenset
    sets: frozenset
    defines: bool  # it is a definition, an import or an assignment


def find_answers(cells, original, exercises):
    """The Answer to each exercise in a submission's cells.

    original: the course's own cells; exercises: those of the notebook, by name.
    """
    checks = {i for i, cell in enumerate(cells) if is_check(cell, original)}
    places = {}
    for exercise in exercises.values():
        ids = {c.id for c in original if c.exercise == exercise.name and "exercise" in c.tags}
        places[exercise.name] = _place(cells, exercise, ids - {""}, checks, set(places.values()))
    definitions = _definitions(cells, checks, original)
    answers = []
    for exercise in exercises.values():
        answer = Answer(exercise, places[exercise.name])
        if answer.index is not None:
            source = cells[answer.index].source
            answer.source = without_calls(plain_python(source))
            answer.holds = [key for key in definitions if key[0] == answer.index]
            answer.needs = _needs(answer, source, definitions)
        answers.append(answer)
    return sorted(answers, key=lambda a: -1 if a.index is None else a.index)


def is_check(cell, original):
    """Whether a cell is one of the course's check cells, edited or not."""
    if "check" in cell.tags:
        return True
    if cell.id and cell.id in {c.id for c in original if "check" in c.tags}:
        return True
    calls = re.search(r"^\s*check\(\s*[\"']\d\d\.", cell.source, re.M)
    defines_more = any(s.defines and "import " not in s.source for s in _read(cell.source) or ())
    return bool(calls) and "exercise" not in cell.tags and not defines_more


def defines(source, name):
    """Whether a cell's text defines a name at its top level, as far as it can be told."""
    statements = _read(source)
    if statements is None:
        word = re.escape(name)
        return bool(re.search(rf"^(?:(?:def|class) {word}\b|{word}\s*=[^=])", source, re.M))
    return any(name in statement.sets for statement in statements)


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
    except Exception:  # whatever IPython makes of text that is no Python
        return source
    lines = changed.splitlines()
    return "\n".join("" if "get_ipython()" in line else line for line in lines) + "\n"


def without_calls(source):
    """A cell's text without calls of check(), hint() and the like at its top level."""
    tree, lines = parsed(source), source.splitlines()
    starts = [node.lineno for node in tree.body] if tree else []
    for node in tree.body if tree else ():
        call = node.value if isinstance(node, ast.Expr) else None
        is_shown = isinstance(call, ast.Call) and getattr(call.func, "id", "") in _SHOWING
        if is_shown and starts.count(node.lineno) == 1:
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return "\n".join(lines)


def parsed(source):
    """The syntax tree of a cell's text, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(plain_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.cache
def _read(source):
    """The statements at the top level of a cell's text, or None where it is no Python."""
    tree = parsed(source)
    if tree is None:
        return None
    return tuple(
        _Statement(ast.unparse(node), *_names(node), isinstance(node, _DEFINES))
        for node in tree.body
    )


def _definitions(cells, checks, original):
    """{(index of cell, of statement): statement} that defines, of all cells but the first."""
    first = original[0].source if original else None
    return {
        (i, j): statement
        for i, cell in enumerate(cells)
        if i not in checks and cell.source != first
        for j, statement in enumerate(_read(cell.source) or ())
        if statement.defines
    }


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


def _needs(answer, source, definitions):
    """Definitions of what an answer's cell reads: those above it, else those below."""
    wanted = {name for s in _read(source) or () for name in s.reads} - {answer.exercise.answer}
    chosen, asked = set(), set()
    while wanted - asked:
        name = min(wanted - asked)
        asked.add(name)
        setting = [
            key for key, s in definitions.items() if name in s.sets and key[0] != answer.index
        ]
        above = [key for key in setting if key[0] < answer.index]
        chosen |= set(above or setting)
        wanted |= {read for key in above or setting for read in definitions[key].reads}
    return [(key, definitions[key].source) for key in sorted(chosen)]
