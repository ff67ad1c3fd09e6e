"""What was graded already, so that a stopped run goes on and only what changed is run again."""

import functools
import hashlib
import importlib
import importlib.util
import json
from dataclasses import asdict
from pathlib import Path

from tools.execute import ROOT
from tools.grade.grading import Row

FILE = "kept.jsonl"


class Kept:
    """Rows of earlier runs by student, exercise and digest; a file of lines in the out folder."""

    def __init__(self, folder):
        self.path, self.rows = folder / FILE, {}
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        for line in lines:
            try:
                row = Row(**json.loads(line))
                row.flags = tuple(row.flags)
            except (ValueError, TypeError):
                continue  # the last line of a run that was killed
            self.rows[row.student, row.exercise] = row

    def find(self, student, exercise, digest, timeout):
        """The Row of an answer that has not changed since, or None.

        One that did not end is tried again under another limit.
        """
        row = self.rows.get((student, exercise))
        limit = timeout if row and row.slip == "time-limit" else 0.0
        return row if row and row.digest == digest and row.limit in (0.0, limit) else None

    def add(self, rows):
        """Keep rows, at once and on disk."""
        with self.path.open("a", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(asdict(row)) + "\n")
                self.rows[row.student, row.exercise] = row

    def tidy(self):
        """Write each row once, whole or not at all."""
        part = self.path.with_suffix(".part")
        rows = [json.dumps(asdict(row)) for _, row in sorted(self.rows.items())]
        part.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
        part.replace(self.path)


@functools.cache
def digest_of_course(notebook, name, cells):
    """What a verdict on an exercise depends on besides the submission."""
    place = Path(importlib.util.find_spec(f"helpers.exercises.nb{notebook}").origin).parent
    names = {path.stem for path in place.glob("*.py")}
    exercises = _order(notebook)
    shared = [place / f"{n}.py" for n in sorted(names - exercises)]
    files = [place / f"{name[3:]}.py", *shared, *sorted((ROOT / "helpers/exercises").glob("*.py"))]
    files += sorted((ROOT / "helpers/checking").glob("*.py")) + [ROOT / "helpers/arithmetic.py"]
    files += [Path(__file__).with_name(f"{n}.py") for n in _DECIDE]
    digest = hashlib.sha256(repr(cells).encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


_DECIDE = ("answers", "cage", "driving", "grading", "runner", "wire")


def _order(notebook):
    return set(importlib.import_module(f"helpers.exercises.nb{notebook}").ORDER)


def digest_of(submission, course):
    """The digest of a submission's code cells and of digest_of_course()."""
    text = repr((submission.cells, submission.error, course)).encode(errors="replace")
    return hashlib.sha256(text).hexdigest()
