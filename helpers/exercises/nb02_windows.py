"""What learners get wrong about padded and strided convolution in notebook 02, as functions."""

import torch
from torch.nn import functional as F

from helpers.exercises import Mistake


def _convolve(image, kernel, stride=1, bias=0):
    """Correct convolution of an image that is padded already; what the mistakes build on."""
    return F.conv2d(image[None, None], kernel[None, None], stride=stride)[0, 0] + bias


def _pad(image, padding, **how):
    return F.pad(image[None, None], (padding,) * 4, **how)[0, 0]


def _changed(change):
    """A convolution that is right but for what `change` does to the image or the kernel."""

    def wrong(image, kernel, stride=1, padding=0, bias=0):
        image, kernel = change(image, kernel, padding)
        return _convolve(image, kernel, stride, bias)

    return wrong


def _stride_ignored(image, kernel, stride=1, padding=0, bias=0):
    return _convolve(_pad(image, padding), kernel, 1, bias)


def _stride_on_rows_only(image, kernel, stride=1, padding=0, bias=0):
    return _convolve(_pad(image, padding), kernel, (stride, 1), bias)


def _starts_not_multiplied(image, kernel, stride=1, padding=0, bias=0):
    rows, columns = _convolve(_pad(image, padding), kernel, stride).shape
    return _convolve(_pad(image, padding), kernel, 1, bias)[:rows, :columns]


def _size_from_the_image(image, kernel, stride=1, padding=0, bias=0):
    rows, columns = _sizes(image, kernel, stride, 0)
    return _loop(image, kernel, stride, padding, bias, rows, columns)


def _gaps_in_the_output(image, kernel, stride=1, padding=0, bias=0):
    rows, columns = _sizes(image, kernel, stride, padding)
    output = torch.zeros(rows, columns)
    every = _convolve(_pad(image, padding), kernel, 1, bias)
    output[::stride, ::stride] = every[:rows:stride, :columns:stride]
    return output


def _empty_slice(image, kernel, stride=1, padding=0, bias=0):
    padded = torch.zeros(image.shape[0] + 2 * padding, image.shape[1] + 2 * padding)
    padded[padding:-padding, padding:-padding] = image
    return _convolve(padded, kernel, stride, bias)


def _output_padded(image, kernel, stride=1, padding=0, bias=0):
    return _pad(_convolve(image, kernel, stride, bias), padding)


