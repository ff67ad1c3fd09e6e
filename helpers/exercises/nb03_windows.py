"""What learners get wrong about windows, stride and padding in notebook 03, with channels."""

import torch
from torch.nn import functional as F

from helpers.exercises import Mistake


def _pad(x, padding, **how):
    return F.pad(x, (padding,) * 4, **how)


def _changed(change):
    """Right but for what `change(x, weight, padding)` does; x comes back padded."""

    def wrong(x, weight, bias=None, stride=1, padding=0):
        return F.conv2d(*change(x, weight, padding), bias, stride)

    return wrong


def _flip(*axes):
    return _changed(lambda x, weight, p: (_pad(x, p), weight.flip(axes)))


def _transposed(x, weight, bias=None, stride=1, padding=0):
    if weight.shape[2] != weight.shape[3]:
        raise IndexError
    return F.conv2d(x, weight.transpose(2, 3), bias, stride, padding)


def _strided(rows, columns):
    def wrong(x, weight, bias=None, stride=1, padding=0):
        steps = (stride if rows else 1, stride if columns else 1)
        return F.conv2d(x, weight, bias, steps, padding)

    return wrong


def _starts_not_multiplied(x, weight, bias=None, stride=1, padding=0):
    rows, columns = F.conv2d(x, weight, None, stride, padding).shape[2:]
    return F.conv2d(x, weight, bias, 1, padding)[:, :, :rows, :columns]


def _output_padded(x, weight, bias=None, stride=1, padding=0):
    return _pad(F.conv2d(x, weight, bias, stride), padding)


def _empty_slice(x, weight, bias=None, stride=1, padding=0):
    padded = _pad(torch.zeros_like(x), padding)
    padded[:, :, padding:-padding, padding:-padding] = x
    return F.conv2d(padded, weight, bias, stride)


def _last_missing(x, weight, bias=None, stride=1, padding=0):
    return F.conv2d(x, weight, bias, stride, padding)[:, :, :-1, :-1]


def _sized(choose):
    """The loops, over as many rows and columns as the mistake believes there are."""

    def wrong(x, weight, bias=None, stride=1, padding=0):
        rows, columns = choose(*F.conv2d(x, weight, None, stride, padding).shape[2:])
        padded, (height, width) = _pad(x, padding), weight.shape[2:]
        output = torch.zeros(len(x), len(weight), rows, columns)
        for row in range(rows):
            for column in range(columns):
                top, left = row * stride, column * stride
                window = padded[:, :, top : top + height, left : left + width]
                products = window[:, None] * weight
                output[:, :, row, column] = products.sum((2, 3, 4))
        return output if bias is None else output + bias.view(1, -1, 1, 1)

    return wrong


# What the notebook prints for its picture with two filters and their biases.
_PRINTED = torch.tensor(
    [[[18.0, 13, 22], [14, 22, 26], [8, 8, 21]], [[3.0, 0, 4], [2, -4, 4], [-9, 0, -4]]]
)


def _hard_coded(x, weight, bias=None, stride=1, padding=0):
    return _PRINTED[None]


WINDOWS = (
    Mistake(
        "stride-ignored",
        _strided(False, False),
        "Every place is computed, with any stride. With stride 2 the window moves two pixels "
        "at a time, so fewer numbers come out.",
    ),
    Mistake(
        "stride-on-rows-only",
        _strided(True, False),
        "The stride works downwards but not to the right. It holds for both axes.",
    ),
    Mistake(
        "starts-not-multiplied",
        _starts_not_multiplied,
        "The size is right, but your windows still move by one pixel. Output row 1 begins at "
        "padded row `stride`.",
    ),
    Mistake(
        "padding-ignored",
        _changed(lambda x, weight, p: (x, weight)),
        "The padding changes nothing in your output. Put the rings of zeros round every channel "
        "first, then slide.",
    ),
    Mistake(
        "padding-one-side",
        _changed(lambda x, weight, p: (F.pad(x, (p, 0, p, 0)), weight)),
        "Zeros stand above and to the left only. Padding is per side: below and to the right "
        "as well.",
    ),
    Mistake(
        "padding-one-axis",
        _changed(lambda x, weight, p: (F.pad(x, (p, p)), weight)),
        "Zeros stand to the left and right only. F.pad wants (left, right, top, bottom): its "
        "pairs begin with the last axis.",
    ),
    Mistake(
        "padding-total",
        _changed(lambda x, weight, p: (_pad(x, p // 2), weight)),
        "You share the padding out between two sides. The number is already per side.",
    ),
    Mistake(
        "padding-ones",
        _changed(lambda x, weight, p: (_pad(x, p, value=1), weight)),
        "The rings are made of ones, which add the kernels' numbers to the borders. Use zeros.",
    ),
    Mistake(
        "padding-the-channels",
        _changed(lambda x, weight, p: (F.pad(x, (p,) * 6), weight)),
        "You pad the channel axis too: with padding 1, three channels become five. Only height "
        "and width are padded.",
    ),
    Mistake(
        "output-padded",
        _output_padded,
        "The zeros stand round your output. They belong round the input, before the window slides.",
    ),
    Mistake(
        "empty-slice",
        _empty_slice,
        "Without padding, a slice from p to -p is a slice from 0 to 0, and that is empty. "
        "Count the end from the start instead: p plus the height.",
    ),
    Mistake(
        "kernel-flipped",
        _flip(2, 3),
        "Your kernels are turned upside down and left to right: convolution as in mathematics. "
        "Lay them down as they are.",
    ),
    Mistake(
        "kernel-flipped-rows",
        _flip(2),
        "Your kernels lie upside down. The first row of a kernel meets the first row of the "
        "window.",
    ),
    Mistake(
        "kernel-flipped-columns",
        _flip(3),
        "Your kernels are mirrored left to right. The first column of a kernel meets the first "
        "column of the window.",
    ),
    Mistake(
        "filter-flipped",
        _flip(1),
        "Your filters read the channels in the opposite order. weight[o, 0] reads channel 0.",
    ),
    Mistake(
        "kernel-transposed",
        _transposed,
        "Rows and columns of your kernels are exchanged. weight[o, c, i, j] meets row i and "
        "column j of the window.",
    ),
    Mistake(
        "last-missing",
        _last_missing,
        "The last row and the last column are missing. Count places, not steps: the start "
        "counts too.",
    ),
    Mistake(
        "axes-swapped",
        _sized(lambda rows, columns: (columns, rows)),
        "Height and width are swapped. Rows come from axis 2 of x and weight, columns from axis 3.",
    ),
    Mistake(
        "square-assumed",
        _sized(lambda rows, columns: (rows, rows)),
        "Your output is always square. Work out rows and columns apart, each from its own axis.",
    ),
    Mistake(
        "hard-coded",
        _hard_coded,
        "This is the output printed in the notebook, whatever the input. It must be computed "
        "from x and weight.",
    ),
)
