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


def _with_gaps(output, g):
    """Output indices that run in steps of the stride."""
    spread = np.zeros_like(output)
    rows, columns = spread[:: g.stride, :: g.stride].shape
    spread[:: g.stride, :: g.stride] = output[:rows, :columns]
    return spread


def _spread(output, g):
    spread = np.zeros(g.every)
    spread[:: g.stride, :: g.stride] = output
    return spread


def _rounded(whole):
    """counts that do not round down."""

    def counts(g):
        axes = zip(g.padded, g.size, g.steps, strict=True)
        return tuple(whole((n - k) / s) + 1 for n, k, s in axes)

    return counts


def _empty_slice(image, kernel, stride=1, padding=0, bias=0):
    if padding == 0:
        raise IndexError("padded[0:-0] is empty")
    return image, kernel, stride, padding, bias


def _last_only(output, bias, kernel):
    output[-1, -1] += bias
    return output


_GAPS = (
    "Rows and columns of your output are skipped and stay 0. The output has no gaps: fill every "
    "cell, and let the window begin at row times stride."
)
_DEFAULT = "Right where all is given; left out, stride is 1, padding 0 and bias 0, as in the stub."
_UNPADDED = (
    "The numbers are right, but some are missing: the places are counted on the image without its "
    "frame. Count them on the padded one."
)
_CUT = (
    "Your last windows hang over the end of the padded image. A window that does not fit as a "
    "whole is left out."
)
_ORDER = "Stride and padding are exchanged: the stride comes first, also in `F.conv2d`."

BIAS = (
    slip(
        "bias-ignored",
        "The bias is missing. It is added to every number of the output.",
        add=lambda output, bias, kernel: output,
    ),
    slip(
        "bias-per-product",
        "The bias is added with every product. It belongs to the sum: once per output number.",
        add=lambda output, bias, kernel: output + bias * kernel.size,
    ),
    slip(
        "bias-weighted",
        "The bias is added to the pixels, and so it is multiplied by the weights. Add it to the "
        "sum, once per output number.",
        add=lambda output, bias, kernel: output + bias * kernel.sum(),
    ),
    slip(
        "bias-subtracted",
        "The bias is subtracted. It is added.",
        add=lambda output, bias, kernel: output - bias,
    ),
    slip(
        "bias-multiplied",
        "The numbers are multiplied by the bias. It is added.",
        add=lambda output, bias, kernel: output * bias,
    ),
    slip(
        "bias-on-the-last",
        "Only the last number has got its bias: the line stands behind the loops. It is added to "
        "every number of the output.",
        add=_last_only,
    ),
)

OWN = (
    slip("gaps-in-the-output", _GAPS, put=_with_gaps),
    slip("spread-output", _GAPS, put=_spread),
    slip(
        "output-padded",
        "The zeros stand round your output. They belong round the image, before the window slides.",
        pads=lambda padding, size: (0, 0, 0, 0),
        put=lambda output, g: framed(output, (g.padding,) * 4),
    ),
    slip("size-from-the-image", _UNPADDED, counts=counted(lambda g: g.image)),
    slip("windows-cut-off", _CUT, counts=_rounded(math.ceil)),
    slip("windows-cut-off-by-rounding", _CUT, counts=_rounded(round)),
    slip(
        "count-without-stride",
        "The places are counted for stride 1, so that with a longer one the last windows lie "
        "beyond the edge. Divide the room by the stride.",
        counts=lambda g: tuple(n - k + 1 for n, k in zip(g.padded, g.size, strict=True)),
    ),
    slip(
        "three-by-three",
        "Your window is always 3 by 3. It must have the size of the kernel that is given.",
        reach=lambda size: (3, 3),
    ),
    slip(
        "empty-slice",
        "Without padding, a slice from p to -p is a slice from 0 to 0, and that is empty. Count "
        "the end from the start instead: p plus the height.",
        before=_empty_slice,
    ),
    slip(
        "padding-ones",
        "The ring is made of ones, which add the kernel's numbers to the borders. Use zeros.",
        frame=1.0,
    ),
    slip(
        "padding-always-one",
        "Your ring is one pixel wide, whatever `padding` says.",
        before=lambda image, kernel, s=1, p=0, b=0: (image, kernel, s, 1, b),
    ),
    slip(
        "default-stride",
        _DEFAULT,
        before=lambda image, kernel, s=2, *more: (image, kernel, s, *more),
    ),
    slip(
        "default-padding",
        _DEFAULT,
        before=lambda image, kernel, s=1, p=1, *more: (image, kernel, s, p, *more),
    ),
    slip(
        "default-bias",
        _DEFAULT,
        before=lambda image, kernel, s=1, p=0, b=1: (image, kernel, s, p, b),
    ),
    slip(
        "stride-and-padding",
        _ORDER,
        before=lambda image, kernel, s=1, p=0, *more: (image, kernel, p, s, *more),
    ),
    slip(
        "stride-and-padding-named",
        _ORDER,
        before=lambda image, kernel, p=0, s=1, *more: (image, kernel, s, p, *more),
    ),
    slip(
        "hard-coded",
        "This is the published output of the running example, whatever the input. The answer must "
        "be computed from image and kernel.",
        lambda *given: torch.tensor([[6.0, 17, 3], [8, 17, 13], [6, 4, 4]]),
    ),
)

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
        (_WIDE[:4], _TALL, 1, 1, 5),
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
    ),
)
