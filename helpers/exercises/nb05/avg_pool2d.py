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


def _square(g):
    return g.kernel**2


def _on_the_image(g):
    return g.real.sum()


def average(
    image, kernel, stride=None, padding=0, count_include_pad=None, *,
    counted=True, every=_square, some=_on_the_image, total=lambda g: g.window.sum(), **twists,
):  # fmt: skip
    """The total of a window divided by `every` pixel of it or by `some`; `counted` by default."""
    flag = counted if count_include_pad is None else count_include_pad

    def number(g):
        return total(g) / max((every if flag else some)(g), 1)

    return pooling.pool(image, kernel, stride, padding, **{"number": number, "frame": 0.0} | twists)


CASES = (
    *pooling.CASES,
    (pooling.WIDE, 2, 1, 1),
    (pooling.WIDE, 4, 3, 2, False),
    (pooling.TALL, 2, None, 1, False),
    (pooling.WIDE, 3, 1, 1, False),
    (pooling.TALL, 2, 2, 1, True),
)


def _no_frame_without_count(image, kernel, stride=None, padding=0, *flag):
    return image, kernel, stride, 0 if flag and not flag[0] else padding, *flag


_REAL = (
    "With `count_include_pad=False` the divisor is the number of pixels of this window that lie on "
    "the image. It is not the same for every window: {}."
)
_SIDE = "The sum is divided by the side of the window. A window of side 2 has four pixels."
_SUM = "These are the sums of the windows. An average divides by the number of pixels."
_MAX = "This is max-pooling: one pixel speaks for all. In an average each has an equal say."
_LAST = "Only the last pixel of each window is left, the others were overwritten. Add with `+=`."

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
        some=_square,
    ),
    slip(
        "flag-reversed",
        "The flag works the wrong way round. `count_include_pad=True`: the padded zeros count in "
        "the divisor.",
        every=_on_the_image,
        some=_square,
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
        "corner-for-all",
        _REAL.format("`(kernel - padding) ** 2` holds for a corner only"),
        some=lambda g: (g.kernel - g.padding) ** 2,
    ),
    slip(
        "top-and-left-only",
        _REAL.format("below and to the right, too, a window may lie on the frame"),
        some=lambda g: (
            (g.kernel - max(g.padding - g.top, 0)) * (g.kernel - max(g.padding - g.left, 0))
        ),
    ),
    slip("divided-by-side", _SIDE, every=lambda g: g.kernel),
    slip("divided-by-side-always", _SIDE, every=lambda g: g.kernel, some=lambda g: g.kernel),
    slip("sum", _SUM, every=lambda g: 1, some=lambda g: 1),
    slip("sum-while-counted", _SUM, every=lambda g: 1),
    slip("max", _MAX, number=lambda g: g.window.max()),
    slip("max-framed", _MAX, number=lambda g: g.window.max(), frame=-np.inf),
    slip("last-real-pixel", _LAST, total=lambda g: g.window[g.real > 0][-1]),
    slip(
        "rounded-down",
        "The averages are cut down to whole numbers. Divide with `/`, not with `//`.",
        after=slips.filled(np.floor),
    ),
    slip(
        "padding-infinite",
        "-inf is the frame for a maximum, where it never wins. In a sum it swallows everything: "
        "average pooling pads with zeros.",
        frame=-np.inf,
    ),
)
# Answers that take the mean of whatever their window holds, and do not divide by kernel * kernel.
_MEANS = pooling.changed(
    pooling.BOTH,
    "-averaged",
    (
        "window-of-the-stride", "window-short", "window-long", "rounded-up", "ceil-mode",
        "partial-windows", "start-cut-off",
    ),
    every=lambda g: g.window.size,
)  # fmt: skip

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
    slips=(*OWN, *pooling.BOTH, *_MEANS),
    rtol=1e-6,
)
