"""python course.py grade FOLDER: read a class's notebooks, run them apart, write what they know."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from tools.grade import collecting, flags, pages, tables
from tools.grade.batch import Work, grade_all
from tools.grade.keeping import Kept

HELP = """
FOLDER holds one folder a student (anna/01_convolution_by_hand.ipynb) or files such as
anna_01.ipynb. The verdicts are those of this copy of the course: checks and outputs in
the students' files are ignored. It writes into --out:
  grades.csv      student, exercise, status, slip, seconds, flags
                  (status: ok, wrong, todo, missing or void)
  summary.csv     one line a student
  class.html      what to teach, most needed first
  feedback/       one page a student, to hand back
A stopped run goes on with the same command, and only what changed is run again.
Each notebook runs in a process of its own, with limits on time, memory, files, processes
and output, without network and with a read-only disk where the system allows it; a line
says so if not. For a class that you do not trust, tools/grade/Containerfile says more.
"""


def main(words=None):
    """Read the words of a command line and grade; the exit status."""
    options = _options(words)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return run(options)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    finally:
        signal.signal(signal.SIGTERM, before)


def _options(words):
    parser = argparse.ArgumentParser(
        "course.py grade",
        description="Grade the notebooks of a class.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="what the class handed in")
    parser.add_argument("--notebook", metavar="NN", help="only this notebook, such as 01")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("grades"),
                        help="where to write (default: grades/)")  # fmt: skip
    parser.add_argument("--jobs", metavar="N", type=int, default=2,
                        help="notebooks at the same time (default: 2)")  # fmt: skip
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=60,
                        help="limit for one cell; a function gets 8 seconds at most, as in "
                        "the notebook (default: 60)")  # fmt: skip
    options = parser.parse_args(words)
    if not hasattr(os, "fork"):
        parser.error("grading needs Linux or macOS (on Windows: WSL, or tools/grade/Containerfile)")
    if not options.folder.is_dir():
        parser.error(
            f"there is no folder {options.folder}: give the one with the class's notebooks"
        )
    if options.out.exists() and not options.out.is_dir():
        parser.error(f"{options.out} is a file: give --out a folder, or the name of a new one")
    if options.jobs < 1 or not options.timeout >= 1:
        parser.error("--jobs is at least 1, --timeout at least 1 second")
    if options.notebook is not None:
        options.notebook = options.notebook.zfill(2)
    return options


def run(options):
    """Grade what changed, then write tables and pages: the exit status."""
    started, known = time.monotonic(), collecting.originals()
    if options.notebook and options.notebook not in known:
        sys.exit(f"There is no notebook {options.notebook}. There are: {', '.join(known)}.")
    submissions, lines = collecting.collect(options.folder, known, options.notebook)
    for line in lines:
        print(line.encode(errors="replace").decode())
    if not submissions:
        which = f"of notebook {options.notebook} " if options.notebook else ""
        sys.exit(
            f"No notebooks {which}in {options.folder}. They are looked for as "
            "STUDENT/NN_name.ipynb and as STUDENT_NN.ipynb."
        )
    try:
        (options.out / "feedback").mkdir(parents=True, exist_ok=True)
        kept = Kept(options.out)
    except OSError as error:
        sys.exit(f"Cannot write to {options.out} ({error.strerror}): give another --out.")
    work = [Work(submission, known) for submission in submissions]
    to_run = [(one, names) for one in work if (names := one.changed(kept, options.timeout))]
    if to_run:
        grade_all(to_run, kept, options)
    kept.tidy()
    rows = _flagged(work, kept)
    tables.write_grades(rows, options.out / "grades.csv")
    tables.write_summary(rows, options.out / "summary.csv")
    pages.write(rows, options.out)
    for line in tables.ten_lines(rows, options.out, time.monotonic() - started):
        print(line)
    return 0


def _flagged(work, kept):
    """The kept rows of these submissions, in order, with their flags."""
    rows, codes = [], {}
    for one in work:
        student = one.submission.student
        found = flags.flag(one.submission, one.original, one.answers)
        by_name = {answer.exercise.name: answer for answer in one.answers}
        for name in one.exercises:
            row = kept.rows[student, name]
            row.flags = tuple(dict.fromkeys([*found.get(name, ()), *row.flags]))
            if name in by_name:
                codes[student, name] = flags.code_of(by_name[name])
            rows.append(row)
    same = flags.same_code(codes)
    for row in rows:
        if others := same.get((row.student, row.exercise)):
            row.flags += (f"same-code:{'+'.join(others)}",)
    return rows


if __name__ == "__main__":
    sys.exit(main())
