"""Grading a class: a table whose mix is known, hostile answers contained, nothing left behind.

The class is made by tests/classroom; the judge is `python -m tools.grade`, as course.py calls it.
"""

import csv
import html
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.classroom.hostile import HOSTILE
from tests.classroom.students import SLEEP, generate
from tools.execute import NOTEBOOKS, ROOT
from tools.grade import pages, tables
from tools.grade.grading import Row

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")


def grade(*words, cwd=ROOT):
    """Run the command: (exit status, what it printed)."""
    command = [sys.executable, "-m", "tools.grade", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TQDM_DISABLE": "1"}
    run = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return run.returncode, run.stdout


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
    path = folder / "class" / "own_01.ipynb"
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
    generate(tmp_path / "class", tmp_path / "victim", 8, ("01",))
    before = len(alive())
    command = [sys.executable, "-m", "tools.grade", str(tmp_path / "class"), "--out"]
    command += [str(tmp_path / "out"), "--timeout", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    run = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    kept = tmp_path / "out" / "kept.jsonl"
    deadline = time.monotonic() + 60
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
    assert set(done) <= set(after) and len(after) == 8 * 5


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
def test_bad_input_is_told_in_one_sentence(tmp_path, words, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    status, printed = grade(*words, cwd=tmp_path)
    assert status != 0 and said in " ".join(printed.split()) and "Traceback" not in printed


def test_help_names_what_comes_out():
    status, printed = grade("--help")
    assert status == 0
    for word in ("--notebook NN", "--jobs", "--timeout", "grades.csv", "class.html", "feedback/"):
        assert word in printed
