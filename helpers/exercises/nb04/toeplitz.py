"""04.toeplitz: the matrix of a convolution, and wrong ways to number its rows and columns."""

import numpy as np
import torch

from helpers.example import KERNEL
from helpers.exercises import Exercise, slip, slips
from helpers.exercises.slips import filled, grid, without


def toeplitz(kernel, height, width):
    """The matrix that convolves a flat (height, width) image: (H'W', HW)."""
    kernel_height, kernel_width = kernel.shape
    rows, columns = height - kernel_height + 1, width - kernel_width + 1
    matrix = torch.zeros(rows * columns, height * width)
    for row in range(rows):
        for column in range(columns):
            weights = torch.zeros(height, width)
            weights[row : row + kernel_height, column : column + kernel_width] = kernel
            matrix[row * columns + column] = weights.flatten()
    return matrix


def walk(
    kernel, height, width, *, turn=lambda k: k,
    line=lambda row, column, rows, columns, width: row * columns + column,
    pixel=lambda y, x, height, width, columns: y * width + x,
    emptied=True, weight=lambda w, kernel: w, **places,
):  # fmt: skip
    """The matrix weight by weight; line() numbers its rows, pixel() its columns."""
    kernel = turn(np.asarray(kernel, dtype=np.float64))
    sides, (rows, columns), windows = grid((height, width), kernel.shape, 1, 0, **places)
    top, bottom, left, right = sides
    matrix, numbers = np.zeros((rows * columns, height * width)), np.zeros(height * width)
    for row, column, (high, wide) in windows:
        if emptied:
            numbers = np.zeros(height * width)
        y, x = high.start - top, wide.start - left
        if y + kernel.shape[0] > height + bottom or x + kernel.shape[1] > width + right:
            raise ValueError("the window runs over the edge")
        for (i, j), number in np.ndenumerate(kernel):
            if 0 <= y + i < height and 0 <= x + j < width:
                numbers[pixel(y + i, x + j, height, width, columns)] = weight(number, kernel)
        matrix[line(row, column, rows, columns, width)] = numbers
    return matrix


def _no_jump(kernel, height, width):
    matrix = walk(kernel, height, width)
    return np.array([np.roll(matrix[0], place) for place in range(len(matrix))])


def _no_gaps(kernel, height, width):
    matrix = np.zeros_like(walk(kernel, height, width))
    columns = width - kernel.shape[1] + 1
    for place, row in enumerate(matrix):
        start = place // columns * width + place % columns
        row[start : start + kernel.numel()] = np.asarray(kernel).ravel()
    return matrix


