"""What learners get wrong about average pooling in notebook 05, as functions."""

import torch
from torch.nn import functional as F

from helpers.exercises import Mistake
from helpers.exercises.nb05_windows import geometry, pooling


def average(window, real, count_include_pad=True):
    """What average pooling does with a window; 0 where none of it lies on the image."""
    count = window.numel() if count_include_pad else real.sum().clamp(min=1)
    return window.sum() / count


def _not_counted(window, real, count_include_pad=True):
    return average(window, real, False)


def _counted(window, real, count_include_pad=True):
    return average(window, real, True)


def _reversed(window, real, count_include_pad=True):
    return average(window, real, not count_include_pad)


def _default_not_counted(window, real, count_include_pad=False):
    return average(window, real, count_include_pad)


def _nonzero_counted(window, real, count_include_pad=True):
    return window.sum() / (window.numel() if count_include_pad else (window != 0).sum())


def _side_only(window, real, count_include_pad=True):
    side = real.sum().clamp(min=1).sqrt()
    return window.sum() / (window.shape[0] if count_include_pad else side)


def _of_average(change):
    """Average pooling with something done to each result."""
    return lambda window, real, *flag: change(average(window, real, *flag))


def _ceil_mode(image, kernel, stride=None, padding=0, count_include_pad=True):
    return F.avg_pool2d(image[None], kernel, stride, padding, True, count_include_pad)[0]


def _edge(image, padding, value):
    return F.pad(image[None, None], (padding,) * 4, mode="replicate")[0, 0]


def _whole_image(image, kernel, stride=None, padding=0, count_include_pad=True):
    return torch.full_like(pooling(average, 0)(image, kernel, stride, padding), image.mean())


def _published(image, kernel, stride=None, padding=0, count_include_pad=True):
    return torch.tensor([[15.0, 15, 15], [9, 11, 16], [10, 7, 12]]) / 9


AVG_POOL2D = (
    Mistake(
        "zeros-never-counted",
        pooling(_not_counted, 0),
        "You never count the padded zeros. With count_include_pad=True, which is the default, "
        "the divisor is the whole window, frame and all.",
    ),
    Mistake(
        "zeros-always-counted",
        pooling(_counted, 0),
        "You always divide by the whole window. With count_include_pad=False the divisor is the "
        "number of pixels that lie on the image.",
    ),
    Mistake(
        "flag-reversed",
        pooling(_reversed, 0),
        "The flag works the wrong way round. count_include_pad=True: the padded zeros count in "
        "the divisor.",
    ),
    Mistake(
        "not-counted-by-default",
        pooling(_default_not_counted, 0),
        "Your flag is False if nobody gives it. In torch the padded zeros count by default.",
    ),
    Mistake(
        "nonzero-counted",
        pooling(_nonzero_counted, 0),
        "You count the numbers that are not zero. The image has zeros of its own, and they are "
        "pixels like others. Ask where a number stands, not what it is.",
    ),
    *geometry(average, 0),
    Mistake(
        "ceil-mode",
        _ceil_mode,
        "This is torch with ceil_mode=True: the last windows hang over the end. By default a "
        "window that does not fit as a whole is left out.",
    ),
    Mistake(
        "sum",
        pooling(lambda window, real, *flag: window.sum(), 0),
        "This is the sum of the window. The average divides it by the number of pixels.",
    ),
    Mistake(
        "divided-by-side",
        pooling(_side_only, 0),
        "You divide by the side of the window. A window of side 2 has four pixels.",
    ),
    Mistake(
        "max",
        pooling(lambda window, real, *flag: window.max(), 0),
        "This is max-pooling: one pixel speaks for all. In an average each pixel has an equal say.",
    ),
    Mistake(
        "rounded-down",
        pooling(_of_average(torch.floor), 0),
        "Your averages are cut down to whole numbers. Divide with /, not with //.",
    ),
    Mistake(
        "rounded",
        pooling(_of_average(torch.round), 0),
        "Your averages are rounded. Leave the fractions: the next layer wants them.",
    ),
    Mistake(
        "padding-edge-values",
        pooling(average, 0, frame=_edge),
        "Your frame repeats the edge of the image. Average pooling pads with zeros.",
    ),
    Mistake(
        "padding-infinite",
        pooling(average, float("-inf")),
        "-inf is the frame for a maximum, where it never wins. In a sum it swallows everything: "
        "average pooling pads with zeros.",
    ),
    Mistake(
        "first-pixel",
        pooling(lambda window, real, *flag: window[0, 0], 0),
        "You keep the top left pixel of every window. That is a stride without pooling: it does "
        "not look at the others.",
    ),
    Mistake(
        "whole-image",
        _whole_image,
        "Every output is the average of the whole image. Each window has an average of its own.",
    ),
    Mistake(
        "hard-coded",
        _published,
        "This is the output of the running example, whatever the input. The answer must be "
        "computed from the image.",
    ),
)
