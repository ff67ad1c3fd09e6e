"""INSTRUCTORS.md follows the notebooks: sections, minutes, numbers, slips, what widgets answer."""

import re

import nbformat
import pytest

from helpers import exercises
from helpers.example import IMAGE, KERNEL
from helpers.widgets.kernels import KernelLab
from helpers.widgets.pooling import PoolingStepper
from helpers.widgets.sizes import SizeExplorer
from helpers.widgets.stepper import ConvolutionStepper
from helpers.widgets.views import FiveViews
from tools import guide
from tools.execute import NOTEBOOKS

TEXT = guide.GUIDE.read_text(encoding="utf-8")
CHAPTERS = guide.chapters(TEXT)
TAUGHT = sorted(NOTEBOOKS.glob("*.ipynb"))
MARK = re.compile(r"^\*(\d+) min, (?:core|cut|and)[^*]*\*")
PLANS = {"90 minutes": 90, "Half a day": 210}
SIZES = ("n", "kernel", "stride", "padding", "dilation")


def words_of(path):
    """All that a notebook says: sources, printed outputs, alternative texts."""
    said = []
    for cell in nbformat.read(path, as_version=4).cells:
        said.append(cell.source)
        for output in cell.get("outputs", []):
            said += [output.get("text", ""), str(output.get("data", {}).get("text/plain", ""))]
    return "\n".join(said)


def by_hand(body):
    """What a person wrote in a section: neither the block of an exercise nor the minutes."""
    return MARK.sub("", guide.BLOCK.sub("", body).strip())


def test_every_section_of_every_notebook_is_in_the_guide():
    assert guide.missing(TEXT) == ""  # python -m tools.guide prints the outline of what is not


@pytest.mark.parametrize("path", TAUGHT, ids=lambda path: path.stem[:2])
def test_a_chapter_has_the_sections_of_its_notebook(path):
    title, sections = guide.sections(path)
    assert list(CHAPTERS[title]) == list(sections)
    for name, body in CHAPTERS[title].items():
        assert re.findall(r"<!-- expect (\S+) -->", body) == sections[name], name
        places = [body.find(f"**{what}.**") for what in ("Ask", "Type", "Board", "Without")]
        assert min(places) >= 0 and places == sorted(places), name
        assert sections[name] or "**Expect.**" in body, name  # some wrong answer to expect


@pytest.mark.parametrize("path", TAUGHT, ids=lambda path: path.stem[:2])
def test_its_minutes_are_those_of_the_notebook(path):
    minutes = [
        int(MARK.match(body.strip())[1]) for body in CHAPTERS[guide.sections(path)[0]].values()
    ]
    told = int(re.search(r"About (\d+) minutes", words_of(path))[1])
    assert told - 5 <= sum(minutes) <= told  # what is left is for the questions from memory


@pytest.mark.parametrize("path", TAUGHT, ids=lambda path: path.stem[:2])
def test_its_numbers_are_in_the_notebook(path):
    title, sections = guide.sections(path)
    answers = [
        exercises.find(name).solution_source for names in sections.values() for name in names
    ]
    known = "\n".join([words_of(path), *answers, *TYPED])
    for name, body in CHAPTERS[guide.sections(path)[0]].items():
        text = re.sub(r"`\d\d\.\w+`|\b0[0-8]\b", "", by_hand(body))  # names of notebooks
        for number in re.findall(r"\d[\d,.]*\d", text):
            assert re.search(rf"(?<!\d){re.escape(number)}(?!\d)", known), f"{name}: {number}"


def test_the_blocks_are_those_of_todays_exercises():
    assert guide.updated(TEXT) == TEXT, "run python -m tools.guide"


def test_every_exercise_that_is_named_exists():
    for name in re.findall(r"`(0\d\.[a-z]\w+)`", TEXT):
        assert exercises.find(name)


# What is typed into a widget

