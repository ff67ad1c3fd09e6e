"""Running a learner's code: on fresh copies, for a limited time, with everything put back after.

What one process cannot contain: an endless loop with a bare `except:`, a loop inside one call of C
(`sum(range(10**11))`), `os._exit`, and, where there are no signals (Windows), any endless loop.
"""

import contextlib
import copy
import io
import random
import signal
import threading
import time
import warnings
from dataclasses import dataclass

import numpy as np
import torch

from helpers.checking.converting import Odd, freeze
from helpers.checking.todo import Unanswered, guarded

TIME_LIMIT = 8.0  # seconds, for all cases of one answer together


class TimeUp(BaseException):
    """No Exception, so that a learner's `except Exception` does not swallow it."""


@dataclass
class Outcome:
    """What one call gave, as plain data: a value or an exception; what it did besides."""

    value: object = None
    error: BaseException | None = None
    changed: bool = False  # whether it changed its inputs
    printed: str = ""
    written: int = 0  # characters in all, of which `printed` holds the first
    kind: str = ""  # the type of the value before it was converted
    seconds: float = 0.0  # what it took, long imports left out


class _FirstWords(io.TextIOBase):
    """A stream that keeps the first 400 characters, however much is printed."""

    text, length = "", 0

    def write(self, text):
        self.length += len(text)
        self.text += text[: 400 - len(self.text)]
        return len(text)


def attempt(function, case=(), observe=None):
    """Call the course's own code, which leaves a case as it is: an Outcome."""
    outcome = Outcome()
    try:
        if observe:
            torch.default_generator.manual_seed(0)
            value = observe(function, *copy.deepcopy(case))
        else:
            value = function(*case)
        outcome.value, outcome.kind = freeze(value), type(value).__name__
    except Exception as error:
        outcome.error = error
    return outcome


def try_answer(answer, case, observe, limit):
    """Call a learner's code on a fresh copy of a case for at most `limit` seconds: an Outcome."""
    arguments, words, outcome = copy.deepcopy(case), _FirstWords(), Outcome()
    function = guarded(answer)
    try:
        with (
            kept(),
            contextlib.redirect_stdout(words),
            contextlib.redirect_stderr(words),
            time_limit(limit) as clock,
        ):
            torch.default_generator.manual_seed(0)
            if observe:
                value = observe(function, *arguments)
            else:
                value = function(*arguments)
                outcome.changed = _changed(case, arguments)
            outcome.kind = type(value).__name__
            try:
                outcome.value = freeze(value)
            except Exception:
                outcome.value = Odd(f"a {outcome.kind} that cannot be read")
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        outcome.error = error
    outcome.printed, outcome.written = words.text, words.length
    outcome.seconds = clock.seconds()
    return outcome


def _changed(before, after):
    pairs = [p for p in zip(before, after, strict=True) if not isinstance(p[0], int | float | str)]
    return any(not same(freeze(old), freeze(new)) for old, new in pairs)


def same(a, b):
    """Whether two pieces of plain data are equal, arrays included."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if hasattr(a, "values") and hasattr(b, "values"):
        return np.array_equal(a.values, b.values, equal_nan=True)
    return type(a) is type(b) and a == b


@contextlib.contextmanager
def kept():
    """Put back afterwards what code may change for all that comes after it."""
    states = random.getstate(), np.random.get_state()
    before = {name: read() for name, (read, _) in _SETTINGS.items()}
    numpy_options, torch_options = np.get_printoptions(), copy.copy(torch._tensor_str.PRINT_OPTS)
    try:
        with (
            torch.random.fork_rng(devices=[]),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            torch.set_num_threads(1)  # tiny tensors: two threads would wait for each other
            torch.set_grad_enabled(True)
            yield
    finally:
        for name, (_, write) in _SETTINGS.items():
            write(before[name])
        random.setstate(states[0])
        np.random.set_state(states[1])
        np.set_printoptions(**numpy_options)
        torch._tensor_str.PRINT_OPTS = torch_options


_SETTINGS = {
    "threads": (torch.get_num_threads, torch.set_num_threads),
    "dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "gradients": (torch.is_grad_enabled, torch.set_grad_enabled),
    "determinism": (
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
}


class Clock:
    """Runs while an answer does, and stands still during a long import."""

    def __init__(self, limit):
        self.limit, self.started = limit, time.monotonic()
        self.importing = self.over = False

    def seconds(self):
        return 0.0 if self.importing else time.monotonic() - self.started

    def alarm(self, number, frame):
        """Raise TimeUp; but an import that is broken off leaves a broken module behind."""
        if self.over:
            return
        if _importing(frame):
            self.importing = True
        elif self.importing:  # the import took the time: the answer gets its own now
            self.importing, self.started = False, time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, self.limit, 0.5)
        else:
            raise TimeUp


@contextlib.contextmanager
def time_limit(seconds):
    """Raise TimeUp after some seconds, again and again; needs signals and the main thread."""
    clock = Clock(max(seconds, 0.01))
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or not hasattr(signal, "setitimer"):
        yield clock
        return
    handler = signal.signal(signal.SIGALRM, clock.alarm)
    left, again = signal.setitimer(signal.ITIMER_REAL, clock.limit, 0.5)
    try:
        yield clock
    finally:
        clock.over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:
            left = max(left - (time.monotonic() - clock.started), 0.01)
            signal.setitimer(signal.ITIMER_REAL, left, again)


def _importing(frame):
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


_PLACES = {
    "torch": torch,
    "torch.Tensor": torch.Tensor,
    "F": torch.nn.functional,
    "nn": torch.nn,
    "np": np,
}
_ORIGINALS = {
    (place, name): function
    for place, owner in _PLACES.items()
    for name in (dir(owner) if isinstance(owner, type) else list(vars(owner)))
    if callable(function := getattr(owner, name))
    and (place == "nn" or not isinstance(function, type))
}


def restore_libraries():
    """Put back what a learner replaced in torch or numpy: the first name replaced, or None."""
    replaced = []
    for (place, name), original in _ORIGINALS.items():
        now = getattr(_PLACES[place], name, None)
        module = str(getattr(now, "__module__", ""))
        if now is not original and now != original and not module.startswith(("torch", "numpy")):
            setattr(_PLACES[place], name, original)
            replaced.append(f"{place}.{name}")
    return replaced[0] if replaced else None


__all__ = ["Outcome", "TIME_LIMIT", "TimeUp", "Unanswered", "attempt", "restore_libraries"]
