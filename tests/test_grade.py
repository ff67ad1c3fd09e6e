"""Grading a class: a table whose mix is known, hostile answers contained, nothing left behind.

The class is made by tests/classroom; the judge is `python -m tools.grade`, as course.py calls it.
"""

import csv
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
from dataclasses import asdict
from pathlib import Path

import nbformat
import pytest
import torch

from helpers.checking.converting import Odd, freeze, text_of
from helpers.exercises import find
from tests.classroom.hostile import HOSTILE, text
from tests.classroom.students import SLEEP, generate
from tests.notebook_rules import tagged
from tools.execute import NOTEBOOKS, ROOT
from tools.grade import flags, pages, tables, wire
from tools.grade.__main__ import main
from tools.grade.answers import find_answers
from tools.grade.collecting import Cell, Submission
from tools.grade.grading import Row

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")


def grade(*words):
    """Run the command: (exit status, what it printed)."""
    command = [sys.executable, "-m", "tools.grade", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TQDM_DISABLE": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True)
    return run.returncode, run.stdout + run.stderr


def table(out):
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}


def differences(rows, expected):
    """Cells that are not as the class was made, and those whose slip is another."""
    wrong, other = [], []
    assert rows.keys() == expected.keys()
    for key, want in expected.items():
        row = rows[key]
        flags = row["flags"].split(";")
        if row["status"] != want.status or (want.flag and want.flag not in flags):
            wrong.append((*key, want.how, want.status, want.flag, "->", row["status"], row["slip"]))
        named = {frozenset(slip.split("+")) for slip in want.slips}
        if named and frozenset(row["slip"].split("+")) not in named:
            other.append((*key, want.how, want.slips, "->", row["slip"]))
    return wrong, other


def alive():
    """Processes that grading or an answer would leave behind."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if b"tools.grade" in words or SLEEP.encode() in words:
            found.append((path.parent.name, words))
    return found


def scratch():
    return {path for path in Path(tempfile.gettempdir()).glob("grade-*")}


def a_class(folder, students, notebooks, *words):
    """Make a class, grade it, and look at everything: seconds, cells, slips that differ."""
    victim = folder / "victim"
    (folder / "victim-folder").mkdir()
    (folder / "victim-folder" / "file").write_text("here")
    (folder / "victim-kept").write_text("here")
    made = generate(folder / "class", victim, students, notebooks)
    hostile = {cell.how for cell in made.cells.values()}
    assert hostile >= {*HOSTILE, "broken file", "copied", "check edited", "syntax error", "deleted"}
    before, started = (scratch(), len(alive())), time.monotonic()
    status, printed = grade(folder / "class", "--out", folder / "out", *words)
    seconds = time.monotonic() - started
    print(printed)
    assert status == 0
    rows = table(folder / "out")
    wrong, other = differences(rows, made.cells)
    for line in (*wrong, *other):
        print(*line)
    assert not wrong
    named = sum(bool(cell.slips) for cell in made.cells.values())
    assert len(other) <= 0.06 * named
    assert not [k for k, c in made.cells.items() if c.how in HOSTILE and rows[k]["status"] == "ok"]
    assert not victim.exists()
    assert (folder / "victim-folder" / "file").exists() and (folder / "victim-kept").exists()
    assert (scratch(), len(alive())) == before
    return seconds, made, rows


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small class, graded once."""
    folder = tmp_path_factory.mktemp("small")
    return folder, *a_class(folder, 8, ("01", "04"), "--timeout", "2")


def test_every_cell_of_a_small_class_is_right_and_nothing_is_left(small):
    folder, seconds, made, rows = small
    print(f"{len(rows)} answers in {seconds:.0f} s")
    assert len(rows) > 50


@pytest.mark.slow
def test_a_class_of_thirty_is_graded_in_eight_minutes(tmp_path):
    notebooks = [path.name[:2] for path in NOTEBOOKS.glob("*.ipynb")]
    seconds, made, rows = a_class(tmp_path, 30, notebooks, "--jobs", "2")
    print(f"thirty students, {len(rows)} answers: {seconds:.0f} s")
    assert seconds < 8 * 60


