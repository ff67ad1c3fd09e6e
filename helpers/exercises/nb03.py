"""The exercises of notebook 03 in its order; the mistakes live in the modules beside this."""

import torch
from torch.nn import functional as F

from helpers.exercises import Exercise
from helpers.exercises.nb03_channels import CHANNELS
from helpers.exercises.nb03_counts import PARAMETERS, TRACE
from helpers.exercises.nb03_repair import REPAIR
from helpers.exercises.nb03_windows import WINDOWS

__all__ = ["EXERCISES"]


def conv2d_nchw(x, weight, bias=None, stride=1, padding=0):
    """x (N, C_in, H, W), weight (C_out, C_in, kH, kW) -> (N, C_out, H', W')."""
    x = F.pad(x, (padding, padding, padding, padding))
    samples, _, height, width = x.shape
    filters, _, kernel_height, kernel_width = weight.shape
    rows = (height - kernel_height) // stride + 1
    columns = (width - kernel_width) // stride + 1
    output = torch.zeros(samples, filters, rows, columns)
    for n in range(samples):
        for o in range(filters):
            for row in range(rows):
                for column in range(columns):
                    top, left = row * stride, column * stride
                    window = x[n, :, top : top + kernel_height, left : left + kernel_width]
                    output[n, o, row, column] = (window * weight[o]).sum()
            if bias is not None:
                output[n, o] += bias[o]
    return output


def _numbers(*shape, seed):
    """Whole numbers from -4 to 4 as floats, no order in them."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-4, 5, shape, generator=generator).float()


_CONV2D_NCHW = Exercise(
    name="03.conv2d_nchw",
    title="Channels, filters and a batch",
    difficulty=3,
    minutes=8,
    stub='''
def conv2d_nchw(x, weight, bias=None, stride=1, padding=0):
    """x (N, C_in, H, W), weight (C_out, C_in, kH, kW) -> (N, C_out, H', W')."""
    return TODO
'''.strip(),
    solution=conv2d_nchw,
    why="A window now goes through all input channels, so `window * weight[o]` holds C_in * kH * "
    "kW products. Samples and filters are two more loops, and nothing is added up over them.",
    hints=(
        "Write down the shape of the output first. Which of its four numbers come from x, "
        "which from weight, and which must be computed?",
        "Take one sample `n` and one filter `o`. What you need for them is a sum over the input "
        "channels, each read with its own kernel `weight[o, c]`. Get that right, then put two "
        "loops round it.",
        "Start from notebook 02: `arithmetic.conv2d(image, kernel, stride, padding)` is one "
        "channel under one kernel. The output channel is the sum of "
        "`arithmetic.conv2d(x[n, c], weight[o, c], stride, padding)` over c, plus `bias[o]`.",
        "Begin with `output = torch.zeros(N, C_out, rows, columns)` and fill `output[n, o]`. Add "
        "the bias outside the loop over channels, and only `if bias is not None`.",
    ),
    cases=(
        (_numbers(2, 3, 4, 6, seed=1), _numbers(4, 3, 3, 2, seed=2), torch.tensor([1.0, -2, 5, 3])),
        (_numbers(2, 3, 4, 6, seed=1), _numbers(4, 3, 3, 2, seed=2), None, 2, 1),
        (_numbers(1, 3, 5, 5, seed=3), _numbers(2, 3, 3, 3, seed=4), torch.tensor([6.0, -7]), 1, 1),
        (_numbers(1, 2, 4, 5, seed=5), _numbers(1, 2, 3, 3, seed=6), torch.tensor([4.0])),
        (_numbers(2, 2, 5, 7, seed=7), _numbers(2, 2, 2, 3, seed=8), torch.tensor([3.0, -5]), 2),
        # As many filters as columns: `+ bias` runs, a condition on a whole bias does not.
        (_numbers(1, 2, 3, 4, seed=11), _numbers(2, 2, 2, 3, seed=12), torch.tensor([4.0, -3])),
        # One place, however the padding is counted: only padded channels stop here.
        (_numbers(1, 2, 4, 4, seed=13), _numbers(1, 2, 2, 2, seed=14), None, 5, 1),
        (
            _numbers(3, 2, 4, 4, seed=9),
            _numbers(2, 2, 2, 2, seed=10),
            torch.tensor([-3.0, 8]),
            3,
            2,
        ),
    ),
    mistakes=CHANNELS + WINDOWS,
)

EXERCISES = (_CONV2D_NCHW, PARAMETERS, TRACE, *REPAIR)
