"""check(), hint(), solution(), progress() and examine(); it knows nothing about any exercise."""

import html
import importlib
import inspect
import linecache
import math
import re
import sysconfig
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

import torch
from IPython import get_ipython
from IPython.display import display

from helpers.judging import (
    TODO,
    TimeUp,
    Unanswered,
    attempt,
    compare,
    compare_outcomes,
    guarded,
    holds_todo,
    kind_of,
    plain,
    restore_torch,
    text_of,
)

__all__ = ["TODO", "Result", "check", "examine", "hint", "progress", "solution"]

TIME_LIMIT = 8.0  # seconds, for all cases of one answer together
_COLOURS = {"OK": "#009E73", "TRY AGAIN": "#D55E00"}
_session = {"status": {}, "hint": {}, "notebook": None}


@dataclass(frozen=True)
class Result:
    """A verdict: status "todo" | "ok" | "wrong" | "error", the mistake's key or None, the text."""

    status: str
    mistake: str | None
    message: str


def check(name, answer, reason=None):
    """Show TODO, OK or TRY AGAIN for an answer, with what was expected, what came and why.

    A `reason` is not graded: it is shown beside the course's own.
    """
    error = _answer_error(_find(name), get_ipython())
    result = _stale(error) if error else examine(name, answer)
    _session["status"][name] = result.status
    _session["notebook"] = name[:2]
    text = result.message
    if reason and result.status == "ok":
        text += f"\n\nYour reason: {reason}"
    _show({"todo": "TODO", "ok": "OK"}.get(result.status, "TRY AGAIN"), name, text)


def hint(name, step=None):
    """Show the next hint of an exercise, or hint number `step` (from 1)."""
    hints = _find(name).hints
    if step is None:
        step = min(_session["hint"].get(name, 0) + 1, len(hints))
    if step not in range(1, len(hints) + 1):
        raise ValueError(f"{name} has hints 1 to {len(hints)}; there is no hint {step!r}.")
    _session["hint"][name] = step
    more = "hint" if step < len(hints) else "solution"
    _show(f"Hint {step} of {len(hints)}", name, f'{hints[step - 1]}\n\nNext: {more}("{name}")')


def solution(name):
    """Show the reference solution of an exercise and why it works."""
    exercise = _find(name)
    _show("Solution", name, f"{exercise.why}\n\n{exercise.solution_source}")


def progress(notebook=None):
    """Show what is solved in a notebook ("01"; by default that of the last check)."""
    notebook = notebook or _session["notebook"]
    if notebook is None:
        raise ValueError('Run a check cell first, or name a notebook: progress("01").')
    exercises = _exercises(notebook)
    words = {"ok": "solved", "wrong": "try again", "error": "try again", "todo": "to do"}
    status = [words.get(_session["status"].get(name), "not checked yet") for name in exercises]
    rows = zip(exercises.values(), status, strict=True)
    lines = [f"{e.name:<26} {word:<16} {e.title}" for e, word in rows]
    text = f"{status.count('solved')} of {len(exercises)} solved\n\n" + "\n".join(lines)
    _show("Progress", f"notebook {notebook}", text)


def examine(name, answer):
    """Judge an answer as check() does, without showing it: a Result.

    ValueError where there is no exercise of that name.
    """
    exercise = _find(name)
    if holds_todo(answer):
        return _unanswered(exercise)
    if exercise.is_function and not callable(answer):
        text = f"This exercise wants the function {exercise.answer}; got {kind_of(answer)}."
        return Result("wrong", "type", text)
    judge = _judge_design if exercise.accepts else _judge_cases
    replaced = restore_torch()
    try:
        result = None if replaced else judge(exercise, answer)
    except Unanswered:
        result = _unanswered(exercise)
    if replaced := replaced or restore_torch():
        text = f"{replaced} was replaced by code of yours. It is put back: run this cell again."
        return Result("error", "replaced-torch", text)
    return result


def _judge_cases(exercise, answer):
    """Compare what an answer gives on every case with what the solution gives."""
    cases = exercise.cases or ((),)
    solve = _reference(exercise)
    expected = [attempt(solve, case, exercise.observe) for case in cases]
    value = answer if exercise.is_function else plain(answer, expected[0].value)
    function = value if exercise.is_function else lambda: value
    got, deadline = [], time.monotonic() + TIME_LIMIT
    for case in cases:
        got.append(attempt(function, case, exercise.observe, deadline - time.monotonic()))
        if isinstance(got[-1].error, Unanswered):
            raise got[-1].error
        if isinstance(got[-1].error, TimeUp):
            return _failed(got[-1].error)
    rtol = exercise.rtol
    faults = [compare_outcomes(e, g, rtol) for e, g in zip(expected, got, strict=True)]
    if not any(faults):
        count = f" on all {len(cases)} cases" if len(cases) > 1 else ""
        return Result("ok", None, f"Right{count}. {exercise.why}")
    first = next(i for i, fault in enumerate(faults) if fault)
    evidence = _evidence(exercise, cases[first], expected[first], got[first])
    for mistake in exercise.mistakes:
        outcomes = (attempt(mistake.wrong, case, exercise.observe) for case in cases)
        if not any(compare_outcomes(o, g, rtol) for o, g in zip(outcomes, got, strict=True)):
            number_differs = exercise.is_function and faults[first].key == "value"
            where = faults[first].text() if number_differs else ""
            text = f"{mistake.message}\n\n{evidence}\n{where}".strip()
            return Result("wrong", mistake.key, text)
    if got[first].error is not None:
        return _failed(got[first].error, evidence)
    return Result("wrong", faults[first].key, _sentence(exercise, faults[first], evidence))


