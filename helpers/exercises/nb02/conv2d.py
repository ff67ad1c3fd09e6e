"""02.conv2d: the two loops of notebook 01 with padding, stride and bias."""

import math
from types import SimpleNamespace

import numpy as np
import torch
from torch.nn import functional as F

from helpers.example import IMAGE, KERNEL
from helpers.exercises import Exercise, slip, slips
from helpers.exercises.slips import convolve, counted, framed


def conv2d(image, kernel, stride=1, padding=0, bias=0):
    """(H, W), (kH, kW) -> (H', W'): zeros round the image, every stride-th window."""
    padded = F.pad(image, (padding, padding, padding, padding))
    rows = (padded.shape[0] - kernel.shape[0]) // stride + 1
    columns = (padded.shape[1] - kernel.shape[1]) // stride + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = padded[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            output[row, column] = (window * kernel).sum() + bias
    return output


def walk(
    image,
    kernel,
    stride=1,
    padding=0,
    bias=0,
    *,
    add=lambda output, bias, kernel: output + bias,
    put=lambda output, g: output,
    **twists,
):
    """`add` says how the bias comes in, `put` where the numbers go in the end.

    g: stride, padding and `every`, the output's shape at stride 1.
    """
    kernel = np.array(kernel, dtype=np.float64)
    output = add(convolve(image, kernel, stride, padding, **twists), bias, kernel)
    every = [n + 2 * padding - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)]
    return put(output, SimpleNamespace(stride=stride, padding=padding, every=every))


def _spread(output, g):
    """The numbers `stride` cells apart in an output of the size for stride 1."""
    spread = np.zeros(g.every)
    spread[:: g.stride, :: g.stride] = output
    return spread


def _rounded(whole):
    """counts that do not round down."""

    def counts(g):
        axes = zip(g.padded, g.size, g.steps, strict=True)
        return tuple(whole((n - k) / s) + 1 for n, k, s in axes)

    return counts


def given(change):
    """before= of a slip that changes (image, kernel, stride, padding, bias)."""
    return lambda image, kernel, stride=1, padding=0, bias=0: change(
        image, kernel, stride, padding, bias
    )


def _zero_stops(image, kernel, stride, padding, bias):
    if padding == 0:
        raise IndexError("padded[0:-0] is empty, and a window cannot move by 0")
    return image, kernel, stride, padding, bias


def _dilated(kernel, by):
    """The kernel with its weights `by` pixels apart."""
    spread = kernel.new_zeros([by * (n - 1) + 1 for n in kernel.shape])
    spread[::by, ::by] = kernel
    return spread


def _last_only(output, bias, kernel):
    output[-1, -1] += bias
    return output


_GAPS = (
    "Rows and columns of your output are skipped and stay 0. The output has no gaps: fill every "
    "cell, and let the window begin at row times stride."
)
_CUT = (
    "Your last windows hang over the end of the padded image. A window that does not fit as a "
    "whole is left out."
)
_OFTEN = (
    "The bias is added more than once, with every product or with every row of them. It belongs to "
    "the sum: once per output number."
)
_WEIGHTED = (
    "The bias is added to the pixels, and so it is multiplied by the weights. Add it to the sum, "
    "once per output number."
)

# fmt: off
BIAS = (
    slip("bias-ignored", "The bias is missing. It is added to every number of the output.",
        add=lambda output, bias, kernel: output),
    slip("bias-per-product", _OFTEN, add=lambda output, bias, kernel: output + bias * kernel.size),
    slip("bias-per-row", _OFTEN, add=lambda output, bias, kernel: output + bias * len(kernel)),
    slip("bias-weighted", _WEIGHTED,
        add=lambda output, bias, kernel: output + bias * kernel.sum()),
    slip("bias-on-the-pixels", _WEIGHTED,
        before=given(lambda image, kernel, s, p, bias: (image + bias, kernel, s, p, 0))),
    slip("bias-subtracted", "The bias is subtracted. It is added.",
        add=lambda output, bias, kernel: output - bias),
    slip("bias-on-the-last", "Only the last number has got its bias: the line stands behind the "
        "loops. It is added to every number of the output.", add=_last_only),
)