TYPED = {
    "15 is the sum of the pixels alone": ("stepper", 2, "sum of the pixels alone"),
    "19 the kernel turned": ("stepper", 2, "turned by half a turn"),
    "20 the kernel with rows for": ("stepper", 2, "rows of the kernel lie on the columns"),
    "9 turned": ("stepper", 4, "turned by half a turn"),
    "15 without the left column": ("stepper", 4, "column 0 are missing"),
    "12 without the middle one": ("stepper", 4, "column 1 are missing"),
    "14 is a window that forgot": ("strided", 4, "Count the grey ring"),
    "9 the turned kernel": ("strided", 4, "turned by half a turn"),
    "17 is right": ("strided", 4, "= 17 is right"),
    "4 are the": ((9, 3, 1, 0, 2), None, "These are the steps"),
    "7 forgets the dilation": ((9, 3, 1, 0, 2), None, "dilation changes nothing"),
    "6 widens one gap only": ((9, 3, 1, 0, 2), None, "One gap of the kernel"),
    "5 forgets the stride": ((7, 3, 2, 0, 1), None, "stride changes nothing"),
    "2 are the steps": ((7, 3, 2, 0, 1), None, "These are the steps"),
    "5 is answered with the window": ((7, 2, 2, 1, 1), None, "hangs over the end"),
    "6 for output (1, 2)": ("views", 5, "counts from 1"),
    "7: down the columns": ("views", 5, "counts down the columns"),
    "5 counts in the": ("views", 3, "rows are longer"),
}


@pytest.mark.parametrize("told", TYPED)
def test_a_widget_answers_as_the_guide_says(told):
    assert told in TEXT.replace("\n", " "), "the guide no longer says so"
    which, place, words = TYPED[told]
    if isinstance(which, tuple):
        state = SizeExplorer(**dict(zip(SIZES, which, strict=True))).state
    elif which == "views":
        state = FiveViews(IMAGE, KERNEL).state
    else:
        settings = {"stride": 2, "padding": 1} if which == "strided" else {}
        state = ConvolutionStepper(IMAGE, KERNEL, **settings).state
    if place is not None:
        state.go(place)
    assert words in state.judge(told.split()[0].rstrip(":"))[1]


@pytest.mark.parametrize(
    "board, names",
    [
        (lambda: ConvolutionStepper(IMAGE, KERNEL), ["ask me"]),
        (lambda: SizeExplorer(8, 3), ["another question"]),
        (lambda: FiveViews(IMAGE, KERNEL), ["ask me for the row"]),
        (lambda: PoolingStepper(IMAGE), ["max", "average", "padded zeros count"]),
        (lambda: KernelLab(IMAGE), ["identity", "blur", "horizontal edge"]),
    ],
)
def test_buttons_have_the_names_that_the_guide_uses(board, names):
    board = board()
    board.state.handle({"type": "click", "name": "average", "value": "true"})
    for name in names:
        assert f"*{name}*" in TEXT and name in board.state.html(), name


# Plans


@pytest.mark.parametrize("name", PLANS)
def test_the_clock_of_a_plan_runs_forward_to_its_end(name):
    plan = TEXT.partition(f"### {name}\n")[2].partition("\n### ")[0]
    clock = [int(start) for start in re.findall(r"^\| (\d+) \|", plan, re.MULTILINE)]
    assert clock[0] == 0 and clock == sorted(set(clock))
    assert PLANS[name] - 15 < clock[-1] < PLANS[name]


def test_a_term_has_twelve_weeks():
    plan = TEXT.partition("### A term\n")[2].partition("\n## ")[0]
    weeks = re.findall(r"^\| (\d+) \|", plan, re.MULTILINE)
    assert weeks == [str(week) for week in range(1, 13)]


# The tool


def test_the_likeliest_slips_come_first_and_fill_the_block(tmp_path):
    keys = [slip.key for slip in exercises.find("01.third_number").slips]
    (tmp_path / "01.txt").write_text(
        f"### 01.third_number one: a => {keys[5]}\nx = 1\n"
        f"### 01.third_number two: b => {keys[7]}+{keys[5]}\n### 01.conv2d one: c => {keys[0]}\n"
    )
    assert guide.made("01.third_number", tmp_path) == {keys[5]: 2, keys[7]: 1}
    messages = [slip.message for slip in exercises.find("01.third_number").slips]
    lines = [line[2:] for line in guide.expected("01.third_number", tmp_path).splitlines()[2:]]
    assert len(lines) == guide.MOST
    assert messages[5].startswith(lines[0]) and messages[7].startswith(lines[1])


def test_a_new_notebook_gets_an_outline(tmp_path, capsys):
    path = tmp_path / "guide.md"
    path.write_text("# Guide\n\n## 01 Convolution by hand\n\n### 1. One number\n\nx\n")
    guide.main([str(path)])
    told = capsys.readouterr().out
    assert "### 1. One number\n" not in told and "<!-- expect 01.conv2d -->" in told
    assert "## 02 Padding, stride and the output size" in told