def test_the_same_command_runs_only_what_changed(small):
    folder, _, made, rows = small
    grades = (folder / "out" / "grades.csv").read_bytes()
    started = time.monotonic()
    status, printed = grade(folder / "class", "--out", folder / "out", "--timeout", "2")
    assert status == 0 and (folder / "out" / "grades.csv").read_bytes() == grades
    quick = time.monotonic() - started
    (path,) = (*folder.glob("class/own_01.ipynb"), *folder.glob("class/own/01_*.ipynb"))
    path.write_text(path.read_text("utf-8").replace("sum()", "sum() + 1"), encoding="utf-8")
    lines = (folder / "out" / "kept.jsonl").read_text("utf-8").splitlines()
    status, printed = grade(folder / "class", "--out", folder / "out", "--timeout", "2")
    changed = table(folder / "out")
    assert changed["own", "01.conv2d"]["status"] == "wrong"
    others = {key: row for key, row in rows.items() if key[0] not in ("own", "copied")}
    assert {key: changed[key] for key in others} == others  # seconds too: they were not run again
    assert len((folder / "out" / "kept.jsonl").read_text("utf-8").splitlines()) == len(lines)
    assert quick < 30


def test_a_run_that_is_killed_goes_on_where_it_was_and_leaves_nothing(tmp_path):
    generate(tmp_path / "class", tmp_path / "victim", 4, ("01",))
    before = len(alive())
    command = [sys.executable, "-m", "tools.grade", str(tmp_path / "class"), "--out"]
    command += [str(tmp_path / "out"), "--timeout", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    run = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    kept = tmp_path / "out" / "kept.jsonl"
    deadline = time.monotonic() + 300
    while not (kept.exists() and kept.read_text("utf-8")) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.kill()
    run.wait()
    done = kept.read_text("utf-8").splitlines()
    assert done and not (tmp_path / "out" / "grades.csv").exists()
    deadline = time.monotonic() + 20
    while len(alive()) > before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(alive()) == before
    kept.write_text("\n".join(done) + '\n{"student": "half a li', encoding="utf-8")
    assert grade(tmp_path / "class", "--out", tmp_path / "out", "--timeout", "2")[0] == 0
    after = kept.read_text("utf-8").splitlines()
    assert set(done) <= set(after) and len(after) == 4 * 5


def test_an_answer_may_read_the_digits(tmp_path):
    (path,) = NOTEBOOKS.glob("00_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    (cell,) = tagged(notebook, "exercise")
    cell.source = (
        "from helpers.mnist import load_mnist\n"
        "pixels = load_mnist('test', 'sample').images[0].numel()"
    )
    (tmp_path / "class").mkdir()
    nbformat.write(notebook, tmp_path / "class" / "ann_00.ipynb")
    assert grade(tmp_path / "class", "--out", tmp_path / "out")[0] == 0
    assert table(tmp_path / "out")["ann", "00.pixels"]["status"] == "ok"


def test_pages_load_nothing_and_hold_what_students_wrote_as_text(small):
    folder, _, made, rows = small
    pages = [folder / "out" / "class.html", *(folder / "out" / "feedback").glob("*.html")]
    assert len(pages) == 1 + len({student for student, _ in rows})
    for page in pages:
        text = page.read_text("utf-8")
        assert not re.search(r"<script|<img|<link|https?://|src=|@import|url\(", text)
    text = pages[0].read_text("utf-8")
    first = re.search(r"<li><b>(.+?), (\d+) of (\d+): teach this first</b><p>(.+?)</p>", text)
    assert first and int(first[2]) > 1
    assert re.search(r'<section><h3>01\.\w+ .*?class="bar"', text)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()", "Zoë O'Neill & Söhne #1"])
def test_a_student_is_called_what_he_likes(tmp_path, name):
    row = Row(name, "01.conv2d", "wrong", "raised", 0.1, ("same-code:<b>",), "stopped: <b>`x`</b>")
    (tmp_path / "feedback").mkdir()
    safe = Row(name.replace("/", ""), *list(asdict(row).values())[1:])
    pages.write([safe], tmp_path)
    tables.write_grades([safe], tmp_path / "grades.csv")
    for page in (tmp_path / "class.html", *(tmp_path / "feedback").glob("*.html")):
        text = page.read_text("utf-8")
        assert "<script" not in text and "stopped: <b>" not in text and "same-code:<b>" not in text
    link = re.search(r'href="([^"]+)"', (tmp_path / "class.html").read_text("utf-8"))[1]
    assert (tmp_path / urllib.parse.unquote(html.unescape(link))).is_file()
    assert not (tmp_path / "grades.csv").read_text("utf-8").splitlines()[1].startswith("=")


@pytest.mark.parametrize(
    "words, said",
    [
        (["nowhere"], "there is no folder nowhere"),
        (["empty"], "No notebooks in empty"),
        (["empty", "--notebook", "99"], "There is no notebook 99. There are: 00, 01"),
        (["empty", "--jobs", "0"], "--jobs is at least 1"),
        (["empty", "--out", "file"], "file is a file"),
    ],
)
def test_bad_input_is_told_in_one_sentence(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as end:
        main(words)
    told = capsys.readouterr().err + str(end.value.code)
    assert end.value.code and said in " ".join(told.split())


def test_help_names_what_comes_out(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    printed = capsys.readouterr().out
    assert end.value.code == 0
    for word in ("--notebook NN", "--jobs", "--timeout", "grades.csv", "class.html", "feedback/"):
        assert word in printed


IMPORTS = "import torch\nfrom helpers import TODO"
CONV = find("01.conv2d")


def cell(source, exercise="", id="", *tags):
    return Cell(source, id, exercise, tags or (("exercise",) if exercise else ()))


ORIGINAL = (cell(IMPORTS), cell(CONV.stub, "01.conv2d", "stub"))
OWN = "def conv2d(image, kernel):\n    return slide(image, kernel, STEP)"


@pytest.mark.parametrize(
    "cells, index",
    [
        ([cell("x = 1"), cell(OWN, "01.conv2d")], 1),  # by metadata, whatever its id
        ([cell("x = 1"), cell("my_conv = 3", "", "stub")], 1),  # by id, under another name
        ([cell("x = 1"), cell(OWN)], 1),  # by the stub's name
        ([cell(OWN), cell(CONV.stub, "01.conv2d")], 1),  # the stub below takes the name away
        ([cell(CONV.stub, "01.conv2d"), cell(OWN)], 1),  # the stub untouched, the answer below
        ([cell(OWN, "01.conv2d"), cell("conv2d(a, b)", "01.conv2d")], 0),  # a cell that was split
        ([cell(OWN, "01.true_convolution")], None),  # somebody else's cell
        ([cell("conv2d = 3", "01.conv2d", "", "check")], None),  # a check is no answer
        ([cell(f'{OWN}\n\ncheck("01.conv2d", conv2d)', "01.conv2d")], 0),  # merged with it
        ([cell("x = 1")], None),
    ],
)
def test_an_answer_is_found(cells, index):
    assert find_answers(cells, ORIGINAL, {"01.conv2d": CONV})[0].index == index


def test_a_check_in_the_cell_of_the_answer_is_not_run():
    cells = [cell(f'{OWN}\n\ncheck(\n    "01.conv2d", conv2d\n)\nx = 1', "01.conv2d")]
    answer = find_answers(cells, ORIGINAL, {"01.conv2d": CONV})[0]
    assert answer.source == f"{OWN}\n\n\n\n\nx = 1"


def test_only_definitions_that_an_answer_needs_are_run():
    cells = [
        cell(IMPORTS),
        cell("import numpy as np\nSTEP = np.ones(3)\nSTEP[0] = 2\nother = forever()\nprint(STEP)"),
        cell("for each in forever():\n    STEP = each"),
        cell("def slide(image, kernel, step):\n    return unfold(image) * step"),
        cell(OWN, "01.conv2d"),
        cell("from somewhere import unfold\nwhile True:\n    pass"),
        cell("STEP = 4"),
    ]
    answer = find_answers(cells, ORIGINAL, {"01.conv2d": CONV})[0]
    assert [source.splitlines()[0] for _, source in answer.needs] == [
        "import numpy as np", "STEP = np.ones(3)", "STEP[0] = 2",
        "def slide(image, kernel, step):", "from somewhere import unfold",
    ]  # fmt: skip


def test_plain_data_comes_through_the_wire_as_it_was():
    values = (
        None, True, 10**400, -0.1, float("nan"), "text", (1, (2.5,)), {1: "a", "b": ()},
        freeze(torch.arange(6.0).reshape(2, 3)), Odd("a function"),
    )  # fmt: skip
    back = wire.unpack(json.loads(json.dumps(wire.pack(values))))
    assert repr(back[:8]) == repr(values[:8])
    assert (back[8].values == values[8].values).all() and back[8].kind == values[8].kind
    assert back[9] == values[9]


@pytest.mark.parametrize(
    "error", [IndexError("no"), KeyError("no"), torch.OutOfMemoryError("no"), UnicodeError("no")]
)
def test_an_error_comes_through_the_wire_in_its_words(error):
    back = wire.unpack_error(wire.pack_error(error))
    assert text_of(back) == text_of(error)
    assert isinstance(back, type(error)) or type(error).__module__ != "builtins"


def test_flags_are_raised_for_what_is_long_and_copied_only():
    def flags_of(source, exercise=CONV, check="", own=""):
        name = exercise.name
        original = (cell(IMPORTS), cell(f'check("{name}", {exercise.answer})', name, "c", "check"))
        cells = (
            cell(own),
            cell(source, name),
            cell(check or original[1].source, name, "c", "check"),
        )
        submission = Submission("a", name[:2], Path(), cells)
        found = find_answers(cells, original, {name: exercise})
        return flags.flag(submission, original, found)[name], flags.code_of(found[0])

    shown, renamed = CONV.solution_source, CONV.solution_source.replace("output", "result")
    assert flags_of(f"# mine\n{shown}")[0] == ["solution-text"]
    other = renamed.replace("result", "answer").replace("image", "picture")
    assert flags_of(renamed)[0] == [] and flags_of(renamed)[1] == flags_of(other)[1]
    short = find("02.same_padding")
    assert flags_of(short.solution_source, short) == ([], None)
    assert flags_of(OWN, check='check("01.conv2d", conv2d, "it slides")')[0] == []
    assert flags_of(OWN, check='print("OK")')[0] == ["check-edited"]
    assert flags_of(OWN, own="from helpers.checking import judging")[0] == ["engine-imported"]
    assert flags_of(OWN, own="from helpers import arithmetic, hint")[0] == []


ASLEEP = [kind for kind in HOSTILE if kind.endswith("the watch put to sleep")]
WITHOUT_NAMESPACES = """
import sys
from tools.grade import __main__, batch

def start(command, started=batch.subprocess.Popen, **options):
    code = "from tools.grade import cage, zygote;"
    code += "cage.set_apart = lambda: cage.Held(); zygote.main()"
    numbers = command[command.index("tools.grade.zygote") + 1 :]
    return started([sys.executable, "-c", code, *numbers], **options)

batch.subprocess.Popen = start
sys.exit(__main__.main(sys.argv[1:]))
"""


def test_where_there_are_no_namespaces_a_line_says_so_and_nothing_is_left(tmp_path):
    notebook = nbformat.read(next(NOTEBOOKS.glob("01_*.ipynb")), as_version=4)
    kinds = {n: k for n, k in zip(("01.conv2d", "01.true_convolution"), ASLEEP, strict=True)}
    for cell in notebook.cells:
        name = cell.metadata.get("exercise")
        if name in kinds and "exercise" in cell.metadata.tags:
            cell.source = text(kinds[name], find(name).stub, str(tmp_path / "victim"), SLEEP)[0]
    (tmp_path / "class").mkdir()
    nbformat.write(notebook, tmp_path / "class" / "anna_01.ipynb")
    before = len(alive())
    command = [sys.executable, "-c", WITHOUT_NAMESPACES, "class", "--out", "out", "--timeout", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, text=True, capture_output=True)
    assert run.returncode == 0 and "the network is not off" in run.stdout, run.stderr
    rows = table(tmp_path / "out")
    assert {rows["anna", name]["status"] for name in kinds} == {"void"}
    assert len(alive()) == before
