"""01.true_convolution: the kernel turned by half a turn first, and what else gets turned."""

import numpy as np
import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, slip, slips
from helpers.exercises.nb01.conv2d import CASES, FRAMED, SQUEEZED
from helpers.exercises.slips import convolve


def true_convolution(image, kernel):
    """True convolution, whole windows only: (H, W), (kH, kW) -> (H', W')."""
    turned = kernel.flip(0, 1)
    return F.conv2d(image[None, None], turned[None, None])[0, 0]


def walk(image, kernel, *, turn=lambda k: k[::-1, ::-1], **twists):
    return convolve(image, kernel, turn=turn, **twists)


def as_it_is(kernel):
    return kernel


_QUARTER = "That is a quarter of a turn. Two of them are needed."


def turn_to(change):
    """before= of a slip that puts another kernel in place of the turned one."""
    return lambda image, kernel: (image, change(kernel))


# fmt: off
SLIPS = (
    slip("step-of-minus-one", "A tensor does not take a step of -1, as NumPy's arrays do: `flip` "
        "reverses its axes.", wrong=lambda image, kernel: kernel[::-1, ::-1]),
    slip("not-flipped", "These are the numbers of cross-correlation: each weight meets the pixel "
        "that it lies on. Reverse both axes of the kernel, once (`convolve2d` does so by itself), "
        "and keep what `flip` gives. Along the axes in front that `[None, None]` adds it turns "
        "nothing.", turn=as_it_is),
    slip("rows-only", "The rows are reversed, the columns are not: the kernel stands upside down. "
        "Half a turn reverses both.", turn=lambda k: k[::-1]),
    slip("columns-only", "The columns are reversed, the rows are not: the kernel is mirrored. Half "
        "a turn reverses both.", turn=lambda k: k[:, ::-1]),
    slip("transposed", "Transposing exchanges rows with columns. Half a turn keeps rows as rows "
        "and reverses their order.", before=turn_to(lambda k: k.T), turn=as_it_is),
    slip("quarter-turn", _QUARTER, before=turn_to(torch.rot90), turn=as_it_is),
    slip("quarter-turn-back", _QUARTER, before=turn_to(lambda k: k.rot90(-1)), turn=as_it_is),
    slip("turned-and-reshaped", "The order of the weights is reversed, but height and width of the "
        "kernel have changed places. Rows stay rows.",
        before=turn_to(lambda k: k.flip(0, 1).reshape(k.T.shape)), turn=as_it_is),
    slip("index-of-minus-zero", "Your kernel is turned, and pushed on by one row and one column: "
        "the last weight has index -1, while -0 is the first. Row i meets row -1 - i.",
        turn=lambda k: np.roll(k[::-1, ::-1], (1, 1), (0, 1))),
    slip("minus-the-kernel", "A minus changes the sign of each weight and leaves it in its place. "
        "Here the weights change their places.", turn=np.negative),
    slip("image-flipped", "The image is turned, and so the output comes out turned as well. Turn "
        "the kernel and leave the image as it is.",
        before=lambda image, kernel: (image.flip(0, 1), kernel), turn=as_it_is),
    slip("output-flipped", "These are the numbers of cross-correlation in another order, as they "
        "come from a turned output, or from image and kernel both turned. Turn the kernel only, "
        "and other products are made.",
        turn=as_it_is, after=slips.filled(lambda output: output[::-1, ::-1])),
)
# fmt: on

EXERCISE = Exercise(
    name="01.true_convolution",
    title="The operation that mathematicians call convolution",
    difficulty=2,
    minutes=4,
    solution=true_convolution,
    walk=walk,
    why="Convolution meets the last weight first, in both directions. Turn the kernel by half a "
    "turn beforehand, and the sliding window that you have does the rest.",
    hints=(
        "You need no new loop. What does the kernel have to look like, so that the sliding window "
        "you already have prints it the right way round?",
        "Reverse the order of its rows and the order of its columns. A tensor does not take "
        "`kernel[::-1]`; it has a method `flip`, to which you give the axes.",
        "Rows are axis 0 and columns axis 1, as long as nothing stands in front. With `turned` "
        "made, `F.conv2d(image[None, None], turned[None, None])[0, 0]` is what to return.",
    ),
    cases=CASES,
    slips=(*SLIPS, *FRAMED, *slips.NUMBER, *slips.WINDOW, *slips.FILL, *slips.LOOPS, SQUEEZED),
)
