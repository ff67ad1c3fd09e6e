"""Every exercise: its mistakes are named, right answers in any style are accepted."""

import importlib
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import TODO
from helpers.checking import examine
from helpers.judging import attempt, compare_outcomes

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(p.stem[2:] for p in (ROOT / "helpers" / "exercises").glob("nb[0-9][0-9].py"))


def _load(template):
    return {nn: importlib.import_module(template.format(nn)) for nn in NOTEBOOKS}


MODULES = _load("helpers.exercises.nb{}")
ANSWERS = _load("answers.answers_{}")
EXERCISES = {e.name: e for module in MODULES.values() for e in module.EXERCISES}
RIGHT = {name: fs for module in ANSWERS.values() for name, fs in module.RIGHT.items()}
RANDOM = {name: draw for module in ANSWERS.values() for name, draw in module.RANDOM.items()}
FUNCTIONS = [name for name, e in EXERCISES.items() if e.is_function]
COMPARED = [name for name in FUNCTIONS if EXERCISES[name].accepts is None]
MISTAKES = [(name, m.key) for name, e in EXERCISES.items() for m in e.mistakes]


def _tensor_result(exercise):
    outcome = attempt(exercise.solution, exercise.cases[0], exercise.observe)
    return isinstance(outcome.value, torch.Tensor)


PLAIN = [n for n in COMPARED if not EXERCISES[n].observe and _tensor_result(EXERCISES[n])]


def solved_value(exercise):
    """What the solution's cell defines, executed as the notebook would."""
    scope = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    exec("import math\nfrom helpers import arithmetic", scope)
    exec(exercise.solution_source, scope)
    return scope[exercise.answer]


def test_there_are_exercises_and_their_names_are_their_notebooks():
    assert EXERCISES
    for nn, module in MODULES.items():
        assert all(e.name.startswith(f"{nn}.") for e in module.EXERCISES)
        assert len({e.answer for e in module.EXERCISES}) == len(module.EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_is_complete(name):
    exercise = EXERCISES[name]
    assert exercise.difficulty in (1, 2, 3) and exercise.minutes > 0
    assert len(exercise.hints) >= 2 and exercise.mistakes and exercise.why.endswith(".")
    assert "TODO" in exercise.stub and "TODO" not in exercise.solution_source
    assert len({m.key for m in exercise.mistakes}) == len(exercise.mistakes)
    if name in COMPARED:
        assert len(exercise.cases) >= 4


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_is_todo_and_the_printed_solution_is_right(name):
    exercise = EXERCISES[name]
    scope = {"TODO": TODO, "torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    exec(exercise.stub, scope)
    assert examine(name, scope[exercise.answer]).status == "todo"
    result = examine(name, solved_value(exercise))
    assert result.status == "ok", result.message


@pytest.mark.parametrize("name, key", MISTAKES)
def test_a_mistake_is_rejected_with_its_own_message(name, key):
    exercise = EXERCISES[name]
    mistake = next(m for m in exercise.mistakes if m.key == key)
    result = examine(name, mistake.wrong if exercise.is_function else mistake.wrong())
    assert (result.status, result.mistake) == ("wrong", key), result.message
    assert result.message.startswith(mistake.message)


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_in_another_style_are_right(name):
    exercise = EXERCISES[name]
    if name in COMPARED:
        assert len(RIGHT[name]) >= 5
    for answer in RIGHT[name]:
        result = examine(name, answer)
        assert result.status == "ok", f"{answer}: {result.message}"
    for seed in range(30 if name in RANDOM else 0):
        case = RANDOM[name](random.Random(seed))
        expected = attempt(exercise.solution, case, exercise.observe)
        assert expected.error is None, expected.error
        for answer in RIGHT[name]:
            fault = compare_outcomes(
                expected, attempt(answer, case, exercise.observe), exercise.rtol
            )
            assert fault is None, f"{answer} on {case}: {fault}"


def test_every_compared_function_has_right_answers_and_random_inputs():
    assert set(COMPARED) <= set(RIGHT)
    assert set(COMPARED) <= set(RANDOM)


def _in_place(solution):
    def answer(*args):
        result = solution(*args)
        args[0].add_(1)
        return result

    return answer


GENERIC = {
    "type": [
        lambda f: lambda *a: None,
        lambda f: lambda *a: f(*a).tolist(),
        lambda f: lambda *a: np.asarray(f(*a)),
    ],
    "dtype": [lambda f: lambda *a: f(*a).double(), lambda f: lambda *a: f(*a).int()],
    "nonfinite": [lambda f: lambda *a: f(*a) * float("nan")],
    "shape": [lambda f: lambda *a: f(*a)[None]],
    "changes-input": [_in_place],
}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("key", GENERIC)
def test_wrong_sorts_of_answers_are_rejected(name, key):
    for make in GENERIC[key]:
        result = examine(name, make(EXERCISES[name].solution))
        assert result.status == "wrong" and result.mistake == key, result.message


@pytest.mark.parametrize("name", COMPARED)
def test_an_answer_right_on_all_but_one_case_is_wrong(name):
    exercise = EXERCISES[name]
    for number in range(len(exercise.cases)):
        calls = iter(range(10_000))

        def answer(*args, number=number, calls=calls):
            return None if next(calls) == number else exercise.solution(*args)

        assert examine(name, answer).status != "ok"
