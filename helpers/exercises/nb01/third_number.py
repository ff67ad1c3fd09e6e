"""01.third_number: one window, nine products, one sum; the stepper asks these slips, too."""

import numpy as np

from helpers.exercises import Exercise, slip

_WINDOW = ((2, 1, 0), (1, 3, 1), (2, 2, 3))
_KERNEL = ((0, 1, 2), (2, 2, 0), (0, 1, 2))


def number(window=_WINDOW, kernel=_KERNEL, *, turn=lambda k: k, make=lambda w, k: (w * k).sum()):
    """Nine products and their sum, (kH, kW) and (kH, kW) -> a number; `make` may do otherwise."""
    return make(np.array(window, dtype=float), turn(np.array(kernel, dtype=float)))


def _zeros_let_through(window, kernel):
    return (window * np.where(kernel == 0, 1, kernel)).sum()


EXERCISE = Exercise(
    name="01.third_number",
    title="One output number",
    difficulty=1,
    minutes=2,
    solution="third_number = 2*0 + 1*1 + 0*2 + 1*2 + 3*2 + 1*0 + 2*0 + 2*1 + 3*2",
    walk=number,
    why="The window holds 2 1 0 / 1 3 1 / 2 2 3, and each pixel is multiplied by the weight that "
    "lies on it.",
    hints=(
        "Lay the kernel over the top right corner of the image. Which nine pixels are covered?",
        "Columns 2, 3 and 4 of rows 0, 1 and 2: 2 1 0 / 1 3 1 / 2 2 3. A weight of 0 takes its "
        "pixel out, so six products are left.",
        "1*1 + 0*2, then 1*2 + 3*2, then 2*1 + 3*2: row by row, weights of 0 left out.",
    ),
    slips=(
        slip(
            "window-not-moved",
            "12 is what the two windows before gave. Move the window one more column to the right.",
            lambda: 12,
        ),
        slip(
            "row-and-column-exchanged",
            "9 stands in the third row of the first column. The row comes first: row 0, column 2.",
            lambda: 9,
        ),
        slip(
            "last-window",
            "14 stands in the third row, at the lower right. The upper right corner is in row 0.",
            lambda: 14,
        ),
        slip(
            "product-of-six-left-out",
            "11 lacks a product of 6. Twice a 3 lies under a 2: in the centre of the window and in "
            "its lower right corner.",
            lambda: 11,
        ),
        slip(
            "product-of-one-left-out",
            "16 lacks a product of 1: the 1 in the top row of the window lies under a weight of 1.",
            lambda: 16,
        ),
        slip(
            "kernel-flipped",
            "That comes out where the kernel is turned by half a turn first. It lies as it is "
            "drawn: its top left weight on the top left pixel of the window.",
            turn=lambda k: k[::-1, ::-1],
        ),
        slip(
            "kernel-transposed",
            "That comes out where the rows of the kernel lie on the columns of the window. Row "
            "belongs on row.",
            turn=lambda k: k.T,
        ),
        slip(
            "weights-forgotten",
            "That is the sum of the pixels alone. Each is multiplied by its weight first.",
            make=lambda w, k: w.sum(),
        ),
        slip(
            "pixels-forgotten",
            "That is the sum of the weights alone. Multiply each by the pixel under it.",
            make=lambda w, k: k.sum(),
        ),
        slip(
            "mean",
            "That is the mean of the products. They are added; nothing is divided.",
            make=lambda w, k: (w * k).mean(),
        ),
        slip(
            "largest-product",
            "That is the largest of the products. Here all are added; keeping the largest is "
            "another operation, pooling.",
            make=lambda w, k: (w * k).max(),
        ),
        slip(
            "zero-read-as-one",
            "A weight of 0 takes its pixel out of the sum; it does not let it through.",
            make=_zeros_let_through,
        ),
        slip(
            "added-not-multiplied",
            "That comes out where pixels and weights are added to each other. Multiply the two "
            "that lie on each other, and add only the products.",
            make=lambda w, k: (w + k).sum(),
        ),
        slip(
            "sums-multiplied",
            "That is the sum of the pixels times the sum of the weights. Multiply each pixel by "
            "its own weight, and add the nine products.",
            make=lambda w, k: w.sum() * k.sum(),
        ),
        slip(
            "matrix-product",
            "That is a matrix product, rows times columns. Here each pixel meets one weight only, "
            "the one that lies on it.",
            make=lambda w, k: (w @ k).sum() if w.shape[1] == k.shape[0] else np.nan,
        ),
        slip(
            "negated",
            "The amount is right, the sign is not. Minus times plus is minus.",
            make=lambda w, k: -(w * k).sum(),
        ),
    ),
)
