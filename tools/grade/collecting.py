"""Which notebooks a class handed in, and what stands in them as text; runs nothing."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tools.execute import NOTEBOOKS

LARGEST = 100 * 2**20  # bytes of a file that is read


@dataclass(frozen=True)
class Cell:
    """A code cell: its source, its id, and the exercise and tags in its metadata."""

    source: str
    id: str = ""
    exercise: str = ""
    tags: tuple = ()


@dataclass
class Submission:
    """One notebook of one student; `error` says why it cannot be read."""

    student: str
    notebook: str
    path: Path
    cells: tuple = ()
    error: str = ""


def originals():
    """The course's own code cells by number of notebook: {"01": (stem, cells)}."""
    paths = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    return {path.name[:2]: (path.stem, read_cells(path)) for path in paths}


def collect(folder, known, wanted=None):
    """Submissions in a folder, and lines about files that were passed over.

    known: originals(); wanted: the number of one notebook, or None for all.
    """
    found, lines = {}, []
    places = [(p, p.parent.name, p.name[:2]) for p in sorted(folder.glob("*/[0-9][0-9]_*.ipynb"))]
    for path in sorted(folder.glob("*_[0-9][0-9].ipynb")):
        places.append((path, path.stem[:-3], path.stem[-2:]))
    for path, student, notebook in places:
        if student.startswith(".") or not student or (wanted and notebook != wanted):
            continue
        if notebook not in known:
            lines.append(f"{path.relative_to(folder)}: the course has no notebook {notebook}.")
            continue
        found.setdefault((student, notebook), []).append(path)
    chosen = []
    for (student, notebook), paths in sorted(found.items()):
        path = _best(paths, known[notebook][0])
        if len(paths) > 1:
            lines.append(f"{student} has {len(paths)} files for {notebook}; read {path.name}.")
        chosen.append(_read(Submission(student, notebook, path)))
    return chosen, lines


def _best(paths, stem):
    """Of several files the one under the course's own name, else the newest."""
    own = [path for path in paths if path.stem == stem]
    return own[0] if own else max(paths, key=lambda path: path.lstat().st_mtime)


def _read(submission):
    try:
        submission.cells = read_cells(submission.path)
    except Exception as error:
        text = str(error) or type(error).__name__
        submission.error = (
            f"No notebook can be read from this file ({text[:200]}). Hand it in anew."
        )
    return submission


def read_cells(path):
    """The code cells of a notebook file; ValueError or OSError where it is none."""
    if path.is_symlink() or not path.is_file():
        raise ValueError("it is a link or no file")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"it is larger than {LARGEST // 2**20} MB")
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise ValueError("it has no cells")
    cells = [cell for cell in content["cells"] if isinstance(cell, dict)]
    return tuple(_cell(cell) for cell in cells if cell.get("cell_type") == "code")


def _cell(cell):
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    tags = metadata.get("tags")
    tags = tuple(map(str, tags)) if isinstance(tags, list) else ()
    exercise = metadata.get("exercise")
    exercise = (
        exercise if isinstance(exercise, str) and re.fullmatch(r"\d\d\.\w+", exercise) else ""
    )
    return Cell(source.replace("\r\n", "\n"), str(cell.get("id", "")), exercise, tags)
