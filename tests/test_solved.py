"""Each notebook runs with its solutions filled in, and does not stop at wrong answers."""

import nbformat
import pytest

from tests.notebook_rules import exercises, nothing_failed_or_warned, tagged
from tools.execute import NOTEBOOKS, execute
from tools.solved import solve, write_solved

pytestmark = pytest.mark.usefixtures("large_pictures")

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def verdicts(notebook):
    """What each check shows, as a dict name -> first word(s)."""
    shown = {}
    for cell in tagged(notebook, "check"):
        assert len(cell.outputs) == 1, f"{cell.metadata.exercise}: {cell.outputs}"
        text = cell.outputs[0].get("data", {}).get("text/plain") or str(cell.outputs[0])
        shown[cell.metadata.exercise] = text
    return shown


def every_check_is_ok(stem, notebook):
    shown = verdicts(notebook)
    assert set(shown) == set(exercises(stem))
    assert not {name: text for name, text in shown.items() if not text.startswith("OK")}


def exercises_alone(notebook):
    """The notebook without what its exercises do not need: set-up, exercises and checks."""
    setup = next(cell for cell in notebook.cells if cell.cell_type == "code")
    needed = [setup, *tagged(notebook, "exercise"), *tagged(notebook, "check")]
    notebook.cells = [cell for cell in notebook.cells if cell in needed]
    return notebook


# From 06 on they train for a minute. Their exercises, which no other cell uses, are solved alone.
TRAINS = [path for path in PATHS if path.stem >= "06"]
IN_FULL = [pytest.param(path, marks=[pytest.mark.slow] * (path in TRAINS)) for path in PATHS]


@pytest.mark.parametrize("path", IN_FULL, ids=lambda path: path.stem[:2])
def test_with_its_solutions_every_check_is_ok(path, tmp_path):
    solved = write_solved(path, tmp_path)
    nothing_failed_or_warned(path.stem, solved)
    every_check_is_ok(path.stem, solved)
    written = nbformat.read(tmp_path / path.name, as_version=4)
    assert verdicts(written) == verdicts(solved)


@pytest.mark.parametrize("path", TRAINS, ids=lambda path: path.stem[:2])
def test_the_exercises_of_a_notebook_that_trains_are_ok_alone(path):
    notebook = exercises_alone(solve(nbformat.read(path, as_version=4)))
    every_check_is_ok(path.stem, execute(notebook, path.name))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem[:2])
def test_solving_changes_exercise_cells_only(path):
    before = nbformat.read(path, as_version=4)
    after = solve(before)
    assert before == nbformat.read(path, as_version=4)
    for old, new in zip(before.cells, after.cells, strict=True):
        if old in tagged(before, "exercise"):
            assert new.source == exercises(path.stem)[old.metadata.exercise].solution_source
        else:
            assert new == old


def test_wrong_answers_do_not_stop_the_rest():
    path = PATHS[1]
    notebook = exercises_alone(solve(nbformat.read(path, as_version=4)))
    broken, raising, wrong, *_ = tagged(notebook, "exercise")
    broken.source = "def broken(:\n"
    raising.source = "raise ValueError('a learner is stuck')"
    wrong.source = f"{exercises(path.stem)[wrong.metadata.exercise].answer} = None"
    execute(notebook, path.name)
    names = [cell.metadata.exercise for cell in (broken, raising, wrong)]
    for cell in tagged(notebook, "check"):
        name, last = cell.metadata.exercise, cell.outputs[-1]
        if name in names[:2]:
            assert last.output_type == "error" and last.ename == "NameError"
        else:
            text = last.data["text/plain"]
            assert text.startswith("TRY AGAIN" if name == names[2] else "OK"), text
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