def _judge_design(exercise, answer):
    """Let an exercise with many right answers judge one."""
    if exercise.is_function:
        answer = guarded(answer)
    else:
        model = _reference(exercise)()
        answer = plain(answer, model)
        fault = compare(model, answer)
        if fault and fault.key == "type":
            return Result("wrong", "type", _sentence(exercise, fault))
    outcome = attempt(lambda: exercise.accepts(answer), limit=TIME_LIMIT)
    if isinstance(outcome.error, Unanswered):
        raise outcome.error
    if outcome.error is not None:
        return _failed(outcome.error)
    if outcome.value is None:
        return Result("ok", None, f"Right. {exercise.why}")
    known = {mistake.key: mistake.message for mistake in exercise.mistakes}
    key = outcome.value if outcome.value in known else None
    return Result("wrong", key, known.get(key, str(outcome.value)))


def _evidence(exercise, case, expected, got):
    """What was given, expected and got in the first case that differs, as text."""
    parts = []
    if case and not exercise.observe:
        names = inspect.signature(exercise.solution).parameters
        given = [f"{name} = {text_of(value)}" for name, value in zip(names, case, strict=False)]
        parts = [f"{exercise.answer} was called with", *given]
        parts.append(f"expected {text_of(expected.error or expected.value)}")
        if got.error is None:
            parts.append(f"got {text_of(got.value)}")
    if got.printed:
        parts.append(f"Your code printed: {got.printed}")
    return "\n".join(parts)


def _sentence(exercise, fault, evidence=""):
    """The plain message for a fault that no known mistake explains."""
    words = {
        "type": "The result is another sort of thing",
        "shape": "The size of the result is not right",
        "dtype": "The result holds another type of number",
        "nonfinite": "The result holds nan or inf",
        "changes-input": "Your function changes what it was given; work on a copy",
        "raised": "Your code gives a result where an error is due",
        "value": f'Not yet (hint("{exercise.name}") helps)',
    }
    text = f"{words[fault.key]}: {fault.text(reveal=exercise.is_function)}"
    return f"{text}\n\n{evidence}" if evidence else text


def _failed(error, evidence=""):
    """The verdict on an answer that raised or did not end, with the learner's own line."""
    if isinstance(error, TimeUp):
        text = f"No answer after {TIME_LIMIT:g} seconds: does a loop never end?{_own_line(error)}"
        return Result("error", "time-limit", text)
    text = f"Your code stopped with {text_of(error)}{_own_line(error)}"
    return Result("error", "raised", f"{text}\n\n{evidence}" if evidence else text)


def _own_line(error):
    """The last line of the learner's own code that an exception passed through, or nothing."""
    paths = sysconfig.get_paths()
    libraries = (paths["stdlib"], paths["purelib"], str(Path(__file__).parent))
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        line = linecache.getline(frame.filename, frame.lineno).strip()
        if line and not frame.filename.startswith(libraries):
            return f"\nLine {frame.lineno}: {line[:100]}"
    return ""


def _answer_error(exercise, shell):
    """The exception that stopped the answer's cell, if that was the cell run just before."""
    last = getattr(shell, "last_execution_result", None)
    if last is None or last.success:
        return None
    defines = re.search(rf"^(def )?{exercise.answer}\b", last.info.raw_cell or "", re.MULTILINE)
    return (last.error_before_exec or last.error_in_exec) if defines else None


def _stale(error):
    """The verdict where the answer's cell did not run, so that an older answer is in memory."""
    text = f"The cell with your answer stopped with {text_of(error)}."
    return Result("error", "raised", f"{text} Mend it and run it, then run this check again.")


def _unanswered(exercise):
    text = f'Not answered yet: put your answer in place of TODO. Stuck? hint("{exercise.name}")'
    return Result("todo", None, text)


def _reference(exercise):
    """The solution as a function: itself, or one that gives the value of a cell's source."""
    if callable(exercise.solution):
        return exercise.solution
    scope = {"torch": torch, "F": torch.nn.functional, "nn": torch.nn, "math": math}
    exec(exercise.solution_source, scope)
    return lambda: scope[exercise.answer]


def _exercises(notebook):
    """The exercises of a notebook ("01"), by name."""
    name = f"helpers.exercises.nb{notebook}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ValueError(f"There are no exercises for a notebook {notebook!r}.") from None
    return {exercise.name: exercise for exercise in module.EXERCISES}


def _find(name):
    if not isinstance(name, str) or not re.fullmatch(r"\d\d\.\w+", name):
        raise ValueError(f'The name of an exercise looks like "01.conv2d"; got {name!r}.')
    exercises = _exercises(name[:2])
    if name not in exercises:
        known = ", ".join(exercises)
        raise ValueError(f"There is no exercise {name!r}. Notebook {name[:2]} has {known}.")
    return exercises[name]


def _show(label, name, text):
    """Display one bundle, text/plain and text/html in the same words; print outside a notebook."""
    plain_text = f"{label}  {name}\n{text}"
    if get_ipython() is None:
        print(plain_text)
        return
    head, _, rest = text.partition("\n\n")
    colour = _COLOURS.get(label, "#0072B2")
    style = f"border-left: 6px solid {colour}; padding: 2px 0 2px 12px; margin: 4px 0"
    page = f'<div style="{style}"><b>{label}</b>&ensp;{html.escape(name)}'
    page += f'<div style="white-space: pre-wrap">{html.escape(head)}</div>'
    if rest:
        page += f'<pre style="background: none; margin: 6px 0 0">{html.escape(rest)}</pre>'
    display({"text/plain": plain_text, "text/html": page + "</div>"}, raw=True)
