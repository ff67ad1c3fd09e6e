"""What learners get wrong about max-pooling in notebook 05, as functions."""

import torch

from helpers.exercises import Mistake
from helpers.exercises.nb05_windows import geometry, pooling

INFINITY = float("inf")


def largest(window, real):
    """What max-pooling does with a window."""
    return window.max()


def _largest_of_absolutes(image, kernel, stride=None, padding=0):
    return pooling(largest, 0)(image.abs(), kernel, stride, padding)


def _signed_extreme(window, real):
    flat = window.flatten()
    return flat[flat.abs().argmax()]


def _whole_image(image, kernel, stride=None, padding=0):
    return torch.full_like(pooling(largest, -INFINITY)(image, kernel, stride, padding), image.max())


def _published(image, kernel, stride=None, padding=0):
    return torch.tensor([[3.0, 3, 3], [3, 3, 3], [3, 2, 3]])


MAX_POOL2D = (
    Mistake(
        "padding-zeros",
        pooling(largest, 0),
        "Zeros in the frame win wherever every pixel of a window is negative, and then the answer "
        "is a pixel that is not there. What number can never be the largest?",
    ),
    Mistake(
        "starts-at-zero",
        pooling(lambda window, real: window.max().clamp(min=0), 0),
        "Your largest number so far starts at 0, and no negative pixel can beat that. Start with "
        "the first pixel of the window, or with -inf.",
    ),
    *geometry(largest, -INFINITY),
    Mistake(
        "starts-at-kernel",
        pooling(largest, -INFINITY, step=lambda kernel, stride: (kernel, kernel)),
        "You count windows by the stride but move on by the kernel. Both must follow the stride.",
    ),
    Mistake(
        "min",
        pooling(lambda window, real: window.min(), -INFINITY),
        "You keep the smallest number of every window. Max-pooling keeps the largest.",
    ),
    Mistake(
        "mean",
        pooling(lambda window, real: window.mean(), 0),
        "This is average pooling: every pixel has a say. Max-pooling keeps one pixel and forgets "
        "the others.",
    ),
    Mistake(
        "sum",
        pooling(lambda window, real: window.sum(), 0),
        "You add the window up, like a kernel of ones. Max-pooling keeps one of its numbers.",
    ),
    Mistake(
        "argmax",
        pooling(lambda window, real: window.argmax(), -INFINITY),
        "You give back where the largest number stands. Asked for is the number itself.",
    ),
    Mistake(
        "abs",
        _largest_of_absolutes,
        "You take the sign away first, so that -5 beats 3. The largest number of -5 and 3 is 3.",
    ),
    Mistake(
        "abs-signed",
        pooling(_signed_extreme, 0),
        "You keep the number that lies farthest from zero, so that -5 beats 3. Largest means "
        "farthest to the right on the number line.",
    ),
    Mistake(
        "first-pixel",
        pooling(lambda window, real: window[0, 0], -INFINITY),
        "You keep the top left pixel of every window. That is a stride without pooling: it does "
        "not look at the others.",
    ),
    Mistake(
        "whole-image",
        _whole_image,
        "Every output is the maximum of the whole image. Each window has a maximum of its own.",
    ),
    Mistake(
        "hard-coded",
        _published,
        "This is the output of the running example, whatever the input. The answer must be "
        "computed from the image.",
    ),
)
