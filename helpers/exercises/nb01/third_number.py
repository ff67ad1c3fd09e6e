"""01.third_number: one window, nine products, one sum.

The stepper asks these slips too, so what a twist says holds for any window and kernel.
"""

import numpy as np

from helpers.exercises import Exercise, slip

_WINDOW = ((2, 1, 0), (1, 3, 1), (2, 2, 3))
_KERNEL = ((0, 1, 2), (2, 2, 0), (0, 1, 2))


def number(window=_WINDOW, kernel=_KERNEL, *, make=lambda w, k: (w * k).sum()):
    """Nine products and their sum, (kH, kW) and (kH, kW) -> a number; `make` may do otherwise."""
    return make(np.array(window, dtype=float), np.array(kernel, dtype=float))


_MEAN = "the products were averaged. They are added; nothing is divided."
_NOT_MOVED = "12 is what the two windows before gave. Move the window one more column to the right."
_FLIPPED = (
    "That comes out where the kernel is turned by half a turn first. It lies as it is drawn, on "
    "the rows and columns of the window that is asked for."
)
_TRANSPOSED = (
    "That comes out where the rows of the kernel lie on the columns of the window. Row belongs on "
    "row."
)

# fmt: off
SLIPS = (
    slip("window-not-moved", _NOT_MOVED, lambda: 12),
    slip("kernel-flipped", _FLIPPED, make=lambda w, k: (w * k[::-1, ::-1]).sum()),
    slip("kernel-transposed", _TRANSPOSED, make=lambda w, k: (w * k.T).sum()),
    slip("mean", f"Here {_MEAN}", make=lambda w, k: (w * k).mean()),
    slip("window-not-moved-and-mean", f"{_NOT_MOVED} And: {_MEAN}", lambda: 12 / 9),
    slip("kernel-flipped-and-mean", f"{_FLIPPED} And: {_MEAN}",
        make=lambda w, k: (w * k[::-1, ::-1]).mean()),
    slip("kernel-transposed-and-mean", f"{_TRANSPOSED} And: {_MEAN}",
        make=lambda w, k: (w * k.T).mean()),
    slip("row-and-column-exchanged", "9 stands in the third row of the first column. The row comes "
        "first: row 0, column 2.", lambda: 9),
    slip("last-window", "14 stands in the third row, at the lower right. The upper right corner is "
        "in row 0.", lambda: 14),
    slip("product-of-six-left-out", "11 lacks a product of 6. Twice a 3 lies under a 2: in the "
        "centre of the window and in its lower right corner.", lambda: 11),
    slip("product-of-one-left-out", "16 lacks a product of 1: the 1 in the top row of the window "
        "lies under a weight of 1.", lambda: 16),
    slip("product-of-one-too-many", "18 has a product of 1 too many: the 1 at the right of the "
        "middle row lies under a weight of 0.", lambda: 18),
    slip("zero-read-as-one", "A weight of 0 takes its pixel out of the sum; it does not let it "
        "through.", make=lambda w, k: (w * np.where(k == 0, 1, k)).sum()),
    slip("weights-forgotten", "That is the sum of the pixels alone. Each is multiplied by its "
        "weight first, and all the products are added.", make=lambda w, k: w.sum()),
    slip("pixels-forgotten", "That is the sum of the weights alone. Multiply each weight by the "
        "pixel under it, in the window that is asked for.",
        make=lambda w, k: k.sum()),
    slip("largest-product", "That is the largest of the products. Here all are added; keeping the "
        "largest is another operation, pooling.", make=lambda w, k: (w * k).max()),
    slip("products-not-added", "Those are the products. Add all of them.",
        make=lambda w, k: w * k),
    slip("added-not-multiplied", "That comes out where pixels and weights are added to each other. "
        "Multiply the two that lie on each other, and add only the products.",
        make=lambda w, k: (w + k).sum()),
    slip("sums-multiplied", "That is the sum of the pixels times the sum of the weights. Multiply "
        "each pixel by its own weight, and add the products.",
        make=lambda w, k: w.sum() * k.sum()),
    slip("matrix-product", "That is a matrix product, rows times columns. Here each pixel meets "
        "one weight only, the one that lies on it.", make=lambda w, k: (w @ k).sum()),
)
# fmt: on

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
    slips=SLIPS,
)
