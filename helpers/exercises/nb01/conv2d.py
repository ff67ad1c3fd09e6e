"""01.conv2d: the whole output with two loops, and the ways in which two loops go wrong."""

import numpy as np
import torch

from helpers.example import IMAGE, KERNEL, OUTPUT
from helpers.exercises import Exercise, slip, slips
from helpers.exercises.slips import all_round, convolve, filled


def conv2d(image, kernel):
    """Slide kernel over image, stride 1, no padding: (H, W), (kH, kW) -> (H', W')."""
    kernel_height, kernel_width = kernel.shape
    rows = image.shape[0] - kernel_height + 1
    columns = image.shape[1] - kernel_width + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + kernel_height, column : column + kernel_width]
            output[row, column] = (window * kernel).sum()
    return output


def numbers(height, width, seed):
    """A matrix of small whole numbers, negative ones among them, the same on every machine."""
    i = torch.arange(height * width)
    return ((seed + 7 * i + 3 * i * i) % 11 - 4).float().reshape(height, width)


CASES = (
    (IMAGE, KERNEL),
    (numbers(4, 7, 1), numbers(3, 3, 5)),
    (numbers(7, 4, 2) / 2, numbers(2, 2, 3)),
    (numbers(5, 6, 3), numbers(2, 3, 4)),
    (numbers(6, 5, 4), numbers(3, 2, 1)),
    (numbers(6, 4, 5), numbers(4, 4, 6)),
    (numbers(3, 5, 6), torch.tensor([[-2.0]])),
    (numbers(4, 4, 2), torch.tensor([[3.0, -1]])),
)


def _centred(image, kernel):
    """The image pushed on, so that the window of a pixel is the one with that pixel in the middle;
    what is pushed out comes in at the other end."""
    return torch.roll(image, tuple(k // 2 for k in kernel.shape), (0, 1)), kernel


def _summed_along_one_axis(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image.numpy(), kernel.shape)
    return (windows * kernel.numpy()).sum(-1)


def _lost(rows, columns):
    """Frames for the lost places, so many of them above and to the left, the rest behind."""

    def pads(padding, size):
        top, left = rows(size[0] - 1), columns(size[1] - 1)
        return top, size[0] - 1 - top, left, size[1] - 1 - left

    return pads


_ZEROS = (
    "Some of your windows read zeros around the image, so that more numbers come out. Here the "
    "whole window stays on real pixels, without padding."
)
_THREE = (
    "Your loops run three times, whatever comes in. A window of 3 has three places in a row of 5 "
    "only: work both counts out from the shapes of image and kernel."
)

# fmt: off
FRAMED = (  # the first two are the same size as torch and as scipy understand it
    slip("padded-to-the-same-size", _ZEROS, pads=_lost(lambda n: n // 2, lambda n: n // 2)),
    slip("padded-by-scipy", _ZEROS, pads=_lost(lambda n: n - n // 2, lambda n: n - n // 2)),
    slip("padded-by-half", _ZEROS,
        pads=lambda padding, size: (size[0] // 2,) * 2 + (size[1] // 2,) * 2),
    slip("padded-by-one", _ZEROS, pads=lambda padding, size: all_round(1, size)),
    slip("every-overlap", "You count every place where image and kernel touch at all "
        '(`mode="full"`, which scipy takes unless told otherwise). Here only whole windows count.',
        pads=lambda padding, size: (size[0] - 1,) * 2 + (size[1] - 1,) * 2),
)

SQUEEZED = slip("squeezed", "The numbers are right, but an axis of length 1 is gone where the "
    "output has one row or one column: `squeeze()` takes all of them. `[0, 0]` takes the two in "
    "front.", after=filled(np.squeeze))

OWN = (
    slip("windows-do-not-overlap", "Your window jumps by its own size. It moves one pixel at a "
        "time, so that windows overlap.", steps=lambda stride, size: size),
    slip("step-of-two", "Your window moves two pixels at a time. It moves one.",
        steps=lambda stride, size: (2, 2)),
    slip("published-output", "That is the output of the running example, whatever goes in. Compute "
        "it from the image and the kernel that the function is given.",
        wrong=lambda image, kernel: OUTPUT),
    slip("over-the-edge", "Your window runs over the edge of the image. It has a place only where "
        "all of it lies on pixels: count those places, they are fewer than there are pixels.",
        counts=lambda g: g.image),
    slip("three-by-three", "Your window is always 3 by 3. It must have the size of the kernel that "
        "is given.", counts=lambda g: tuple(n - 2 for n in g.image), reach=lambda size: (3, 3)),
    slip("always-three-places", _THREE, counts=lambda g: (3, 3)),
    slip("window-centred", "You centre the window on the pixel, and an index below 0 counts from "
        "the other end. The window of output (row, column) begins at pixel (row, column).",
        before=_centred),
    slip("sum-along-one-axis", "Each window gave a row of sums and not one number. Add along both "
        "axes of the window.", wrong=_summed_along_one_axis),
)
# fmt: on

EXERCISE = Exercise(
    name="01.conv2d",
    title="The whole output with two loops",
    difficulty=2,
    minutes=7,
    solution=conv2d,
    walk=convolve,
    why="A window of height kH may start in rows 0 to H - kH: that is H - kH + 1 places, and the "
    "same holds for columns. In each place one number comes out, as many products added as the "
    "kernel has weights.",
    hints=(
        "Start from the output: how many numbers does it have, and which pixels does the number "
        "in (row, column) read? Each of them is the exercise before, with another window.",
        "Make `torch.zeros` of the output's size first: a window of kH rows has H - kH + 1 places "
        "in H rows. One loop runs over the rows of the output, one inside it over its columns. "
        "The window of cell (row, column) begins at pixel (row, column).",
        "Inside the loops: `window = image[row : row + kernel.shape[0], column : column + "
        "kernel.shape[1]]`. One line is left, and it fills `output[row, column]`; the return "
        "stands outside both loops.",
    ),
    cases=CASES,
    slips=(
        *slips.KERNEL,
        *slips.TRANSPOSED,
        *slips.NUMBER,
        *slips.WINDOW,
        *slips.FILL,
        *slips.LOOPS,
        *FRAMED,
        *OWN,
        SQUEEZED,
    ),
)
