"""05.avg_pool2d: the walk of max-pooling; what is added up, and what it is divided by."""

import numpy as np
import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, pooling, slip, slips


def avg_pool2d(image, kernel, stride=None, padding=0, count_include_pad=True):
    """(H, W) -> (H', W'): the average of every window; padded zeros count, or not."""
    stride = kernel if stride is None else stride
    padded = F.pad(image, (padding,) * 4)
    real = F.pad(torch.ones_like(image), (padding,) * 4)
    rows = (image.shape[0] + 2 * padding - kernel) // stride + 1
    columns = (image.shape[1] + 2 * padding - kernel) // stride + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            here = slice(top, top + kernel), slice(left, left + kernel)
            count = kernel * kernel if count_include_pad else real[here].sum()
            output[row, column] = padded[here].sum() / count
    return output


def average(
    image, kernel, stride=None, padding=0, count_include_pad=None, *,
    counted=True, every=lambda g: g.window.size, some=lambda g: g.real.sum(), **twists,
):  # fmt: skip
    """The sum of a window divided by `every` pixel of it or by `some`; `counted` by default."""
    flag = counted if count_include_pad is None else count_include_pad

    def number(g):
        return g.window.sum() / (every if flag else some)(g)

    return pooling.pool(image, kernel, stride, padding, **{"number": number, "frame": 0.0} | twists)


CASES = (
    *pooling.CASES,
    (pooling.WIDE, 2, 1, 1),
    (pooling.WIDE, 4, 3, 2, False),
    (pooling.TALL, 2, None, 1, False),
    (pooling.WIDE, 3, 1, 1, False),
    (pooling.TALL, 2, 2, 1, True),
)


def _all(g):
    return g.window.size


def _on_the_image(g):
    return g.real.sum()


def _no_frame_without_count(image, kernel, stride=None, padding=0, *flag):
    return image, kernel, stride, 0 if flag and not flag[0] else padding, *flag


_SIDE = "The sum is divided by the side of the window. A window of side 2 has four pixels."
_REAL = (
    "With `count_include_pad=False` the divisor is the number of pixels of this window that lie on "
    "the image. It is not the same for every window: {}."
)
_NO_FRAME_OF = "The frame is made of {}. Average pooling pads with zeros, which add nothing."