def _same(padding, size):
    """As torch does it: what is left over of an even kernel stands below and to the right."""
    (top, left), (bottom, right) = (((n - 1) // 2 for n in size), (n // 2 for n in size))
    return top, bottom, left, right


def _square(kernel):
    if kernel.shape[0] != kernel.shape[1]:
        raise IndexError
    return kernel.T


def _over_the_edge_goes_on(kernel):
    """kernel[j, i], where an index over the edge of the kernel begins anew."""
    (height, width), changed = kernel.shape, np.zeros_like(kernel)
    for i, j in np.ndindex(*kernel.shape):
        changed[i, j] = kernel[j % height, i % width]
    return changed


def _kept(lines):
    """Only so many rows of the matrix; the others stay zero."""

    def wrong(kernel, height, width):
        matrix = walk(kernel, height, width)
        matrix[lines(width - kernel.shape[1] + 1) :] = 0
        return matrix

    return wrong


_BELOW = "How many pixels is it from one to the pixel below it?"
_HEIGHT = f"Right only for square images. {_BELOW} The height or the width?"
_TURN = (
    "Rows and columns of the kernel are exchanged. Its first row lies on pixels that are "
    "neighbours in the flat image."
)
_RETURN = "Look how far the return is indented."

# fmt: off
NUMBERING = (
    slip("row-length-of-output", "Pixels are numbered by the width of the image, not by that of "
        f"the output. {_BELOW}", pixel=lambda y, x, height, width, columns: y * columns + x),
    slip("height-for-width", _HEIGHT, pixel=lambda y, x, height, width, columns: y * height + x),
    slip("height-for-width-cut", _HEIGHT,
        pixel=lambda y, x, height, width, columns: (y * height + x) % (height * width)),
    slip("pixels-by-columns", "The pixels are numbered downwards, column by column. `flatten` "
        "reads row by row.", pixel=lambda y, x, height, width, columns: x * height + y),
    slip("outputs-by-columns", "The rows are right but stand in another order: yours follow the "
        "output downwards. The second row belongs to the output number to the right of the first.",
        line=lambda row, column, rows, columns, width: column * rows + row),
    slip("lines-by-width", "An output row is shorter than an image row. The row for output (row, "
        "column) is `row * columns + column`, in reading order.",
        line=lambda row, column, rows, columns, width: row * width + column),
    slip("height-and-width-exchanged", "Height and width of the image have changed places.",
        before=lambda kernel, height, width: (kernel, width, height)),
)

WEIGHTS = (
    *without(slips.KERNEL, "kernel-transposed"),
    slip("kernel-transposed", _TURN, turn=_square),
    slip("kernel-transposed-first", _TURN, turn=np.transpose),
    slip("kernel-indices-exchanged", _TURN, turn=_over_the_edge_goes_on),
    slip("no-gaps", "Your weights stand side by side. Below a pixel lies the next *row* of the "
        "image: in the flat image that is `width` places further on.", wrong=_no_gaps),
    slip("last-weight-everywhere", "One weight fills the whole window. Each pixel has its own: "
        "write the kernel into the window in one go, or each weight into one place.",
        weight=lambda w, kernel: kernel[-1, -1]),
    slip("row-never-emptied", "Each row still holds the kernels of the rows before it. Start every "
        "row from zeros.", emptied=False),
    slip("one-row-for-all", "All your rows are one and the same tensor, on which every kernel was "
        "written: `flatten` made no copies. Start every row from zeros of its own.", emptied=False,
        after=filled(lambda matrix: np.repeat(matrix[-1:], len(matrix), axis=0))),
)

PLACES = (
    *slips.FILL[:3],
    *slips.named(slips.WINDOW, "column-does-not-move", "row-does-not-move",
        "row-and-column-exchanged", "axes-swapped", "square-image", "square-output",
        "square-kernel"),
    slip("windows-do-not-overlap", "Your window jumps by its own size. It moves one pixel at a "
        "time.", steps=lambda stride, size: size),
    slip("no-jump", "Each of your rows is the row above, pushed on by one. At the end of an image "
        "row the window must jump to the start of the next; yours hangs over the edge.",
        wrong=_no_jump),
    slip("padded", "There is a row for every pixel, as with padding. Here the window stays on the "
        "image.", pads=_same),
    slip("last-line-missing", "The last row of the matrix is missing: that of the window at the "
        "bottom right.", after=lambda matrix: matrix[:-1]),
    slip("output-transposed", "Your matrix lies on its side. One row belongs to one output number "
        "and has as many entries as the image has pixels.", after=lambda matrix: matrix.T),
    slip("not-flattened", "Each row is still a picture. Lay it out flat, so that it meets the flat "
        "image.", wrong=lambda kernel, height, width: walk(kernel, height, width).reshape(
            -1, height, width)),
    slip("returned-after-a-place", f"Only the first row is filled. {_RETURN}",
        wrong=_kept(lambda columns: 1)),
    slip("returned-after-a-row", "Only the rows for the first row of the output are filled. "
        f"{_RETURN}", wrong=_kept(lambda columns: columns)),
)
# fmt: on

_TALL = torch.tensor([[1.0, -2], [3, 5], [-4, 7]])
_FLAT = torch.tensor([[2.0, -1, 4], [1, 3, -5]])

EXERCISE = Exercise(
    name="04.toeplitz",
    title="Build the matrix",
    difficulty=2,
    minutes=6,
    solution=toeplitz,
    walk=walk,
    why="Each row is an image of zeros with the kernel laid where its window lies, read row "
    "by row. The loop never leaves the image, so nothing hangs over an edge.",
    hints=(
        "How many rows does the matrix have, and how many columns? One row is one output "
        "number, one column is one pixel.",
        "Make one row as you did above: `torch.zeros(height, width)`, the kernel written into "
        "the window of output (row, column), then `.flatten()`.",
        "Start from `matrix = torch.zeros(rows * columns, height * width)` with `rows = height - "
        "kernel.shape[0] + 1`. Two loops run over row and column; in them make "
        "`weights = torch.zeros(height, width)` anew and write the kernel into it. One line is "
        "left: `matrix[...] = weights.flatten()`. Which number has output (row, column) in reading "
        "order?",
    ),
    cases=(
        (KERNEL, 5, 5),
        (_FLAT, 3, 5),
        (_TALL, 5, 4),
        (KERNEL, 4, 6),
        (torch.tensor([[-3.0, 2]]), 2, 4),
        (torch.tensor([[5.0], [-2]]), 5, 4),
        (torch.tensor([[-4.0]]), 2, 3),
    ),
    slips=(*NUMBERING, *WEIGHTS, *PLACES),
)