OWN = (
    slip("spread-output", _GAPS, put=_spread),
    slip("output-padded", "The zeros stand round your output. They belong round the image, before "
        "the window slides.", pads=lambda padding, size: (0, 0, 0, 0),
        put=lambda output, g: framed(output, (g.padding,) * 4)),
    slip("size-from-the-image", "The numbers are right, but some are missing: the places are "
        "counted on the image without its frame. Count them on the padded one.",
        counts=counted(lambda g: g.image)),
    slip("windows-cut-off", _CUT, counts=_rounded(math.ceil)),
    slip("windows-cut-off-by-rounding", _CUT, counts=_rounded(round)),
    slip("windows-filled-up", _CUT, before=given(
        lambda image, kernel, s, p, b: (F.pad(image, (0, s - 1, 0, s - 1)), kernel, s, p, b))),
    slip("count-without-stride", "The places are counted for stride 1, so that with a longer one "
        "the last windows lie beyond the edge. Divide the room by the stride.",
        counts=lambda g: tuple(n - k + 1 for n, k in zip(g.padded, g.size, strict=True))),
    slip("stride-inside-the-window", "The stride works inside the window as well: it reads every "
        "stride-th pixel. It moves the window, whose pixels are neighbours.",
        before=given(lambda image, kernel, s, p, b: (image, _dilated(kernel, s), s, p, b))),
    slip("image-in-the-corner", "Your windows find the image in the upper left corner. Inside the "
        "frame it begins at row `padding`, column `padding`.",
        pads=lambda padding, size: (0, 2 * padding, 0, 2 * padding)),
    slip("padding-shared-out", "You share the padding out between two sides. In torch, and here, "
        "the number is already per side.",
        pads=lambda padding, size: (padding // 2, padding - padding // 2) * 2),
    slip("empty-slice", "Without padding, a slice from p to -p is a slice from 0 to 0, and that is "
        "empty. Count the end from the start instead: p plus the height.",
        before=given(_zero_stops)),
    slip("padding-ones", "The ring is made of ones, which add the kernel's numbers to the borders. "
        "Use zeros.", frame=1.0),
    slip("stride-and-padding", "Stride and padding are exchanged: the stride comes first, also in "
        "`F.conv2d`.", before=given(lambda image, kernel, s, p, b: (
            image, kernel, _zero_stops(image, kernel, s, p, b)[3], s, b))),
    slip("hard-coded", "This is the published output of the running example, whatever the input. "
        "The answer must be computed from image and kernel.",
        lambda *case: torch.tensor([[6.0, 17, 3], [8, 17, 13], [6, 4, 4]])),
)
# fmt: on

_WIDE = torch.tensor(
    [
        [2.0, -1, 3, 0, 1, 4, -2, 5, 1],
        [1, 5, -3, 2, 0, -1, 3, 2, 7],
        [-2, 4, 1, 6, 3, 2, 0, -4, 1],
        [3, 0, 2, -5, 1, 7, 2, 1, -3],
        [6, 1, -1, 2, 4, 0, 5, 3, 2],
        [2, 3, 8, 1, -6, 2, 1, 0, 4],
    ]
)
_TALL = torch.tensor([[1.0, -2], [3, 5], [-4, 7]])
_FLAT = torch.tensor([[2.0, -1, 4], [1, 3, -5]])

EXERCISE = Exercise(
    name="02.conv2d",
    title="Convolution with padding and stride",
    difficulty=2,
    minutes=8,
    solution=conv2d,
    walk=walk,
    why="Padding changes what the window slides over, stride where it stops, and the bias is added "
    "to each sum. The nine products and their sum are those of notebook 01.",
    hints=(
        "Three things are new against notebook 01, and each is one small change. Do them in this "
        "order: pad, count, slide.",
        "`F.pad(image, (left, right, top, bottom))` puts zeros round an image. How many rows and "
        "columns come out follows from the *padded* shape.",
        "Output row 0 begins at padded row 0, output row 1 at padded row `stride`. Where does "
        "output row `row` begin?",
        "Inside the loops: `top, left = row * stride, column * stride`, then `window = padded[top "
        ": top + kH, left : left + kW]`, with kH and kW from the kernel. One line is left: the "
        "sum, and `bias` once, into `output[row, column]`.",
    ),
    cases=(
        (IMAGE, KERNEL),
        (IMAGE, KERNEL, 2, 1),
        (_WIDE, KERNEL, 2, 1, 1),
        (_WIDE, _TALL, 2, 0, 3),
        (_WIDE, _FLAT, 3, 2, -2),
        (_WIDE[:4] / 2, _TALL, 1, 1, 5),
        (_WIDE[:3, :5], torch.tensor([[-2.0]]), 2, 0, 4),
        (_WIDE[:4, :4], torch.tensor([[3.0, -1]]), 1, 1, 2),
    ),
    slips=(  # the common ones first: pairs are searched in this order
        *BIAS,
        *slips.KERNEL,
        *slips.STRIDE,
        *slips.PADDING,
        *OWN,
        *slips.TRANSPOSED,
        *slips.NUMBER,
        *slips.WINDOW,
        *slips.FILL,
        *slips.LOOPS,
    ),
)
