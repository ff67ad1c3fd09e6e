"""The exercises of notebook 02; the mistakes are in nb02_sizes, nb02_windows and nb02_layers."""

import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, nb02_layers, nb02_sizes, nb02_windows

__all__ = ["EXERCISES"]


def output_size(n, kernel, stride=1, padding=0, dilation=1):
    """Number of places for a kernel along an axis of n pixels (it fits)."""
    reach = dilation * (kernel - 1) + 1
    room = n + 2 * padding - reach
    return room // stride + 1


def same_padding(kernel, dilation=1):
    """Padding per side that keeps the size at stride 1, for an odd kernel."""
    return dilation * (kernel - 1) // 2


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


def receptive_field(layers):
    """Width in pixels that one output sees; layers: (kernel, stride), input first."""
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def _stub(solution):
    """First line and docstring of a solution, and TODO in place of the rest."""
    line = {
        output_size: "def output_size(n, kernel, stride=1, padding=0, dilation=1):",
        same_padding: "def same_padding(kernel, dilation=1):",
        conv2d: "def conv2d(image, kernel, stride=1, padding=0, bias=0):",
        receptive_field: "def receptive_field(layers):",
    }[solution]
    return f'{line}\n    """{solution.__doc__}"""\n    return TODO'


_IMAGE = torch.tensor(
    [[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
_KERNEL = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])
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

EXERCISES = (
    Exercise(
        name="02.output_size",
        title="The output size",
        difficulty=1,
        minutes=4,
        stub=_stub(output_size),
        solution=output_size,
        why="It counts as you did with a finger: the room left behind the first window, in "
        "whole steps, and one for the first window itself.",
        hints=(
            "Think of one row of pixels. How long is it once both its ends are padded?",
            (
                "Over how many pixels does a kernel of 3 with dilation 2 reach? Three pixels have "
                "two gaps; count, then do it for any kernel and dilation."
            ),
            (
                "Put the first window at the left end. How many pixels are left to the right of "
                "it, and how many whole steps of `stride` fit into those?"
            ),
            "`room // stride` counts the steps. There is one place more than there are steps.",
        ),
        cases=(
            (28, 3, 1, 0),
            (7, 3, 2, 0),
            (8, 3, 2, 0),
            (8, 3, 2, 1),
            (10, 3, 3, 2),
            (5, 5),
            (32, 7, 4, 3),
            (28, 5, 1, 2),
            (11, 4, 3),
            (7, 2, 2, 1),
            (9, 3, 1, 0, 2),
            (14, 4, 2, 1, 3),
        ),
        mistakes=nb02_sizes.OUTPUT_SIZE,
    ),
    Exercise(
        name="02.same_padding",
        title="The padding that keeps the size",
        difficulty=1,
        minutes=3,
        stub=_stub(same_padding),
        solution=same_padding,
        why="Without padding, dilation * (kernel - 1) places are lost; half of them are given "
        "back at each end. For an odd kernel the half is a whole number.",
        hints=(
            (
                "With stride 1 and no padding, how many places are lost? Subtract the output size "
                "from n."
            ),
            "Each pixel of padding on one side gives one place back. Both sides are padded.",
            "Lost places: `dilation * (kernel - 1)`. How much of that falls on each side?",
        ),
        cases=((3,), (5,), (3, 2), (7, 2), (5, 3), (1, 4)),
        mistakes=nb02_sizes.SAME_PADDING,
    ),
    Exercise(
        name="02.conv2d",
        title="Convolution with padding and stride",
        difficulty=2,
        minutes=8,
        stub=_stub(conv2d),
        solution=conv2d,
        why="Padding changes what the window slides over, stride where it stops, and the bias "
        "is added to each sum. The nine products and their sum are those of notebook 01.",
        hints=(
            (
                "Three things are new against notebook 01, and each is one small change. Do them "
                "in this order: pad, count, slide."
            ),
            (
                "`F.pad(image, (left, right, top, bottom))` puts zeros round an image. How many "
                "rows and columns come out follows from the *padded* shape."
            ),
            (
                "Output row 0 begins at padded row 0, output row 1 at padded row `stride`. Where "
                "does output row `row` begin?"
            ),
            (
                "Sum one window, add `bias` once, write it to `output[row, column]`. The window is "
                "`padded[top : top + kH, left : left + kW]`, with kH and kW from the kernel."
            ),
        ),
        cases=(
            (_IMAGE, _KERNEL),
            (_IMAGE, _KERNEL, 2, 1),
            (_WIDE, _KERNEL, 2, 1, 1),
            (_WIDE, _TALL, 2, 0, 3),
            (_WIDE, _FLAT, 3, 2, -2),
            (_WIDE[:4], _TALL, 1, 1, 5),
        ),
        mistakes=nb02_windows.CONV2D,
    ),
    Exercise(
        name="02.solve_settings",
        title="Which layer was it?",
        difficulty=2,
        minutes=6,
        stub="""# For each line: (kernel, stride, padding)
layer_settings = {
    "32 -> 28": (TODO, TODO, TODO),
    "227 -> 55": (TODO, TODO, TODO),
    "28 -> 14 and 7 -> 4": (TODO, TODO, TODO),
}""",
        solution="""layer_settings = {
    "32 -> 28": (5, 1, 0),
    "227 -> 55": (11, 4, 0),
    "28 -> 14 and 7 -> 4": (3, 2, 1),
}""",
        why="The sizes fix only kernel - 2 * padding, within a few pixels, so each line has "
        "several answers. Ours are the first layers of LeNet-5 and of AlexNet, and the "
        "setting with which many networks halve an image.",
        hints=(
            "Begin with the stride. About how many times smaller is the output than the input?",
            (
                "Now the number of steps is known: one less than the output size. How many pixels "
                "do these steps cover, and what is left for the kernel?"
            ),
            (
                "227 -> 55 takes 54 steps. With stride 4 they cover 216 pixels. Without padding, "
                "which kernel reads all that is left?"
            ),
            (
                "Last line: kernel - 2 * padding must suit both 28 and 7. Write down which values "
                "each allows. One value is in both lists."
            ),
        ),
        accepts=nb02_layers.judge_settings,
        mistakes=nb02_layers.SOLVE,
    ),
    Exercise(
        name="02.receptive_field",
        title="How far one number sees",
        difficulty=3,
        minutes=7,
        stub=_stub(receptive_field),
        solution=receptive_field,
        why="A kernel adds as many steps as it has pixels less one, and one step of a layer is "
        "as long, in image pixels, as all the strides before it multiplied.",
        hints=(
            (
                "Start with no layer: one number sees one pixel. What does a single layer with "
                "kernel 3 add, whatever its own stride?"
            ),
            (
                "Draw two layers with kernel 3 and strides 2 and 1. How far apart in the image are "
                "two neighbours of the first feature map?"
            ),
            (
                "Carry two numbers from layer to layer: the field so far, and how far apart "
                "neighbours lie in the image. Which of the two must be updated first?"
            ),
        ),
        cases=(
            ([(3, 1)],),
            ([(3, 1), (3, 1)],),
            ([(5, 2), (3, 1)],),
            ([(3, 1), (2, 2), (3, 1), (2, 2)],),
            ([(7, 3), (3, 2), (4, 2), (3, 1)],),
            ([(2, 2), (5, 1), (3, 3), (3, 2)],),
        ),
        mistakes=nb02_layers.RECEPTIVE_FIELD,
    ),
)
