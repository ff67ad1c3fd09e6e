"""Every place of a kernel along one axis, counted, calculated and asked of torch."""

import torch
from torch.nn import functional as F

from helpers import arithmetic, figures
from helpers.widgets.front.board import Board, State
from helpers.widgets.front.fields import number
from helpers.widgets.front.question import Question
from helpers.widgets.sizes.page import LIMITS, page
from helpers.widgets.sizes.slips import name_slip

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
        self.sizes, self.turn, self.question = sizes, -1, Question(self.judge)

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
        return not self.question.known()

    def handle(self, event):
        name, value = event["name"], event.get("value", "")
        if name in self.sizes:
            low, high = LIMITS[name]
            self.change({name: min(max(int(value), low), high)})
        elif name == "another":
            self.turn = (self.turn + 1) % len(QUESTIONS)
            self.question.asking = True
            self.change(dict(zip(self.sizes, QUESTIONS[self.turn], strict=True)))
        else:
            self.question.take(event)

    def change(self, sizes):
        """Take new sizes; what was answered before no longer counts."""
        self.sizes |= sizes
        self.question.renew()

    def judge(self, text):
        """Whether a typed text is the count; a wrong one is explained by a slip that gives it."""
        answer = number(text)
        if answer is None:
            return None, "Type a number, such as 5, and press Enter. No place at all is 0."
        if answer == self.count:
            return True, f"{self.count} is right."
        return False, f"{text.strip()} is not the count. {name_slip(answer, self.sizes)}"

    def message(self):
        """Kind (good, bad or none) and sentence that stands above the picture."""
        kind, said = self.question.said
        if kind == "bad":
            return kind, said
        kind = kind or ("" if self.count or self.hidden else "bad")
        return kind, f"{said} {self.summary()}".strip()

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
        rest = f"{unread} never read (hatched)" if unread else "every pixel is read"
        return f"{self.count} place{'s' if self.count > 1 else ''}, {rest}."

    def text(self):
        sizes = ", ".join(f"{name} {value}" for name, value in self.sizes.items())
        return f"{sizes}. {self.message()[1]}"

    def figure(self):
        return figures.show_placements(**self.sizes) if self.count else None

    def html(self):
        return page(self)
