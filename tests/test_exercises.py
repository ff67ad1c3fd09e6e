"""The catalogue of every exercise: each slip is named, no two are alike, no mutant passes."""

import ast
import copy
import itertools
import time
import types
from pathlib import Path

import pytest
import torch

from helpers import TODO, exercises
from helpers.checking import examine, running
from helpers.checking.comparing import compare_outcomes
from helpers.checking.converting import freeze
from helpers.checking.running import attempt
from helpers.checking.searching import compose
from tests.mutants import EQUIVALENT, mutants

FOLDER = Path(exercises.__file__).parent
NOTEBOOKS = sorted(path.name[2:] for path in FOLDER.glob("nb[0-9][0-9]"))
EXERCISES = {name: e for nb in NOTEBOOKS for name, e in exercises.of(nb).items()}
COMPARED = [name for name, e in EXERCISES.items() if e.is_function and e.accepts is None]
SLIPS = [(name, s.key) for name, e in EXERCISES.items() for s in e.slips]
LINES = 165  # an exercise, what several share included: CONTRIBUTING says why so many


def _answer(exercise, slips):
    """What a learner with these slips would hand in."""
    function = compose(exercise, slips)
    return function if exercise.is_function else function()


def test_every_exercise_is_in_the_file_of_its_name():
    for name in EXERCISES:
        notebook, short = name.split(".")
        assert (FOLDER / f"nb{notebook}" / f"{short}.py").is_file()
    for nb in NOTEBOOKS:
        files = (FOLDER / f"nb{nb}").glob("*.py")
        found = {p.stem for p in files if "\nEXERCISE = " in p.read_text()}
        assert found == {name[3:] for name in EXERCISES if name.startswith(nb)}
        assert len({e.answer for e in exercises.of(nb).values()}) == len(exercises.of(nb))


