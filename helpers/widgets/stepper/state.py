"""A window that walks over an image, shows its products and asks for sums; not its slips."""

import math

import torch

from helpers import arithmetic, figures
from helpers.cells import matrix
from helpers.widgets.front.board import Board
from helpers.widgets.front.fields import KernelFields, number
from helpers.widgets.front.question import Question
from helpers.widgets.front.sums import is_right, sum_lines
from helpers.widgets.front.walk import Walk
from helpers.widgets.stepper.page import PADDINGS, STRIDES, page
from helpers.widgets.stepper.slips import name_slip

LARGEST = 12  # pixels along an axis: cells stay readable


def ConvolutionStepper(image, kernel, stride=1, padding=0):
    """The live stepper: image (H, W) and kernel (kH, kW), up to 12 by 12 each."""
    return Board(Stepper(image, kernel, stride, padding))


class Stepper(Walk):
    """Image, kernel and settings, where the window lies, and the question for its sum."""

    label = "Convolution stepper"

    def __init__(self, image, kernel, stride=1, padding=0):
        for name, values in (("image", image), ("kernel", kernel)):
            if max(matrix(values).shape) > LARGEST:
                size = " by ".join(map(str, matrix(values).shape))
                raise ValueError(
                    f"{name} is {size}; the stepper shows up to {LARGEST} by {LARGEST}."
                )
        for name, value, allowed in (("stride", stride, STRIDES), ("padding", padding, PADDINGS)):
            if value not in allowed:
                raise ValueError(f"{name} is {value!r}; the stepper knows {allowed}.")
        self.image = torch.tensor(matrix(image), dtype=torch.float64)
        self.fields = KernelFields(kernel)
        self.stride, self.padding = stride, padding
        self.question = Question(self.judge)
        self.settle()

    def settle(self):
        """Compute the output for new settings and begin again at its first number."""
        self.playing, self.trouble, self.seen = False, "", set()
        self.question.renew()
        self.padded = arithmetic.pad2d(self.image, self.padding)
        kernel = self.fields.kernel
        try:
            for n, k in zip(self.image.shape, kernel.shape, strict=True):
                arithmetic.output_size(n, k, self.stride, self.padding)
        except ValueError as error:
            self.output, self.trouble = None, str(error)
            return
        windows = self.padded
        for axis, k in enumerate(kernel.shape):
            windows = windows.unfold(axis, k, self.stride)
        self.output = (windows * kernel).sum((2, 3))
        self.go(0)

    @property
    def asking(self):
        """Whether sums are asked for."""
        return self.question.asking

    @property
    def corner(self):
        """Row and column of the window in the padded image."""
        row, column = self.at
        return row * self.stride, column * self.stride

    @property
    def known(self):
        """Whether the sum at the window may be shown."""
        return self.question.known(self.place)

    def arrive(self):
        self.question.clear()
        if not self.asking:
            self.seen.add(self.place)

    def handle(self, event):
        name, value = event["name"], event.get("value", "")
        if name.startswith("weight "):
            if event["type"] == "input" and self.fields.type(name, value):
                self.settle()
        elif name in ("stride", "padding"):
            setattr(self, name, int(value))
            self.settle()
        elif self.output is None:
            return
        elif name == "all":
            self.everything = value == "true"
        elif taken := self.question.take(event, self.place):
            if taken == "ask":
                self.everything = False
                self.settle()
            elif taken == "right":
                self.move_on()
        else:
            self.walk(event)

    def judge(self, text):
        """Whether a typed text is the sum; if not, which slip gives it."""
        answer, total = number(text, math.inf), float(self.output[self.at])
        if answer is None:
            return None, "Type a number, such as 7 or -3, and press Enter."
        if is_right(answer, total):
            return True, f"{self.sum()} is right."
        args = (self.padded, self.fields.kernel, self.corner, self.at, self.padding)
        return False, f"{text.strip()}: {name_slip(answer, *args)}"

    def move_on(self):
        """After a right answer: go to the next number that was not found."""
        self.seen.add(self.place)
        kind, sentence = self.question.said
        place = self.question.ahead(self.place, self.output.numel())
        ahead = "That was the last one."
        if place != self.place:
            self.go(place)
            ahead = "Next: row {}, column {}.".format(*self.at)
        self.question.said = (kind, f"{sentence} {ahead}")

    def lines(self, total=None):
        """Products and sum of the window; without `total` the sum is a question mark."""
        kernel, (row, column) = self.fields.kernel, self.corner
        window = self.padded[row : row + kernel.shape[0], column : column + kernel.shape[1]]
        return sum_lines(window, kernel, total)

    def sum(self):
        """Products and sum in one line."""
        return " + ".join(self.lines(float(self.output[self.at])))

    def message(self):
        """Kind (good, bad or none) and sentence that stands under the picture."""
        if self.fields.trouble:
            return "bad", self.fields.trouble
        if self.output is None:
            return "bad", self.trouble
        if self.question.said[1]:
            return self.question.said
        row, column = self.at
        if self.known:
            return "", f"Output row {row}, column {column}."
        return "", f"Which number belongs in output row {row}, column {column}? Add the products."

    def text(self):
        message = self.message()[1]
        if self.output is None:
            return message
        count = self.output.numel()
        shown = count if self.everything else len(self.seen)
        total = f" {self.sum()}." if self.known else ""
        return f"{message}{total} {shown} of {count} output numbers shown."

    def figure(self):
        if self.output is None:
            return figures.show_grids(
                (self.image, "input", "input"), (self.fields.kernel, "kernel")
            )
        settings = {"stride": self.stride, "padding": self.padding}
        return figures.show_convolution(self.image, self.fields.kernel, *self.at, **settings)

    def html(self):
        return page(self)
