"""What learners get wrong about im2col in notebook 04, as functions."""

import torch
from torch.nn import functional as F

from helpers.exercises import Mistake


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
    rows, columns = _as_windows(image, kernel_height, kernel_width).shape[:2]
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
