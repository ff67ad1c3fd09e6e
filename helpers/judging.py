"""Running a learner's code safely and comparing what it gives; no exercise, no wording of a lesson.

What one process cannot contain: an endless loop with a bare `except:`, `os._exit`, and
(where there are no signals, as on Windows) any endless loop. Restart the kernel for those.
"""

import contextlib
import copy
import io
import math
import numbers
import signal
import threading
import time
import warnings
from dataclasses import dataclass

import numpy as np
import torch


class _Todo:
    """The sentinel of a stub. There is one, and copies of it are itself."""

    def __repr__(self):
        return "TODO"

    def __deepcopy__(self, memo):
        return self


TODO = _Todo()


def holds_todo(value):
    """Whether a value, or a tuple, list or dict of values, is not answered yet."""
    if isinstance(value, dict):
        value = list(value.values())
    return value is TODO or (type(value) in (list, tuple) and any(holds_todo(v) for v in value))


# No Exceptions, so that a learner's `except Exception` does not swallow them.
Unanswered = type("Unanswered", (BaseException,), {})  # the answer gave TODO
TimeUp = type("TimeUp", (BaseException,), {})


@dataclass
class Outcome:
    """What one call gave: a value or an exception, whether its inputs changed, what it printed."""

    value: object = None
    error: BaseException | None = None
    changed: bool = False
    printed: str = ""


class _FirstWords(io.TextIOBase):
    """A stream that keeps the first 400 characters, however much is printed."""

    text = ""

    def write(self, text):
        self.text += text[: 400 - len(self.text)]
        return len(text)


def guarded(function):
    """The same function, but one that raises Unanswered where it would return TODO."""

    def call(*args, **kwargs):
        value = function(*args, **kwargs)
        if holds_todo(value):
            raise Unanswered
        return value

    return call


