"""The engine of the checks: hostile answers, verdicts, what is shown (on exercises of its own)."""

import contextlib
import sys
import time
import types

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from helpers import TODO, checking, judging
from helpers.checking import examine
from helpers.exercises import Exercise, Mistake


def double(x, y):
    return 2 * x + y


EXERCISES = (
    Exercise(
        name="99.double",
        title="Double",
        difficulty=1,
        minutes=1,
        stub="def double(x, y):\n    return TODO",
        solution=double,
        why="Two times.",
        hints=("first", "second"),
        cases=tuple((torch.arange(n + 2.0), torch.ones(n + 2)) for n in range(4)),
        mistakes=(
            Mistake("once", lambda x, y: x + y, "Only once."),
            Mistake("negative", lambda x, y: torch.sqrt("x"), "Raises."),
        ),
    ),
    Exercise(
        name="99.number",
        title="Number",
        difficulty=1,
        minutes=1,
        stub="# the product\nfirst = TODO",
        solution="first = 3 * 4",
        why="Product.",
        hints=("first", "second"),
        mistakes=(Mistake("sum", lambda: 3 + 4, "A sum."),),
    ),
    Exercise(
        name="99.even",
        title="Any even number",
        difficulty=1,
        minutes=1,
        stub="even = TODO",
        solution="even = 2",
        why="Even.",
        hints=("first", "second"),
        accepts=lambda n: None if n % 2 == 0 else ("one" if n == 1 else f"{n} is odd."),
        mistakes=(Mistake("one", lambda: 1, "One is odd."),),
    ),
    Exercise(
        name="99.identity",
        title="Any function that keeps zero",
        difficulty=1,
        minutes=1,
        stub="def keep(x):\n    return TODO",
        solution=lambda x: x,
        why="Zero stays.",
        hints=("first", "second"),
        accepts=lambda keep: None if keep(0) == 0 else "Zero does not stay zero.",
    ),
)


@pytest.fixture(autouse=True)
def notebook_99(monkeypatch):
    module = types.ModuleType("helpers.exercises.nb99")
    module.EXERCISES = EXERCISES
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(checking, "TIME_LIMIT", 1.0)
    monkeypatch.setattr(checking, "_session", {"status": {}, "hint": {}, "notebook": None})


def for_ever(x, y):
    while True:
        with contextlib.suppress(Exception):
            pass


def prints_much(x, y):
    print("y" * 10_000_000)
    return x


class EqualToAll:
    def __eq__(self, other):
        return True


def changes_input(x, y):
    result = double(x, y)
    x += 1
    return result


def patches_torch(x, y):
    torch.equal = torch.Tensor.__eq__ = lambda *args: True
    return x


