"""What learners get wrong about the Toeplitz matrix in notebook 04, as functions."""

import torch

from helpers.exercises import Mistake


def _places(image_size, kernel_size):
    return tuple(n - k + 1 for n, k in zip(image_size, kernel_size, strict=True))


def _matrix(pixel=None, output=None, weight=None):
    """Four loops that fill the matrix one weight at a time, wrong in one rule of numbering."""

    def wrong(kernel, height, width):
        rows, columns = _places((height, width), kernel.shape)
        matrix = torch.zeros(rows * columns, height * width)
        for place in range(rows * columns):
            row, column = divmod(place, columns)
            line = output(row, column, rows) if output else place
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    y, x = row + i, column + j
                    at = pixel(y, x, height, columns) if pixel else y * width + x
                    matrix[line, at] = weight(kernel, i, j) if weight else kernel[i, j]
        return matrix

    return wrong


_toeplitz = _matrix()
_published = _toeplitz(torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]]), 5, 5)


def _one_row(kernel, height, width):
    row = torch.zeros(height, width)
    row[: kernel.shape[0], : kernel.shape[1]] = kernel
    return row.flatten()


def _circulant(kernel, height, width):
    row = _one_row(kernel, height, width)
    return torch.stack([row.roll(place) for place in range(height * width)])


def _no_jump(kernel, height, width):
    rows, columns = _places((height, width), kernel.shape)
    return _circulant(kernel, height, width)[: rows * columns]


def _weights_in_a_row(kernel, height, width):
    rows, columns = _places((height, width), kernel.shape)
    matrix = torch.zeros(rows * columns, height * width)
    for place in range(rows * columns):
        start = place // columns * width + place % columns
        matrix[place, start : start + kernel.numel()] = kernel.flatten()
    return matrix


def _transposed_kernel(kernel, height, width):
    rows, columns = _places((height, width), kernel.shape)
    matrix = torch.zeros(rows * columns, height * width)
    for place in range(rows * columns):
        start = place // columns * width + place % columns
        for i in range(kernel.shape[0]):
            for j in range(kernel.shape[1]):
                matrix[place, start + j * width + i] = kernel[i, j]
    return matrix


def _last_row_and_column_missing(kernel, height, width):
    rows, columns = _places((height, width), kernel.shape)
    kept = [r * columns + c for r in range(rows - 1) for c in range(columns - 1)]
    return _toeplitz(kernel, height, width)[kept]


def _row_never_emptied(kernel, height, width):
    row = torch.zeros(height, width)
    matrix = torch.zeros(len(_toeplitz(kernel, height, width)), height * width)
    columns = width - kernel.shape[1] + 1
    for place in range(len(matrix)):
        top, left = divmod(place, columns)
        row[top : top + kernel.shape[0], left : left + kernel.shape[1]] = kernel
        matrix[place] = row.flatten()
    return matrix


def _one_row_for_all(kernel, height, width):
    matrix = _row_never_emptied(kernel, height, width)
    return matrix[-1:].repeat(len(matrix), 1)


TOEPLITZ = (
    Mistake(
        "transposed",
        lambda kernel, height, width: _toeplitz(kernel, height, width).T,
        "Your matrix lies on its side. One row belongs to one output number and has as many "
        "entries as the image has pixels.",
    ),
    Mistake(
        "circulant",
        _circulant,
        "You made a row for every pixel, and weights pushed out at one end come in at the "
        "other. There is a row only where the whole window lies on the image.",
    ),
    Mistake(
        "no-jump",
        _no_jump,
        "Each of your rows is the row above, pushed on by one. At the end of an image row the "
        "window must jump to the start of the next; yours hangs over the edge.",
    ),
    Mistake(
        "no-gaps",
        _weights_in_a_row,
        "Your weights stand side by side. Below a pixel lies the next *row* of the image: in "
        "the flat image that is `width` places further on.",
    ),
    Mistake(
        "row-length-of-output",
        _matrix(pixel=lambda y, x, height, columns: y * columns + x),
        "You count the pixels as if an image row were as long as an output row. Pixels are "
        "numbered by the width of the image.",
    ),
    Mistake(
        "height-for-width",
        _matrix(pixel=lambda y, x, height, columns: y * height + x),
        "Right only for square images. How many pixels is it from one to the pixel below it: "
        "the height or the width?",
    ),
    Mistake(
        "pixels-by-columns",
        _matrix(pixel=lambda y, x, height, columns: x * height + y),
        "You number the pixels downwards, column by column. `flatten` reads row by row.",
    ),
    Mistake(
        "outputs-by-columns",
        _matrix(output=lambda row, column, rows: column * rows + row),
        "The rows are right but stand in another order: yours follow the output downwards. "
        "The second row belongs to the output number to the right of the first.",
    ),
    Mistake(
        "kernel-flipped",
        _matrix(weight=lambda kernel, i, j: kernel[-1 - i, -1 - j]),
        "Your kernel is turned by half a turn. Read one row of your matrix as an image: the "
        "kernel must lie in it as it is.",
    ),
    Mistake(
        "kernel-transposed",
        _transposed_kernel,
        "Rows and columns of the kernel are exchanged. Its first row lies on pixels that are "
        "neighbours in the flat image.",
    ),
    Mistake(
        "row-never-emptied",
        _row_never_emptied,
        "Each row still holds the kernels of the rows before it. Start every row from zeros.",
    ),
    Mistake(
        "one-row-for-all",
        _one_row_for_all,
        "All your rows are one and the same tensor, on which every kernel was written: `flatten` "
        "made no copies. Start every row from zeros of its own.",
    ),
    Mistake(
        "ones-for-weights",
        _matrix(weight=lambda kernel, i, j: 1),
        "You marked which pixels are read. Write the weight there, not a one.",
    ),
    Mistake(
        "last-missing",
        _last_row_and_column_missing,
        "The windows at the right and at the bottom are missing. Count places, not steps.",
    ),
    Mistake(
        "hard-coded",
        lambda kernel, height, width: _published.clone(),
        "This is the matrix of the running example, whatever is asked for.",
    ),
)
