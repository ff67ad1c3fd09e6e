"""Walks over pooling windows that go wrong in the same way for max and average; notebook 05."""

import torch
from torch.nn import functional as F

from helpers.exercises import Mistake


def ring(image, padding, value):
    """The right frame: `padding` rings of `value`."""
    return F.pad(image, (padding,) * 4, value=value)


def walk(
    image, kernel, stride, padding, number, fill, *, frame=ring, sizes=None, step=None, reach=0
):
    """The right walk, but for one twist: `number(window, real)` of every window.

    real: 1 where the window lies on the image, 0 where it lies on padding; frame(image, padding,
    value) pads; sizes(rows, columns) changes the output size; step(kernel, stride) gives the push
    downwards and to the right; reach is added to the window's length.
    """
    padded, real = frame(image, padding, fill), frame(torch.ones_like(image), padding, 0)
    rows, columns = ((n - kernel) // stride + 1 for n in padded.shape)
    if sizes:
        rows, columns = sizes(rows, columns)
    down, right = step(kernel, stride) if step else (stride, stride)
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * down, column * right
            here = slice(top, top + kernel + reach), slice(left, left + kernel + reach)
            output[row, column] = number(padded[here], real[here])
    return output


def pooling(number, fill, padding_of=lambda padding: padding, **twist):
    """A pooling function that is right but for `number`, `fill`, the padding or one twist."""

    def wrong(image, kernel, stride=None, padding=0, *flag):
        stride = kernel if stride is None else stride
        padding = padding_of(padding)
        return walk(image, kernel, stride, padding, lambda *w: number(*w, *flag), fill, **twist)

    return wrong


def _stride_one(number, fill):
    right = pooling(number, fill)

    def wrong(image, kernel, stride=1, padding=0, *flag):
        return right(image, kernel, 1 if stride is None else stride, padding, *flag)

    return wrong


def _stride_ignored(number, fill):
    right = pooling(number, fill)

    def wrong(image, kernel, stride=None, padding=0, *flag):
        return right(image, kernel, None, padding, *flag)

    return wrong


def _output_padded(number, fill):
    right = pooling(number, fill)

    def wrong(image, kernel, stride=None, padding=0, *flag):
        return ring(right(image, kernel, stride, 0, *flag), padding, 0)

    return wrong


def _rounded_up(number, fill):
    def wrong(image, kernel, stride=None, padding=0, *flag):
        stride = kernel if stride is None else stride
        rows, columns = (-(-(n + 2 * padding - kernel) // stride) + 1 for n in image.shape)
        return walk(
            image, kernel, stride, padding, lambda *w: number(*w, *flag), fill,
            sizes=lambda *_: (rows, columns),
        )  # fmt: skip

    return wrong


def _size_of_the_bare_image(number, fill):
    def wrong(image, kernel, stride=None, padding=0, *flag):
        stride = kernel if stride is None else stride
        rows, columns = ((n - kernel) // stride + 1 for n in image.shape)
        return pooling(number, fill)(image, kernel, stride, padding, *flag)[:rows, :columns]

    return wrong


def _written_at_start(number, fill):
    def wrong(image, kernel, stride=None, padding=0, *flag):
        stride = kernel if stride is None else stride
        right = pooling(number, fill)(image, kernel, stride, padding, *flag)
        output = torch.zeros_like(right)
        for row in range(right.shape[0]):
            for column in range(right.shape[1]):
                output[row * stride, column * stride] = right[row, column]
        return output

    return wrong


def _transposed(number, fill):
    right = pooling(number, fill)
    return lambda *case: right(*case).T.contiguous()


def _first_sides(image, padding, value):
    return F.pad(image, (padding, 0, padding, 0), value=value)


def _rows_only(image, padding, value):
    return F.pad(image, (0, 0, padding, padding), value=value)


def _empty_slice(image, padding, value):
    padded = torch.full([n + 2 * padding for n in image.shape], float(value))
    padded[padding:-padding, padding:-padding] = image
    return padded


def _square(rows, columns):
    return rows, rows


def _twist(**how):
    return lambda number, fill: pooling(number, fill, **how)


_GEOMETRY = (
    (
        "stride-one-by-default",
        _stride_one,
        "A stride that is not given is not 1, as it is in a convolution. A pooling window "
        "moves on by its own length: stride None means the kernel.",
    ),
    (
        "stride-ignored",
        _stride_ignored,
        "The stride has no effect: you always move on by the kernel. Do that only where no "
        "stride is given.",
    ),
    (
        "starts-not-multiplied",
        _twist(step=lambda kernel, stride: (1, 1)),
        "The size is right, but neighbouring windows lie one pixel apart. Output row 1 "
        "begins `stride` pixels down, output row 2 twice as far.",
    ),
    (
        "columns-not-multiplied",
        _twist(step=lambda kernel, stride: (stride, 1)),
        "The stride works downwards, but to the right the windows still lie one pixel apart.",
    ),
    (
        "padding-ignored",
        _twist(padding_of=lambda padding: 0),
        "The padding has no effect. Put the frame round the image before you count windows.",
    ),
    (
        "padding-total",
        _twist(padding_of=lambda padding: padding // 2),
        "You share the padding out between two sides. In torch, and here, the number is "
        "already per side.",
    ),
    (
        "padding-one-side",
        _twist(frame=_first_sides),
        "Your frame stands above and to the left only. Padding is per side: below and to the "
        "right as well.",
    ),
    (
        "padding-rows-only",
        _twist(frame=_rows_only),
        "Your frame stands above and below only. The left and right sides are padded too.",
    ),
    (
        "empty-slice",
        _twist(frame=_empty_slice),
        "Without padding, a slice from p to -p is a slice from 0 to 0, and that is empty. "
        "Count the end from the start instead: p plus the height.",
    ),
    (
        "output-padded",
        _output_padded,
        "The frame stands round your output. It belongs round the image, before the window slides.",
    ),
    (
        "rounded-up",
        _rounded_up,
        "Your last windows hang over the end. That is what ceil_mode=True does; by default a "
        "window that does not fit as a whole is left out.",
    ),
    (
        "size-of-the-bare-image",
        _size_of_the_bare_image,
        "The size of your output comes from the image without its frame, so the last windows are "
        "missing. Count places on the padded image.",
    ),
    (
        "written-at-start",
        _written_at_start,
        "You write each result to the place where its window begins, and with a stride that place "
        "lies outside the output. The output has a count of its own: row 0, 1, 2.",
    ),
    (
        "last-missing",
        _twist(sizes=lambda rows, columns: (rows - 1, columns - 1)),
        "The last row and the last column are missing. Count places, not steps: the start "
        "counts too.",
    ),
    (
        "axes-swapped",
        _transposed,
        "Rows and columns of your output are exchanged. Rows come from axis 0 of the image, "
        "columns from axis 1.",
    ),
    (
        "square-assumed",
        _twist(sizes=_square),
        "Your output is always square. Work out rows and columns apart, each from its own axis.",
    ),
    (
        "window-short",
        _twist(reach=-1),
        "Your window is one pixel short. A slice leaves out its end: from top to top + kernel.",
    ),
    (
        "window-long",
        _twist(reach=1),
        "Your window is one pixel too long. A slice from top to top + kernel has kernel rows.",
    ),
)


def geometry(number, fill):
    """The mistakes that have nothing to do with what is done with a window."""
    return tuple(Mistake(key, make(number, fill), message) for key, make, message in _GEOMETRY)
