"""What a class knows, counted: the two CSV files and the lines in the terminal."""

import collections
import csv
import os
from dataclasses import dataclass, field

from helpers.exercises import find

STATUSES = ("ok", "wrong", "todo", "missing", "void")
FAULTS = {  # keys that name no misunderstanding: what they are called
    "": "not explained",
    "value": "another value",
    "shape": "another size",
    "type": "another type",
    "nonfinite": "nan or inf",
    "changes-input": "input changed",
    "raised": "stopped with an error",
    "syntax-error": "syntax error",
    "time-limit": "did not end",
    "process-ended": "ended its process",
    "output-limit": "too much output",
    "unreadable": "file not readable",
    "not-graded": "could not be graded",
    "void": "verdict void",
    "replaced-torch": "library replaced",
    "reached-out": "reached out of its process",
}


@dataclass
class Lesson:
    """One misunderstanding: its name, its sentence, and who had it in which exercise."""

    key: str
    sentence: str
    who: dict = field(default_factory=dict)  # exercise -> students

    @property
    def students(self):
        return sorted({student for students in self.who.values() for student in students})

    @property
    def name(self):
        return named(self.key)


def named(key):
    """A slip's key in words."""
    return key.replace("-", " ")


def write_grades(rows, path):
    """grades.csv: a line an answer."""
    lines = [
        (r.student, r.exercise, r.status, r.slip, f"{r.seconds:.2f}", ";".join(r.flags))
        for r in rows
    ]
    _write(path, ("student", "exercise", "status", "slip", "seconds", "flags"), lines)


def write_summary(rows, path):
    """summary.csv: a line a student."""
    lines = []
    for student, own in by(rows, "student").items():
        counts = collections.Counter(row.status for row in own)
        notebooks = " ".join(sorted({row.exercise[:2] for row in own}))
        share = f"{counts['ok'] / len(own):.2f}"
        flags = sum(bool(row.flags) for row in own)
        lines.append((student, notebooks, len(own), *(counts[s] for s in STATUSES), share, flags))
    head = ("student", "notebooks", "exercises", *STATUSES, "share_ok", "flagged")
    _write(path, head, lines)


def _write(path, head, lines):
    """A CSV file, whole or not at all; no cell of it is a formula to a spreadsheet."""
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([_plain(value) for value in line] for line in lines)
    os.replace(part, path)


def _plain(value):
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def by(rows, attribute):
    """Rows in groups of one attribute's value, in order of the first of each."""
    groups = collections.defaultdict(list)
    for row in rows:
        groups[getattr(row, attribute)].append(row)
    return groups


def keys_of(row):
    """The slips that a row names: one, two, or none."""
    return row.slip.split("+") if row.status == "wrong" and row.slip not in FAULTS else []


def sentence_of(exercise, key, row):
    """What the course says about a slip of an exercise."""
    known = {slip.key: slip.message for slip in find(exercise).slips}
    return known.get(key) or row.message.partition("\n\n")[0]


def lessons(rows):
    """Lessons of all exercises, what most students need first; one a sentence."""
    found = {}
    for row in rows:
        for key in keys_of(row):
            sentence = sentence_of(row.exercise, key, row)
            lesson = found.setdefault((key, sentence), Lesson(key, sentence))
            lesson.who.setdefault(row.exercise, []).append(row.student)
    return sorted(found.values(), key=lambda one: (-len(one.students), one.key))


def exercises_to_teach(rows):
    """(exercise, its rows), those whose most common slip, then whose wrong answers, lead."""

    def need(item):
        slips = collections.Counter(key for row in item[1] for key in keys_of(row))
        wrong = sum(row.status in ("wrong", "void") for row in item[1])
        return (-max(slips.values(), default=0), -wrong, item[0])

    return sorted(by(rows, "exercise").items(), key=need)


def ten_lines(rows, out, seconds):
    """What the terminal says at the end: at most ten lines."""
    counts = collections.Counter(row.status for row in rows)
    students = len({row.student for row in rows})
    lines = [
        f"{students} students, {len(rows)} answers in {seconds:.0f} s: "
        + ", ".join(f"{counts[status]} {status}" for status in STATUSES)
    ]
    asked = collections.Counter(row.exercise for row in rows)
    for i, lesson in enumerate(lessons(rows)[:6]):
        exercise = max(lesson.who, key=lambda name: len(lesson.who[name]))
        of = max(asked[name] for name in lesson.who)
        first = ": teach this first" if i == 0 else ""
        lines.append(f"  {lesson.name}, {len(lesson.students)} of {of} ({exercise}){first}")
    flagged = sum(bool(row.flags) for row in rows)
    lines.append(f"{flagged} answers carry a flag, to be looked at: no flag changed a verdict.")
    lines.append(f"What to teach: {out / 'class.html'}")
    lines.append(f"Tables: {out / 'grades.csv'}, summary.csv; for students: feedback/")
    return lines
