"""Each rule of notebook_rules can fail: a good notebook keeps all, and one broken so breaks it."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from helpers.exercises import Exercise
from tests import notebook_rules
from tests.notebook_rules import RULES
from tools.execute import METADATA

STEM = "01_tiny"
EXERCISE = Exercise(
    name="01.double", title="Twice", difficulty=1, minutes=2, why="Two times.", hints=("Add.", "+"),
    solution='def double(x):\n    """Twice x."""\n    return 2 * x',
)  # fmt: skip
TASK = (
    '## Exercise 01.double: Twice\n\nDifficulty 1 of 3, 2 min. Stuck: `hint("01.double")`\n\n'
    "![A kernel](../images/kernel.png)"
)
SETUP, SHOW, STUB, CHECK = 1, 2, 4, 5  # places of the cells


def code(source, outputs=(), **metadata):
    return new_code_cell(source, outputs=list(outputs), metadata=metadata)


def show(**data):
    return new_output("display_data", data={key.replace("_", "/"): v for key, v in data.items()})


def plot(**about):
    """A picture, `about` being its metadata."""
    metadata = {"image/png": about} if about else {}
    return new_output("display_data", {"image/png": "", "text/plain": "<F>"}, metadata=metadata)


@pytest.fixture
def good(tmp_path, monkeypatch):
    """A notebook that keeps every rule, with a course around it."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "images").mkdir()
    (tmp_path / "images/kernel.png").touch()
    (tmp_path / "notebooks/02_next.ipynb").touch()
    monkeypatch.setattr(notebook_rules, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(notebook_rules, "exercises", lambda stem: {EXERCISE.name: EXERCISE})
    own = {"exercise": EXERCISE.name}
    cells = [
        new_markdown_cell("# Tiny\n\nAbout 5 minutes."),
        code("import torch"),
        code('print("MNIST: 3 digits")\nplt.show()',
             [new_output("stream", text="MNIST: 3 digits\n"), plot(alt="three digits")],
             tags=["full-data"]),
        new_markdown_cell(TASK),
        code(EXERCISE.stub, tags=["exercise", "raises-exception"], **own),
        code('from helpers import check\n\ncheck("01.double", double)',
             [show(text_plain="TODO  01.double", text_html="<b>TODO</b>")],
             tags=["check", "raises-exception"], **own),
        new_markdown_cell("## From memory\n\n<details><summary>Answer</summary>Two.</details>"),
        new_markdown_cell("## What you can do now\n\n[Next](02_next.ipynb)"),
    ]  # fmt: skip
    for number, cell in enumerate(cell for cell in cells if cell.cell_type == "code"):
        cell.execution_count = number + 1
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=copy.deepcopy(METADATA))
    notebook.nbformat_minor = 5
    return notebook


def source(place, text):
    """Break a notebook by another source in one cell."""
    return lambda cells: cells[place].update(source=text)


def output(new, place=SETUP):
    """Break a notebook by one more output."""
    return lambda cells: cells[place].outputs.append(nbformat.from_dict(new))


def tags(place, *names):
    """Break a notebook by other tags."""
    return lambda cells: cells[place].metadata.update(tags=list(names))


def says(text):
    return output(new_output("stream", text=text))


def late_cell(text):
    """Break a notebook by one more code cell near its end."""
    return lambda cells: cells.insert(-1, code(text))


