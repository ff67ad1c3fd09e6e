"""The widgets as the course shows them, and how a recorder takes each of them to a state."""

import math
from pathlib import Path

import numpy as np
import torch

from helpers.checking.searching import compose, find
from helpers.example import IMAGE, KERNEL
from helpers.widgets.kernels.state import KernelLab
from helpers.widgets.pooling.page import SETTINGS
from helpers.widgets.pooling.state import PoolingStepper
from helpers.widgets.sizes.page import LIMITS
from helpers.widgets.sizes.state import QUESTIONS, SizeExplorer
from helpers.widgets.stepper.state import ConvolutionStepper
from helpers.widgets.views.state import FiveViews
from tools.site.replay.weights import ASKED, SMALL, STEPS, steps_from

MAKERS = (ConvolutionStepper, KernelLab, SizeExplorer, FiveViews, PoolingStepper)
SEVEN = Path(__file__).resolve().parents[3] / "studies" / "digit_pad_seven.bin"


def seven():
    """The 7 of notebook 01, the first test digit of MNIST: (28, 28) of 0..1."""
    pixels = np.frombuffer(SEVEN.read_bytes(), np.uint8).reshape(28, 28)
    return torch.from_numpy(pixels.astype(np.float32) / 255)


class Script:
    """What the recorder must know of a widget.

    calls    as they stand in the notebooks
    largest  beyond it, a typed answer is no number
    near     how far an answer may lie from a named one
    bands    how far from the right number another sentence ends
    """

    calls, largest, near, bands = (), 1000, 1e-9, ()

    def make(self, call):
        """The state as a call in a notebook makes it."""
        names = {"image": IMAGE, "kernel": KERNEL, "seven": seven()}
        return eval(call, names | {maker.__name__: maker for maker in MAKERS}).state

    def state(self):
        return self.make(self.calls[0])

    def get(self, state):
        """The core of a state."""
        raise NotImplementedError

    def put(self, state, core):
        """Take a state to a core."""
        raise NotImplementedError

    def place(self, core):
        """The output number that is looked at, counted from 0."""
        return 0

    def asks(self, core):
        """Whether an answer is asked for, or was given."""
        return False

    def guarded(self, core):
        """Whether what is shown depends on the place having been found."""
        return False

    def ahead(self, state):
        """Places that may be next after a right answer, or (None,) if the place stays."""
        return (None,)

    def turns(self, event):
        """What else an event depends on: tuples of words."""
        return ((),)

    def matters(self, core, event):
        """All of a core that an event's outcome depends on."""
        return core

    def typed(self, core):
        """Events of text fields other than answers."""
        return ()

    def leaves_out(self, core, event):
        """Whether an event that the page offers is not recorded."""
        return False

    def where(self, core):
        """What a verdict on an answer depends on."""
        return ()

    def candidates(self, state):
        """Numbers that may have a name, the right one among them."""
        return ()


class StepperScript(Script):
    calls = (
        "ConvolutionStepper(image, kernel)",
        "ConvolutionStepper(image, kernel, stride=2, padding=1)",
    )
    largest, near, bands = math.inf, 0.0051, (2,)

    def get(self, state):
        question = state.question
        settings = state.stride, state.padding, state.place
        switches = state.playing, state.everything, question.asking
        return (*settings, *switches, min(question.wrong, 2), question.said[0])

    def put(self, state, core):
        *settings, place, playing, everything, asking, wrong, kind = core
        if [state.stride, state.padding] != settings:
            state.stride, state.padding = settings
            state.settle()
        state.place, state.playing, state.everything = place, playing, everything
        _ask(state, asking, kind, wrong)

    def place(self, core):
        return core[2]

    def asks(self, core):
        return core[5]

    guarded = asks

    def ahead(self, state):
        return range(state.output.numel())

    def where(self, core):
        return core[:3]

    def candidates(self, state):
        kernel, (row, column) = state.fields.kernel, state.corner
        window = state.padded[row : row + kernel.shape[0], column : column + kernel.shape[1]]
        case = window.numpy(), kernel.numpy()
        return [*range(-20, 51), *_given_by_slips("01.third_number", case)]


