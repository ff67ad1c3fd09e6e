"""examine(): the way of an answer, from running it to a verdict in words; shows nothing.

run it on every case -> convert what it gives -> compare -> search the slips -> one message.
"""

import inspect
import linecache
import sysconfig
import traceback
from dataclasses import dataclass
from pathlib import Path

from helpers.checking import running
from helpers.checking.comparing import compare, compare_outcomes
from helpers.checking.converting import Odd, conform, freeze, kind_of, text_of, thaw
from helpers.checking.running import Outcome, TimeUp, attempt, restore_libraries, try_answer
from helpers.checking.searching import compose, search
from helpers.checking.todo import Unanswered, guarded, holds_todo
from helpers.exercises import find


@dataclass(frozen=True)
class Result:
    """A verdict: status "todo" | "ok" | "wrong" | "error", the mistake's key or None, the text.

    The key is that of a slip, two keys joined by "+", or a kind of fault ("shape", "raised", ...).
    """

    status: str
    mistake: str | None
    message: str


def examine(name, answer):
    """Judge an answer as check() does, without showing it: a Result.

    ValueError where there is no exercise of that name.
    """
    exercise = find(name)
    if holds_todo(answer):
        return _unanswered(exercise)
    replaced = restore_libraries()
    if exercise.is_function and not callable(answer):
        text = f"This exercise wants the function {exercise.answer}; got {_kind(answer)}."
        return Result("wrong", "type", text)
    cases = exercise.cases or ((),)
    with running.kept():
        expected = [attempt(exercise.right, case, exercise.observe) for case in cases]
    try:
        judge = _judge_design if exercise.accepts else _judge_cases
        result = None if replaced else judge(exercise, answer, cases, expected)
    except Unanswered:
        result = _unanswered(exercise)
    if replaced := replaced or restore_libraries():
        text = f"{replaced} was replaced by code of yours. It is put back: run this cell again."
        return Result("error", "replaced-torch", text)
    if not _sound(exercise, cases, expected):
        text = (
            "This verdict is void: after your code ran, the check no longer judges as before. "
            "Restart the kernel (Kernel > Restart), then run your answer and this cell again."
        )
        return Result("error", "void", text)
    return result


def _sound(exercise, cases, expected):
    """The canary: a right and a wrong answer are still told apart as before the answer ran."""
    with running.kept():
        again = attempt(exercise.right, cases[0], exercise.observe)
        right = compare_outcomes(expected[0], again, exercise.rtol) is None
        absurd = Outcome(value=Odd("nothing"))
        wrong = compare_outcomes(expected[0], absurd, exercise.rtol) is not None
        if exercise.slips and not exercise.accepts and right:
            function = compose(exercise, exercise.slips[:1])
            outcomes = [attempt(function, case, exercise.observe) for case in cases]
            pairs = zip(expected, outcomes, strict=True)
            wrong = wrong and any(compare_outcomes(e, o, exercise.rtol) for e, o in pairs)
    return right and wrong


def _run(exercise, answer, cases):
    """The answer's outcome on each case, all together within the time limit."""
    function = answer if exercise.is_function else lambda: answer
    left, got = running.TIME_LIMIT, []
    for case in cases:
        got.append(try_answer(function, case, exercise.observe, left))
        left -= got[-1].seconds
        if isinstance(got[-1].error, Unanswered):
            raise got[-1].error
        if isinstance(got[-1].error, TimeUp):
            break
    return got


def _judge_cases(exercise, answer, cases, expected):
    """Compare what an answer gives on every case with what the solution gives."""
    got = _run(exercise, answer, cases)
    if isinstance(got[-1].error, TimeUp):
        return _failed(got[-1].error)
    pairs = zip(expected, got, strict=True)
    faults = [compare_outcomes(e, g, exercise.rtol) for e, g in pairs]
    if not any(faults):
        if exercise.exact and any(exercise.exact[0] not in g.kind for g in got):
            kind = next(g.kind for g in got if exercise.exact[0] not in g.kind)
            text = f"The value is right, but its type is {kind}. {exercise.exact[1]}"
            return Result("wrong", "type", text)
        count = f" on all {len(cases)} cases" if len(cases) > 1 else ""
        return Result("ok", None, f"Right{count}. {exercise.why}")
    first = next(i for i, fault in enumerate(faults) if fault)
    evidence = _evidence(exercise, cases[first], expected[first], got[first])
    slips, alone = search(exercise, cases, expected, got, faults)
    if slips:
        placed = exercise.is_function and faults[first].key == "value" and faults[first].where
        where = faults[first].text() if placed and not exercise.observe else ""
        if got[first].error is not None:
            where = _failed(got[first].error).message
        text = f"{_sentences(slips, alone)}\n\n{evidence}\n{where}".strip()
        return Result("wrong", "+".join(s.key for s in slips) if alone else None, text)
    if got[first].error is not None:
        return _failed(got[first].error, evidence)
    return _unexplained(exercise, faults[first], got[first], evidence)


