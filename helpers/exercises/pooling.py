"""One walk over pooling windows, with parameters to go wrong by, and the slips of both poolings."""

from types import SimpleNamespace

import numpy as np
import torch

from helpers.example import IMAGE
from helpers.exercises import Slip, slip, slips
from helpers.exercises.slips import all_round, framed, grid


def pool(
    image, kernel, stride=None, padding=0, *, number, frame,
    default=lambda kernel: kernel, begin=lambda start, g: start, length=None, guarded=False,
    **places,
):  # fmt: skip
    """Pooling of (H, W) as two loops; number(g) makes each number of g.window.

    g: image, kernel, stride, padding; top and left of the window in the padded image; window, and
    real: 1 where it lies on the image. default(kernel) is the stride that is not given; a window
    begins at begin(start, g) and has length(g) rows; an empty one is passed over where `guarded`.
    """
    image = np.asarray(image, dtype=np.float64)
    stride = default(kernel) if stride is None else stride
    sides, shape, windows = grid(image.shape, (kernel, kernel), stride, padding, **places)
    padded, real = framed(image, sides, frame), framed(np.ones_like(image), sides)
    g = SimpleNamespace(image=image, kernel=kernel, stride=stride, padding=padding)
    output = np.zeros(shape)
    for row, column, here in windows:
        g.top, g.left = (begin(axis.start, g) for axis in here)
        height, width = (length(g) if length else axis.stop - axis.start for axis in here)
        window = slice(g.top, g.top + height), slice(g.left, g.left + width)
        g.window, g.real = padded[window], real[window]
        if g.window.size or not guarded:
            output[row, column] = number(g)
    return output


def _numbers(height, width, seed):
    """Small whole numbers in no order, negative ones and zeros among them."""
    i = torch.arange(height * width)
    return ((seed + 7 * i + 3 * i * i) % 13 - 5).float().reshape(height, width)


WIDE, TALL = _numbers(6, 9, 2), _numbers(8, 5, 4)
CASES = (
    (IMAGE, 3, 1),
    (WIDE, 2),
    (TALL, 3),
    (WIDE, 3, 2, 1),
    (TALL, 2, 3),
    (WIDE, 4, 3, 2),
    (TALL, 2, None, 1),
    (WIDE, 4, 2),
    (IMAGE, 2),
    (IMAGE[:3, :3], 2),
)


def _by(rule):
    """Counts by rule(n, m, k, s): padded and bare pixels, window and step along one axis."""
    return lambda g: tuple(map(rule, g.padded, g.image, g.size, g.steps))


