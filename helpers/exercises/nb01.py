"""The exercises of notebook 01, in its order; those with long catalogues stand in nb01_*."""

from helpers.exercises import Exercise, Mistake
from helpers.exercises.nb01_conv2d import CONV2D
from helpers.exercises.nb01_kernels import DIAGONAL_KERNEL, TRUE_CONVOLUTION
from helpers.exercises.nb01_learn import LEARN_KERNEL

_WINDOW = ((2, 1, 0), (1, 3, 1), (2, 2, 3))
_KERNEL = ((0, 1, 2), (2, 2, 0), (0, 1, 2))
_UPRIGHT = ((0, 2, 0), (1, 2, 1), (2, 0, 2))


def _products(window, kernel):
    """The nine products, row by row."""
    pairs = zip(sum(window, ()), sum(kernel, ()), strict=True)
    return [pixel * weight for pixel, weight in pairs]


THIRD_NUMBER = Exercise(
    name="01.third_number",
    title="One output number",
    difficulty=1,
    minutes=2,
    stub="third_number = TODO",
    solution="third_number = 2*0 + 1*1 + 0*2 + 1*2 + 3*2 + 1*0 + 2*0 + 2*1 + 3*2",
    why="The window holds 2 1 0 / 1 3 1 / 2 2 3, and each pixel is multiplied by the weight that "
    "lies on it.",
    hints=(
        "Lay the kernel over the top right corner of the image. Which nine pixels are covered?",
        "Columns 2, 3 and 4 of rows 0, 1 and 2: 2 1 0 / 1 3 1 / 2 2 3. A weight of 0 takes its "
        "pixel out, so six products are left.",
        "1*1 + 0*2, then 1*2 + 3*2, then 2*1 + 3*2: row by row, weights of 0 left out.",
    ),
    mistakes=(
        Mistake(
            "window-not-moved",
            lambda: 12,
            "12 is what the two windows before gave. Move the window one more column to the right.",
        ),
        Mistake(
            "row-and-column-exchanged",
            lambda: 9,
            "9 stands in the third row of the first column. The row comes first: row 0, column 2.",
        ),
        Mistake(
            "kernel-flipped",
            lambda: sum(_products(_WINDOW, tuple(row[::-1] for row in _KERNEL[::-1]))),
            "19 comes out where the kernel is turned by half a turn, and also one row further "
            "down. The kernel lies as it is drawn, its first row on row 0 of the image.",
        ),
        Mistake(
            "kernel-transposed",
            lambda: sum(_products(_WINDOW, _UPRIGHT)),
            "Rows and columns of the kernel are exchanged. Its first row, 0 1 2, lies on the "
            "pixels 2 1 0.",
        ),
        Mistake(
            "weights-forgotten",
            lambda: sum(sum(_WINDOW, ())),
            "You added the nine pixels. Each is multiplied by its weight first.",
        ),
        Mistake(
            "mean",
            lambda: sum(_products(_WINDOW, _KERNEL)) / 9,
            "You averaged the nine products. They are added; nothing is divided.",
        ),
        Mistake(
            "largest-product",
            lambda: max(_products(_WINDOW, _KERNEL)),
            "That is the largest of the products. All nine are added.",
        ),
        Mistake(
            "zero-read-as-one",
            lambda: sum(_products(_WINDOW, tuple(tuple(w or 1 for w in row) for row in _KERNEL))),
            "A weight of 0 takes its pixel out of the sum; it does not let it through.",
        ),
        Mistake(
            "added-not-multiplied",
            lambda: sum(sum(_WINDOW, ())) + sum(sum(_KERNEL, ())),
            "You added pixels and weights. Each pixel is multiplied by the weight that lies on it.",
        ),
        Mistake(
            "sums-multiplied",
            lambda: sum(sum(_WINDOW, ())) * sum(sum(_KERNEL, ())),
            "You added first and multiplied then. Multiply each pixel by its own weight, and add "
            "the nine products.",
        ),
        Mistake(
            "matrix-product",
            lambda: sum(
                _WINDOW[i][k] * _KERNEL[k][j] for i in range(3) for j in range(3) for k in range(3)
            ),
            "That is a matrix product, rows times columns. Here each pixel meets one weight only, "
            "the one that lies on it.",
        ),
    ),
)

EXERCISES = (THIRD_NUMBER, CONV2D, TRUE_CONVOLUTION, DIAGONAL_KERNEL, LEARN_KERNEL)