BROKEN = [  # rule, the breach, what breaks it
    ("it_is_valid_45_with_ids", "two ids", lambda c: c[1].update(id=c[2].id)),
    ("it_is_valid_45_with_ids", "no id", lambda c: c[1].pop("id")),
    ("cells_carry_only_known_tags_and_metadata", "tag", tags(SETUP, "nbval-skip")),
    ("cells_carry_only_known_tags_and_metadata", "shown", tags(SETUP, "hide-input")),
    ("cells_carry_only_known_tags_and_metadata", "timing",
     lambda c: c[1].metadata.update(execution={})),
    ("it_was_run_once_top_to_bottom", "null", lambda c: c[1].update(execution_count=None)),
    ("it_was_run_once_top_to_bottom", "twice", lambda c: c[CHECK].update(execution_count=7)),
    ("outputs_are_kept", "text", lambda c: c[SHOW].outputs.pop(0)),
    ("outputs_are_kept", "plot", lambda c: c[SHOW].outputs.pop(1)),
    ("nothing_failed_or_warned", "error", output(new_output("error", ename="E", evalue="e"), STUB)),
    ("nothing_failed_or_warned", "stderr", output(new_output("stream", name="stderr", text="W"))),
    ("no_widget_and_no_svg_is_stored", "svg", output(show(**{"image/svg+xml": "<svg/>"}))),
    ("no_widget_and_no_svg_is_stored", "view",
     output(show(**{"application/vnd.jupyter.widget-view+json": {}}))),
    ("every_picture_says_what_it_shows", "no metadata", output(plot())),
    ("every_picture_says_what_it_shows", "size alone", output(plot(width=300))),
    ("every_picture_says_what_it_shows", "blank", output(plot(alt=" "))),
    ("every_picture_says_what_it_shows", "second", output(plot(), SHOW)),
    ("outputs_are_small", "long", says("x" * 300_001)),
    ("outputs_say_nothing_of_the_machine", "path", says("in /home/ada/course")),
    ("outputs_say_nothing_of_the_machine", "address", says("<object at 0x7f2b1c3d>")),
    ("outputs_say_nothing_of_the_machine", "time", says("epoch 1: 8.8 s")),
    ("outputs_say_nothing_of_the_machine", "html", output(show(**{"text/html": "took 3 ms"}))),
    ("code_is_plain_python", "path", source(SETUP, "import sys\nsys.path.append('..')")),
    ("code_is_plain_python", "shell", source(SETUP, "!pip install torch")),
    ("code_is_plain_python", "magic", source(SETUP, "%matplotlib inline")),
    ("code_is_plain_python", "star", source(SETUP, "from torch import *")),
    ("code_is_plain_python", "syntax", source(SETUP, "import torch as")),
    ("code_is_plain_python", "semicolon", source(SETUP, "plt.plot(x);")),
    ("cells_are_short", "wide", source(SETUP, "x = " + "1 + " * 22 + "1")),
    ("cells_are_short", "16 lines", source(SETUP, "x = 1\n" * 16)),
    ("cells_are_short", "26 lines", source(SETUP, "for x in y:\n" + "    x = 1\n" * 25)),
    ("cells_are_short", "median", lambda c: [cell.update(source="x = 1\n" * 7) for cell in c]),
    ("imports_stand_in_one_setup_cell", "late", source(SHOW, "import torch")),
    ("help_is_never_called", "hint", source(SHOW, "hint('01.double')")),
    ("help_is_never_called", "nested", source(SHOW, "print(solution('01.double'))")),
    ("cells_about_the_digits_are_tagged", "untagged", tags(SHOW)),
    ("each_exercise_stands_once_as_its_stub", "answered", source(STUB, EXERCISE.solution_source)),
    ("each_exercise_stands_once_as_its_stub", "missing", lambda c: c.pop(STUB)),
    ("each_exercise_stands_once_as_its_stub", "twice", lambda c: c.insert(STUB, c[STUB])),
    ("each_exercise_stands_once_as_its_stub", "untagged", tags(STUB, "exercise")),
    ("one_check_follows_each_exercise", "missing", lambda c: c.pop(CHECK)),
    ("one_check_follows_each_exercise", "away", lambda c: c.insert(CHECK, code("x = 1"))),
    ("one_check_follows_each_exercise", "import", source(CHECK, "check('01.double', double)")),
    ("one_check_follows_each_exercise", "other",
     source(CHECK, "from helpers import check\ncheck('01.double', triple)")),
    ("one_check_follows_each_exercise", "untagged", tags(CHECK, "check")),
    ("each_exercise_is_introduced", "minutes", source(3, TASK.replace("2 min", "9 min"))),
    ("each_exercise_is_introduced", "level", source(3, TASK.replace("y 1", "y 2"))),
    ("each_exercise_is_introduced", "hint", source(3, TASK.replace("hint(", "help("))),
    ("each_exercise_is_introduced", "no text", lambda c: c.pop(3)),
    ("an_exercise_is_a_leaf", "called", late_cell("[double(x) for x in range(3)]")),
    ("an_exercise_is_a_leaf", "hidden in a function", late_cell("def f():\n    return double(1)")),
    ("an_exercise_is_a_leaf", "defined again", late_cell("def double(x):\n    return x")),
    ("no_import_shadows_a_stub", "shadow", source(SETUP, "from helpers.x import twice as double")),
    ("unanswered_checks_show_todo", "ok", lambda c: c[CHECK].outputs[0].data.update(
        {"text/plain": "OK  01.double"})),
    ("unanswered_checks_show_todo", "no html", lambda c: c[CHECK].outputs[0].data.pop("text/html")),
    ("unanswered_checks_show_todo", "nothing", lambda c: c[CHECK].update(outputs=[])),
    ("the_top_says_what_and_how_long", "title", source(0, "About 5 minutes.")),
    ("the_top_says_what_and_how_long", "time", source(0, "# Tiny")),
    ("the_bottom_says_what_you_can_do_now", "heading", source(-1, "[Next](02_next.ipynb)")),
    ("the_bottom_says_what_you_can_do_now", "next", source(-1, "## What you can do now")),
    ("questions_from_memory_close_the_exercises", "none", lambda c: c.pop(-2)),
    ("pictures_and_links_lead_somewhere", "alt", source(0, "![](../images/kernel.png)")),
    ("pictures_and_links_lead_somewhere", "file", source(0, "![A kernel](../images/none.png)")),
    ("pictures_and_links_lead_somewhere", "link", source(0, "[Next](03_none.ipynb)")),
    ("pictures_and_links_lead_somewhere", "html", source(0, '<img src="../images/kernel.png">')),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_keeps(rule, good):
    rule(STEM, good)


@pytest.mark.parametrize(
    ("name", "breach", "breaks"), BROKEN, ids=[f"{name}-{breach}" for name, breach, _ in BROKEN]
)
def test_a_broken_notebook_breaks(name, breach, breaks, good):
    rule = {rule.__name__: rule for rule in RULES}[name]
    breaks(good.cells)
    with pytest.raises((AssertionError, nbformat.ValidationError, SyntaxError)):
        rule(STEM, good)


@pytest.mark.parametrize("change", [
    {"widgets": {}}, {"language_info": {"name": "python", "version": "3.11"}}, {"kernelspec": {}},
])  # fmt: skip
def test_other_metadata_are_refused(change, good):
    good.metadata.update(nbformat.from_dict(change))
    with pytest.raises(AssertionError):
        notebook_rules.its_metadata_name_the_kernel_and_nothing_else(STEM, good)


def test_no_rule_is_without_a_broken_example():
    covered = {name for name, _, _ in BROKEN} | {"its_metadata_name_the_kernel_and_nothing_else"}
    assert covered == {rule.__name__ for rule in RULES}


def test_exercises_without_a_notebook_cell_are_missed(good, monkeypatch):
    more = {EXERCISE.name: EXERCISE, "01.other": EXERCISE}
    monkeypatch.setattr(notebook_rules, "exercises", lambda stem: more)
    with pytest.raises(AssertionError, match="01.other"):
        notebook_rules.each_exercise_stands_once_as_its_stub(STEM, good)
