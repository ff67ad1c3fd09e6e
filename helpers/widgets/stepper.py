"""A window that walks over an image, shows its products and asks for sums; not its slips."""

import math

import torch

from helpers import arithmetic, figures
from helpers.cells import matrix
from helpers.widgets import slips
from helpers.widgets.board import Board, State
from helpers.widgets.fields import KernelFields, number
from helpers.widgets.stepper_page import PADDINGS, STRIDES, page

LARGEST = 12  # pixels along an axis: cells stay readable


def ConvolutionStepper(image, kernel, stride=1, padding=0):
    """The live stepper: image (H, W) and kernel (kH, kW), up to 12 by 12 each."""
    return Board(Stepper(image, kernel, stride, padding))


class Stepper(State):
    """Where the window lies, which outputs were visited, and what was asked and said."""

    label = "Convolution stepper"
    keys = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End")

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
        self.everything = self.asking = self.playing = False
        self.typed, self.version = "", 0
        self.settle()

    def settle(self):
        """Compute the output for new settings and begin again at its first number."""
        self.playing, self.wrong, self.said = False, 0, ("", "")
        self.padded = arithmetic.pad2d(self.image, self.padding)
        kernel = self.fields.kernel
        try:
            for n, k in zip(self.image.shape, kernel.shape, strict=True):
                arithmetic.output_size(n, k, self.stride, self.padding)
        except ValueError as error:
            self.output, self.said = None, ("bad", str(error))
            return
        windows = self.padded
        for axis, k in enumerate(kernel.shape):
            windows = windows.unfold(axis, k, self.stride)
        self.output = (windows * kernel).sum((2, 3))
        self.seen = set()
        self.go(0)

    @property
    def at(self):
        """Row and column of the output number that the window makes."""
        return divmod(self.place, self.output.shape[1])

    @property
    def corner(self):
        """Row and column of the window in the padded image."""
        row, column = self.at
        return row * self.stride, column * self.stride

    @property
    def known(self):
        """Whether the sum at the window may be shown."""
        return not self.asking or self.place in self.seen

    def go(self, place):
        """Move the window, if there is such a place; without asking its number appears."""
        if not 0 <= place < self.output.numel():
            return
        self.place, self.wrong, self.said = place, 0, ("", "")
        if not self.asking:
            self.seen.add(place)

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
        elif event["type"] in ("input", "enter") or name == "answer":
            self.set(event["type"], name, value)
        else:
            self.move(event["type"], name, value)

    def set(self, kind, name, value):
        """Take in a switch, or a typed answer."""
        if name == "all":
            self.everything = value == "true"
        elif name == "ask":
            self.asking = value == "true"
            self.everything = False
            self.version += 1
            self.settle()
        elif kind == "input":
            self.typed = value
        elif self.asking:
            self.judge(value if kind == "enter" else self.typed)

    def move(self, kind, name, value):
        """Take in a step: a button, a key, a click on an output number, or a tick of play."""
        width, last = self.output.shape[1], self.output.numel() - 1
        steps = {"next": 1, "previous": -1, "ArrowRight": 1, "ArrowLeft": -1}
        steps |= {"ArrowDown": width, "ArrowUp": -width}
        ends = {"first": 0, "Home": 0, "End": last}
        if name == "play":
            self.playing = not self.playing and not self.asking
            if self.playing and self.place == last:
                self.go(0)
        elif kind == "tick":
            if self.playing:
                self.go(self.place + 1)
            self.playing = self.playing and self.place < last
        elif name == "go":
            row, column = map(int, value.split(","))
            self.go(row * width + column)
        else:
            self.playing = False
            self.go(ends[name] if name in ends else self.place + steps.get(name, 0))

    def judge(self, text):
        """Compare a typed number with the sum: move on, or say which slip gives it."""
        answer, total = number(text, math.inf), float(self.output[self.at])
        if answer is None:
            self.said = ("bad", "Type a number, such as 7 or -3, and press Enter.")
        elif not slips.is_right(answer, total):
            self.wrong += 1
            args = (self.padded, self.fields.kernel, self.corner, self.at, self.padding)
            self.said = ("bad", f"{text.strip()}: {slips.name_slip(answer, *args)}")
        else:
            done = f"{self.sum()} is right."
            self.seen.add(self.place)
            places = [*range(self.place, self.output.numel()), *range(self.place)]
            left = [place for place in places if place not in self.seen]
            self.typed, self.version = "", self.version + 1
            self.go(left[0] if left else self.place)
            row, column = self.at
            ahead = f"Next: row {row}, column {column}." if left else "That was the last one."
            self.said = ("good", f"{done} {ahead}")

    def lines(self, total=None):
        """Products and sum of the window; without `total` the sum is a question mark."""
        kernel, (row, column) = self.fields.kernel, self.corner
        window = self.padded[row : row + kernel.shape[0], column : column + kernel.shape[1]]
        return slips.sum_lines(window, kernel, total)

    def sum(self):
        """Products and sum in one line."""
        return " + ".join(self.lines(float(self.output[self.at])))

    def message(self):
        """Kind (good, bad or none) and sentence that stands under the picture."""
        if self.fields.trouble:
            return "bad", self.fields.trouble
        if self.output is None or self.said[1]:
            return self.said
        row, column = self.at
        if self.known:
            return "", f"Output row {row}, column {column}."
        return "", f"Which number belongs into output row {row}, column {column}? Add the products."

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