HOSTILE = {
    "raises": (lambda x, y: x[99], "error", "raised"),
    "exits": (lambda x, y: sys.exit(), "error", "raised"),
    "recursion": (lambda x, y: (f := lambda n: f(n))(0), "error", "raised"),
    "for ever": (for_ever, "error", "time-limit"),
    "prints 10 MB": (prints_much, "wrong", "value"),
    "equal to all": (lambda x, y: EqualToAll(), "wrong", "type"),
    "none": (lambda x, y: None, "wrong", "type"),
    "ellipsis": (lambda x, y: ..., "wrong", "type"),
    "numpy": (lambda x, y: np.asarray(double(x, y)), "wrong", "type"),
    "list": (lambda x, y: double(x, y).tolist(), "wrong", "type"),
    "float64": (lambda x, y: double(x, y).double(), "wrong", "dtype"),
    "int": (lambda x, y: double(x, y).long(), "wrong", "dtype"),
    "nan": (lambda x, y: double(x, y) * float("nan"), "wrong", "nonfinite"),
    "scalar that broadcasts": (lambda x, y: double(x, y)[0], "wrong", "shape"),
    "changes its input": (changes_input, "wrong", "changes-input"),
    "patches torch": (patches_torch, "error", "replaced-torch"),
    "one case only": (lambda x, y: double(x, y) if len(x) == 2 else x, "wrong", "value"),
    "not a function": (3, "wrong", "type"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_end_in_a_clear_line(name):
    answer, status, mistake = HOSTILE[name]
    originals = torch.equal, torch.Tensor.__eq__
    start = time.monotonic()
    result = examine("99.double", answer)
    assert time.monotonic() - start < 10
    assert (result.status, result.mistake) == (status, mistake)
    assert len(result.message) < 3000
    assert (torch.equal, torch.Tensor.__eq__) == originals


def test_an_answer_that_patched_torch_before_the_check_shows_and_is_undone():
    original, torch.equal = torch.equal, lambda *args: True
    assert examine("99.double", double).mistake == "replaced-torch"
    assert torch.equal is original
    assert examine("99.double", double).status == "ok"


def test_right_wrong_and_unanswered():
    assert examine("99.double", double).status == "ok"
    assert examine("99.double", lambda x, y: x + y) == checking.Result(
        "wrong", "once", examine("99.double", lambda x, y: x + y).message
    )
    assert examine("99.double", lambda x, y: torch.sqrt("y")).mistake == "negative"
    assert examine("99.double", lambda x, y: TODO).status == "todo"
    assert examine("99.double", TODO).status == "todo"


def test_messages_show_input_expected_got_and_the_learners_line():
    message = examine("99.double", lambda x, y: x * 0).message
    for part in ("x = tensor (2,)", "y = ", "expected tensor (2,)", "got tensor (2,)", "at [0]: "):
        assert part in message
    assert "lambda x, y: x[99]" in examine("99.double", lambda x, y: x[99]).message
    assert "printed: seen" in examine("99.double", lambda x, y: print("seen")).message


@pytest.mark.parametrize("right", [12, 12.0, torch.tensor(12.0), torch.tensor([12]), np.int64(12)])
def test_a_number_may_be_written_in_several_ways(right):
    assert examine("99.number", right).status == "ok"


@pytest.mark.parametrize("wrong", [13, "12", None, float("nan"), True, EqualToAll(), [12]])
def test_a_wrong_number_is_rejected_without_giving_the_answer_away(wrong):
    result = examine("99.number", wrong)
    assert result.status == "wrong" and result.mistake != "sum"
    assert "expected 12" not in result.message
    assert examine("99.number", 7).mistake == "sum"


def test_numbers_in_a_dict_or_a_list_may_be_written_in_several_ways_too():
    assert judging.plain({"a": 3.0}, {"a": 3}) == {"a": 3}
    assert judging.plain([torch.tensor(3), 4.0], (3, 4)) == (3, 4)


def test_design_exercises_accept_many_answers_and_name_mistakes():
    assert examine("99.even", 8).status == "ok"
    assert examine("99.even", 1).mistake == "one"
    assert examine("99.even", 3).message == "3 is odd."
    assert examine("99.even", "two").mistake == "type"
    assert examine("99.identity", lambda x: 3 * x).status == "ok"
    assert examine("99.identity", lambda x: TODO).status == "todo"
    assert examine("99.identity", lambda x: x.nothing).mistake == "raised"
    assert examine("99.identity", lambda x: for_ever(x, x)).mistake == "time-limit"


@pytest.mark.parametrize(
    "source", ["def double(x, y):\n    return (", "1 / 0\ndef double(x, y): ..."]
)
def test_an_answer_whose_cell_failed_is_not_judged_by_an_older_one(source):
    shell = InteractiveShell()
    shell.run_cell("def double(x, y):\n    return 2 * x + y")
    assert checking._answer_error(EXERCISES[0], shell) is None
    shell.run_cell(source)
    error = checking._answer_error(EXERCISES[0], shell)
    assert isinstance(error, SyntaxError | ZeroDivisionError)
    assert type(error).__name__ in checking._stale(error).message
    assert checking._answer_error(EXERCISES[1], shell) is None  # another exercise's cell


def test_examine_leaves_the_random_numbers_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    examine("99.double", lambda x, y: torch.rand(2))
    assert torch.equal(before, torch.get_rng_state())


def test_check_hint_solution_and_progress_print_outside_a_notebook(capsys):
    checking.check("99.double", double, reason="I doubled.")
    assert capsys.readouterr().out.startswith("OK  99.double\nRight on all 4 cases.")
    checking.check("99.number", TODO)
    assert capsys.readouterr().out.startswith("TODO  99.number")
    checking.check("99.number", 7)
    assert capsys.readouterr().out.startswith("TRY AGAIN  99.number\nA sum.")
    for words in ("Hint 1 of 2", "Hint 2 of 2", "Hint 2 of 2"):
        checking.hint("99.double")
        assert capsys.readouterr().out.startswith(words)
    checking.solution("99.double")
    assert "return 2 * x + y" in capsys.readouterr().out
    checking.progress()
    assert "1 of 4 solved" in capsys.readouterr().out


def test_names_and_steps_that_do_not_exist():
    with pytest.raises(ValueError, match='looks like "01.conv2d"'):
        examine("double", double)
    with pytest.raises(ValueError, match="Notebook 99 has 99.double"):
        examine("99.treble", double)
    with pytest.raises(ValueError, match="no exercises for a notebook '98'"):
        examine("98.double", double)
    with pytest.raises(ValueError, match="hints 1 to 2"):
        checking.hint("99.double", 3)
    with pytest.raises(ValueError, match="Run a check cell first"):
        checking.progress()
