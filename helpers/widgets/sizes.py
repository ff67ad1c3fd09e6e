"""Every place of a kernel along one axis, counted, calculated and asked of torch."""

import html

import torch
from torch.nn import functional as F

from helpers import arithmetic, figures
from helpers.exercises import nb02
from helpers.widgets.board import Board, State
from helpers.widgets.controls import says, switch
from helpers.widgets.fields import number
from helpers.widgets.sizes_picture import picture

LIMITS = {"n": (1, 16), "kernel": (1, 7), "stride": (1, 4), "padding": (0, 3), "dilation": (1, 3)}
LETTERS = {"n": "n", "kernel": "k", "stride": "s", "padding": "p", "dilation": "d"}
QUESTIONS = (  # n, kernel, stride, padding, dilation: sizes that tell the usual slips apart
    (7, 3, 2, 0, 1),
    (8, 3, 2, 1, 1),
    (10, 3, 3, 2, 1),
    (9, 3, 1, 0, 2),
    (7, 2, 2, 1, 1),
    (5, 6, 2, 0, 1),
    (16, 4, 4, 0, 1),
    (12, 3, 2, 1, 3),
)
MISTAKES = next(e for e in nb02.EXERCISES if e.name == "02.output_size").mistakes


def SizeExplorer(n=7, kernel=3, stride=1, padding=0, dilation=1):
    """The live size explorer: n pixels 1-16, kernel 1-7, stride 1-4, padding 0-3, dilation 1-3."""
    return Board(Sizes(n=n, kernel=kernel, stride=stride, padding=padding, dilation=dilation))


class Sizes(State):
    """The five numbers, and what was asked and answered."""

    label = "Size explorer"

    def __init__(self, **sizes):
        for name, value in sizes.items():
            low, high = LIMITS[name]
            if value not in range(low, high + 1):
                raise ValueError(f"{name} is {value!r}; the explorer takes {low} to {high}.")
        self.sizes, self.asking, self.answered = sizes, False, False
        self.typed, self.said, self.version, self.question = "", ("", ""), 0, -1

    @property
    def count(self):
        """How many places there are: 0 if the kernel does not fit."""
        try:
            return arithmetic.output_size(**self.sizes)
        except ValueError:
            return 0

    @property
    def reads(self):
        """For every place, the pixels of the padded row that it reads."""
        _, kernel, stride, _, dilation = self.sizes.values()
        starts = [i * stride for i in range(self.count)]
        return [list(range(x, x + dilation * kernel, dilation)) for x in starts]

    @property
    def hidden(self):
        """Whether the answer is still to be found."""
        return self.asking and not self.answered

    def handle(self, event):
        name, value = event["name"], event.get("value", "")
        if name in self.sizes:
            low, high = LIMITS[name]
            self.change({name: min(max(int(value), low), high)})
        elif name == "ask":
            self.asking = value == "true"
            self.change({})
        elif name == "another":
            self.question = (self.question + 1) % len(QUESTIONS)
            self.asking = True
            self.change(dict(zip(self.sizes, QUESTIONS[self.question], strict=True)))
        elif name == "answer" and event["type"] == "input":
            self.typed = value
        elif name == "answer" and self.asking:
            self.judge(value if event["type"] == "enter" else self.typed)

    def change(self, sizes):
        """Take new sizes; what was answered before no longer counts."""
        self.sizes |= sizes
        self.answered, self.said = False, ("", "")
        self.typed, self.version = "", self.version + 1

    def judge(self, text):
        """Compare a typed count; a wrong one is explained by the first slip that gives it."""
        answer = number(text)
        if answer is None:
            self.said = ("bad", "Type a number, such as 5, and press Enter. No place at all is 0.")
        elif answer == self.count:
            self.answered, self.said = True, ("good", f"{self.count} is right.")
        else:
            slip = next((m.message for m in MISTAKES if m.wrong(**self.sizes) == answer), None)
            slip = slip or "Lay the kernel on the first pixels, push it, and count where it fits."
            self.said = ("bad", f"{text.strip()} is not the count. {slip}")

    def formula(self):
        """The formula, and the formula with its numbers."""
        n, k, s, p, d = self.sizes.values()
        room = n + 2 * p - d * (k - 1) - 1
        general = "floor((n + 2*p - d*(k - 1) - 1) / s) + 1"
        if self.hidden:
            return general, "= ?"
        filled = f"= floor(({n} + 2*{p} - {d}*({k} - 1) - 1) / {s}) + 1 = floor({room} / {s}) + 1"
        if room < 0:
            return (
                general,
                f"= floor(({n} + 2*{p} - {d}*({k} - 1) - 1) / {s}) + 1: the room is {room}",
            )
        return general, f"{filled} = {room // s + 1}"

    def torch_says(self):
        """What torch answers for a row of zeros."""
        n, kernel, *settings = self.sizes.values()
        if self.hidden:
            return "?"
        try:
            out = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, kernel), None, *settings)
        except RuntimeError as error:
            return f"RuntimeError: {str(error).splitlines()[0]}"
        return f"{out.shape[2]} (an output of shape {tuple(out.shape)})"

    def summary(self):
        """The count in a sentence."""
        n, kernel, stride, padding, dilation = self.sizes.values()
        if self.hidden:
            return (
                "How many places has the kernel? Type the number; the rows appear when it is right."
            )
        if not self.count:
            reach, room = dilation * (kernel - 1) + 1, n + 2 * padding
            return f"No place: the kernel reaches over {reach} pixels, and the row has {room}."
        unread = n + 2 * padding - len({x for row in self.reads for x in row})
        rest = f"{unread} never read (struck through)" if unread else "every pixel is read"
        return f"{self.count} place{'s' if self.count > 1 else ''}, {rest}."

    def text(self):
        sizes = ", ".join(f"{name} {value}" for name, value in self.sizes.items())
        return f"{sizes}. {self.said[1]} {self.summary()}".replace("  ", " ")

    def figure(self):
        return figures.show_placements(**self.sizes) if self.count else None

    def html(self):
        general, filled = self.formula()
        kind = self.said[0] or ("" if self.count or self.hidden else "bad")
        message = f"{self.said[1]} {self.summary() if self.said[0] != 'bad' else ''}"
        n, _, _, padding, _ = self.sizes.values()
        shown = self.reads[:1] if self.hidden else self.reads
        return (
            f'<div class="row">{self._sliders()}</div><div class="row">{self._question()}</div>'
            f'<div class="sum">{html.escape(general)}\n{html.escape(filled)}</div>'
            f'<div class="sum">torch: {html.escape(self.torch_says())}</div>'
            f"{says(message.strip(), kind)}"
            f"{picture(n, padding, shown, self.hidden)}"
        )

    def _sliders(self):
        return "".join(
            f'<label class="slider"><span>{name}'
            f"{f', {LETTERS[name]}' if name != 'n' else ' (pixels)'}</span>"
            f'<input type="range" data-input="{name}" min="{LIMITS[name][0]}" '
            f'max="{LIMITS[name][1]}" value="{value}" aria-valuetext="{name} {value}">'
            f"<output>{value}</output></label>"
            for name, value in self.sizes.items()
        )

    def _question(self):
        off = "" if self.hidden else " disabled"
        return (
            f"{switch('ask', 'ask me first', self.asking)}"
            '<button data-click="another">another question</button>'
            f'<label>places <input type="text" maxlength="6" data-input="answer" '
            f'value="" data-version="{self.version}"{off}></label>'
            f'<button data-click="answer"{off}>answer</button>'
        )
