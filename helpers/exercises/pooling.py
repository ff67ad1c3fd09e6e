"""One walk over pooling windows, with parameters to go wrong by, and the slips of both poolings."""

from types import SimpleNamespace

import numpy as np
import torch

from helpers.example import IMAGE
from helpers.exercises import slip, slips
from helpers.exercises.slips import all_round, framed, grid


def _of_its_own_length(kernel):
    return kernel


def pool(
    image, kernel, stride=None, padding=0, *, number, frame,
    default=_of_its_own_length, move=None, finish=None, **places,
):  # fmt: skip
    """Pooling of (H, W) as two loops; number(g) makes each number of g.window.

    g: image, padded, kernel, stride, padding; window, and real: 1 where it lies on the image.
    default(kernel) is the stride that is not given; move(rows, columns, g) puts the window's two
    slices elsewhere; finish(output, g) changes what comes out; places are the twists of `grid`.
    """
    image = np.asarray(image, dtype=np.float64)
    stride = default(kernel) if stride is None else stride
    sides, shape, windows = grid(image.shape, (kernel, kernel), stride, padding, **places)
    padded, real = framed(image, sides, frame), framed(np.ones_like(image), sides)
    g = SimpleNamespace(image=image, padded=padded, kernel=kernel, stride=stride, padding=padding)
    output = np.zeros(shape)
    for row, column, here in windows:
        here = move(*here, g) if move else here
        g.window, g.real = padded[here], real[here]
        output[row, column] = number(g)
    return finish(output, g) if finish else output


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


def _by_the_stride(g):
    return tuple((n - k) // g.stride + 1 for n, k in zip(g.padded, g.size, strict=True))


def _as_if_framed(g):
    return tuple((m + 2 * g.padding - g.size[0]) // g.stride + 1 for m in g.image)


def _as_ceil_mode(n, m, k, s):
    """torch's rule: rounded up, but a window begins on the image or on the padding before it."""
    count = -(-(n - k) // s) + 1
    return count - 1 if (count - 1) * s >= m + (n - m) // 2 else count


def _nothing_to_step_by(kernel):
    raise TypeError("range() and // want a whole number, not None")


def _from_p_to_minus_p(padding, size):
    if padding == 0:
        raise ValueError("padded[0:-0] is empty")
    return all_round(padding, size)


def _none(padding, size):
    return 0, 0, 0, 0


def _write(output, shape, step=1):
    """The numbers of output in zeros of another shape, `step` cells apart."""
    target = np.zeros(shape)
    for row, column in np.ndindex(output.shape):
        target[row * step, column * step] = output[row, column]
    return target


def _shifted(rows, columns, g):
    return tuple(slice(x.start - g.padding, x.stop - g.padding) for x in (rows, columns))


def _as_long_as_the_stride(rows, columns, g):
    return tuple(slice(x.start, x.start + g.stride) for x in (rows, columns))


_HANGS = (
    "Your last windows hang over the end. That is what `ceil_mode=True` does; by default a window "
    "that does not fit as a whole is left out."
)
_ALWAYS_SQUARE = "Your output is always square. Rows come from axis 0, columns from axis 1."
_DEFAULT = (
    "A stride that is not given is not {}. A pooling window moves on by its own length: "
    "`stride=None` means the kernel."
)
_COUNT = (
    "The count of places is not right. A window of k has (n - k) // s + 1 places, n being the "
    "pixels with the frame."
)

_OWN = (
    slip("stride-one-by-default", _DEFAULT.format("1, as in a convolution"), default=lambda k: 1),
    slip("stride-two-by-default", _DEFAULT.format("2"), default=lambda k: 2),
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
    slip(
        "starts-at-kernel",
        "Windows are counted by the stride, but move on by the kernel. Both follow the stride.",
        steps=lambda stride, size: size,
        counts=_by_the_stride,
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
    slip("counted-by-the-kernel", _COUNT, counts=_by(lambda n, m, k, s: (n - k) // k + 1)),
    slip("square-by-columns", _ALWAYS_SQUARE, counts=lambda g: (slips.legal(g)[1],) * 2),
    slip(
        "size-of-the-image",
        "Your output has the size of the image, and no window fills what is left over. It has one "
        "number for each place of the window.",
        finish=lambda output, g: _write(output, g.image.shape),
    ),
    slip(
        "written-at-start",
        "Each result is written to where its window begins, and with a stride that place lies "
        "outside the output. The output counts on its own: row 0, 1, 2.",
        finish=lambda output, g: _write(output, output.shape, g.stride),
    ),
    slip(
        "output-padded",
        "The frame stands round your output. It belongs round the image, before the window slides.",
        pads=_none,
        finish=lambda output, g: framed(output, all_round(g.padding, None)),
    ),
    slip(
        "same-padding",
        "Half a window of padding stands round the image whatever `padding` says. It may be 0.",
        pads=lambda padding, size: all_round(size[0] // 2, size),
    ),
    slip(
        "empty-slice",
        "Without padding, a slice from p to -p is a slice from 0 to 0, and that is empty. Count "
        "the end from the start instead: p plus the height.",
        pads=_from_p_to_minus_p,
    ),
    slip(
        "negative-starts",
        "A slice that begins at -1 begins at the last pixel, not before the first. Put a frame "
        "round the image, or cut the start off at 0.",
        pads=_none,
        counts=_as_if_framed,
        move=_shifted,
    ),
    slip(
        "window-of-the-stride",
        "Your window is as long as the stride. It reaches from top to top + kernel, however far "
        "it moves.",
        move=_as_long_as_the_stride,
    ),
    slip(
        "window-short",
        "Your window is one pixel short. A slice leaves out its end: from top to top + kernel.",
        reach=lambda size: (size[0] - 1, size[1] - 1),
    ),
    slip(
        "window-long",
        "Your window is one pixel too long. A slice from top to top + kernel has kernel rows.",
        reach=lambda size: (size[0] + 1, size[1] + 1),
    ),
    slip("window-of-two", "Your window is always 2 by 2.", reach=lambda size: (2, 2)),
    slip("window-of-three", "Your window is always 3 by 3.", reach=lambda size: (3, 3)),
    slip(
        "one-row",
        "Your window has one row only. It is as high as it is wide.",
        reach=lambda size: (1, size[1]),
    ),
    slip(
        "one-column",
        "Your window has one column only. It is as wide as it is high.",
        reach=lambda size: (size[0], 1),
    ),
)

# Edge values change no maximum, a running total is an affair of sums, and windows are square.
# Likely ones first: pairs are searched in this order.
BOTH = (
    *slips.STRIDE,
    *slips.without(slips.PADDING, "padding-edge-values"),
    *_OWN,
    *slips.without(
        slips.WINDOW,
        "stops-at-a-window",
        "square-image",
        "square-kernel",
        "square-kernel-counted",
        "square-kernel-in-the-slice",
    ),
    *slips.without(slips.FILL, "total-not-reset", "total-reset-once-a-row"),
)
