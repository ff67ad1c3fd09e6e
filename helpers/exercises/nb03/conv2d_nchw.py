"""03.conv2d_nchw: channels, filters, biases and a batch, and what goes wrong between the axes."""

import numpy as np
import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, slip, slips
from helpers.exercises.slips import framed, grid


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


def numbers(*shape, seed):
    """Whole numbers from -4 to 4 as floats, no order in them."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-4, 5, shape, generator=generator).float()


def _products(window, weight):
    """(N, C, kH, kW), (O, C, kH, kW) -> (N, O, C): one channel under its kernel."""
    return (window[:, None] * weight).sum((-2, -1))


def _each_its_own(output, bias, weight):
    return output if bias is None else output + bias[:, None, None]


def walk(
    x, weight, bias=None, stride=1, padding=0, *, number=_products, join=lambda sums: sums.sum(2),
    add=_each_its_own, frame=0.0, turn=None, **places,
):  # fmt: skip
    """conv2d_nchw in three steps: number() of each window and channel, join() over the channels of
    (N, O, C, H', W'), add() the biases.
    """
    x, weight = np.asarray(x, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    bias = None if bias is None else np.asarray(bias, dtype=np.float64)
    sides, shape, windows = grid(x.shape[2:], weight.shape[2:], stride, padding, **places)
    padded = framed(x, sides, frame)
    if turn:
        weight = np.array([[turn(kernel) for kernel in kernels] for kernels in weight])
    sums = np.zeros((len(x), len(weight), x.shape[1], *shape))
    for row, column, (high, wide) in windows:
        sums[..., row, column] = number(padded[:, :, high, wide], weight)
    return add(join(sums), bias, weight)


def _input(change):
    """change(x, weight) -> what is read in their place."""

    def before(x, weight, bias=None, stride=1, padding=0):
        return (*change(x, weight), bias, stride, padding)

    return before


def _bias(change):
    """change(output, bias, weight), where there is a bias."""
    return lambda output, bias, weight: output if bias is None else change(output, bias, weight)


def _left(output):
    """How many places of a channel come after each, itself included."""
    return np.arange(output[0, 0].size, 0, -1).reshape(output.shape[2:])


def _by_sample(output, bias, weight):
    if len(bias) < len(output):
        raise IndexError
    return output + bias[: len(output), None, None, None]


def _if_bias(output, bias, weight):
    return output + bias[:, None, None] if bias is not None and bias.any() else output


def _truth_of_many(x, weight, bias=None, stride=1, padding=0):
    if bias is not None and len(bias) > 1:
        raise ValueError
    return x, weight, bias, stride, padding


def _bias_none(error):
    def before(x, weight, bias=None, stride=1, padding=0):
        if bias is None:
            raise error
        return x, weight, bias, stride, padding

    return before


def _exchanged(x, weight):
    if weight.shape[0] != weight.shape[1]:
        raise IndexError
    return x, weight.transpose(0, 1)


def _dealt_out(x, weight, bias=None, stride=1, padding=0):
    size = tuple(weight.shape[2:])
    windows = F.pad(x, [padding] * 4).unfold(2, size[0], stride).unfold(3, size[1], stride)
    shape = windows.shape[2:4]
    rows = windows.reshape(len(x), shape.numel(), -1) @ weight.flatten(1).T
    output = rows.mT.unflatten(2, shape)
    return output if bias is None else output + bias[:, None, None]


def _counted(count):
    """Places along an axis, from its length without padding, kernel, stride and padding."""
    return lambda g: tuple(
        count(n, k, g.stride, g.padding) for n, k in zip(g.image, g.size, strict=True)
    )


_NONE = "Without a bias your function stops: `bias` may be None, and is by default."
_WEIGHT = "weight is (C_out, C_in, kH, kW): filter first, then the channel that it reads."

# fmt: off
CHANNELS = (
    slip("mean", "That is the mean of the products. They are added; nothing is divided.",
        number=lambda window, weight: (window[:, None] * weight).mean((-2, -1)),
        join=lambda sums: sums.mean(2)),
    slip("only-channel-0", "Only the first input channel counts. A filter reads all of them, and "
        "their sums are added.", join=lambda sums: sums[:, :, 0]),
    slip("only-last-channel", "Only the last input channel counts. Does each channel replace what "
        "the channels before it gave, where it should be added?",
        join=lambda sums: sums[:, :, -1]),
    slip("one-kernel-for-all-channels", "Every input channel is read with the same kernel. A "
        "filter has one kernel for each input channel.",
        before=_input(lambda x, weight: (x, weight[:, :1].expand_as(weight)))),
    slip("channels-added-first", "Channels of x and kernels of a filter are added up before they "
        "are multiplied. Then red pixels meet green weights too: multiply channel by channel, add "
        "afterwards.",
        before=_input(lambda x, weight: (x.sum(1, keepdim=True), weight.sum(1, keepdim=True)))),
    slip("mean-over-channels", "That is the mean over the input channels. Their sums are added, "
        "not divided.", join=lambda sums: sums.mean(2)),
    slip("largest-channel", "That is the largest of the channels' sums. They are added; a filter "
        "hears all channels.", join=lambda sums: sums.max(2)),
    slip("channels-not-added", "Your output still has an axis for the input channels. Within one "
        "filter they are added up and disappear.", join=lambda sums: sums,
        add=_bias(lambda output, bias, weight: output + bias[:, None, None, None])),
    slip("weight-axes-exchanged", f"You take axis 0 of weight for the input channels. {_WEIGHT}",
        before=_input(_exchanged)),
)

BIAS = (
    slip("bias-ignored", "The bias is missing: one number for each filter, added to its whole "
        "output channel.", add=lambda output, bias, weight: output),
    slip("bias-needed", _NONE, before=_bias_none(TypeError())),
    slip("bias-shaped-unseen", _NONE, before=_bias_none(AttributeError())),
    slip("truth-of-a-bias", "`if bias:` asks a whole tensor whether it is true, which has an "
        "answer for one number only. Ask `if bias is not None:`.", before=_truth_of_many,
        add=_if_bias),
    slip("bias-of-filter-0", "Every output channel gets the bias of filter 0. Each filter has its "
        "own.", add=_bias(lambda output, bias, weight: output + bias[0])),
    slip("biases-added-up", "Every output channel gets the sum of all biases. Each filter has its "
        "own.", add=_bias(lambda output, bias, weight: output + bias.sum())),
    slip("bias-per-channel", "The bias is added once for each input channel. It belongs to the "
        "finished sum: once per output number.",
        add=_bias(lambda o, b, weight: o + b[:, None, None] * weight.shape[1])),
    slip("bias-at-every-place", "`output[n, o] += bias[o]` runs once for every place and adds to "
        "the whole channel each time. It stands outside the loops over rows and columns.",
        add=_bias(lambda o, b, weight: o + b[:, None, None] * _left(o))),
    slip("bias-along-width", "A plain `+ bias` lines the biases up with the last axis, the width. "
        "Axis 1 is where the filters are: give the bias the shape (1, C_out, 1, 1), or add "
        "`bias[o]` to channel o.", add=_bias(lambda output, bias, weight: output + bias)),
    slip("bias-of-the-sample", "The bias is chosen by the number of the sample. It belongs to the "
        "filter: `bias[o]` for output channel o.", add=_bias(_by_sample)),
    slip("bias-subtracted", "The bias is subtracted. It is added, whatever its sign.",
        add=_bias(lambda o, b, weight: o - b[:, None, None])),
)

AXES = (
    slip("first-sample-only", "One sample comes out, however many go in. Every sample of the batch "
        "is convolved.", after=lambda output: output[:1]),
    slip("batch-axis-lost", "The batch axis is gone. The output is (N, C_out, H', W') for one "
        "sample too.", after=lambda output: output[0]),
    slip("squeezed", "Axes of length 1 are squeezed away. A batch of one, or a layer with one "
        "filter, keeps all four axes.", after=np.squeeze),
    slip("axis-too-many", "There is one axis too many, of length 1. Did you stack outputs that "
        "were batches of one already?", after=lambda output: output[:, None]),
    slip("batch-and-filters-in-one", "Samples and filters share one axis. Stack what comes from a "
        "sample, then the samples; `cat` makes no new axis.",
        after=lambda output: output.reshape(-1, *output.shape[2:])),
    slip("filter-0-for-all", "All output channels use the kernels of filter 0. Output channel o "
        "uses `weight[o]`.", before=_input(lambda x, weight: (x, weight[:1].expand_as(weight)))),
    slip("sum-not-reset", "Your sum runs on from one filter into the next. Start from zero for "
        "each output number.", join=lambda sums: sums.sum(2).cumsum(1)),
    slip("batch-and-filters-exchanged", "Samples and filters have changed places. Axis 0 of the "
        "output is the batch, axis 1 the filters.", after=lambda output: output.swapaxes(0, 1)),
    slip("filters-dealt-out", "The numbers are right, but the filters stood last when you reshaped "
        "them, and `reshape` moves no axis. Bring axis 1 to its place with `permute` first.",
        after=lambda output: np.moveaxis(output, 1, -1).reshape(output.shape)),
    slip("windows-dealt-out", "`reshape` has dealt the pixels of your windows out anew, so numbers "
        "of several windows stand in one row. Move the axes with `permute` first: places, then "
        "channels.", wrong=_dealt_out),
)

WINDOWS = (
    slip("padding-ones", "The rings are made of ones, which add the kernels' numbers to the "
        "borders. Use zeros.", frame=1.0),
    slip("padding-all-at-the-end", "All of the padding stands below and to the right. Half of it "
        "belongs above and to the left.", pads=lambda padding, size: (0, 2 * padding) * 2),
    slip("stride-of-the-kernel", "Your windows step on by the size of the kernel. They step on by "
        "the stride, and may overlap.", steps=lambda stride, size: size),
    slip("size-without-padding", "Rows and columns are counted as if there were no padding, so the "
        "last windows are missing.", counts=_counted(lambda n, k, s, p: (n - k) // s + 1)),
    slip("size-without-stride", "The starts are multiplied by the stride, but rows and columns are "
        "counted without it. So the windows run over the edge.",
        counts=_counted(lambda n, k, s, p: n + 2 * p - k + 1)),
    slip("partial-windows", "Rows and columns are rounded up, so the last window hangs over the "
        "edge. Round down.", counts=_counted(lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1)),
    slip("height-and-width-exchanged", "Height and width have changed places. Rows come from axis "
        "2 of x and weight, columns from axis 3.", counts=lambda g: slips.legal(g)[::-1]),
)

PLACES = (
    *slips.FILL[:5],
    *slips.named(slips.LOOPS, "last-start-left-out", "reshaped-the-other-way"),
    *slips.named(slips.WINDOW, "column-does-not-move", "row-does-not-move",
        "row-and-column-exchanged", "loops-swapped", "square-image", "square-output",
        "square-kernel", "square-kernel-counted"),
)
# fmt: on

EXERCISE = Exercise(
    name="03.conv2d_nchw",
    title="Channels, filters and a batch",
    difficulty=3,
    minutes=8,
    solution=conv2d_nchw,
    walk=walk,
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
        "Collect `outputs = []`, and for each sample n and each filter o append "
        "`sum(arithmetic.conv2d(x[n, c], weight[o, c], stride, padding) for c in "
        "range(x.shape[1]))`, plus `bias[o]` if `bias is not None`. At the end "
        "`torch.stack(outputs)` is (N * C_out, H', W'); one `reshape` is left.",
    ),
    cases=(
        (numbers(2, 3, 4, 6, seed=1), numbers(4, 3, 3, 2, seed=2), torch.tensor([1.0, -2, 5, 3])),
        (numbers(2, 3, 4, 6, seed=1), numbers(4, 3, 3, 2, seed=2), None, 2, 1),
        (numbers(1, 3, 5, 5, seed=3), numbers(2, 3, 3, 3, seed=4), torch.tensor([6.0, -7]), 1, 1),
        (numbers(1, 2, 4, 5, seed=5), numbers(1, 2, 3, 3, seed=6), torch.tensor([4.0])),
        (numbers(2, 2, 5, 7, seed=7), numbers(2, 2, 2, 3, seed=8), torch.tensor([3.0, -5]), 2),
        # As many filters as columns: `+ bias` runs, a condition on a whole bias does not.
        (numbers(1, 2, 3, 4, seed=11), numbers(2, 2, 2, 3, seed=12), torch.tensor([4.0, -3])),
        # One place, however the padding is counted: only padded channels stop here.
        (numbers(1, 2, 4, 4, seed=13), numbers(1, 2, 2, 2, seed=14), None, 5, 1),
        (numbers(3, 2, 4, 4, seed=9), numbers(2, 2, 2, 2, seed=10), torch.tensor([-3.0, 8]), 3, 2),
    ),
    slips=(
        *CHANNELS, *BIAS, *slips.STRIDE, *slips.PADDING, *slips.KERNEL, *AXES, *WINDOWS, *PLACES,
    ),
)  # fmt: skip
