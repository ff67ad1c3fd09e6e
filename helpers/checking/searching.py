"""Which slips explain what an answer gave: one at a time, then two at once; runs no learner's code.

Two slips compose where they do not touch the same thing: their `before`s, their twists and
their `after`s are all applied; of a value with several entries each slip changes its own.
"""

import itertools
import time

import torch

from helpers.checking.comparing import compare, compare_outcomes
from helpers.checking.converting import Array, conform, freeze
from helpers.checking.running import attempt, kept
from helpers.exercises import find, slip

SEARCH_LIMIT = 1.5  # seconds of computing, for pairs


def search(exercise, cases, expected, got, faults):
    """Slips that explain all outcomes: (slips, alone). `alone` is false where more is wrong.

    cases, expected, got and faults run in step; `expected` and `got` are Outcomes.
    """
    order = sorted(range(len(cases)), key=lambda i: faults[i] is None)  # a difference first
    leaves_right = {}  # by id of a slip: whether the first case that differs comes out right

    def explains(slips):
        function, values = compose(exercise, slips), 0
        for i in order:
            outcome = attempt(function, cases[i], exercise.observe)
            if i == order[0] and len(slips) == 1:
                kept_right = compare_outcomes(expected[i], outcome, exercise.rtol) is None
                leaves_right[id(slips[0])] = kept_right
            if compare_outcomes(_like(outcome, expected[i]), got[i], exercise.rtol):
                return False
            values += outcome.error is None
        return values > 0 or len(slips) == 1  # two that always raise explain nothing

    with kept():
        own = {s.key for s in exercise.slips}
        slips = (*exercise.slips, *(s for s in _shapes(expected) if s.key not in own))
        for one in slips:
            if explains([one]):
                return [one], True
        found = []
        if exercise.is_function or isinstance(expected[0].value, dict | tuple):
            deadline = time.process_time() + SEARCH_LIMIT
            for pair in itertools.combinations(slips, 2):
                if time.process_time() > deadline:
                    break
                helpless = all(leaves_right[id(s)] for s in pair)
                if not helpless and composes(*pair) and explains(pair):
                    found.append(pair)
    common = [s for s in (found[0] if found else ()) if all(s in pair for pair in found)]
    said = {frozenset(s.message for s in pair) for pair in found}
    return (list(found[0]), True) if len(said) == 1 else (common, False)


def composes(a, b):
    """Whether two slips can be made at once."""
    if a.wrong and b.wrong:
        return a.wrong.__code__.co_argcount == 0 == b.wrong.__code__.co_argcount
    if a.wrong or b.wrong:
        whole, other = (a, b) if a.wrong else (b, a)
        return not other.twist and not whole.twist
    return not set(a.twist) & set(b.twist)


def compose(exercise, slips):
    """A function that goes wrong in the way of all these slips."""
    wholes = [s.wrong for s in slips if s.wrong]
    if len(wholes) == 2:
        return lambda: _merged(
            freeze(exercise.right()), *(freeze(w()) for w in wholes), exercise.rtol
        )
    walk = wholes[0] if wholes else exercise.walk or exercise.right
    twist = {name: value for s in slips for name, value in s.twist.items()}

    def wrong(*arguments):
        for s in slips:
            if s.before:
                arguments = s.before(*arguments)
        value = walk(*arguments, **twist)
        for s in slips:
            if s.after:
                value = s.after(value)
        return value

    return wrong


def _merged(right, a, b, rtol):
    """Two wrong values with several entries as one: each changes what it gets wrong."""
    a, b = conform(a, right), conform(b, right)
    if isinstance(right, dict) and isinstance(a, dict) and isinstance(b, dict):
        return {key: _merged(right[key], a.get(key), b.get(key), rtol) for key in right}
    if isinstance(right, tuple) and all(
        isinstance(v, tuple) and len(v) == len(right) for v in (a, b)
    ):
        return tuple(_merged(*values, rtol) for values in zip(right, a, b, strict=True))
    return a if compare(right, a, rtol) else b


def _like(outcome, expected):
    if outcome.error is None and expected.error is None:
        outcome.value = conform(outcome.value, expected.value)
    return outcome


def _shapes(expected):
    """Slips that any exercise may meet whose result is a tensor."""
    if not all(isinstance(o.value, Array) for o in expected):
        return ()
    return _TENSOR_SLIPS if all(o.value.values.ndim for o in expected) else ()


def _tensor(change):
    """A change of a tensor; what is none, such as None, is left alone."""
    return lambda value: value if value is None else change(torch.as_tensor(value))


_TENSOR_SLIPS = (
    slip(
        "extra-axis",
        "The numbers are right, but they have an axis too many, of length 1.",
        after=_tensor(lambda x: x[None]),
    ),
    slip(
        "extra-axes",
        "The numbers are right, but they have two axes too many, of length 1.",
        after=_tensor(lambda x: x[None, None]),
    ),
    slip(
        "flattened",
        "The numbers are right and in their order, but they stand in one long row.",
        after=_tensor(lambda x: x.flatten()),
    ),
    slip(
        "output-transposed",
        "The numbers are right, but the last two axes, rows and columns, are exchanged.",
        after=_tensor(lambda x: x.transpose(-1, -2) if x.dim() > 1 else x),
    ),
    slip(
        "negated",
        "The amounts are right, the sign is the other one everywhere.",
        after=_tensor(torch.neg),
    ),
)


def explain(name, case, got, look=None):
    """The sentence of the one slip of an exercise that gives `got` for a case, or "".

    For widgets: look(value) picks from a slip's result what is asked for (default: all of it).
    """
    exercise, look = find(name), look or (lambda value: value)
    sentences = []
    for one in exercise.slips:
        outcome = attempt(lambda *case, one=one: look(compose(exercise, [one])(*case)), case)
        value = freeze(got)
        if outcome.error is None and not compare(value, conform(outcome.value, value), rtol=0.005):
            sentences.append(one.message)
    return sentences[0] if sentences else ""


__all__ = ["compose", "composes", "explain", "search"]
