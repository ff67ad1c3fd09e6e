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
    kernel,
    height,
    width,
    *,
    turn=lambda k: k,
    line=lambda row, column, rows, columns, width: row * columns + column,
    pixel=lambda y, x, height, width, columns: y * width + x,
    emptied=True,
    weight=lambda w: w,
    **places,
):
    """The matrix weight by weight; line() numbers its rows, pixel() its columns."""
    kernel = turn(np.asarray(kernel, dtype=np.float64))
    _, (rows, columns), windows = grid((height, width), kernel.shape, 1, 0, **places)
    matrix, numbers = np.zeros((rows * columns, height * width)), np.zeros(height * width)
    for row, column, (high, wide) in windows:
        if emptied:
            numbers = np.zeros(height * width)
        top, left = high.start, wide.start
        if top + kernel.shape[0] > height or left + kernel.shape[1] > width:
            raise ValueError("the window runs over the edge")
        for (i, j), number in np.ndenumerate(kernel):
            numbers[pixel(top + i, left + j, height, width, columns)] = weight(number)
        matrix[line(row, column, rows, columns, width)] = numbers
    return matrix


def _first_row(kernel, height, width):
    return walk(kernel, height, width)[0]


def _every_pixel(kernel, height, width):
    row = _first_row(kernel, height, width)
    return np.array([np.roll(row, place) for place in range(height * width)])


def _no_jump(kernel, height, width):
    return _every_pixel(kernel, height, width)[: len(walk(kernel, height, width))]


def _no_gaps(kernel, height, width):
    matrix = np.zeros_like(walk(kernel, height, width))
    columns = width - kernel.shape[1] + 1
    for place, row in enumerate(matrix):
        start = place // columns * width + place % columns
        row[start : start + kernel.numel()] = np.asarray(kernel).ravel()
    return matrix