OWN = (
    slip(
        "zeros-never-counted",
        "The padded zeros are never counted. With `count_include_pad=True`, which is the default, "
        "the divisor is the whole window, frame and all.",
        every=_on_the_image,
    ),
    slip(
        "zeros-always-counted",
        "The divisor is always the whole window. With `count_include_pad=False` it is the number "
        "of pixels that lie on the image.",
        some=_all,
    ),
    slip(
        "flag-reversed",
        "The flag works the wrong way round. `count_include_pad=True`: the padded zeros count in "
        "the divisor.",
        every=_on_the_image,
        some=_all,
    ),
    slip(
        "not-counted-by-default",
        "Your flag is False if nobody gives it. In torch the padded zeros count by default.",
        counted=False,
    ),
    slip(
        "no-frame-without-count",
        "`count_include_pad=False` takes the frame away. It stays, and with it the size of the "
        "output; only the divisor changes.",
        before=_no_frame_without_count,
    ),
    slip(
        "nonzero-counted",
        "The divisor counts the numbers that are not zero. The image has zeros of its own, and "
        "they are pixels like others: ask where a number stands, not what it is.",
        some=lambda g: (g.window != 0).sum(),
    ),
    slip(
        "frame-counted",
        _REAL.format("this divisor counts the cells of the frame instead"),
        some=lambda g: g.real.size - g.real.sum(),
    ),
    slip(
        "corner-for-all",
        _REAL.format("`(kernel - padding) ** 2` holds for a corner only"),
        some=lambda g: (g.kernel - g.padding) ** 2,
    ),
    slip(
        "edge-for-all",
        _REAL.format("`kernel * (kernel - padding)` holds for an edge only"),
        some=lambda g: g.kernel * (g.kernel - g.padding),
    ),
    slip("divided-by-side", _SIDE, every=lambda g: g.kernel),
    slip(
        "divided-by-side-twice",
        _SIDE,
        every=lambda g: g.kernel,
        some=lambda g: np.sqrt(g.real.sum()),
    ),
    slip("divided-by-both-sides-added", _SIDE, every=lambda g: 2 * g.kernel),
    slip(
        "divided-by-the-stride",
        "The sum is divided by the square of the stride. How far the window moves has no part in "
        "its average.",
        every=lambda g: g.stride**2,
    ),
    slip(
        "divided-by-the-image",
        "The sum is divided by the pixels of the whole image. Only the window's are counted.",
        every=lambda g: g.image.size,
    ),
    slip("divided-by-four", "The sum is always divided by 4.", every=lambda g: 4),
    slip("divided-by-nine", "The sum is always divided by 9.", every=lambda g: 9),
    slip(
        "sum",
        "These are the sums of the windows. An average divides by the number of pixels.",
        every=lambda g: 1,
        some=lambda g: 1,
    ),
    slip(
        "max",
        "This is max-pooling: one pixel speaks for all. In an average each has an equal say.",
        number=lambda g: g.window.max(),
    ),
    slip(
        "max-framed",
        "This is max-pooling: one pixel speaks for all. In an average each has an equal say.",
        number=lambda g: g.window.max(),
        frame=-np.inf,
    ),
    slip(
        "median",
        "That is the number in the middle of each window. The average is the sum divided by the "
        "count.",
        number=lambda g: np.sort(g.window, axis=None)[(g.window.size - 1) // 2],
    ),
    slip(
        "first-pixel",
        "That is the top left pixel of every window, a stride without pooling: the others are "
        "never looked at.",
        number=lambda g: g.window[0, 0],
    ),
    slip(
        "rounded-down",
        "The averages are cut down to whole numbers. Divide with `/`, not with `//`.",
        after=slips.filled(np.floor),
    ),
    slip(
        "cut-off",
        "The fractions are cut off, as `int` does. The next layer wants them.",
        after=slips.filled(np.trunc),
    ),
    slip(
        "rounded-to-whole",
        "The averages are rounded. Leave the fractions: the next layer wants them.",
        after=slips.filled(np.round),
    ),
    slip("padding-edge-values", _NO_FRAME_OF.format("edge pixels"), frame="edge"),
    slip("padding-ones", _NO_FRAME_OF.format("ones"), frame=1.0),
    slip(
        "padding-infinite",
        "-inf is the frame for a maximum, where it never wins. In a sum it swallows everything: "
        "average pooling pads with zeros.",
        frame=-np.inf,
    ),
    slip(
        "total-not-reset",
        "Each number still holds the windows before it. Every window starts from zero.",
        after=slips.filled(lambda output: output.cumsum().reshape(output.shape)),
    ),
    slip(
        "whole-image",
        "Every output is the average of the whole image. Each window has an average of its own.",
        finish=lambda output, g: np.full_like(output, g.image.mean()),
    ),
    slip(
        "published-output",
        "This is the output of the running example, whatever the input. Compute it from the image.",
        finish=lambda output, g: np.array([[15.0, 15, 15], [9, 11, 16], [10, 7, 12]]) / 9,
    ),
)

EXERCISE = Exercise(
    name="05.avg_pool2d",
    title="Average pooling",
    difficulty=2,
    minutes=4,
    solution=avg_pool2d,
    walk=average,
    why="The sum is the same either way, since the frame adds zeros. The flag decides the divisor "
    "only: the whole window, or the part of it that lies on the image.",
    hints=(
        "Start from your max_pool2d and change two things: the frame, and what happens in the "
        "window.",
        "Without padding every window is divided by kernel times kernel. With "
        "`count_include_pad=True` it stays so at the border too.",
        "For False you need to know how many pixels of a window are real. The value 0 does not "
        "tell you: the image has zeros too. What would a frame round an image of ones say?",
        "`real = F.pad(torch.ones_like(image), (padding,) * 4)`; in the loops `count = kernel * "
        "kernel if count_include_pad else real[here].sum()`, `here` being the two slices of the "
        "window. One line is left: what stands in cell (row, column) of the output?",
    ),
    cases=CASES,
    slips=(*OWN, *pooling.BOTH),
    rtol=1e-6,
)