class ViewsScript(Script):
    calls = ("FiveViews(image, kernel)",)

    def get(self, state):
        return state.place, state.playing, state.asking, state.question.said[0]

    def put(self, state, core):
        state.place, state.playing, asking, kind = core
        _ask(state, asking, kind)

    def place(self, core):
        return core[0]

    def asks(self, core):
        return core[2]

    guarded = asks

    def where(self, core):
        return core[:1]

    def candidates(self, state):
        return range(-1, state.image.numel() + 1)


class PoolingScript(Script):
    calls = ("PoolingStepper(image, kernel=3, stride=2, padding=1)",)

    def state(self):
        """A state that pools with the same settings once only: plain loops take their time."""
        state, known = super().state(), {}
        pool = state.pool

        def remembered():
            key = *state.settings.values(), state.kind, state.counted
            if key not in known:
                try:
                    pool()
                    known[key] = state.output, None
                except ValueError as error:
                    known[key] = None, error
            state.output, error = known[key]
            if error:
                raise error

        state.pool = remembered
        return state

    def get(self, state):
        choices = *state.settings.values(), state.kind, state.counted
        return *choices, state.everything, state.place, state.playing

    def put(self, state, core):
        *settings, kind, counted, everything, place, playing = core
        settings = dict(zip(SETTINGS, settings, strict=True))
        if (state.settings, state.kind, state.counted) != (settings, kind, counted):
            state.settings, state.kind, state.counted = settings, kind, counted
            state.settle()
        state.everything, state.place, state.playing = everything, place, playing

    def place(self, core):
        return core[6]


class SizesScript(Script):
    calls = ("SizeExplorer(n=8, kernel=3, stride=2)",)

    def get(self, state):
        question = state.question
        return *state.sizes.values(), question.asking, 0 in question.found, question.said[0]

    def put(self, state, core):
        *sizes, asking, _, kind = core
        state.sizes = dict(zip(state.sizes, sizes, strict=True))
        _ask(state, asking, kind)

    def asks(self, core):
        return core[5]

    def guarded(self, core):
        return core[6]

    def turns(self, event):
        if event[:2] != ("click", "another"):
            return ((),)
        return tuple((str(turn),) for turn in range(-1, len(QUESTIONS)))

    def matters(self, core, event):
        """A slider sets its size and an answer is forgotten; the button sets all sizes."""
        kind, name, _ = event
        if (kind, name) == ("click", "another"):
            return ()
        if name not in LIMITS:
            return core
        place = list(LIMITS).index(name)
        return core[:place] + core[place + 1 : 6]

    def where(self, core):
        return core[:5]

    def candidates(self, state):
        return [state.count, *_given_by_slips("02.output_size", tuple(state.sizes.values()))]


class KernelsScript(Script):
    """Named kernels on both pictures, and one weight of each typed anew: on the digit any of
    STEPS, on the photograph what the notebook asks for first (its pictures are large)."""

    calls = ("KernelLab(seven)",)

    def get(self, state):
        texts = tuple(map(tuple, state.fields.texts))
        return state.chosen, state.same, texts, tuple(map(tuple, state.fields.kernel.tolist()))

    def put(self, state, core):
        state.chosen, state.same, texts, kernel = core
        state.fields.texts = [list(line) for line in texts]
        state.fields.kernel = torch.tensor(kernel, dtype=torch.float64)

    def typed(self, core):
        chosen, _, texts, _ = core
        steps = STEPS if chosen == "digit" else ()
        for row, column, named in steps_from(texts):
            for text in (*steps, named, "", "-") if steps else ():
                yield "input", f"weight {row},{column}", text
        if chosen == "photograph" and (step := ASKED.get(texts)):
            yield step

    def leaves_out(self, core, event):
        """A weight typed anew on the digit is not shown on the photograph."""
        return event == ("input", "picture", "photograph") and core[2] not in SMALL


def _ask(state, asking, kind, wrong=0):
    question = state.question
    question.asking, question.said, question.wrong = asking, (kind, "-" if kind else ""), wrong


def _given_by_slips(name, case):
    """The numbers that the slips of an exercise give for a case."""
    exercise = find(name)
    for one in exercise.slips:
        try:
            value = float(compose(exercise, [one])(*case))
        except Exception:  # a slip may raise, or give what is no number
            continue
        if math.isfinite(value):
            yield value


SCRIPTS = {
    "stepper": StepperScript(),
    "kernels": KernelsScript(),
    "sizes": SizesScript(),
    "views": ViewsScript(),
    "pooling": PoolingScript(),
}
