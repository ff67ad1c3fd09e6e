"""The engine of the checks; it knows nothing about any exercise.

todo (the sentinel) -> running (an answer's code) -> converting (what it gave, as plain data) ->
comparing (the first fault) -> searching (the slips that explain it) -> judging (the verdict in
words) -> showing (on the page). torch comes when the first answer is judged.
"""

import importlib

from helpers.checking.showing import check, hint, progress, solution
from helpers.checking.todo import TODO

__all__ = ["TODO", "Result", "check", "examine", "explain", "hint", "progress", "solution"]

_LATER = {"Result": "judging", "examine": "judging", "explain": "searching"}


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"helpers.checking.{_LATER[name]}"), name)