def _sentences(slips, alone):
    if len(slips) == 1:
        return slips[0].message if alone else f"{slips[0].message} And one more thing is not right."
    return "Two things at once. " + " And: ".join(s.message for s in slips)


def _judge_design(exercise, answer, cases, expected):
    """Let an exercise with many right answers judge one; it may refuse what is of another type."""
    fault = None
    if exercise.is_function:
        answer = guarded(answer)
    else:
        got = _run(exercise, answer, cases)[0]
        if got.error is not None:
            return _failed(got.error)
        value = conform(got.value, expected[0].value)
        if isinstance(expected[0].value, str) and isinstance(value, tuple):
            value = "".join(v if isinstance(v, str) else "?" for v in value)  # letters in a list
        fault = compare(expected[0].value, value, exercise.rtol)
        fault = fault if fault and fault.key == "type" else None
        answer = thaw(value)
    outcome = try_answer(lambda: exercise.accepts(answer), (), None, running.TIME_LIMIT)
    if isinstance(outcome.error, Unanswered):
        raise outcome.error
    if fault and (outcome.error or outcome.value is None):
        return _unexplained(exercise, fault, got)
    if outcome.error is not None:
        return _failed(outcome.error)
    if outcome.value is None:
        return Result("ok", None, f"Right. {exercise.why}")
    known = {slip.key: slip for slip in exercise.slips}
    keys = str(outcome.value).split("+")
    if not all(key in known for key in keys):
        return Result("wrong", None, str(outcome.value))
    return Result("wrong", outcome.value, _sentences([known[key] for key in keys], True))


def _evidence(exercise, case, expected, got):
    """What was given, expected and got in the first case that differs, as text."""
    parts = []
    if case and not exercise.observe:
        names = inspect.signature(exercise.solution).parameters
        pairs = zip(names, case, strict=False)
        given = [f"{name} = {_given(value)}" for name, value in pairs]
        parts = [f"{exercise.answer} was called with", *given]
        parts.append(f"expected {text_of(expected.error or expected.value)}")
        if got.error is None:
            parts.append(f"got {text_of(conform(got.value, expected.value))}")
    if got.printed:
        parts.append(f"Your code printed: {got.printed}")
    return "\n".join(parts)


def _given(value):
    """An argument of a case as text: a layer as torch writes it, the rest as plain data."""
    return repr(value) if hasattr(value, "state_dict") else text_of(freeze(value))


def _unexplained(exercise, fault, got, evidence=""):
    """The plain message for a fault that no slip explains."""
    if fault.key == "type" and got.value is None:
        text = f"{exercise.answer} is None: print() shows a number, but gives nothing back."
        if exercise.is_function:
            text = "Your function gives None: is a return missing?"
            text += " print() shows a value, it does not give it back." if got.printed else ""
    else:
        words = {
            "type": "The result is another sort of thing",
            "shape": "The size of the result is not right",
            "nonfinite": "The result holds nan or inf",
            "changes-input": "Your function changes what it was given; work on a copy",
            "raised": "Your code gives a result where an error is due",
            "value": f'Not yet (hint("{exercise.name}") helps)',
        }
        said = fault.key == "value" and not fault.where and "expected" in evidence
        more = "." if said else f": {fault.text(reveal=exercise.is_function)}"
        text = words[fault.key] + more
    return Result("wrong", fault.key, f"{text}\n\n{evidence}" if evidence else text)


def _failed(error, evidence=""):
    """The verdict on an answer that raised or did not end, with the learner's own line."""
    if isinstance(error, TimeUp):
        limit = f"{running.TIME_LIMIT:g}"
        text = f"No answer after {limit} seconds: does a loop never end?{_own_line(error)}"
        return Result("error", "time-limit", text)
    text = f"Your code stopped with {text_of(error)}{_own_line(error)}"
    return Result("error", "raised", f"{text}\n\n{evidence}" if evidence else text)


def _own_line(error):
    """The last line of the learner's own code that an exception passed through, or nothing."""
    paths = sysconfig.get_paths()
    libraries = (paths["stdlib"], paths["purelib"], str(Path(__file__).parents[1]))
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        line = linecache.getline(frame.filename, frame.lineno).strip()
        if line and not frame.filename.startswith(libraries):
            return f"\nLine {frame.lineno}: {line[:100]}"
    return ""


def _kind(value):
    """What sort of thing an answer is, whatever it is."""
    outcome = try_answer(lambda: value, (), None, 1.0)
    return kind_of(outcome.value) if outcome.error is None else "something else"


def _unanswered(exercise):
    text = f'Not answered yet: put your answer in place of TODO. Stuck? hint("{exercise.name}")'
    return Result("todo", None, text)
