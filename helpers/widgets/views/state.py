"""One output number of a convolution in five views at once; how they look is in `page`."""

import torch
from torch import nn
from torch.nn import functional as F

from helpers import arithmetic, figures
from helpers.cells import as_text, matrix
from helpers.widgets.front.board import Board
from helpers.widgets.front.fields import number
from helpers.widgets.front.question import Question
from helpers.widgets.front.sums import sum_lines
from helpers.widgets.front.walk import Walk
from helpers.widgets.views.page import page

LARGEST = {"image": 5, "kernel": 3}  # rows and columns: all five views fit on one screen


def FiveViews(image, kernel):
    """The live five views: image up to 5 by 5, kernel up to 3 by 3, no padding, stride 1."""
    return Board(Views(image, kernel))


class Views(Walk):
    """Which output number is looked at, the five ways to it, and the question about its row."""

    label = "Five views of a convolution"

    def __init__(self, image, kernel):
        for name, values in (("image", image), ("kernel", kernel)):
            size = matrix(values).shape
            if max(size) > LARGEST[name]:
                raise ValueError(
                    f"{name} is {' by '.join(map(str, size))}; the five views have room for "
                    f"{LARGEST[name]} by {LARGEST[name]}."
                )
        self.image, self.kernel = (
            torch.tensor(matrix(x), dtype=torch.float64) for x in (image, kernel)
        )
        self.output = arithmetic.conv2d(self.image, self.kernel)
        self.matrix, self.read = _toeplitz(self.kernel, self.image.shape)
        self.patches = F.unfold(self.image[None, None], self.kernel.shape)[0].T
        self.results = self._all_five()
        self.question = Question(self.judge)

    def _all_five(self):
        """The output, computed in each of the five ways."""
        flat, (rows, columns) = self.kernel.flatten(), self.output.shape
        layer = nn.Conv2d(1, 1, self.kernel.shape, bias=False, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(self.kernel)
            convolved = layer(self.image[None, None])[0, 0]
        perceptron = torch.stack([(window * flat).sum() for window in self.patches])
        return {
            "sliding window": self.output,
            "perceptron": perceptron.reshape(rows, columns),
            "matrix": (self.matrix @ self.image.flatten()).reshape(rows, columns),
            "im2col": (self.patches @ flat).reshape(rows, columns),
            "nn.Conv2d": convolved,
        }

    @property
    def asking(self):
        """Whether rows are asked for."""
        return self.question.asking

    @property
    def known(self):
        """Whether the row of the output number may be shown."""
        return self.question.known(self.place)

    def arrive(self):
        self.question.clear()

    def handle(self, event):
        name, value = event["name"], event.get("value", "")
        if self.question.take(event, self.place):
            self.playing = self.playing and not self.asking
        elif name == "row" and not self.known:
            self.question.answer(value, self.place)
        elif name == "row":
            self.go(int(value))
        else:
            self.walk(event)

    def judge(self, text):
        """Whether a text is the row of this output number; if not, what it is."""
        (row, column), (height, width) = self.at, self.output.shape
        answer, text = number(text), text.strip()
        if answer is None:
            return None, "Type the number of the row, such as 4, and press Enter."
        if answer == self.place:
            return True, f"Row {self.place} is right: {row} * {width} + {column}."
        if answer == self.place + 1:
            return False, f"{text} counts from 1. Rows are counted from 0."
        if answer == column * height + row:
            return False, f"{text} counts down the columns. Output numbers are taken row by row."
        if answer == row * self.image.shape[1] + column:
            why = "counts in the image, whose rows are longer. Count output numbers."
            return False, f"{text} {why}"
        return False, f"{text} is not it. How many output numbers come before ({row}, {column})?"

    def sum(self):
        """The products of the window and their sum, in one line."""
        row, column = self.at
        height, width = self.kernel.shape
        window = self.image[row : row + height, column : column + width]
        return " + ".join(sum_lines(window, self.kernel, float(self.output[self.at])))

    def message(self):
        """Kind (good, bad or none) and sentence that stands under the picture."""
        row, column = self.at
        if self.question.said[1]:
            return self.question.said
        if not self.known:
            return "", (
                f"Which row of the matrix makes output row {row}, column {column}? "
                "Type its number, counted from 0, or click on the row."
            )
        agree = all(torch.allclose(way, self.output) for way in self.results.values())
        result = as_text(self.output[self.at])
        how = f"All five views give {result}" if agree else "The views do not agree"
        return "", f"Output row {row}, column {column}: row {self.place} in views 3 and 4. {how}."

    def text(self):
        products = f" {self.sum()}." if self.known else ""
        return f"{self.message()[1]}{products}"

    def figure(self):
        return figures.show_convolution(self.image, self.kernel, *self.at)

    def html(self):
        return page(self)


def _toeplitz(kernel, shape):
    """The matrix that convolves a flat image, and which of its entries hold a weight."""
    pixels = torch.eye(shape[0] * shape[1], dtype=kernel.dtype).reshape(-1, 1, *shape)
    columns = [F.conv2d(pixels, k[None, None]).flatten(1).T for k in (kernel, kernel * 0 + 1)]
    return columns[0], columns[1] == 1
