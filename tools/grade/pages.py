"""class.html and feedback/STUDENT.html: pages that load nothing and open from disk."""

import collections
import html
import os
import re
from pathlib import Path

from helpers.exercises import find
from tools.grade.tables import FAULTS, STATUSES, by, exercises_to_teach, keys_of, lessons

STYLE = Path(__file__).with_name("page.css")
WORDS = {"ok": "right", "wrong": "try again", "todo": "to do", "missing": "missing", "void": "void"}


def write(rows, out):
    """Write class.html and a feedback page for each student into `out`."""
    _write(out / "class.html", _page("What to teach", _class(rows)))
    for student, own in by(rows, "student").items():
        page = _page(f"Feedback for {student}", _feedback(student, own))
        _write(out / "feedback" / f"{student}.html", page)


def _write(path, text):
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", errors="replace")
    os.replace(part, path)


def _page(title, body):
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{html.escape(title)}</title><style>\n{STYLE.read_text('utf-8')}</style></head>\n"
        f"<body><main>{body}</main></body></html>\n"
    )


def _class(rows):
    """The class: what to teach, exercise by exercise, and where to look twice."""
    students = len({row.student for row in rows})
    notebooks = ", ".join(sorted({row.exercise[:2] for row in rows}))
    head = f"<h1>What to teach</h1><p>{_many(students, 'student')}, notebooks {notebooks}.</p>"
    return head + _key() + _lessons(rows) + _exercises(rows) + _flags(rows) + _students(rows)


def _key():
    items = "".join(f'<span class="{s}">{WORDS[s]}</span>' for s in STATUSES)
    return f'<p class="key">{items}</p>'


def _lessons(rows):
    """The slips of all exercises, one line each, to comment once."""
    found = lessons(rows)
    if not found:
        return "<h2>Teach this first</h2><p>No answer shows a misunderstanding that is known.</p>"
    asked = collections.Counter(row.exercise for row in rows)
    lines = []
    for i, lesson in enumerate(found):
        of = max(asked[name] for name in lesson.who)
        where = ", ".join(sorted(lesson.who))
        first = ": teach this first" if i == 0 else ""
        lines.append(
            f"<li><b>{_text(lesson.name)}, {len(lesson.students)} of {of}{first}</b>"
            f"<p>{_text(lesson.sentence)}</p>"
            f"<details><summary>{where}</summary>{_names(lesson.students)}</details></li>"
        )
    shown, rest = lines[:10], lines[10:]
    more = ""
    if rest:
        more = f"<details><summary>{len(rest)} more</summary><ol start=11>{''.join(rest)}</ol>"
        more += "</details>"
    return f"<h2>Teach this first</h2><ol>{''.join(shown)}</ol>{more}"


def _exercises(rows):
    parts = ["<h2>Exercise by exercise</h2>"]
    for name, own in exercises_to_teach(rows):
        lines = _slips(own) + _faults(own)
        listed = f"<ul>{''.join(lines)}</ul>" if lines else ""
        title = f"<h3>{name} <small>{_text(find(name).title)}</small></h3>"
        parts.append(f"<section>{title}{_bar(own)}{listed}</section>")
    return "".join(parts)


def _slips(rows):
    """The slips of one exercise, with their sentences."""
    return [
        f"<li><b>{_text(one.name)}, {len(one.students)} of {len(rows)}</b>"
        f"<p>{_text(one.sentence)}</p></li>"
        for one in lessons(rows)
    ]


def _faults(rows):
    """What went wrong without a slip's name, with what the checks said."""
    said = collections.defaultdict(collections.Counter)
    for row in rows:
        if row.status == "wrong" and not keys_of(row):
            said[FAULTS[row.slip]][row.message.partition("\n\n")[0]] += 1
    lines = []
    for fault, words in sorted(said.items(), key=lambda item: -item[1].total()):
        shown = "".join(f"<p>{_text(text)} ({n})</p>" for text, n in words.most_common(8))
        lines.append(
            f"<li><details><summary>{fault}, {words.total()}</summary>{shown}</details></li>"
        )
    return lines


def _bar(rows):
    """A bar of as many parts as there are statuses, with their counts in it."""
    counts = collections.Counter(row.status for row in rows)
    words = ", ".join(f"{counts[s]} {WORDS[s]}" for s in STATUSES if counts[s])
    parts = "".join(
        f'<span class="{s}" style="flex-grow:{counts[s]}">{counts[s]}</span>'
        for s in STATUSES
        if counts[s]
    )
    return f'<div class="bar" role="img" aria-label="{words}" title="{words}">{parts}</div>'


def _flags(rows):
    """What an instructor may want to look at."""
    lines = [
        f"<tr><td>{_text(r.student)}<td>{r.exercise}<td>{r.status}<td>{_text(', '.join(r.flags))}"
        for r in rows
        if r.flags
    ]
    if not lines:
        return ""
    return (
        f"<h2>Worth a look</h2><p>Flags change no verdict.</p><details><summary>"
        f"{_many(len(lines), 'answer')}</summary><table><tr><th>student<th>exercise<th>status"
        f"<th>flags{''.join(lines)}</table></details>"
    )


def _students(rows):
    lines = []
    for student, own in by(rows, "student").items():
        link = "feedback/" + _address(student)
        right = sum(row.status == "ok" for row in own)
        lines.append(
            f'<tr><td><a href="{link}">{_text(student)}</a><td>{right} of {len(own)}<td>{_bar(own)}'
        )
    return f'<h2>Students</h2><table class="students">{"".join(lines)}</table>'


def _address(student):
    return html.escape("".join(c if c.isalnum() else f"%{b:02X}" if ord(c) < 128 else c
                               for c in student for b in [ord(c) & 0x7F]) + ".html")  # fmt: skip


def _feedback(student, rows):
    """A student's page: each answer with the check's own words."""
    right = sum(row.status == "ok" for row in rows)
    parts = [f"<h1>{_text(student)}</h1><p>{right} of {_many(len(rows), 'answer')} right.</p>"]
    parts.append(_bar(rows))
    for notebook, own in _by_notebook(rows).items():
        parts.append(f"<h2>Notebook {notebook}</h2>")
        parts += [_answer(row) for row in own]
    return "".join(parts)


def _by_notebook(rows):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row.exercise[:2]].append(row)
    return groups


def _answer(row):
    first, _, rest = row.message.partition("\n\n")
    evidence = f"<pre>{_text(rest)}</pre>" if rest else ""
    return (
        f'<section class="answer"><h3><span class="{row.status}">{WORDS[row.status]}</span> '
        f"{row.exercise} <small>{_text(find(row.exercise).title)}</small></h3>"
        f"<p>{_text(first)}</p>{evidence}</section>"
    )


def _names(students):
    return f"<p>{', '.join(map(_text, students))}</p>"


def _many(count, word):
    return f"{count} {word}" + ("s" if count != 1 else "")


def _text(text):
    """Escaped, with words between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text))
