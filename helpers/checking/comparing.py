"""Where what came differs from what was expected: the first fault, or none; plain data only."""

from dataclasses import dataclass

import numpy as np

from helpers.checking.converting import Array, conform, kind_of, text_of


@dataclass(frozen=True)
class Fault:
    """One difference: its kind, where it is, what was expected and what came."""

    key: str  # raised, changes-input, type, shape, nonfinite or value
    expected: str
    got: str
    where: str = ""

    def text(self, reveal=True):
        """One sentence; without `reveal` it does not give the answer away."""
        if self.key in ("value", "nonfinite") and not reveal:
            return f"{self.where}{self.got} is not it yet."
        return f"{self.where}expected {self.expected}, got {self.got}."


def compare_outcomes(expected, got, rtol):
    """None where two outcomes are the same, else a Fault."""
    if got.error is not None or expected.error is not None:
        if _sort(got.error) is _sort(expected.error):
            return None
        wanted = "a result" if expected.error is None else type(expected.error).__name__
        return Fault("raised", wanted, text_of(got.error or got.value))
    if got.changed and not expected.changed:
        return Fault("changes-input", "its inputs left as they are", "a changed input")
    return compare(expected.value, conform(got.value, expected.value), rtol)


def _sort(error):
    """An exception's type; what indexes and shapes that do not fit raise is one sort.

    torch, NumPy and lists raise different ones at the edge of an image for the same slip.
    """
    return IndexError if type(error) in _MISFITS else type(error)


_MISFITS = (IndexError, RuntimeError, ValueError)


def compare(expected, got, rtol, where=""):
    """None where plain data is what was expected (after `conform`), else a Fault."""
    if isinstance(expected, Array) and isinstance(got, Array):
        return _compare_arrays(expected.values, got.values, rtol, where)
    if isinstance(expected, dict) and isinstance(got, dict) and expected.keys() == got.keys():
        pairs = [(f"{where}{key!r}: ", expected[key], got[key]) for key in expected]
        return _first_fault(pairs, rtol)
    if isinstance(expected, tuple) and isinstance(got, tuple):
        if len(expected) != len(got):
            return Fault("shape", f"{len(expected)} values", f"{len(got)} values", where)
        where = where.replace("value ", "row ").replace(": ", ", ")
        pairs = enumerate(zip(expected, got, strict=True), 1)
        return _first_fault([(f"{where}value {i}: ", e, g) for i, (e, g) in pairs], rtol)
    numbers = [isinstance(v, int | float) and not isinstance(v, bool) for v in (expected, got)]
    if all(numbers):
        return _compare_numbers(expected, got, rtol, where)
    if type(expected) is not type(got):
        wanted = "a text" if isinstance(expected, str) else kind_of(expected)
        return Fault("type", wanted, kind_of(got), where)
    return None if expected == got else Fault("value", text_of(expected), text_of(got), where)


def _compare_numbers(expected, got, rtol, where):
    if expected == got:
        return None
    try:
        want, have = float(expected), float(got)
    except OverflowError:
        return Fault("value", text_of(expected), text_of(got), where)
    if np.isfinite(want) and not np.isfinite(have):
        return Fault("nonfinite", text_of(expected), text_of(got), where)
    both_whole = isinstance(expected, int) and isinstance(got, int)
    if not both_whole and abs(have - want) <= rtol * (1 + abs(want)):
        return None
    return Fault("value", text_of(expected), text_of(got), where)


def _compare_arrays(want, have, rtol, where):
    if want.shape != have.shape:
        return Fault("shape", f"shape {want.shape}", f"{have.shape}", where)
    if np.array_equal(want, have):
        return None
    finite = np.isfinite(want)
    if finite.all() and not np.isfinite(have).all():
        return Fault("nonfinite", "finite numbers", "nan or inf", where)
    with np.errstate(invalid="ignore"):
        room = rtol * (1 + np.abs(want[finite]).max(initial=0))
        near = finite & (np.abs(want - have) <= room)
    wrong = ~((want == have) | near | (np.isnan(want) & np.isnan(have)))
    if not wrong.any():
        return None
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    if place:
        where += f"first difference at {list(place)}: "
    return Fault("value", f"{want[place]:g}", f"{have[place]:g}", where)


def _first_fault(triples, rtol):
    faults = (compare(expected, got, rtol, where) for where, expected, got in triples)
    return next((fault for fault in faults if fault), None)