def _same(kernel, height, width):
    """Padded with zeros, so that there is an output number for every pixel."""
    down, across = (k // 2 for k in kernel.shape)
    matrix = np.zeros((height, width, height + 2 * down, width + 2 * across))
    for row, column in np.ndindex(height, width):
        matrix[row, column, row : row + kernel.shape[0], column : column + kernel.shape[1]] = kernel
    inside = matrix[:, :, down : down + height, across : across + width]
    return inside.reshape(height * width, height * width)


def _kept(change):
    """Some rows of the right matrix; the others stay zero."""

    def wrong(kernel, height, width):
        matrix = walk(kernel, height, width)
        matrix[change(width - kernel.shape[1] + 1) :] = 0
        return matrix

    return wrong


def _shaped(*shape):
    """Windows as pictures, for the outputs in one row or in their rows and columns."""
    return lambda kernel, height, width: walk(kernel, height, width).reshape(*shape, height, width)


def _in_rows_and_columns(kernel, height, width):
    places = (n - k + 1 for n, k in zip((height, width), kernel.shape, strict=True))
    return walk(kernel, height, width).reshape(*places, height, width)


_TURNED = "Read one row of your matrix as an image: the kernel must lie in it as it is."
_BELOW = "How many pixels is it from one to the pixel below it?"
_LINES = "The row for output (row, column) is `row * columns + column`, in reading order."
_RETURN = "Look how far the return is indented."

# fmt: off
NUMBERING = (
    slip("row-length-of-output", "Pixels are numbered by the width of the image, not by that of "
        f"the output. {_BELOW}", pixel=lambda y, x, height, width, columns: y * columns + x),
    slip("height-for-width", f"Right only for square images. {_BELOW} The height or the width?",
        pixel=lambda y, x, height, width, columns: y * height + x),
    slip("pixels-by-columns", "The pixels are numbered downwards, column by column. `flatten` "
        "reads row by row.", pixel=lambda y, x, height, width, columns: x * height + y),
    slip("outputs-by-columns", "The rows are right but stand in another order: yours follow the "
        "output downwards. The second row belongs to the output number to the right of the first.",
        line=lambda row, column, rows, columns, width: column * rows + row),
    slip("lines-by-width", f"An output row is shorter than an image row. {_LINES}",
        line=lambda row, column, rows, columns, width: row * width + column),
    slip("lines-by-rows", f"You multiply by how many rows the output has. {_LINES}",
        line=lambda row, column, rows, columns, width: row * rows + column),
    slip("lines-added", f"Several outputs share a row of your matrix. {_LINES}",
        line=lambda row, column, rows, columns, width: row + column),
)
# fmt: on

# fmt: off
WEIGHTS = (
    slip("kernel-flipped", f"Your kernel is turned by half a turn. {_TURNED}",
        turn=lambda k: k[::-1, ::-1]),
    slip("kernel-upside-down", f"Your kernel stands upside down. {_TURNED}",
        turn=lambda k: k[::-1]),
    slip("kernel-mirrored", f"Your kernel is mirrored. {_TURNED}", turn=lambda k: k[:, ::-1]),
    slip("kernel-transposed", "Rows and columns of the kernel are exchanged. Its first row lies on "
        "pixels that are neighbours in the flat image.", turn=lambda k: k.T),
    slip("no-gaps", "Your weights stand side by side. Below a pixel lies the next *row* of the "
        "image: in the flat image that is `width` places further on.", wrong=_no_gaps),
    slip("ones-for-weights", "You marked which pixels are read. Write the weight there, not a "
        "one.", weight=lambda w: 1),
    slip("row-never-emptied", "Each row still holds the kernels of the rows before it. Start every "
        "row from zeros.", emptied=False),
    slip("one-row-for-all", "All your rows are one and the same tensor, on which every kernel was "
        "written: `flatten` made no copies. Start every row from zeros of its own.", emptied=False,
        after=filled(lambda matrix: np.repeat(matrix[-1:], len(matrix), axis=0))),
)
# fmt: on

# fmt: off
SHAPES = (
    slip("axes-exchanged", "Your matrix lies on its side. One row belongs to one output number and "
        "has as many entries as the image has pixels.", after=lambda matrix: matrix.T),
    slip("not-flattened", "Each row is still a picture. Lay it out flat, so that it meets the flat "
        "image.", wrong=_shaped(-1)),
    slip("places-kept-apart", "Right numbers, in four axes. Rows and columns of the output become "
        "one axis, and so do those of the image.", wrong=_in_rows_and_columns),
    slip("circulant", "There is a row for every pixel, and weights pushed out at one end come in "
        "at the other. There is a row only where the whole window lies on the image.",
        wrong=_every_pixel),
    slip("no-jump", "Each of your rows is the row above, pushed on by one. At the end of an image "
        "row the window must jump to the start of the next; yours hangs over the edge.",
        wrong=_no_jump),
    slip("padded", "There is a row for every pixel, as with padding. Here the window stays on the "
        "image.", wrong=_same),
    slip("kernel-alone", "Your rows are as long as the kernel. A row has an entry for every pixel, "
        "most of them zero.",
        wrong=lambda kernel, height, width: np.tile(
            np.asarray(kernel).flatten(), (len(walk(kernel, height, width)), 1)
        )),
    slip("one-row", f"Only the row of the first output number came out. {_RETURN}",
        wrong=_first_row),
    slip("returned-after-a-place", f"Only the first row is filled. {_RETURN}",
        wrong=_kept(lambda columns: 1)),
    slip("returned-after-a-row", "Only the rows for the first row of the output are filled. "
        f"{_RETURN}", wrong=_kept(lambda columns: columns)),
    slip("published-matrix", "This is the matrix of the running example, whatever is asked for.",
        wrong=lambda kernel, height, width: walk(KERNEL, 5, 5)),
)
# fmt: on

WINDOW = without(
    slips.WINDOW,
    "stops-at-a-window",
    "window-begins-before",
    "window-begins-late",
    "loops-swapped",
    "square-kernel-counted",
    "square-kernel-in-the-slice",
)

# fmt: off
COUNTS = (
    *slips.FILL[:3],
    *WINDOW,
    slip("windows-do-not-overlap", "Your window jumps by its own size. It moves one pixel at a "
        "time.", steps=lambda stride, size: size),
    slip("every-pixel", "Your windows run over the edge of the image. One has a place only where "
        "all of it lies on pixels.", counts=lambda g: g.image),
    slip("always-three", "Your loops run three times, whatever comes in. Work both counts out from "
        "the sizes.", counts=lambda g: (3, 3)),
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
    slips=(*NUMBERING, *WEIGHTS, *COUNTS, *SHAPES),
)