def _loop(image, kernel, stride, padding, bias, rows, columns):
    """The two loops, over as many rows and columns as the mistake believes there are."""
    padded = _pad(image, padding)
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = padded[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            output[row, column] = (window * kernel).sum() + bias
    return output


def _sizes(image, kernel, stride, padding):
    return tuple((image.shape[a] + 2 * padding - kernel.shape[a]) // stride + 1 for a in (0, 1))


def _axes_swapped(image, kernel, stride=1, padding=0, bias=0):
    columns, rows = _sizes(image, kernel, stride, padding)
    return _loop(image, kernel, stride, padding, bias, rows, columns)


def _square_assumed(image, kernel, stride=1, padding=0, bias=0):
    rows, _ = _sizes(image, kernel, stride, padding)
    return _loop(image, kernel, stride, padding, bias, rows, rows)


def _square_kernel_assumed(image, kernel, stride=1, padding=0, bias=0):
    rows, columns = _sizes(image, kernel, stride, padding)
    side, padded = kernel.shape[0], _pad(image, padding)
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = padded[top : top + side, left : left + side]
            output[row, column] = (window * kernel).sum() + bias
    return output


def _last_missing(image, kernel, stride=1, padding=0, bias=0):
    return _convolve(_pad(image, padding), kernel, stride, bias)[:-1, :-1]


def _windows_cut_off(image, kernel, stride=1, padding=0, bias=0):
    padded = _pad(image, padding)
    short = [-(size - k) % stride for size, k in zip(padded.shape, kernel.shape, strict=True)]
    return _convolve(F.pad(padded, (0, short[1], 0, short[0])), kernel, stride, bias)


def _bias_ignored(image, kernel, stride=1, padding=0, bias=0):
    return _convolve(_pad(image, padding), kernel, stride)


def _bias_per_product(image, kernel, stride=1, padding=0, bias=0):
    return _convolve(_pad(image, padding), kernel, stride, bias * kernel.numel())


def _mean(image, kernel, stride=1, padding=0, bias=0):
    return _convolve(_pad(image, padding), kernel, stride) / kernel.numel() + bias


def _published(image, kernel, stride=1, padding=0, bias=0):
    return torch.tensor([[6.0, 17, 3], [8, 17, 13], [6, 4, 4]])


def _flip(*axes):
    return _changed(lambda image, kernel, p: (_pad(image, p), kernel.flip(axes)))


CONV2D = (
    Mistake(
        "stride-ignored",
        _stride_ignored,
        "Every place is computed, with any stride. With stride 2 the window moves two pixels "
        "at a time, so fewer numbers come out.",
    ),
    Mistake(
        "stride-on-rows-only",
        _stride_on_rows_only,
        "The stride works downwards but not to the right. It holds for both axes.",
    ),
    Mistake(
        "starts-not-multiplied",
        _starts_not_multiplied,
        "The size is right, but your windows still move by one pixel. At which pixel does the "
        "window of output row 1 begin when the stride is 2?",
    ),
    Mistake(
        "gaps-in-the-output",
        _gaps_in_the_output,
        "Your loops skip rows and columns of the output and leave them 0. The output has no gaps: "
        "fill every cell, and let the window begin at row times stride.",
    ),
    Mistake(
        "size-from-the-image",
        _size_from_the_image,
        "The numbers are right, but some are missing: you counted the places on the image without "
        "its frame. Count them on the padded one.",
    ),
    Mistake(
        "padding-ignored",
        _changed(lambda image, kernel, p: (image, kernel)),
        "The padding changes nothing in your output. Put the ring of zeros round the image "
        "first, then slide.",
    ),
    Mistake(
        "padding-one-side",
        _changed(lambda image, kernel, p: (F.pad(image, (p, 0, p, 0)), kernel)),
        "Zeros stand above and to the left only. Padding is per side: below and to the right "
        "as well.",
    ),
    Mistake(
        "padding-rows-only",
        _changed(lambda image, kernel, p: (F.pad(image, (0, 0, p, p)), kernel)),
        "Zeros stand above and below only. The left and right sides are padded too.",
    ),
    Mistake(
        "padding-total",
        _changed(lambda image, kernel, p: (_pad(image, p // 2), kernel)),
        "You share the padding out between two sides. In torch, and here, the number is "
        "already per side.",
    ),
    Mistake(
        "padding-ones",
        _changed(lambda image, kernel, p: (_pad(image, p, value=1), kernel)),
        "The ring is made of ones, which add the kernel's numbers to the borders. Use zeros.",
    ),
    Mistake(
        "padding-edge-values",
        _changed(lambda image, kernel, p: (_pad(image, p, mode="replicate"), kernel)),
        "The ring repeats the edge of the image. That is replicate padding; here it is zeros.",
    ),
    Mistake(
        "empty-slice",
        _empty_slice,
        "Without padding, a slice from p to -p is a slice from 0 to 0, and that is empty. "
        "Count the end from the start instead: p plus the height.",
    ),
    Mistake(
        "output-padded",
        _output_padded,
        "The zeros stand round your output. They belong round the image, before the window slides.",
    ),
    Mistake(
        "axes-swapped",
        _axes_swapped,
        "Height and width are swapped somewhere. Rows come from axis 0 of the image and of "
        "the kernel, columns from axis 1.",
    ),
    Mistake(
        "square-assumed",
        _square_assumed,
        "Your output is always square. Work out rows and columns apart, each from its own axis.",
    ),
    Mistake(
        "square-kernel-assumed",
        _square_kernel_assumed,
        "This works for square kernels and stops at others. A kernel of 3 rows and 2 columns "
        "needs a window of 3 rows and 2 columns.",
    ),
    Mistake(
        "last-missing",
        _last_missing,
        "The last row and the last column are missing. Count places, not steps: the start "
        "counts too.",
    ),
    Mistake(
        "windows-cut-off",
        _windows_cut_off,
        "Your last windows hang over the end of the padded image. A window that does not fit "
        "as a whole is left out.",
    ),
    Mistake(
        "kernel-flipped",
        _flip(0, 1),
        "Your kernel is turned upside down and left to right: convolution as in "
        "mathematics. Lay it down as it is.",
    ),
    Mistake(
        "kernel-flipped-rows",
        _flip(0),
        "Your kernel lies upside down. Its first row meets the first row of the window.",
    ),
    Mistake(
        "kernel-flipped-columns",
        _flip(1),
        "Your kernel is mirrored left to right. Its first column meets the first column of "
        "the window.",
    ),
    Mistake(
        "kernel-transposed",
        _changed(lambda image, kernel, p: (_pad(image, p), kernel.T)),
        "Rows and columns of the kernel are exchanged. Element (i, j) of the kernel meets "
        "pixel (i, j) of the window.",
    ),
    Mistake(
        "bias-ignored",
        _bias_ignored,
        "The bias is missing. It is added to every number of the output.",
    ),
    Mistake(
        "bias-per-product",
        _bias_per_product,
        "The bias is added with every product. It belongs to the sum: once per output number.",
    ),
    Mistake(
        "mean",
        _mean,
        "You average over the window. Convolution adds the products and does not divide.",
    ),
    Mistake(
        "hard-coded",
        _published,
        "This is the published output of the running example, whatever the input. The answer "
        "must be computed from image and kernel.",
    ),
)
