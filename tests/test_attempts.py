"""The checks on answers that nobody wrote with the catalogue in hand; figures are printed.

Right answers are accepted and wrong ones are not; of the slips nearly all are named, and what is
named is what was done. In the bank `=> KEYS` after a label says which slip a just verdict names,
and `=> "WORDS"` which words of a sentence say it.
"""

import collections
import random

import pytest

from helpers.checking import examine, running
from helpers.checking.comparing import compare_outcomes
from helpers.checking.running import attempt
from helpers.exercises import find
from tests.attempts.bank import load
from tests.attempts.draws import DRAW

ATTEMPTS = load()
FAULTS = {"type", "shape", "nonfinite", "value", "raised", "changes-input", "time-limit", None}


@pytest.fixture(scope="module")
def verdicts():
    """Every attempt with its Result."""
    return [(attempt, _judge(attempt)) for attempt in ATTEMPTS]


def _judge(attempt):
    try:
        answer = attempt.answer()
    except Exception as error:  # the cell itself stops, and the learner reads why there
        return f"{type(error).__name__}: {error}"
    return examine(attempt.exercise, answer)


def judged(attempt, result):
    """accepted, named, said, silent or wrong (another slip is named than the one that was made)."""
    if isinstance(result, str):
        return "said"
    if result.status == "ok":
        return "accepted"
    wanted = [set(keys.split("+")) for keys in attempt.keys.split("|") if not keys.startswith('"')]
    quoted = [words.strip('"') for words in attempt.keys.split("|") if words.startswith('"')]
    found = set((result.mistake or "").split("+"))
    if found in wanted and result.mistake not in FAULTS:
        return "named"
    if any(words in result.message for words in quoted):
        return "said"
    return "silent" if result.mistake in FAULTS else "wrong"


def test_right_answers_are_accepted_and_wrong_ones_are_not(verdicts):
    refused = [(a.exercise, a.label) for a, r in verdicts if a.kind == "right" and r.status != "ok"]
    accepted = [
        (a.exercise, a.label)
        for a, r in verdicts
        if a.kind != "right" and judged(a, r) == "accepted"
    ]
    right = sum(a.kind == "right" for a, _ in verdicts)
    print(f"right: {right - len(refused)} of {right} accepted; wrong accepted: {len(accepted)}")
    assert not refused and not accepted


@pytest.mark.parametrize("name", DRAW)
def test_right_answers_agree_with_the_solution_on_thirty_random_inputs(name):
    exercise, rng = find(name), random.Random(name)
    answers = [a for a in ATTEMPTS if a.exercise == name and a.kind == "right"]
    assert len(answers) >= 5
    functions = [a.answer() for a in answers]
    for _ in range(30):
        case = DRAW[name](rng)
        expected = attempt(exercise.solution, case, exercise.observe)
        assert expected.error is None, expected.error
        for written, function in zip(answers, functions, strict=True):
            got = running.try_answer(function, case, exercise.observe, 5.0)
            fault = compare_outcomes(expected, got, exercise.rtol)
            assert fault is None, f"{written.label} on {case}: {fault}"


@pytest.mark.parametrize("kind, named, said", [("one", 0.90, 0.95), ("two", 0.75, 0.80)])
def test_slips_are_named(verdicts, kind, named, said):
    counts = collections.Counter(judged(a, r) for a, r in verdicts if a.kind == kind)
    total = sum(counts.values())
    print(f"{kind}: {total} answers, {dict(counts)}")
    assert counts["named"] >= named * total
    assert counts["named"] + counts["said"] >= said * total
    assert counts["wrong"] <= 0.01 * total


def test_the_bank_is_large_and_every_exercise_is_in_it():
    kinds = collections.Counter((a.exercise, a.kind) for a in ATTEMPTS)
    assert len(ATTEMPTS) >= 400
    assert len({name for name, _ in kinds}) >= 38
    assert all(kinds[name, "right"] >= 3 for name, _ in kinds)
    assert len({(a.exercise, a.label, a.source) for a in ATTEMPTS}) == len(ATTEMPTS)
