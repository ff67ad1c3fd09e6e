"""What stands below an exercise: hints one by one, the solution behind a click, what goes wrong.

The words are those of helpers.exercises; only their place on a page is decided here.
"""

import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from helpers import exercises


def below(name):
    """HTML for the exercise of that name ("01.conv2d")."""
    exercise = exercises.find(name)
    parts = [_invitation(name), _hints(exercise.hints), _solution(exercise), _slips(exercise)]
    return f'<div class="exercise-help">{"".join(parts)}</div>'


def _invitation(name):
    command = f'<code class="literal">python course.py lab {name[:2]}</code>'
    return (
        f'<p class="try-it"><strong>Try it in JupyterLab.</strong> {command} opens this notebook, '
        'and the check tells you what went wrong. <a href="../start.html">How to start</a></p>'
    )


def _hints(hints):
    """Each hint is folded inside the one before it: the next shows once this one is open."""
    nested = ""
    for step, hint in reversed([*enumerate(hints, 1)]):
        words = f"Hint {step} of {len(hints)}"
        nested = _folded("hint", words, f"<p>{_prose(hint)}</p>{nested}")
    return nested


def _solution(exercise):
    code = highlight(exercise.solution_source, PythonLexer(), HtmlFormatter(wrapcode=True))
    words = "Solution: open it once you have an answer of your own"
    return _folded("solution", words, f"<p>{_prose(exercise.why)}</p>{code}")


def _slips(exercise):
    sentences = [*dict.fromkeys(slip.message for slip in exercise.slips)]
    if not sentences:
        return ""
    count = "1 mistake" if len(sentences) == 1 else f"{len(sentences)} mistakes"
    items = "".join(f"<li>{_prose(sentence)}</li>" for sentence in sentences)
    words = f"What goes wrong here: {count} that the check knows"
    return _folded("slips", words, f"<ul>{items}</ul>")


def _folded(kind, words, inside):
    return f'<details class="{kind}"><summary>{words}</summary>{inside}</details>'


def _prose(text):
    """Plain text with `code` between backticks, as checks show it."""
    return re.sub(r"`([^`\n]+)`", r'<code class="literal">\1</code>', html.escape(text))
