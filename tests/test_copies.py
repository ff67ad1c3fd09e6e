"""Students' copies of notebooks: clean, kept, never overwritten, and told when they are older."""

import json

import nbformat
import pytest

from helpers import exercises
from tools import copies
from tools.execute import NOTEBOOKS

ROOT = NOTEBOOKS.parent
TODAY = {"02_a": "text", "05_b": "text"}


def notebook(*cells):
    """A notebook as a dict; a cell is (type, source) or (type, source, metadata)."""
    made = []
    for number, (kind, source, *metadata) in enumerate(cells):
        metadata = metadata[0] if metadata else {}
        cell = {"cell_type": kind, "id": str(number), "metadata": metadata, "source": source}
        if kind == "code":
            cell |= {"execution_count": 4, "outputs": [{"output_type": "stream", "text": "2"}]}
        made.append(cell)
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


ORIGINAL = notebook(
    ("markdown", "größer"),
    ("code", "1 + 1"),
    ("code", "answer = TODO", {"tags": ["exercise"], "exercise": "02.a"}),
)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "course" / "notebooks").mkdir(parents=True)
    (tmp_path / "course" / "images").mkdir()
    (tmp_path / "course" / "images" / "a.png").write_bytes(b"drawn")
    for stem in TODAY:
        write(tmp_path / "course" / "notebooks" / f"{stem}.ipynb", ORIGINAL)
    return tmp_path / "course"


def write(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")


def loaded(path):
    return json.loads(path.read_text(encoding="utf-8"))


def changed(content, place, **what):
    """The notebook with something else in the cell at `place`."""
    content = json.loads(json.dumps(content))
    content["cells"][place].update(what)
    return content


def test_copies_are_clean_and_never_overwritten(root, tmp_path):
    assert copies.hand_out(root, tmp_path) == []
    copy = tmp_path / "work" / "02_a.ipynb"
    text, code, _ = loaded(copy)["cells"]
    assert text["source"] == "größer"
    assert code["source"] == "1 + 1" and code["outputs"] == [] and code["execution_count"] is None
    copy.write_text("my answers")
    (tmp_path / "images" / "a.png").write_text("my own")
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    assert copies.hand_out(root, tmp_path) == []
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before


def test_a_copy_that_was_worked_in_is_not_called_older(root, tmp_path):
    copies.hand_out(root, tmp_path)
    path = tmp_path / "work" / "02_a.ipynb"
    mine = changed(loaded(path), 1, source="1 + 5", outputs=[], execution_count=9)
    mine = changed(mine, 2, source="answer = 3")
    mine["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": ["my ", "notes"]})
    write(path, mine)
    assert copies.hand_out(root, tmp_path) == []


@pytest.mark.parametrize(
    "place, what, told",
    [
        (0, {"source": "smaller"}, True),
        (1, {"source": ["1 +", " 2"]}, True),
        (2, {"source": "answers = TODO"}, True),
        (1, {"source": ["1 +", " 1"]}, False),  # the same text in another form
        (1, {"outputs": [], "execution_count": 7}, False),
        (0, {"metadata": {"slideshow": {"slide_type": "slide"}}}, False),
    ],
)
def test_what_a_student_reads_or_runs_makes_an_original_newer(root, tmp_path, place, what, told):
    copies.hand_out(root, tmp_path)
    before = (tmp_path / "work" / "05_b.ipynb").read_bytes()
    write(root / "notebooks" / "05_b.ipynb", changed(ORIGINAL, place, **what))
    said = copies.hand_out(root, tmp_path)
    assert (tmp_path / "work" / "05_b.ipynb").read_bytes() == before
    assert bool(said) == told
    if told:
        newer, fresh = said
        assert newer == "The course has newer originals than your copies of 05."
        assert "stay as they are" in fresh and "`lab --fresh 05`" in fresh
        assert copies.hand_out(root, tmp_path, fresh="02_a")[1:] == said  # another one is fresh
        assert "newer" not in "".join(copies.hand_out(root, tmp_path, fresh="05_b"))
        assert [path.read_bytes() for path in (tmp_path / "work").glob("05_b.kept*")] == [before]


@pytest.mark.parametrize(
    "place, what, told",
    [
        (0, {"source": "smaller"}, True),
        (1, {"source": "1 + 2"}, True),
        (2, {"source": "answer = 3"}, False),  # an answer is no difference
    ],
)
def test_of_copies_older_than_marks_cells_are_compared(root, tmp_path, place, what, told):
    (tmp_path / "work").mkdir()
    write(tmp_path / "work" / "02_a.ipynb", changed(ORIGINAL, place, **what))
    said = copies.hand_out(root, tmp_path)
    assert [sentence.endswith("are your copies of 02.") for sentence in said[:1]] == [True] * told
    assert ["`lab --fresh 02`" in sentence for sentence in said[1:]] == [True] * told


def test_many_older_copies_are_told_in_three_sentences(root, tmp_path):
    for number in range(10, 30):
        write(root / "notebooks" / f"{number}_c.ipynb", ORIGINAL)
    copies.hand_out(root, tmp_path)
    write(tmp_path / "work" / "11_c.ipynb", changed(ORIGINAL, 0, source="no mark, and changed"))
    for path in root.glob("notebooks/*.ipynb"):
        write(path, changed(ORIGINAL, 1, source="1 + 3"))
    said = copies.hand_out(root, tmp_path)
    assert len(said) == 3 and sum(map(len, said)) < 500


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [3]}', '{"metadata": {}}', "\xff"])
def test_what_is_no_notebook_is_left_alone(root, tmp_path, content):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "02_a.ipynb").write_text(content, encoding="latin-1")
    assert copies.hand_out(root, tmp_path) == []
    assert (tmp_path / "work" / "02_a.ipynb").read_text(encoding="latin-1") == content


def test_the_mark_is_where_jupyter_keeps_it(root, tmp_path):
    copies.hand_out(ROOT, tmp_path)
    for path in (tmp_path / "work").glob("*.ipynb"):
        again = nbformat.read(path, as_version=4)
        nbformat.validate(again)
        nbformat.write(again, path)
        assert copies.mark(copies.read(path)) == copies.digest(loaded(NOTEBOOKS / path.name))
    assert copies.hand_out(ROOT, tmp_path) == []


def test_a_copy_stays_a_submission(tmp_path):
    copies.hand_out(ROOT, tmp_path)
    cells = loaded(tmp_path / "work" / "01_convolution_by_hand.ipynb")["cells"]
    names = {cell["metadata"].get("exercise") for cell in cells} - {None}
    assert names == set(exercises.of("01"))