def attempt(function, case=(), observe=None, limit=None):
    """Call a function on fresh copies of a case: an Outcome. `limit` is in seconds, or None."""
    arguments, words, outcome = copy.deepcopy(case), _FirstWords(), Outcome()
    function = guarded(function)
    try:
        with (
            torch.random.fork_rng(devices=[]),
            contextlib.redirect_stdout(words),
            contextlib.redirect_stderr(words),
            warnings.catch_warnings(),
            one_thread(),
            _time_limit(limit),
        ):
            warnings.simplefilter("ignore")
            torch.manual_seed(0)
            if observe:
                outcome.value = observe(function, *arguments)
            else:
                outcome.value = function(*arguments)
                outcome.changed = _changed(case, arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        outcome.error = error
    outcome.printed = words.text
    return outcome


@contextlib.contextmanager
def one_thread():
    """Tiny tensors are quicker on one thread, by far where the machine is busy."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextlib.contextmanager
def _time_limit(seconds):
    """Raise TimeUp after some seconds, again and again; needs signals and the main thread."""
    in_main = threading.current_thread() is threading.main_thread()
    if seconds is None or not in_main or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number, frame):
        raise TimeUp

    handler = signal.signal(signal.SIGALRM, stop)
    left, again = signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), 0.5)
    started = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:
            left = max(left - (time.monotonic() - started), 0.01)
            signal.setitimer(signal.ITIMER_REAL, left, again)


def _changed(before, after):
    pairs = [p for p in zip(before, after, strict=True) if isinstance(p[0], torch.Tensor | list)]
    return any(compare(old, new) is not None for old, new in pairs)


@dataclass(frozen=True)
class Fault:
    """One difference: its kind, where it is, what was expected and what came."""

    key: str
    expected: str
    got: str
    where: str = ""

    def text(self, reveal=True):
        """One sentence; without `reveal` it does not give the answer away."""
        if self.key in ("value", "nonfinite") and not reveal:
            return f"{self.where}{self.got} is not it yet."
        return f"{self.where}expected {self.expected}, got {self.got}."


def compare_outcomes(expected, got, rtol=0.0):
    """None where two outcomes are the same, else a Fault."""
    if got.error is not None or expected.error is not None:
        if type(got.error) is type(expected.error):
            return None
        wanted = "a result" if expected.error is None else type(expected.error).__name__
        return Fault("raised", wanted, text_of(got.error or got.value))
    if got.changed and not expected.changed:
        return Fault("changes-input", "its inputs left as they are", "a changed input")
    return compare(expected.value, got.value, rtol)


def compare(expected, got, rtol=0.0, where=""):
    """None where got is what was expected, else a Fault: type, shape, dtype, nonfinite, value."""
    if isinstance(expected, torch.Tensor) and isinstance(got, torch.Tensor):
        return _compare_tensors(expected.detach().cpu(), got.detach().cpu(), rtol, where)
    if isinstance(expected, dict) and isinstance(got, dict) and expected.keys() == got.keys():
        pairs = [(f"{where}{key!r}: ", expected[key], got[key]) for key in expected]
        return _first_fault(pairs, rtol)
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        if len(expected) != len(got):
            return Fault("shape", f"{len(expected)} values", f"{len(got)} values", where)
        pairs = enumerate(zip(expected, got, strict=True), 1)
        return _first_fault([(f"{where}value {i}: ", e, g) for i, (e, g) in pairs], rtol)
    kinds = (bool | np.bool_, str, numbers.Integral, numbers.Real, type(None))
    kind = next((kind for kind in kinds if isinstance(expected, kind)), type(expected))
    is_bool = isinstance(got, bool | np.bool_) != isinstance(expected, bool | np.bool_)
    if is_bool or not isinstance(got, kind):
        return Fault("type", kind_of(expected), kind_of(got), where)
    if kind is numbers.Real:
        same = abs(float(got) - expected) <= rtol * (1 + abs(expected))
        key = "value" if math.isfinite(got) or not math.isfinite(expected) else "nonfinite"
    else:
        same = expected == (int(got) if kind is numbers.Integral else got)
        key = "value"
    return None if same else Fault(key, text_of(expected), text_of(got), where)


def _compare_tensors(expected, got, rtol, where):
    if expected.shape != got.shape:
        return Fault("shape", f"shape {tuple(expected.shape)}", f"{tuple(got.shape)}", where)
    if expected.dtype != got.dtype:
        return Fault("dtype", f"numbers of {expected.dtype}", f"{got.dtype}", where)
    want, have = expected.double().numpy(), got.double().numpy()
    if np.isfinite(want).all() and not np.isfinite(have).all():
        return Fault("nonfinite", "finite numbers", "nan or inf", where)
    with np.errstate(invalid="ignore"):
        near = np.abs(want - have) <= rtol * (1 + np.abs(want))
    wrong = ~((want == have) | near | (np.isnan(want) & np.isnan(have)))
    if not wrong.any():
        return None
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    if place:
        where += f"first difference at {list(place)}: "
    return Fault("value", f"{want[place]:g}", f"{have[place]:g}", where)


def _first_fault(triples, rtol):
    faults = (compare(expected, got, rtol, where) for where, expected, got in triples)
    return next((fault for fault in faults if fault), None)


def plain(answer, model):
    """A value as the solution writes it: tensor(12.) and 12.0 pass for 12."""
    is_number = isinstance(model, numbers.Real) and not isinstance(model, bool)
    if is_number and isinstance(answer, torch.Tensor) and answer.numel() == 1:
        answer = answer.item()
    if type(model) is int and isinstance(answer, float) and answer.is_integer():
        return int(answer)
    if isinstance(model, dict) and isinstance(answer, dict) and model.keys() == answer.keys():
        return {key: plain(answer[key], model[key]) for key in model}
    sequences = isinstance(model, tuple | list) and isinstance(answer, tuple | list)
    if sequences and len(model) == len(answer):
        return tuple(plain(a, m) for a, m in zip(answer, model, strict=True))
    return answer


_PLACES = {"torch": torch, "torch.Tensor": torch.Tensor, "F": torch.nn.functional}
_ORIGINALS = {
    (place, name): function
    for place, owner in _PLACES.items()
    for name in (dir(owner) if isinstance(owner, type) else list(vars(owner)))
    if callable(function := getattr(owner, name)) and not isinstance(function, type)
}


def restore_torch():
    """Put back what a learner replaced in torch: the first name replaced, or None."""
    replaced = []
    for (place, name), original in _ORIGINALS.items():
        now = getattr(_PLACES[place], name, None)
        if now != original and not str(getattr(now, "__module__", "")).startswith("torch"):
            setattr(_PLACES[place], name, original)
            replaced.append(f"{place}.{name}")
    return replaced[0] if replaced else None


def kind_of(value):
    """What sort of thing a value is, in a learner's words."""
    words = {
        "NoneType": "None (is a return missing?)",
        "ndarray": "a numpy array (torch.from_numpy makes a tensor of it)",
        "Tensor": "a torch.Tensor",
        "int": "a whole number (int)",
        "float": "a float",
        "str": "a text (str)",
    }
    return words.get(type(value).__name__, f"a {type(value).__name__}")


def text_of(value):
    """A value as short text; never raises and never floods the page."""
    try:
        text = repr(value)
        if isinstance(value, BaseException):
            text = f"{type(value).__name__}: {value}"
        elif isinstance(value, torch.Tensor) and value.dim() == 0:
            text = f"{value.item():g}"
        elif isinstance(value, torch.Tensor) and value.dim() <= 2 and value.numel() <= 64:
            rows = value.detach().reshape(-1, value.shape[-1]).tolist()
            words = [[f"{round(number, 4):g}" for number in row] for row in rows]
            width = max([len(word) for row in words for word in row], default=0) + 2
            lines = ["".join(f"{word:>{width}}" for word in row) for row in words]
            text = "\n".join([f"tensor {tuple(value.shape)}", *lines])
        elif isinstance(value, torch.Tensor) and value.dim() > 2 and value[..., 0, 0].numel():
            plane = text_of(value.flatten(0, -3)[0]).partition("\n")[2]
            text = f"tensor {tuple(value.shape)}" + (plane and f", its first plane:\n{plane}")
        elif isinstance(value, torch.Tensor):
            text = f"tensor {tuple(value.shape)}"
    except Exception:
        text = f"a {type(value).__name__}"
    return text if len(text) <= 600 else text[:600] + " ..."
