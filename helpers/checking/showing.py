"""check(), hint(), solution() and progress(): what a learner calls, and how it looks on a page."""

import html
import re
import sys

from helpers import exercises

_COLOURS = {"OK": "#009E73", "TRY AGAIN": "#D55E00"}
_session = {"status": {}, "hint": {}, "notebook": None}


def check(name, answer, reason=None):
    """Show TODO, OK or TRY AGAIN for an answer, with what was expected, what came and why.

    A `reason` is not graded: it is shown beside the course's own.
    """
    from helpers.checking.judging import examine  # brings torch, so only when it is needed

    error = _answer_error(exercises.find(name), _shell())
    status, text = ("error", _stale(error)) if error else (None, None)
    if not error:
        result = examine(name, answer)
        status, text = result.status, result.message
    if _session["status"].get(name) != "ok":  # what is solved stays solved
        _session["status"][name] = status
    _session["notebook"] = name[:2]
    if reason and status == "ok":
        text += f"\n\nYour reason: {reason}"
    _show({"todo": "TODO", "ok": "OK"}.get(status, "TRY AGAIN"), name, text)


def hint(name="", step=None):
    """Show the next hint of an exercise, or hint number `step` (from 1)."""
    hints = exercises.find(name).hints
    if step is None:
        step = min(_session["hint"].get(name, 0) + 1, len(hints))
    if step not in range(1, len(hints) + 1):
        raise ValueError(f"{name} has hints 1 to {len(hints)}; there is no hint {step!r}.")
    _session["hint"][name] = step
    more = "hint" if step < len(hints) else "solution"
    _show(f"Hint {step} of {len(hints)}", name, f'{hints[step - 1]}\n\nNext: `{more}("{name}")`')


def solution(name=""):
    """Show the reference solution of an exercise and why it works."""
    exercise = exercises.find(name)
    _show("Solution", name, f"{exercise.why}\n\n{exercise.solution_source}")


def progress(notebook=None):
    """Show what is solved in a notebook ("01"; by default that of the last check)."""
    notebook = notebook or _session["notebook"]
    if notebook is None:
        raise ValueError('Run a check cell first, or name a notebook: progress("01").')
    listed = exercises.of(notebook)
    words = {"ok": "solved", "wrong": "try again", "error": "try again", "todo": "to do"}
    status = [words.get(_session["status"].get(name), "not checked yet") for name in listed]
    rows = zip(listed.values(), status, strict=True)
    lines = [f"{e.name:<26} {word:<16} {e.title}" for e, word in rows]
    text = f"{status.count('solved')} of {len(listed)} solved\n\n" + "\n".join(lines)
    _show("Progress", f"notebook {notebook}", text)


def _shell():
    """The running IPython shell, or None; without importing IPython where it is not in use."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def _answer_error(exercise, shell):
    """The exception that stopped the answer's cell, if that was the cell run just before."""
    last = getattr(shell, "last_execution_result", None)
    if last is None or last.success:
        return None
    defines = re.search(rf"^(def )?{exercise.answer}\b", last.info.raw_cell or "", re.MULTILINE)
    return (last.error_before_exec or last.error_in_exec) if defines else None


def _stale(error):
    """The verdict where the answer's cell did not run, so that an older answer is in memory."""
    words = f"{type(error).__name__}: {error}"[:400]
    return f"The cell with your answer stopped with {words}. Mend it and run it, then this one."


def _show(label, name, text):
    """Display one bundle, text/plain and text/html in the same words; print outside a notebook."""
    plain_text = f"{label}  {name}\n{text}"
    if _shell() is None:
        print(plain_text)
        return
    from IPython.display import display

    display({"text/plain": plain_text, "text/html": _page(label, name, text)}, raw=True)


def _page(label, name, text):
    """The bundle's HTML: a coloured bar, the sentence, then evidence or code as it stands."""
    head, _, rest = text.partition("\n\n")
    style = f"border-left: 6px solid {_COLOURS.get(label, '#0072B2')}; padding: 2px 0 2px 12px"
    page = f'<div style="{style}; margin: 4px 0"><b>{label}</b>&ensp;{html.escape(name)}'
    page += f'<div style="white-space: pre-wrap">{_code(html.escape(head))}</div>'
    if rest:
        page += f'<pre style="background: none; margin: 6px 0 0">{_code(html.escape(rest))}</pre>'
    return page + "</div>"


def _code(escaped):
    """Words between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escaped)
