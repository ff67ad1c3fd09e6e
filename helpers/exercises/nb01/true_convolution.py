"""01.true_convolution: the kernel turned by half a turn first, and what else gets turned."""

import numpy as np
from torch.nn import functional as F

from helpers.example import IMAGE, KERNEL
from helpers.exercises import Exercise, slip, slips
from helpers.exercises.nb01.conv2d import CASES
from helpers.exercises.slips import all_round, convolve


def true_convolution(image, kernel):
    """True convolution, whole windows only: (H, W), (kH, kW) -> (H', W')."""
    turned = kernel.flip(0, 1)
    return F.conv2d(image[None, None], turned[None, None])[0, 0]


def walk(image, kernel, *, turn=lambda k: k[::-1, ::-1], **twists):
    return convolve(image, kernel, turn=turn, **twists)


def as_it_is(kernel):
    return kernel


def _halves(rows, columns):
    """Rows above, the rest of kH - 1 below; columns to the left, the rest to the right."""

    def pads(padding, size):
        top, left = rows(size[0] - 1), columns(size[1] - 1)
        return top, size[0] - 1 - top, left, size[1] - 1 - left

    return pads


_PADDED = (
    "Some of your windows read zeros beyond the edge of the image, so that more numbers come out. "
    "Here only whole windows count, without padding."
)

_QUARTER = "That is a quarter of a turn. Two of them are needed."

SLIPS = (
    slip(
        "not-flipped",
        "These are the numbers of cross-correlation: each weight still meets the pixel that it "
        "lies on. Reverse both axes of the kernel itself; the two in front that `[None, None]` "
        "adds are 1 long, and a flip along them turns nothing.",
        turn=as_it_is,
    ),
    slip(
        "rows-only",
        "The rows are reversed, the columns are not: the kernel stands upside down. Half a turn "
        "reverses both.",
        turn=lambda k: k[::-1],
    ),
    slip(
        "columns-only",
        "The columns are reversed, the rows are not: the kernel is mirrored. Half a turn reverses "
        "both.",
        turn=lambda k: k[:, ::-1],
    ),
    slip(
        "transposed",
        "Transposing exchanges rows with columns. Half a turn keeps rows as rows and reverses "
        "their order.",
        before=lambda image, kernel: (image, kernel.T),
        turn=as_it_is,
    ),
    slip(
        "turned-and-transposed",
        "The kernel is turned by half a turn, and its rows and columns are exchanged besides. Rows "
        "stay rows.",
        before=lambda image, kernel: (image, kernel.T),
    ),
    slip("quarter-turn", _QUARTER, before=lambda i, k: (i, k.rot90()), turn=as_it_is),
    slip("quarter-turn-back", _QUARTER, before=lambda i, k: (i, k.rot90(-1)), turn=as_it_is),
    slip(
        "minus-the-kernel",
        "A minus changes the sign of each weight and leaves it in its place. Here the weights "
        "change their places.",
        turn=np.negative,
    ),
    slip(
        "image-flipped",
        "The image is turned, and so the output comes out turned as well. Turn the kernel and "
        "leave the image as it is.",
        before=lambda image, kernel: (image.flip(0, 1), kernel),
        turn=as_it_is,
    ),
    slip(
        "output-flipped",
        "These are the numbers of cross-correlation in another order, as they come from a turned "
        "output, or from image and kernel both turned. Turn the kernel only, and other products "
        "are made.",
        turn=as_it_is,
        after=slips.filled(lambda output: output[::-1, ::-1]),
    ),
    slip(
        "every-overlap",
        'This counts every place where kernel and image touch (`mode="full"`, which scipy takes '
        "unless told otherwise). Here only whole windows count.",
        pads=lambda padding, size: (size[0] - 1,) * 2 + (size[1] - 1,) * 2,
    ),
    slip("same-size", _PADDED, pads=_halves(lambda n: n // 2, lambda n: n // 2)),
    slip("same-size-as-scipy", _PADDED, pads=_halves(lambda n: n - n // 2, lambda n: n - n // 2)),
    slip("padded-by-half", _PADDED, pads=lambda p, size: (size[0] // 2,) * 2 + (size[1] // 2,) * 2),
    slip("padded-by-one", _PADDED, pads=lambda padding, size: all_round(1, size)),
    slip(
        "published-output",
        "That is the answer for the running example, whatever goes in. Compute it from the image "
        "and the kernel that the function is given.",
        wrong=lambda image, kernel: walk(IMAGE, KERNEL),
    ),
    slip(
        "image-and-kernel-exchanged",
        "You slide the image over the kernel. The small one moves, and it is the one that is "
        "turned.",
        before=lambda image, kernel: (kernel, image),
    ),
)

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
    slips=(*SLIPS, *slips.NUMBER, *slips.WINDOW, *slips.FILL),
)
