"""What `course.py present` shows: metadata that make slides and notes, copies, answers if asked."""

import re

import nbformat
import pytest

from helpers import exercises
from tools import present
from tools.execute import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
NOTED = [path for path in PATHS if '"notes": "Minutes' in path.read_text(encoding="utf-8")]
TYPES = {"slide", "subslide", "fragment", "skip"}


def slideshow(cell):
    return cell.metadata.get("slideshow", {})


def test_the_course_has_notes():
    assert {path.stem[:2] for path in NOTED} >= {f"{number:02}" for number in range(9)}


@pytest.mark.parametrize("path", NOTED, ids=lambda path: path.stem)
def test_every_notebook_has_slides_and_skips_its_plumbing(path):
    cells = nbformat.read(path, as_version=4).cells
    assert slideshow(cells[0])["slide_type"] == "slide"
    for cell in cells:
        kind = slideshow(cell).get("slide_type")
        assert kind is None or kind in TYPES, f"{cell.id}: {kind}"
        if "check" in cell.metadata.get("tags", []) or re.match(r"(import|from) ", cell.source):
            assert kind == "skip", f"{cell.id} is shown to the room"


@pytest.mark.parametrize("path", NOTED, ids=lambda path: path.stem)
def test_notes_are_metadata_with_minutes_and_something_to_say(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if slideshow(cell).get("slide_type") == "slide" or "notes" in slideshow(cell):
            notes = slideshow(cell).get("notes", "")
            found = re.match(r"Minutes: \d+(\n|$)", notes)
            assert found, f"{cell.id}: notes begin with their minutes, not {notes[:30]!r}"
            labels = re.findall(r"^([A-Z][a-z ]+):", notes, re.MULTILINE)
            assert set(labels) <= {*"Minutes Ask Expect Do Say".split(), "If it goes wrong"}
            assert len(labels) == len(notes.splitlines()), f"{cell.id}: a line without its label"


@pytest.mark.parametrize("solved", [False, True])
def test_a_room_gets_copies(tmp_path, solved):
    before = {path: path.read_bytes() for path in PATHS}
    present.copy_for_room(tmp_path / "room", solved)
    assert {path: path.read_bytes() for path in PATHS} == before
    assert (tmp_path / "room" / "images" / "network.png").is_file()
    for path in PATHS:
        copy = nbformat.read(tmp_path / "room" / "work" / path.name, as_version=4)
        for cell in copy.cells:
            if "exercise" in cell.metadata.get("tags", []):
                exercise = exercises.find(cell.metadata.exercise)
                expected = exercise.solution_source if solved else exercise.stub.strip()
                assert cell.source == expected


def test_the_room_is_told_apart_from_work_and_removed(monkeypatch):
    calls = []
    monkeypatch.setattr(present.course, "hand_over", lambda *call: calls.append(call) or 0)
    assert present.main(["6"]) == 0
    words, environment = calls[0]
    root = next(word for word in words if "root_dir" in word).partition("=")[2]
    assert any(word.endswith("/present/tree/work/06_train_a_cnn_on_mnist.ipynb") for word in words)
    assert environment["JUPYTERLAB_WORKSPACES_DIR"].startswith(root)
    assert not present.Path(root).exists() and str(NOTEBOOKS.parent) != root
