"""05.max_pool2d: the walk of a convolution, with the largest number of every window."""

import functools

import numpy as np
import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, pooling, slip
from helpers.exercises.slips import filled


def max_pool2d(image, kernel, stride=None, padding=0):
    """(H, W) -> (H', W'): the largest number of every window, padding never wins."""
    stride = kernel if stride is None else stride
    padded = F.pad(image, (padding,) * 4, value=float("-inf"))
    rows = (padded.shape[0] - kernel) // stride + 1
    columns = (padded.shape[1] - kernel) // stride + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            output[row, column] = padded[top : top + kernel, left : left + kernel].max()
    return output


_NEGATIVE = -pooling.WIDE.abs() - 1
CASES = (
    *pooling.CASES,
    (_NEGATIVE, 3, 2, 1),
    (_NEGATIVE[:4, :7], 2),
    (1000 * _NEGATIVE[:4, :6], 2, 2, 1),  # a frame of -1000 wins here
)


def _place(g):
    """Where the winner stands in the image, counted row by row."""
    row, column = np.unravel_index(g.window.argmax(), g.window.shape)
    width = g.image.shape[1]
    return (g.top + row - g.padding) * width + g.left + column - g.padding


_FRAME = (
    "A frame of {} wins wherever every pixel of a window is smaller, and then the answer is a "
    "pixel that is not there. Which number can never be the largest?"
)

OWN = (
    slip("padding-zeros", _FRAME.format("0"), frame=0.0),
    slip("padding-minus-one", _FRAME.format("-1"), frame=-1.0),
    slip(
        "starts-at-zero",
        "The largest number so far starts at 0, and no smaller pixel can beat that. Start with the "
        "first pixel of the window, or with -inf.",
        number=lambda g: max(g.window.max(), 0),
    ),
    slip(
        "min",
        "These are the smallest numbers of the windows. Max-pooling keeps the largest.",
        number=lambda g: g.window.min(),
    ),
    slip(
        "mean",
        "This is average pooling: every pixel has a say. Max-pooling keeps one pixel and forgets "
        "the others.",
        number=lambda g: g.window.mean(),
        frame=0.0,
    ),
    slip(
        "argmax",
        "That is where the largest number stands in its window. Asked for is the number itself.",
        number=lambda g: g.window.argmax(),
    ),
    slip(
        "places",
        "Those are the places of the winners in the image, `return_indices` of torch. Asked for "
        "are the numbers that stand there.",
        number=_place,
    ),
    slip(
        "abs",
        "Here the sign is gone, so that -5 beats 3. The largest number of -5 and 3 is 3.",
        before=lambda image, *rest: (abs(image), *rest),
    ),
    slip(
        "largest-not-reset",
        "Each number still knows the windows before it. Every window starts anew.",
        after=filled(lambda output: np.maximum.accumulate(output.ravel()).reshape(output.shape)),
    ),
    slip(
        "largest-reset-once-a-row",
        "Within a row each number still knows the windows to its left. Every window starts anew, "
        "not every row.",
        after=filled(lambda output: np.maximum.accumulate(output, axis=-1)),
    ),
)
_GUARDED = pooling.changed(
    pooling.BOTH,
    "-guarded",
    ("axes-swapped", "square-output", "row-for-column", "division-binds-tighter"),
    guarded=True,
)

EXERCISE = Exercise(
    name="05.max_pool2d",
    title="Max-pooling",
    difficulty=2,
    minutes=5,
    solution=max_pool2d,
    walk=functools.partial(pooling.pool, number=lambda g: g.window.max(), frame=-np.inf),
    why="The walk is that of a convolution; only what happens in the window is new. -inf in the "
    "frame can never be the largest, so that a padded window answers with a real pixel.",
    hints=(
        "You have written this walk in notebook 02: pad, count, slide. What replaces the sum of "
        "products?",
        "Settle the stride first: `stride = kernel if stride is None else stride`. Then the frame: "
        "`F.pad(image, (padding,) * 4, value=...)`. Which number loses against every other?",
        "There are `(padded.shape[0] - kernel) // stride + 1` rows, and columns by axis 1. Make "
        "`torch.zeros` of that size and walk over its cells with two loops.",
        "Inside the loops: `top, left = row * stride, column * stride`. One line is left: cell "
        "(row, column) of the output gets the largest number of the window that begins there.",
    ),
    cases=CASES,
    slips=(*OWN, *pooling.BOTH, *_GUARDED),
)
