"""Exercises of notebook 01 in which the kernel is the matter: turned and designed."""

import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, Mistake
from helpers.exercises.nb01_conv2d import CASES, IMAGE, KERNEL
from helpers.exercises.nb01_walks import slide


def true_convolution(image, kernel):
    """True convolution, whole windows only: (H, W), (kH, kW) -> (H', W')."""
    turned = kernel.flip(0, 1)
    return F.conv2d(image[None, None], turned[None, None])[0, 0]


def _overlaps(image, kernel, keep=None):
    """Every place where kernel and image touch; `keep` cuts that to a centred size."""
    (height, width), (k_height, k_width) = image.shape, kernel.shape
    margins = (k_width - 1, k_width - 1, k_height - 1, k_height - 1)
    full = slide(F.pad(image, margins), kernel.flip(0, 1))
    if keep is None:
        return full
    top, left = (k_height - 1) // 2, (k_width - 1) // 2
    return full[top : top + height, left : left + width]


TRUE_CONVOLUTION = Exercise(
    name="01.true_convolution",
    title="The operation that mathematicians call convolution",
    difficulty=2,
    minutes=4,
    stub='''
def true_convolution(image, kernel):
    """True convolution, whole windows only: (H, W), (kH, kW) -> (H', W')."""
    return TODO
''',
    solution=true_convolution,
    why="Convolution meets the last weight first, in both directions. Turn the kernel by half a "
    "turn beforehand, and the sliding window that you have does the rest.",
    hints=(
        "You need no new loop. What does the kernel have to look like, so that the sliding window "
        "you already have prints it the right way round?",
        "Reverse the order of its rows and the order of its columns. A tensor does not take "
        "kernel[::-1]; it has a method flip, to which you give the axes.",
        "turned = kernel.flip(0, 1), and then F.conv2d(image[None, None], turned[None, None]), "
        "of which you return [0, 0].",
    ),
    cases=CASES[:6],
    mistakes=(
        Mistake(
            "not-flipped",
            slide,
            "This is cross-correlation: the kernel lies on the image as it is. Test it with one "
            "bright pixel: the kernel still comes out turned.",
        ),
        Mistake(
            "rows-only",
            lambda image, kernel: slide(image, kernel.flip(0)),
            "The rows are reversed, the columns are not: the kernel stands upside down. Half a "
            "turn reverses both.",
        ),
        Mistake(
            "columns-only",
            lambda image, kernel: slide(image, kernel.flip(1)),
            "The columns are reversed, the rows are not: the kernel is mirrored. Half a turn "
            "reverses both.",
        ),
        Mistake(
            "transposed",
            lambda image, kernel: F.conv2d(image[None, None], kernel.T[None, None])[0, 0],
            "Transposing exchanges rows with columns. Half a turn keeps rows as rows and reverses "
            "their order.",
        ),
        Mistake(
            "quarter-turn",
            lambda image, kernel: F.conv2d(image[None, None], kernel.rot90()[None, None])[0, 0],
            "That is a quarter of a turn. Two of them are needed.",
        ),
        Mistake(
            "image-flipped",
            lambda image, kernel: slide(image.flip(0, 1), kernel),
            "You turned the image, and so the output comes out turned as well. Turn the kernel "
            "and leave the image as it is.",
        ),
        Mistake(
            "output-flipped",
            lambda image, kernel: slide(image, kernel).flip(0, 1),
            "These are the numbers of cross-correlation in another order: you turned the output, "
            "or image and kernel both. Turn the kernel only, and other products are made.",
        ),
        Mistake(
            "axes-left",
            lambda image, kernel: true_convolution(image, kernel)[None, None],
            "The numbers are right. F.conv2d gives back as many axes as it got; the first two are "
            "1 long here, and [0, 0] takes them off.",
        ),
        Mistake(
            "every-overlap",
            _overlaps,
            'This counts every place where kernel and image touch (mode="full", which scipy takes '
            "unless told otherwise). Here only whole windows count.",
        ),
        Mistake(
            "same-size",
            lambda image, kernel: _overlaps(image, kernel, keep=True),
            "Your output is as large as the image, so that some windows read zeros beyond its "
            "edge. Here only whole windows count.",
        ),
        Mistake(
            "published-output",
            lambda image, kernel: true_convolution(IMAGE, KERNEL),
            "That is the answer for the running example, whatever goes in. Compute it from the "
            "image and the kernel that the function is given.",
        ),
    ),
)