def test_the_catalogue_is_as_small_as_it_says():
    lines = sum(len(p.read_text().splitlines()) for p in FOLDER.rglob("*.py"))
    print(f"{len(EXERCISES)} exercises, {len(SLIPS)} slips, {lines} lines")
    assert lines < LINES * len(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_is_complete(name):
    exercise = EXERCISES[name]
    assert exercise.difficulty in (1, 2, 3) and exercise.minutes > 0
    assert len(exercise.hints) >= 2 and exercise.slips and exercise.why.endswith(".")
    assert "TODO" in exercise.stub and "TODO" not in exercise.solution_source
    assert len({s.key for s in exercise.slips}) == len(exercise.slips)
    assert all("+" not in s.key and s.message.endswith((".", "?")) for s in exercise.slips)
    if name in COMPARED:
        assert len(exercise.cases) >= 4


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_is_todo_and_the_printed_solution_is_right(name):
    exercise = EXERCISES[name]
    scope = {"TODO": TODO, "torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    exec("import math\nfrom helpers import arithmetic", scope)
    exec(exercise.stub, scope)
    assert examine(name, scope[exercise.answer]).status == "todo"
    exec(exercise.solution_source, scope)
    result = examine(name, scope[exercise.answer])
    assert result.status == "ok", result.message


@pytest.mark.parametrize("name, key", SLIPS)
def test_a_slip_is_rejected_with_its_own_message(name, key):
    exercise = EXERCISES[name]
    slip = next(s for s in exercise.slips if s.key == key)
    result = examine(name, _answer(exercise, [slip]))
    assert result.status == "wrong", result.message
    assert result.message.startswith(slip.message)


@pytest.mark.parametrize("name", EXERCISES)
def test_no_two_slips_look_alike(name):
    """Slips with the same outcomes on all cases cannot be told apart: another case is due."""
    exercise = EXERCISES[name]
    cases = exercise.cases or ((),)
    before = copy.deepcopy(cases)
    with running.kept():
        outcomes = {
            s: [attempt(compose(exercise, [s]), case, exercise.observe) for case in cases]
            for s in map(_ById, () if exercise.accepts else exercise.slips)
        }
    assert running.same(freeze(before), freeze(cases)), "a slip changes its case"
    for a, b in itertools.combinations(outcomes, 2):
        pairs = zip(outcomes[a], outcomes[b], strict=True)
        alike = not any(compare_outcomes(x, y, exercise.rtol) for x, y in pairs)
        assert not alike or a.message == b.message, f"{a.key} looks like {b.key}"


class _ById:
    """A slip that can be the key of a dict, though it holds one."""

    def __init__(self, slip):
        self.__dict__.update(vars(slip))


@pytest.mark.parametrize("name", COMPARED)
def test_a_right_answer_may_not_depend_on_one_case(name):
    exercise = EXERCISES[name]
    for number in range(len(exercise.cases)):
        calls = iter(range(10_000))

        def answer(*args, number=number, calls=calls):
            return None if next(calls) == number else exercise.solution(*args)

        assert examine(name, answer).status != "ok"


@pytest.mark.parametrize("name", [n for n, e in EXERCISES.items() if callable(e.solution)])
def test_no_mutant_of_a_solution_passes(name):
    """Operators, constants, names, arguments and statements changed, one at a time."""
    exercise, passed, count = EXERCISES[name], [], 0
    module = __import__(f"helpers.exercises.nb{name.replace('.', '.')}", fromlist=["x"])
    for text, code in mutants(exercise.solution_source):
        scope = dict(vars(module))
        count += 1
        exec(code, scope)
        if _survives(exercise, scope[exercise.answer]):
            passed.append(text)
    print(f"{name}: {count} mutants, {len(passed)} pass")
    unknown = [text for text in passed if text not in EQUIVALENT.get(name, {})]
    assert not unknown, "\n".join(unknown)


def _survives(exercise, answer):
    """Whether an answer gives what is expected on every case (what examine() looks at first)."""
    if exercise.accepts:
        return examine(exercise.name, answer).status == "ok"
    for case in exercise.cases:
        expected = attempt(exercise.solution, case, exercise.observe)
        got = running.try_answer(answer, case, exercise.observe, 2.0)
        if compare_outcomes(expected, got, exercise.rtol):
            return False
        if exercise.exact and exercise.exact[0] not in got.kind:
            return False
    return True


def test_a_check_answers_at_once():
    seconds = {}
    for name, exercise in EXERCISES.items():
        for slip in exercise.slips:
            answer, start = _answer(exercise, [slip]), time.perf_counter()
            examine(name, answer)
            seconds[name, slip.key] = time.perf_counter() - start
    ordered = sorted(seconds.values())
    slowest = max(seconds, key=seconds.get)
    median = ordered[len(ordered) // 2]
    print(f"check: median {median:.3f} s, slowest {seconds[slowest]:.2f} s {slowest}")
    assert median < 0.5


def _in_place(solution):
    def answer(*args):
        result = copy.deepcopy(solution(*args))
        args[0].add_(1)
        return result

    return answer


@pytest.mark.parametrize("name", COMPARED)
def test_generic_faults_are_named(name):
    exercise = EXERCISES[name]
    assert examine(name, lambda *args: None).status == "wrong"
    if exercise.observe or not isinstance(exercise.cases[0][0], torch.Tensor):
        return
    if not isinstance(exercise.solution(*exercise.cases[0]), torch.Tensor):
        return
    assert examine(name, _in_place(exercise.solution)).mistake == "changes-input"
    assert examine(name, lambda *a: exercise.solution(*a) * float("nan")).status == "wrong"
    assert isinstance(exercise.solution, types.FunctionType)


def test_mutants_are_made_of_every_sort():
    source = (
        "def f(a, b):\n    c = a + 2\n    if a < b:\n        c += 1\n    return g(a, b)[0] * c\n"
    )
    texts = [text for text, _ in mutants(source)]
    assert len(texts) == len(set(texts)) > 12
    for text in texts:
        ast.parse(text)
