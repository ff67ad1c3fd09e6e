"""What an exercise is, and where to find one by name; holds no exercise and knows no torch.

One folder a notebook (nb01, nb02, ...), whose ORDER names its exercises; one file an exercise, with
an EXERCISE in it; slips.py for what several of them share.
"""

import ast
import functools
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Slip:
    """One misunderstanding: what it does to the right way, and a sentence that speaks of the idea.

    It is one of (or, where it makes sense, several of)
    twist   keywords for the exercise's `walk`, the right way with parameters
    before  before(*arguments) -> the arguments that the right way then gets
    after   after(value) -> what comes out in place of the right value
    wrong   a whole function of its own; without arguments for an exercise that wants a value
    Twists of different names, `before` and `after` compose, so two slips at once are recognised.
    """

    key: str
    message: str
    wrong: Callable | None = None
    before: Callable | None = None
    after: Callable | None = None
    twist: dict = field(default_factory=dict)


def slip(key, message, wrong=None, *, before=None, after=None, **twist):
    """A Slip; the keywords that are left are its twist."""
    return Slip(key, message, wrong, before, after, twist)


@dataclass(frozen=True)
class Exercise:
    """One exercise. `solution` is a function, or the source of a cell that defines a value.

    walk       the right way with parameters that slips twist (default: the solution)
    cases      argument tuples, called on fresh copies (functions only)
    accepts    instead of comparing with the solution: accepts(answer) returns None (right),
               the key of a slip, or a sentence that says what is wrong
    observe    observe(function, *case) -> what is compared (default: function(*case))
    rtol       relative tolerance; the default leaves room for rounding and no more
    exact      where the type is the lesson: its name ("int"), and the sentence that says why
    stub       where it does not follow from the solution
    """

    name: str
    title: str
    difficulty: int
    minutes: int
    solution: Callable | str
    why: str
    hints: tuple[str, ...]
    slips: tuple[Slip, ...] = ()
    cases: tuple[tuple, ...] = ()
    walk: Callable | None = None
    accepts: Callable | None = None
    observe: Callable | None = None
    rtol: float = 1e-5  # exact for whole numbers; room for an FFT or a float32 sum
    exact: tuple[str, str] | None = None
    stub: str = ""

    def __post_init__(self):
        object.__setattr__(self, "stub", self.stub.strip() or _stub(self.solution_source))

    @property
    def answer(self):
        """Name that the stub defines: of the function, the class or the last variable."""
        names = re.findall(r"^(?:def |class )?(\w+)(?=\(| = |:)", self.stub, re.MULTILINE)
        return names[0] if self.is_function else names[-1]

    @property
    def is_function(self):
        """Whether the learner writes a function or a class (else: a value)."""
        return re.search(r"^(def|class) ", self.stub, re.MULTILINE) is not None

    @property
    def solution_source(self):
        """The text that replaces the stub, without a newline at its end."""
        if callable(self.solution):
            return textwrap.dedent(inspect.getsource(self.solution)).rstrip()
        return textwrap.dedent(self.solution).strip()

    @functools.cached_property
    def right(self):
        """The solution as a function: itself, or one without arguments that gives the value."""
        if callable(self.solution):
            return self.solution
        scope = {}
        exec(
            "import math\nimport torch\nfrom torch import nn\nfrom torch.nn import functional as F",
            scope,
        )
        exec(self.solution_source, scope)
        return lambda: scope[self.answer]


def _stub(source):
    """Signature, docstring and `return TODO` of a function; `name = TODO` of a value."""
    tree = ast.parse(source).body[0]
    if isinstance(tree, ast.Assign):
        return f"{ast.unparse(tree.targets[0])} = TODO"
    lines = source.splitlines()
    docstring = tree.body[0]
    return "\n".join([*lines[: docstring.end_lineno], "    return TODO"])


def _order(notebook):
    """The package of a notebook's exercises and their names, in order."""
    package = f"helpers.exercises.nb{notebook}"
    try:
        return package, importlib.import_module(package).ORDER
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise ValueError(f"There are no exercises for a notebook {notebook!r}.") from None


def of(notebook):
    """The exercises of a notebook ("01"), by name, in its order; ValueError if there are none."""
    package, order = _order(notebook)
    found = [importlib.import_module(f"{package}.{name}").EXERCISE for name in order]
    return {exercise.name: exercise for exercise in found}


def find(name):
    """The exercise of that name ("01.conv2d"); ValueError that lists what there is."""
    if not isinstance(name, str) or not re.fullmatch(r"\d\d\.\w+", name):
        raise ValueError(f'The name of an exercise looks like "01.conv2d"; got {name!r}.')
    notebook, short = name.split(".")
    package, order = _order(notebook)
    if short not in order:
        known = ", ".join(f"{notebook}.{n}" for n in order)
        raise ValueError(f"There is no exercise {name!r}. Notebook {notebook} has {known}.")
    return importlib.import_module(f"{package}.{short}").EXERCISE
