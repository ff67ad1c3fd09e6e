"""What learners get wrong about the Toeplitz matrix and im2col in notebook 04, as functions."""

import torch
from torch.nn import functional as F

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


def _im2col(image, kernel_height, kernel_width, stride=(1, 1)):
    """Right for stride 1; the mistakes build on it."""
    unfolded = F.unfold(image[None, None], (kernel_height, kernel_width), stride=stride)
    return unfolded[0].T


def _as_windows(image, kernel_height, kernel_width):
    return image.unfold(0, kernel_height, 1).unfold(1, kernel_width, 1)


def _rearranged(change):
    """im2col whose windows, as (H', W', kH, kW), go through `change` before they are flat."""

    def wrong(image, kernel_height, kernel_width):
        windows = _as_windows(image, kernel_height, kernel_width)
        return change(windows).reshape(-1, kernel_height * kernel_width)

    return wrong


def _flat_runs(image, kernel_height, kernel_width):
    rows, columns = _places(image.shape, (kernel_height, kernel_width))
    flat = image.flatten()
    steps = [i * image.shape[1] + j for i in range(kernel_height) for j in range(kernel_width)]
    starts = range(rows * columns)
    return torch.stack([flat[[(start + step) % len(flat) for step in steps]] for start in starts])


def _wrapped(image, kernel_height, kernel_width):
    below = image[: kernel_height - 1]
    taller = torch.cat([image, below])
    return _im2col(
        torch.cat([taller, taller[:, : kernel_width - 1]], dim=1), kernel_height, kernel_width
    )


def _scrambled(image, kernel_height, kernel_width):
    columns = F.unfold(image[None, None], (kernel_height, kernel_width))[0]
    return columns.reshape(-1, kernel_height * kernel_width)


def _square_kernel(image, kernel_height, kernel_width):
    return _im2col(image, kernel_height, kernel_height)


_published_patches = _im2col(
    torch.tensor(
        [[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    ),
    3,
    3,
)

IM2COL = (
    Mistake(
        "transposed",
        lambda image, kh, kw: _im2col(image, kh, kw).T,
        "Your windows stand as columns, the layout of `F.unfold`. Here one window is one row, "
        "so that the matrix times the flat kernel is the output.",
    ),
    Mistake(
        "reshaped-not-transposed",
        _scrambled,
        "The shape is right but the numbers are dealt out anew: `reshape` keeps the reading "
        "order. To turn columns into rows, transpose.",
    ),
    Mistake(
        "not-flattened",
        lambda image, kh, kw: _as_windows(image, kh, kw).reshape(-1, kh, kw),
        "Your windows are still two-dimensional. Lay each out as one row, reading order.",
    ),
    Mistake(
        "places-kept-apart",
        _as_windows,
        "Right windows, in four axes. Rows and columns of the output become one axis, and so "
        "do those of the window.",
    ),
    Mistake(
        "windows-by-columns",
        _rearranged(lambda windows: windows.transpose(0, 1)),
        "Your windows walk downwards first. Reading order goes to the right first.",
    ),
    Mistake(
        "pixels-by-columns",
        _rearranged(lambda windows: windows.transpose(2, 3)),
        "You read each window downwards. The flat kernel is read row by row, so the window "
        "must be, too.",
    ),
    Mistake(
        "window-flipped",
        _rearranged(lambda windows: windows.flip(2, 3)),
        "Each of your windows is read backwards. Its first number is its top left pixel.",
    ),
    Mistake(
        "no-jump",
        _flat_runs,
        "You walk along the flat image and do not stop at the end of a row: some of your "
        "windows have their left part at one edge of the image and their right part at the other.",
    ),
    Mistake(
        "wrap-around",
        _wrapped,
        "There is one window for every pixel, and those at the edge go on at the other side. "
        "Only windows that lie on the image as a whole count.",
    ),
    Mistake(
        "side-by-side",
        lambda image, kh, kw: _im2col(image, kh, kw, (kh, kw)),
        "Your windows do not overlap. The next window begins one pixel further on.",
    ),
    Mistake(
        "height-and-width-swapped",
        lambda image, kh, kw: _im2col(image, kw, kh),
        "Your windows are as wide as they should be high. Height counts rows.",
    ),
    Mistake(
        "square-kernel",
        _square_kernel,
        "Right only for square windows: height and width of the kernel may differ.",
    ),
    Mistake(
        "last-missing",
        lambda image, kh, kw: _im2col(image[:-1, :-1], kh, kw),
        "The windows at the right and at the bottom are missing. Count places, not steps.",
    ),
    Mistake(
        "hard-coded",
        lambda image, kh, kw: _published_patches.clone(),
        "These are the windows of the running example, whatever image comes in.",
    ),
)
