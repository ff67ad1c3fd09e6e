"""The engine of the checks: hostile answers, verdicts, what is shown (on exercises of its own)."""

import contextlib
import importlib
import random
import sys
import time
import types
from fractions import Fraction

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from helpers import TODO
from helpers.checking import Result, examine, explain, running, showing
from helpers.checking.converting import freeze, text_of
from helpers.exercises import Exercise, slip


def double(x, y):
    return 2 * x + y


def scaled(x, y, *, factor=2, minus=False):
    """The walk of 99.double: what slips twist."""
    return factor * x - y if minus else factor * x + y


EXERCISES = {
    "double": Exercise(
        name="99.double",
        title="Double",
        difficulty=1,
        minutes=1,
        solution=double,
        walk=scaled,
        why="Two times.",
        hints=("first", "`second`"),
        cases=tuple((torch.arange(n + 2.0), torch.ones(n + 2)) for n in range(4)),
        slips=(
            slip("once", "Only once.", factor=1),
            slip("minus", "Subtracted.", minus=True),
            slip("exchanged", "Exchanged.", before=lambda x, y: (y, x)),
            slip("absurd", "Raises.", lambda x, y: torch.sqrt("x")),
        ),
    ),
    "number": Exercise(
        name="99.number",
        title="Number",
        difficulty=1,
        minutes=1,
        stub="# the product\nfirst = TODO",
        solution="first = 3 * 4",
        why="Product.",
        hints=("first", "second"),
        slips=(slip("sum", "A sum.", lambda: 3 + 4),),
    ),
    "pair": Exercise(
        name="99.pair",
        title="Two numbers",
        difficulty=1,
        minutes=1,
        stub="pair = (TODO, TODO)",
        solution="pair = (3, 5)",
        why="Two.",
        hints=("first", "second"),
        slips=(
            slip("first-off", "The first is off.", lambda: (2, 5)),
            slip("second-off", "The second is off.", lambda: (3, 6)),
        ),
    ),
    "whole": Exercise(
        name="99.whole",
        title="An int",
        difficulty=1,
        minutes=1,
        solution=lambda n: n // 2,
        stub="def whole(n):\n    return TODO",
        why="Half.",
        hints=("first", "second"),
        cases=((2,), (4,), (6,), (8,)),
        exact=("int", "A count is an int."),
        slips=(slip("same", "Unchanged.", lambda n: n),),
    ),
    "even": Exercise(
        name="99.even",
        title="Any even number",
        difficulty=1,
        minutes=1,
        solution="even = 2",
        why="Even.",
        hints=("first", "second"),
        accepts=lambda n: None if n % 2 == 0 else ("one" if n == 1 else f"{n} is odd."),
        slips=(slip("one", "One is odd.", lambda: 1),),
    ),
    "letters": Exercise(
        name="99.letters",
        title="Letters",
        difficulty=1,
        minutes=1,
        solution='letters = "AB"',
        why="These two.",
        hints=("first", "second"),
        accepts=lambda text: {"AB": None, "C": "no-a+no-b"}.get(text, f"{text} is not it."),
        slips=(
            slip("no-a", "A is missing.", lambda: "B"),
            slip("no-b", "B is missing.", lambda: "A"),
        ),
    ),
    "identity": Exercise(
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
}


@pytest.fixture(autouse=True)
def notebook_99(monkeypatch):
    package = types.ModuleType("helpers.exercises.nb99")
    package.ORDER = tuple(EXERCISES)
    monkeypatch.setitem(sys.modules, package.__name__, package)
    for name, exercise in EXERCISES.items():
        module = types.ModuleType(f"{package.__name__}.{name}")
        module.EXERCISE = exercise
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(running, "TIME_LIMIT", 1.0)
    monkeypatch.setattr(showing, "_session", {"status": {}, "hint": {}, "notebook": None})


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


class LoopingRepr:
    def __repr__(self):
        while True:
            pass


class LyingInt(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def changes_input(x, y):
    result = double(x, y)
    x += 1
    return result


def patches_torch(x, y):
    torch.equal = torch.Tensor.__eq__ = lambda *args: True
    return x


def holds_itself(x, y):
    row = []
    row.append(row)
    return row


HOSTILE = {
    "raises": (lambda x, y: x[99], "error", "raised"),
    "exits": (lambda x, y: sys.exit(), "error", "raised"),
    "recursion": (lambda x, y: (f := lambda n: f(n))(0), "error", "raised"),
    "for ever": (for_ever, "error", "time-limit"),
    "prints 10 MB": (prints_much, "wrong", "value"),
    "equal to all": (lambda x, y: EqualToAll(), "wrong", "type"),
    "repr without end": (lambda x, y: LoopingRepr(), "wrong", "type"),
    "error whose text loops": (lambda x, y: x[LoopingRepr()], "error", "raised"),
    "list that holds itself": (holds_itself, "wrong", "type"),
    "meta tensor": (lambda x, y: torch.empty(2, device="meta"), "wrong", "type"),
    "nested tensor": (lambda x, y: torch.nested.nested_tensor([x, y]), "wrong", "type"),
    "huge number": (lambda x, y: 10**400, "wrong", "type"),
    "huge list": (lambda x, y: [10**400] * 3, "wrong", "type"),
    "huge range": (lambda x, y: range(10**30), "wrong", "type"),
    "complex": (lambda x, y: double(x, y) * 1j, "wrong", "type"),
    "texts": (lambda x, y: ["a", "b"], "wrong", "type"),
    "generator": (lambda x, y: (v for v in x), "wrong", "type"),
    "none": (lambda x, y: None, "wrong", "type"),
    "ellipsis": (lambda x, y: ..., "wrong", "type"),
    "nan": (lambda x, y: double(x, y) * float("nan"), "wrong", "nonfinite"),
    "scalar that broadcasts": (lambda x, y: double(x, y)[0], "wrong", "shape"),
    "changes its input": (changes_input, "wrong", "changes-input"),
    "patches torch": (patches_torch, "error", "replaced-torch"),
    "one case only": (lambda x, y: double(x, y) if len(x) == 2 else x * 9, "wrong", "value"),
    "not a function": (3, "wrong", "type"),
    "no function and a looping text": (LoopingRepr(), "wrong", "type"),
}
STYLES = {
    "numpy": lambda x, y: np.asarray(double(x, y)),
    "list": lambda x, y: double(x, y).tolist(),
    "list of tensors": lambda x, y: list(double(x, y)),
    "tuple of numpy numbers": lambda x, y: tuple(double(x, y).numpy()),
    "float64": lambda x, y: double(x, y).double(),
    "whole numbers": lambda x, y: double(x, y).long(),
    "fractions": lambda x, y: [Fraction(int(v)) for v in double(x, y)],
    "sparse": lambda x, y: double(x, y).to_sparse(),
    "complex without imaginary part": lambda x, y: double(x, y) + 0j,
    "with a graph": lambda x, y: double(x.requires_grad_(), y),
    "rounding of an FFT": lambda x, y: double(x, y) * (1 + 1e-6),
}


@pytest.mark.parametrize("style", STYLES)
def test_the_right_numbers_are_right_in_any_container(style):
    assert examine("99.double", STYLES[style]).status == "ok"


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
    once = examine("99.double", lambda x, y: x + y)
    assert once == Result("wrong", "once", once.message) and once.message.startswith("Only once.")
    assert examine("99.double", lambda x, y: torch.sqrt("y")).mistake == "absurd"
    assert examine("99.double", lambda x, y: TODO).status == "todo"
    assert examine("99.double", TODO).status == "todo"


def test_messages_show_input_expected_got_and_the_learners_line():
    message = examine("99.double", lambda x, y: x * 0).message
    for part in ("x = tensor (2,)", "y = ", "expected tensor (2,)", "got tensor (2,)", "at [0]: "):
        assert part in message
    assert "lambda x, y: x[99]" in examine("99.double", lambda x, y: x[99]).message
    assert "printed: seen" in examine("99.double", lambda x, y: print("seen")).message


def test_several_tensors_stand_one_below_the_other():
    lines = text_of(freeze((torch.arange(4.0).reshape(2, 2), torch.ones(1)))).splitlines()
    first = ["value 1: tensor (2, 2)", "  0  1", "  2  3"]
    assert lines == ["2 values", *first, "value 2: tensor (1,)", "  1"]


@pytest.mark.parametrize(
    "right", [12, 12.0, torch.tensor(12.0), torch.tensor([12]), np.int64(12), Fraction(12), [12]]
)
def test_a_number_may_be_written_in_several_ways(right):
    assert examine("99.number", right).status == "ok"


@pytest.mark.parametrize("wrong", [13, "12", None, float("nan"), True, EqualToAll(), [12, 12]])
def test_a_wrong_number_is_rejected_without_giving_the_answer_away(wrong):
    result = examine("99.number", wrong)
    assert result.status == "wrong" and result.mistake != "sum"
    assert "expected 12" not in result.message
    assert examine("99.number", 7).mistake == "sum"


def test_a_list_of_letters_is_a_text_and_a_judge_may_name_two_slips():
    assert examine("99.letters", ["A", "B"]).status == "ok"
    result = examine("99.letters", "C")
    assert result.mistake == "no-a+no-b"
    assert "A is missing." in result.message and "B is missing." in result.message
    assert examine("99.letters", "D").message == "D is not it."


def test_two_slips_at_once_are_both_named():
    result = examine("99.double", lambda x, y: x - y)
    assert result.mistake == "once+minus"
    assert result.message.startswith("Two things at once. Only once. And: Subtracted.")
    assert examine("99.pair", (2, 6)).mistake == "first-off+second-off"
    assert examine("99.pair", [3.0, np.int64(5)]).status == "ok"


def test_where_the_type_is_the_lesson_the_message_is_about_the_type():
    assert examine("99.whole", lambda n: n // 2).status == "ok"
    result = examine("99.whole", lambda n: n / 2)
    assert (result.mistake, result.status) == ("type", "wrong") and "is float" in result.message
    assert examine("99.whole", lambda n: LyingInt(n + 1)).status == "wrong"


def test_what_an_answer_sets_for_all_of_torch_is_put_back():
    def meddles(x, y):
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.set_printoptions(precision=1)
        np.random.seed(1)
        random.seed(1)
        return double(x, y)

    before = random.getstate(), np.random.get_state()[1].tolist()
    precision = torch._tensor_str.PRINT_OPTS.precision
    assert examine("99.double", meddles).status == "ok"
    assert (torch.get_default_dtype(), torch.is_grad_enabled()) == (torch.float32, True)
    assert torch._tensor_str.PRINT_OPTS.precision == precision
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_the_clock_stands_still_during_an_import(tmp_path, monkeypatch):
    (tmp_path / "slow_module.py").write_text("import time\ntime.sleep(1.5)\nready = True\n")
    monkeypatch.syspath_prepend(tmp_path)

    def imports(x, y):
        assert importlib.import_module("slow_module").ready
        return double(x, y)

    assert examine("99.double", imports).status == "ok"


def test_a_judge_that_was_tampered_with_voids_the_verdict(monkeypatch):
    def tampers(x, y):
        monkeypatch.setattr("helpers.checking.comparing.compare", lambda *a, **k: None)
        return x

    result = examine("99.double", tampers)
    assert (result.status, result.mistake) == ("error", "void")
    assert "Restart the kernel" in result.message


def test_widgets_ask_which_slip_gives_a_number():
    case = (torch.tensor([1.0, 2]), torch.tensor([3.0, 5]))
    assert explain("99.double", case, 4, lambda value: value[0]) == "Only once."
    assert explain("99.double", case, 99, lambda value: value[0]) == ""


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
    assert showing._answer_error(EXERCISES["double"], shell) is None
    shell.run_cell(source)
    error = showing._answer_error(EXERCISES["double"], shell)
    assert isinstance(error, SyntaxError | ZeroDivisionError)
    assert type(error).__name__ in showing._stale(error)
    assert showing._answer_error(EXERCISES["number"], shell) is None  # another exercise's cell


def test_examine_leaves_the_random_numbers_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    examine("99.double", lambda x, y: torch.rand(2))
    assert torch.equal(before, torch.get_rng_state())


def test_check_hint_solution_and_progress_print_outside_a_notebook(capsys):
    showing.check("99.double", double, reason="I doubled.")
    assert capsys.readouterr().out.startswith("OK  99.double\nRight on all 4 cases.")
    showing.check("99.number", TODO)
    assert capsys.readouterr().out.startswith("TODO  99.number")
    showing.check("99.number", 7)
    assert capsys.readouterr().out.startswith("TRY AGAIN  99.number\nA sum.")
    for words in ("Hint 1 of 2", "Hint 2 of 2", "Hint 2 of 2"):
        showing.hint("99.double")
        assert capsys.readouterr().out.startswith(words)
    showing.solution("99.double")
    assert "return 2 * x + y" in capsys.readouterr().out
    showing.progress()
    assert "1 of 7 solved" in capsys.readouterr().out


def test_names_and_steps_that_do_not_exist():
    with pytest.raises(ValueError, match='looks like "01.conv2d"'):
        examine("double", double)
    with pytest.raises(ValueError, match="Notebook 99 has 99.double"):
        examine("99.treble", double)
    with pytest.raises(ValueError, match="no exercises for a notebook '98'"):
        examine("98.double", double)
    with pytest.raises(ValueError, match="hints 1 to 2"):
        showing.hint("99.double", 3)
    with pytest.raises(ValueError, match="Run a check cell first"):
        showing.progress()
