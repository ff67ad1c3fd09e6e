"""What an instructor may want to look at: flags, never penalties; static, over the whole class.

check-edited      the submitted check cell is not the course's (a reason is allowed)
engine-imported   the student's own cells name helpers.checking or helpers.exercises
solution-text     the function is the shown solution, comments and layout apart
same-code:NAMES   the function is that of others of the class, local names apart
Short answers that most would write alike, and plain values, are never compared.
"""

import ast
import collections
import re

from tools.grade.answers import is_check, parsed

LEAST, LEAST_SHOWN = 30, 20  # nodes of a function compared with others, with the solution
_ENGINE = re.compile(
    r"helpers\s*\.\s*(checking|exercises)\b"
    r"|from\s+helpers\s+import\s+[^\n]*\b(checking|exercises)\b"
    r"|helpers/(checking|exercises)"
)


def flag(submission, original, answers):
    """{exercise: flags} of one submission, what others wrote apart."""
    shown = {answer.exercise.name: [] for answer in answers}
    edited = _edited(submission.cells, original)
    common = any(
        _ENGINE.search(cell.source)
        for i, cell in enumerate(submission.cells)
        if i not in {a.index for a in answers} and not _is_original(cell, original)
    )
    for answer in answers:
        own = answer.index is not None and _ENGINE.search(submission.cells[answer.index].source)
        found = shown[answer.exercise.name]
        found += ["check-edited"] if answer.exercise.name in edited else []
        found += ["engine-imported"] if own or common else []
        found += ["solution-text"] if _is_solution(answer) else []
    return shown


def _is_original(cell, original):
    return any(cell.source.strip() == c.source.strip() for c in original)


def _edited(cells, original):
    """Names of exercises whose check cell is there and is not the course's."""
    known = {c.exercise: c.source for c in original if "check" in c.tags}
    names = {c.id: c.exercise for c in original if "check" in c.tags}
    edited = set()
    for cell in cells:
        if not is_check(cell, original):
            continue
        called = re.search(r"check\(\s*[\"'](\d\d\.\w+)", cell.source)
        name = cell.exercise or names.get(cell.id) or (called and called[1])
        if name in known and cell.source.strip() and _bare(cell.source) != _bare(known[name]):
            edited.add(name)
    return edited


def _bare(source):
    """A check cell's syntax without the reason that a student may add."""
    tree = parsed(source)
    if tree is None:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
            node.args = node.args[:2]
            node.keywords = [k for k in node.keywords if k.arg != "reason"]
    return ast.dump(tree)


def _is_solution(answer):
    """Whether an answer is the shown solution, word for word."""
    own = _function(answer.source, answer.exercise)
    shown = _function(answer.exercise.solution_source, answer.exercise)
    return own is not None and _size(shown) >= LEAST_SHOWN and ast.dump(own) == ast.dump(shown)


def _function(source, exercise):
    """The answer's function without docstring and annotations, or None."""
    tree = parsed(source) if exercise.is_function else None
    for node in reversed(tree.body if tree else ()):
        if isinstance(node, ast.FunctionDef) and node.name == exercise.answer:
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
            for inner in ast.walk(node):
                if isinstance(inner, ast.arg):
                    inner.annotation = None
                elif isinstance(inner, ast.FunctionDef):
                    inner.returns = None
            return node
    return None


def _size(tree):
    """How much a function says: its nodes, without those that only serve others."""
    serving = ast.expr_context | ast.operator | ast.arguments | ast.arg
    return sum(not isinstance(node, serving) for node in ast.walk(tree))


def code_of(answer):
    """A long function with its local names numbered, to compare with others; or None."""
    tree = _function(answer.source, answer.exercise)
    if tree is None or _size(tree) < LEAST or _is_solution(answer):
        return None
    local = {node.id for node in ast.walk(tree) if _is_set(node)}
    local |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    numbers = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in local:
            node.id = numbers.setdefault(node.id, f"name{len(numbers)}")
        elif isinstance(node, ast.arg):
            node.arg = numbers.setdefault(node.arg, f"name{len(numbers)}")
    return ast.dump(tree)


def _is_set(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def same_code(codes):
    """{(student, exercise): [other students]} from {(student, exercise): code or None}."""
    groups = collections.defaultdict(list)
    for (student, exercise), code in codes.items():
        if code is not None:
            groups[exercise, code].append(student)
    return {
        (student, exercise): [other for other in students if other != student]
        for (exercise, _), students in groups.items()
        if len(students) > 1
        for student in students
    }
