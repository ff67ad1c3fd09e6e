"""What an exercise is: data only. One module per notebook (nb01, nb02, ...) holds its EXERCISES."""

import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One misunderstanding: a function that makes it and a message that speaks of the idea.

    `wrong` takes what the answer takes: the arguments of a function exercise, none for a
    number, tuple, tensor or choice (it then returns the wrong value).
    """

    key: str
    wrong: Callable
    message: str


@dataclass(frozen=True)
class Exercise:
    """One exercise. `solution` is a function (kind "function") or the source of a cell.

    cases      argument tuples, called on fresh copies (functions only)
    accepts    instead of comparing with the solution: accepts(answer) returns None (right),
               the key of a mistake, or a sentence that says what is wrong
    observe    observe(function, *case) -> what is compared (default: function(*case))
    rtol       relative tolerance; 0 means exactly equal
    """

    name: str
    title: str
    difficulty: int
    minutes: int
    stub: str
    solution: Callable | str
    why: str
    hints: tuple[str, ...]
    cases: tuple[tuple, ...] = ()
    accepts: Callable | None = None
    observe: Callable | None = None
    mistakes: tuple[Mistake, ...] = ()
    rtol: float = 0.0

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