def _as_if_framed(g):
    return tuple((m + 2 * g.padding - g.size[0]) // g.stride + 1 for m in g.image)


def _as_ceil_mode(n, m, k, s):
    """torch's rule: rounded up, but a window begins on the image or on the padding before it."""
    count = -(-(n - k) // s) + 1
    return count - 1 if (count - 1) * s >= m + (n - m) // 2 else count


def _nothing_to_step_by(kernel):
    raise TypeError("range() and // want a whole number, not None")


def changed(group, ending, keys, **twist):
    """The slips of these keys once more, in answers that go about it in another way."""
    found = {s.key: s for s in group}
    return tuple(
        Slip(key + ending, found[key].message, twist=found[key].twist | twist) for key in keys
    )


_HANGS = (
    "Your last windows hang over the end. That is what `ceil_mode=True` does; by default a window "
    "that does not fit as a whole is left out."
)
_COUNT = (
    "The count of places is not right. A window of k has (n - k) // s + 1 places, n being the "
    "pixels with the frame."
)
_UNFRAMED = {"pads": lambda padding, size: (0, 0, 0, 0), "counts": _as_if_framed}
# Edge values change no maximum, a running total is an affair of sums, and windows are square.
_SHARED = (
    "stride-ignored", "stride-on-rows-only", "stride-on-columns-only", "starts-not-multiplied",
    "padding-ignored", "padding-top-left", "padding-bottom-right", "padding-rows-only",
    "padding-columns-only", "padding-total", "padding-twice", "axes-swapped", "square-output",
    "column-does-not-move", "row-does-not-move", "row-and-column-exchanged", "loops-end-early",
    "last-row-and-column-missing", "last-number-everywhere", "returned-in-the-inner-loop",
    "returned-in-the-outer-loop", "output-transposed", "output-indices-swapped",
    "first-number-only",
)  # fmt: skip

# Likely ones first: pairs are searched in this order.
BOTH = (
    slip(
        "stride-one-by-default",
        "A stride that is not given is not 1, as in a convolution. A pooling window moves on by "
        "its own length: `stride=None` means the kernel.",
        default=lambda k: 1,
    ),
    *slips.named((*slips.STRIDE, *slips.PADDING, *slips.WINDOW, *slips.FILL), *_SHARED),
    slip(
        "stride-none",
        "`stride` is None where nobody gives one, and None is no number to step by. Make it the "
        "kernel first.",
        default=_nothing_to_step_by,
    ),
    slip(
        "always-by-the-kernel",
        "The stride has no effect: the window always moves on by its own length. That is right "
        "only where no stride is given.",
        steps=lambda stride, size: size,
    ),
    slip("rounded-up", _HANGS, counts=_by(lambda n, m, k, s: -(-(n - k) // s) + 1)),
    slip("ceil-mode", _HANGS, counts=_by(_as_ceil_mode)),
    slip("rounded", _HANGS, counts=_by(lambda n, m, k, s: round((n - k) / s) + 1)),
    slip("partial-windows", _HANGS, counts=_by(lambda n, m, k, s: -(-n // s))),
    slip(
        "loop-ends-at-the-last-start",
        "The last window begins at n - k, and `range` leaves out its end: go to n - k + 1.",
        counts=_by(lambda n, m, k, s: -(-(n - k) // s)),
    ),
    slip(
        "size-of-the-bare-image",
        "The size of your output comes from the image without its frame, so the last windows are "
        "missing. Count places on the padded image.",
        counts=_by(lambda n, m, k, s: (m - k) // s + 1),
    ),
    slip("kernel-not-in-the-count", _COUNT, counts=_by(lambda n, m, k, s: n // s)),
    slip("stride-not-in-the-count", _COUNT, counts=_by(lambda n, m, k, s: n - k + 1)),
    slip("division-binds-tighter", _COUNT, counts=_by(lambda n, m, k, s: n - k // s + 1)),
    slip(
        "row-for-column",
        "The slice of columns begins where the slice of rows does. Each has an index of its own.",
        start=lambda row, column: (row, row),
    ),
    slip(
        "same-padding",
        "Half a window of padding stands round the image whatever `padding` says. It may be 0.",
        pads=lambda padding, size: all_round(size[0] // 2, size),
    ),
    slip(
        "negative-starts",
        "A slice that begins at -1 begins at the last pixel, not before the first. Put a frame "
        "round the image, or cut the start off at 0.",
        begin=lambda start, g: start - g.padding,
        **_UNFRAMED,
    ),
    slip(
        "start-cut-off",
        "You cut the start of a window off at 0 and count its length from there, so that it "
        "reaches too far. It ends where it would have ended: kernel pixels after its true start.",
        begin=lambda start, g: max(start - g.padding, 0),
        **_UNFRAMED,
    ),
    slip(
        "window-of-the-stride",
        "Your window is as long as the stride. It reaches from top to top + kernel, however far "
        "it moves.",
        length=lambda g: g.stride,
    ),
    slip(
        "window-short",
        "Your window is one pixel short. A slice leaves out its end: from top to top + kernel.",
        length=lambda g: g.kernel - 1,
    ),
    slip(
        "window-long",
        "Your window is one pixel too long. A slice from top to top + kernel has kernel rows.",
        length=lambda g: g.kernel + 1,
    ),
)
