"""A kernel that is typed in, one text field a weight; what it is used for is in the widgets."""

import html
import math
from fractions import Fraction

import torch

from helpers.cells import matrix

LARGEST = 1000


def number(text, largest=LARGEST):
    """The number that a learner wrote (2, -1, 0.5, 0,5 or 1/9), or None."""
    text = text.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
    top, slash, bottom = text.partition("/")
    try:
        value = float(top) / float(bottom) if slash else float(top)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return value if math.isfinite(value) and abs(value) <= largest else None


def written(value):
    """A weight as it stands in a field: as a fraction where that is what it is."""
    near = Fraction(float(value)).limit_denominator(16)
    if math.isclose(near, value, rel_tol=1e-6, abs_tol=1e-9):
        return str(near)
    return f"{float(value):.4g}"


class KernelFields:
    """The texts of the fields and `kernel`, the last one that they held (float64)."""

    def __init__(self, kernel):
        self.show(kernel)

    def show(self, kernel):
        """Write a kernel into the fields."""
        self.kernel = torch.tensor(matrix(kernel), dtype=torch.float64)
        self.texts = [[written(weight) for weight in row] for row in self.kernel.tolist()]

    def type(self, name, text):
        """Take in the text of the field `name` ("weight row,column"); whether a kernel came out."""
        row, column = map(int, name.removeprefix("weight ").split(","))
        self.texts[row][column] = text
        weights = [[number(text) for text in line] for line in self.texts]
        whole = not any(weight is None for line in weights for weight in line)
        if whole:
            self.kernel = torch.tensor(weights, dtype=torch.float64)
        return whole

    @property
    def trouble(self):
        """A sentence on the first field that holds no number, or nothing."""
        for row, line in enumerate(self.texts):
            for column, text in enumerate(line):
                if number(text) is None:
                    holds = f"holds “{text}”" if text.strip() else "is empty"
                    return (
                        f"Row {row}, column {column} of the kernel {holds}. Write a number there, "
                        f"such as 2, -1, 0.5 or 1/9, at most {LARGEST}. "
                        "Until then the last kernel is used."
                    )
        return ""

    def html(self):
        """The fields, laid out as the kernel."""
        cells = "".join(
            f'<input type="text" maxlength="8" data-input="weight {row},{column}" '
            f'value="{html.escape(text)}" aria-label="kernel row {row} column {column}"'
            f"{' aria-invalid=true' if number(text) is None else ''}>"
            for row, line in enumerate(self.texts)
            for column, text in enumerate(line)
        )
        columns = f"grid-template-columns: repeat({len(self.texts[0])}, auto)"
        return (
            f'<div class="weights" role="group" aria-label="kernel" style="{columns}">{cells}</div>'
        )
