"""One submission's rows: its answers driven, what they gave judged here, each verdict in words."""

import secrets
from dataclasses import dataclass

from helpers.checking import running
from helpers.checking.judging import examine, judge
from tools.grade import cage, wire
from tools.grade.runner import canary_is_sound


@dataclass
class Row:
    """A verdict: status ok, wrong, todo, missing or void; slip is a key or ""; flags are words."""

    student: str
    exercise: str
    status: str
    slip: str = ""
    seconds: float = 0.0
    flags: tuple = ()
    message: str = ""
    digest: str = ""
    limit: float = 0.0  # the --timeout that an answer which did not end had


def void(submission, names, slip, why):
    """Rows for a file whose answers were not judged."""
    return [Row(submission.student, name, "void", slip, message=why) for name in names]


def grade(submission, answers, first_cell, driver):
    """A Row for each Answer, in order; the student's code runs in processes of its own."""
    found = [answer for answer in answers if answer.index is not None]
    canary = (3 + secrets.randbelow(1000), secrets.randbelow(1000))
    told = driver.drive(first_cell, [_step(answer) for answer in found], canary)
    heard = {a.exercise.name: t for a, t in zip(found, told, strict=True)}
    rows = []
    for answer in answers:
        exercise = answer.exercise
        row = Row(submission.student, exercise.name, "missing", message=_DELETED)
        if exercise.name in heard:
            said = heard[exercise.name]
            row.seconds = round(said.seconds, 2)
            row.status, row.slip, row.message = verdict(exercise, said, canary)
            row.limit = driver.timeout if row.slip == "time-limit" else 0.0
            if (said.words or {}).get("imported"):
                row.flags = ("engine-imported",)
        rows.append(row)
    return rows


def _step(answer):
    """An Answer as `runner` takes it."""
    exercise = answer.exercise
    living = exercise.observe or (exercise.accepts and exercise.is_function)
    return {
        "name": exercise.name,
        "answer": exercise.answer,
        "is_function": exercise.is_function,
        "living": bool(living),
        "cases": () if living or not exercise.is_function else exercise.cases,
        "source": answer.source,
        "needs": answer.needs,
        "holds": answer.holds,
    }


def verdict(exercise, told, canary):
    """(status, slip, message) for what became of an answer."""
    if told.end:
        return _ended(told.end)
    words = told.words
    try:
        if words.get("too_long"):
            return "wrong", "output-limit", _TOO_LONG
        if words["patched"] or not canary_is_sound(words["canary"], canary):
            return "void", "void", _PATCHED
        if words["replaced"]:
            return "void", "replaced-torch", f"{str(words['replaced'])[:80]} {_REPLACED}"
        if words["reached"]:
            return "void", "reached-out", _REACHED.format(str(words["reached"])[:80])
        outcomes = [wire.unpack_outcome(o) for o in words.get("outcomes", ())]
        if sum(o.written for o in outcomes) + words["cell_printed"] + words["bytes"] > cage.OUTPUT:
            return "wrong", "output-limit", _TOO_LONG
        if words.get("cell"):
            return _cell_stopped(wire.unpack_error(words["cell"]))
        if words.get("undefined"):
            return "missing", "", _UNDEFINED.format(exercise.answer)
        if words.get("todo"):
            return "todo", "", _TODO
        return _judged(exercise, outcomes, words["callable"])
    except Exception:  # no message of ours: nothing that a runner of the course would say
        return "void", "void", _PATCHED


def _judged(exercise, outcomes, is_callable):
    """The engine's verdict on outcomes."""
    cases = exercise.cases or ((),)
    timed_out = any(isinstance(o.error, running.TimeUp) for o in outcomes)
    called = exercise.is_function and is_callable
    due = 1 if not called or exercise.accepts else len(cases)
    stopped = outcomes and isinstance(outcomes[-1].error, running.Unanswered | running.TimeUp)
    if not outcomes or len(outcomes) > due or (len(outcomes) < due and not stopped):
        raise ValueError("not an outcome for each case")
    if not called and outcomes[0].error is None:
        result = examine(exercise.name, outcomes[0].value)
    else:
        result = judge(exercise, outcomes)
    message, status = result.message, result.status
    error = next((o.error for o in outcomes if o.error is not None), None)
    line = getattr(error, "line", "")
    if line and (timed_out or result.mistake == "raised"):
        message += f"\n{line}"
    return "wrong" if status == "error" else status, result.mistake or "", message


def _cell_stopped(error):
    """The verdict where the answer's cell raised, in the words that the check has for it."""
    if isinstance(error, running.TimeUp):
        return _ended("time-limit")
    line = f"\n{error.line}" if error.line else ""
    slip = "syntax-error" if isinstance(error, SyntaxError) else "raised"
    text = f"The cell with your answer stopped with {type(error).__name__}: {error}"[:600]
    return "wrong", slip, f"{text}.{line}"


def _ended(end):
    words = {
        "time-limit": "No answer within the time that there is: does a loop never end?",
        "process-ended": "Your code ended the whole process that ran it, or took more memory than "
        "there is. An answer gives its result back and goes on.",
        "forged": _PATCHED,
    }
    return ("void", "void", words[end]) if end == "forged" else ("wrong", end, words[end])


_DELETED = "There is no cell with this answer in your notebook."
_UNDEFINED = (
    "The cell of this exercise is there, but defines no `{0}`. Keep the name that the stub gives."
)
_TODO = "Not answered yet."
_TOO_LONG = "Your code prints, or gives back, far more than can be kept. Take the prints out."
_PATCHED = "This verdict is void: after your code ran, the check no longer judged as before."
_REPLACED = "was replaced by your code, so that nothing after it can be judged. Void."
_REACHED = (
    "This verdict is void: your code tried to {0}. An answer computes its result from what it is "
    "given, and nothing else."
)
