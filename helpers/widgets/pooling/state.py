"""A pooling window that walks over an image, live; how it looks is in `page`."""

import math

import torch

from helpers import arithmetic, figures
from helpers.cells import cell_label, matrix
from helpers.widgets.front.board import Board
from helpers.widgets.front.walk import Walk
from helpers.widgets.pooling.page import SETTINGS, page

LARGEST = 8  # pixels of the image along an axis: with padding all stays readable


def PoolingStepper(image, kernel=3, stride=1, padding=0):
    """The live pooling window on an image (H, W) of up to 8 by 8 pixels."""
    return Board(Pooling(image, kernel, stride, padding))


class Pooling(Walk):
    """Where the window lies, what is asked of it, and which outputs were visited."""

    label = "Pooling stepper"

    def __init__(self, image, kernel=3, stride=1, padding=0):
        self.image = torch.tensor(matrix(image), dtype=torch.float64)
        if max(self.image.shape) > LARGEST or not self.image.isfinite().all():
            size = " by ".join(map(str, self.image.shape))
            raise ValueError(
                f"image is {size}; the stepper shows finite numbers, up to {LARGEST} by {LARGEST}."
            )
        self.settings = {"kernel": kernel, "stride": stride, "padding": padding}
        for name, value in self.settings.items():
            if value not in SETTINGS[name]:
                raise ValueError(f"{name} is {value!r}; the stepper knows {SETTINGS[name]}.")
        self.kind, self.counted, self.everything = "max", True, False
        self.settle()

    def settle(self):
        """Begin again with new settings."""
        self.playing, self.place, self.seen, self.trouble = False, 0, set(), ""
        try:
            self.pool()
        except ValueError as error:
            self.output, self.trouble = None, str(error)
            return
        self.go(0)

    def pool(self):
        """Compute the output; ValueError where torch raises an error too."""
        if self.kind == "max":
            self.output = arithmetic.max_pool2d(self.image, **self.settings)
        else:
            self.output = arithmetic.avg_pool2d(
                self.image, **self.settings, count_include_pad=self.counted
            )

    def handle(self, event):
        name, value = event["name"], event.get("value", "")
        if name in SETTINGS:
            self.settings[name] = int(value)
            self.settle()
        elif name == "all":
            self.everything = value == "true"
        elif name in ("kind", "counted"):
            setattr(self, name, value if name == "kind" else value == "true")
            if self.output is not None:
                self.pool()
        elif self.output is not None:
            self.walk(event)

    def window(self):
        """The places (row, column) under the window, in the image without padding."""
        (row, column), (kernel, stride, padding) = self.at, self.settings.values()
        top, left = row * stride - padding, column * stride - padding
        return [[(top + i, left + j) for j in range(kernel)] for i in range(kernel)]

    def inside(self, place):
        """Whether a place is a pixel and not padding."""
        return all(0 <= at < size for at, size in zip(place, self.image.shape, strict=True))

    def value(self, place):
        """What stands at a place: a pixel, or what this pooling has in the padding."""
        if self.inside(place):
            return float(self.image[place])
        return -math.inf if self.kind == "max" else 0.0

    def winners(self):
        """The pixels that hold the largest number, the one that torch names first."""
        places = [place for line in self.window() for place in line if self.inside(place)]
        largest = max(self.value(place) for place in places)
        return [place for place in places if self.value(place) == largest]

    def divisor(self):
        """By what the sum is divided."""
        places = [place for line in self.window() for place in line]
        return len(places) if self.counted else sum(map(self.inside, places))

    def lines(self):
        """The window's numbers, what is done with them and the result: one line for each row."""
        most = self.kind == "max"
        rows = [
            [self.value(place) for place in line if most or self.counted or self.inside(place)]
            for line in self.window()
        ]
        rows = [row for row in rows if row]
        wide = max(len(cell_label(value)) for row in rows for value in row)
        between, head = (", ", "max(") if most else (" + ", "(")
        rows = [between.join(cell_label(value).rjust(wide) for value in row) for row in rows]
        after = between.rstrip() if most else " +"
        result = self.output[self.at]
        sign = "=" if math.isclose(float(f"{result:.2f}"), result, rel_tol=1e-6) else "≈"
        tail = ")" if most else f") / {self.divisor()}"
        rows = [f"{' ' * len(head) if i else head}{row}" for i, row in enumerate(rows)]
        rows[:-1] = [f"{row}{after}" for row in rows[:-1]]
        return [*rows[:-1], f"{rows[-1]}{tail} {sign} {cell_label(result)}"]

    def message(self):
        """What the window found, in a sentence."""
        if self.output is None:
            return f"torch refuses this: {self.trouble}"
        row, column = self.at
        where = f"Output row {row}, column {column}: "
        if self.kind == "max":
            first, *others = self.winners()
            result = cell_label(self.output[self.at])
            if not others:
                return (
                    f"{where}the largest is {result}, from input row {first[0]}, column {first[1]}."
                )
            places = ", ".join(map(str, [first, *others]))
            return (
                f"{where}the largest, {result}, stands in {len(others) + 1} places: {places}. "
                f"torch names the first in reading order, {first}."
            )
        padded = sum(not self.inside(place) for line in self.window() for place in line)
        note = f", {padded} of them padding" if padded else ""
        if padded and not self.counted:
            note = f"; the {padded} in the padding do not count"
        return f"{where}divided by {self.divisor()} numbers{note}."

    def text(self):
        if self.output is None:
            return self.message()
        said = " ".join(" ".join(self.lines()).split())
        return f"{self.kind} pooling. {self.message()} {said}."

    def figure(self):
        if self.output is None:
            return figures.show_grids((self.image, "input", "input"))
        window = [place for line in self.window() for place in line if self.inside(place)]
        largest = arithmetic.max_pool2d(self.image, **self.settings)
        average = arithmetic.avg_pool2d(self.image, **self.settings)
        return figures.show_grids(
            {"values": self.image, "title": "input", "now": window},
            {"values": largest, "role": "output", "title": "max", "now": [self.at]},
            {"values": average, "role": "output", "title": "average", "now": [self.at]},
        )

    def html(self):
        return page(self)