FALLING = F.pad(torch.eye(7), (1, 1, 1, 1))
RISING = FALLING.flip(1)
WHITE = torch.ones(9, 9)


def _accepts_diagonal(kernel):
    """None where a kernel answers to the falling stroke only; else what is wrong."""
    if tuple(kernel.shape) != (3, 3):
        return f"Your kernel has shape {tuple(kernel.shape)}; it must be (3, 3)."
    kernel = kernel.detach().double().cpu()
    if not torch.isfinite(kernel).all():
        return "Your kernel holds nan or inf."
    white, falling, rising = _responses(kernel)
    if not kernel.any():
        return "no-weights"
    if _wanted(white, rising, falling):
        return "other-diagonal"
    if white > 1e-4 * kernel.abs().max():
        return "answers-to-white"
    if _wanted(white, falling, rising):
        return None
    if _wanted(*_responses(-kernel)):
        return "negative"
    if falling <= rising * 1.01:
        return "answers-to-both"
    return (
        f"It answers to your stroke with {falling:.3g} at most and to the other one with "
        f"{rising:.3g}, which is more than half. The rising stroke meets some of your weights "
        "one at a time: spread the positive ones over the three pixels of the diagonal."
    )


def _responses(kernel):
    """Largest response on white (either sign), on the falling and on the rising stroke."""
    white = slide(WHITE.double(), kernel).abs().max().item()
    return white, slide(FALLING, kernel).max().item(), slide(RISING, kernel).max().item()


def _wanted(white, this, other):
    """Whether `this` stroke gets a positive answer, at least twice that of the `other`."""
    return this > 0 and this * (1 + 1e-4) >= 2 * other


DIAGONAL_KERNEL = Exercise(
    name="01.diagonal_kernel",
    title="A kernel for one stroke of an X",
    difficulty=2,
    minutes=5,
    stub="""
# nine weights, as torch.tensor([[...], [...], [...]])
diagonal_kernel = TODO
""",
    solution="""
diagonal_kernel = torch.tensor([[2.0, -1, -1],
                                [-1, 2, -1],
                                [-1, -1, 2]])
""",
    why="It answers to the way a stroke runs and not to brightness, since its weights add up to 0. "
    "The plainest such kernel has 2 on the diagonal and -1 beside it: along its own stroke it "
    "collects 2 + 2 + 2; of the other one it meets a single pixel under a 2, or a 2 that two times "
    "-1 take back.",
    hints=(
        "A window answers most where large weights lie on bright pixels. So where must the large "
        "weights lie?",
        "1s along the diagonal from top left to bottom right give 3 on your stroke. But white "
        "gives 3 too. Where do the negative weights go, and how large are they, if all nine are "
        "to add up to 0?",
        "Three positive weights on the diagonal and six equal negative ones beside it: if the "
        "three are 2 each, the six must make -6 together.",
    ),
    accepts=_accepts_diagonal,
    mistakes=(
        Mistake(
            "no-weights",
            lambda: torch.zeros(3, 3),
            "Nine zeros answer to nothing at all.",
        ),
        Mistake(
            "other-diagonal",
            lambda: torch.tensor([[-1.0, -1, 2], [-1, 2, -1], [2, -1, -1]]),
            "Your kernel answers to the rising stroke. The falling one runs from top left to "
            "bottom right.",
        ),
        Mistake(
            "answers-to-white",
            lambda: torch.eye(3),
            "Your kernel answers to white paper as well: its weights do not add up to 0. It asks "
            "how bright the window is, not only which way a stroke runs.",
        ),
        Mistake(
            "negative",
            lambda: torch.tensor([[-2.0, 1, 1], [1, -2, 1], [1, 1, -2]]),
            "Your kernel finds the stroke, but says so with its most negative number. Change the "
            "sign of all nine weights.",
        ),
        Mistake(
            "answers-to-both",
            lambda: torch.tensor([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
            "Your kernel answers to both strokes equally. Which pixels of a window are bright on "
            "one stroke and dark on the other? Those must get weights of different sign.",
        ),
    ),
)
