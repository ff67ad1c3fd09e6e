"""Walks over windows with parameters to go wrong by, and the slips that several exercises share.

A walk is the right way written out as loops; every keyword after the star is a twist. Plain loops
in NumPy, so that a slice over the edge is cut and an index over the edge raises, as for a learner.
"""

from types import SimpleNamespace

import numpy as np

from helpers.exercises import slip


def named(shared, *keys):
    """Those of the `shared` slips with one of these keys, in their order; KeyError for another."""
    if unknown := set(keys) - {s.key for s in shared}:
        raise KeyError(f"No shared slip is called {', '.join(sorted(unknown))}.")
    return [s for s in shared if s.key in keys]


def all_round(padding, size):
    """Rows above and below, columns left and right."""
    return padding, padding, padding, padding


def both(stride, size):
    """Steps downwards and to the right."""
    return stride, stride


def legal(g):
    """Rows and columns of the output: a window has a place where all of it lies on the picture.

    g: height and width (padded), image (unpadded), size, steps, stride, padding.
    """
    return tuple((n - k) // s + 1 for n, k, s in zip(g.padded, g.size, g.steps, strict=True))


def grid(
    image,
    size,
    stride,
    padding,
    *,
    pads=all_round,
    steps=both,
    counts=legal,
    visits=lambda shape, size: shape,
    start=lambda row, column: (row, column),
    reach=lambda size: size,
    stop=lambda begin, length: begin + length,
):
    """Padding (top, bottom, left, right), the output's shape and (row, column, window) of each
    place; `visits` changes how far the loops run, `start` the pixel at which a window begins,
    `reach` the size (height, width) of what it covers, `stop` where its slices end.
    """
    top, bottom, left, right = pads(padding, size)
    padded = image[0] + top + bottom, image[1] + left + right
    down, across = steps(stride, size)
    geometry = SimpleNamespace(padded=padded, image=image, size=size)
    geometry.steps, geometry.stride, geometry.padding = (down, across), stride, padding
    shape = tuple(counts(geometry))
    rows, columns = visits(shape, size)
    height, width = reach(size)
    places = []
    for row in range(rows):
        for column in range(columns):
            r, c = start(row * down, column * across)
            window = slice(r, stop(r, height)), slice(c, stop(c, width))
            places.append((row, column, window))
    return (top, bottom, left, right), shape, places


def framed(image, sides, value=0.0):
    """(..., H, W) with so many rows and columns of `value` around it; "edge" repeats the border."""
    top, bottom, left, right = sides
    if value == "edge":
        axes = ((0, 0),) * (image.ndim - 2)
        return np.pad(image, (*axes, (top, bottom), (left, right)), mode="edge")
    height, width = image.shape[-2:]
    shape = (*image.shape[:-2], height + top + bottom, width + left + right)
    padded = np.full(shape, value, dtype=np.float64)
    padded[..., top : top + height, left : left + width] = image
    return padded


def products_added(window, kernel):
    return (window * kernel).sum()


def convolve(
    image,
    kernel,
    stride=1,
    padding=0,
    bias=0,
    *,
    number=products_added,
    frame=0.0,
    turn=None,
    **places,
):
    """conv2d of (H, W) with (kH, kW) as two loops; number(window, kernel) makes each number."""
    image, kernel = np.asarray(image, dtype=np.float64), np.asarray(kernel, dtype=np.float64)
    sides, shape, windows = grid(image.shape, kernel.shape, stride, padding, **places)
    padded, output = framed(image, sides, frame), np.zeros(shape)
    kernel = turn(kernel) if turn else kernel
    for row, column, window in windows:
        output[row, column] = number(padded[window], kernel)
    return output + bias


def counted(room=lambda g: g.padded, size=lambda g: g.size):
    """counts for `grid` with other lengths or another kernel."""

    def counts(g):
        axes = zip(room(g), size(g), g.steps, strict=True)
        return tuple((n - k) // s + 1 for n, k, s in axes)

    return counts


def _by_stride(g):
    """The right counts, whatever the steps are."""
    return tuple((n - k) // g.stride + 1 for n, k in zip(g.padded, g.size, strict=True))


def _more(rows, columns):
    """So many places more (or fewer) than there are; what no window fills stays zero."""

    def counts(g):
        return tuple(n + more for n, more in zip(legal(g), (rows, columns), strict=True))

    return counts


def filled(change):
    """What comes out, changed by change(output) on a copy as an array."""

    def after(value):
        output = np.array(value, dtype=np.float64)
        changed = change(output)
        return output if changed is None else changed

    return after


def _zeros(*place):
    """What stands there was never filled."""

    def change(output):
        for where in place:
            output[where] = 0

    return filled(change)


def _indices_swapped(output):
    """output[column, row] = ...: over the edge of an output that is no square."""
    if output.shape[-1] != output.shape[-2]:
        raise IndexError("index is out of bounds")
    return output.swapaxes(-1, -2)


def _only(rows, columns):
    def change(output):
        kept = output[:rows, :columns].copy()
        output[:] = 0
        output[:rows, :columns] = kept

    return filled(change)


def _column_first(image, kernel, *more):
    """image[column, row]: over the edge of an image that is no square."""
    if image.shape[0] != image.shape[1]:
        raise IndexError("index is out of bounds")
    return image.T, kernel, *more


def _height_twice(image, kernel, *more):
    """kernel[i, j] with both below the height: over the edge of a kernel that is narrower."""
    if kernel.shape[1] < kernel.shape[0]:
        raise IndexError("index is out of bounds")
    return image, kernel[:, : kernel.shape[0]], *more


_TURNED = (
    "The top left weight lies on the top left pixel of the window, and so on; nothing is turned."
)
_EXCHANGED = (
    "Rows and columns of the kernel are exchanged: weight (i, j) belongs on pixel (i, j) of the "
    "window, row first in both."
)
_MATRIX = (
    "`@` is the matrix product, rows times columns. Here each pixel meets one weight only, the one "
    "that lies on it."
)
_NOT_DOWN = "Your window moves to the right but not down: the row is missing in the slice."
_AXES = (
    "Height and width are swapped in the count. Rows come from axis 0 of the image and of the "
    "kernel, columns from axis 1."
)
_SQUARE = "You took the kernel for a square. Its height and its width are two numbers."
_COUNT = "Count the places of a window of 3 in a row of 5: it may start at 0, 1 and 2."
_BOTH_SHORT = f"The last row and the last column are missing. {_COUNT}"

# fmt: off
KERNEL = (
    slip("kernel-flipped", "Your kernel is turned by half a turn, which is another operation. "
        f"{_TURNED}", turn=lambda k: k[::-1, ::-1]),
    slip("kernel-upside-down", "Your kernel stands upside down: its last row lies on the first row "
        f"of pixels. {_TURNED}", turn=lambda k: k[::-1]),
    slip("kernel-mirrored", "Your kernel is mirrored: its last column lies on the first column of "
        f"pixels. {_TURNED}", turn=lambda k: k[:, ::-1]),
    slip("kernel-transposed", _EXCHANGED, turn=lambda k: k.T),
)

TRANSPOSED = (  # before the kernel's sizes are taken, as with F.conv2d
    slip("kernel-transposed-first", _EXCHANGED,
        before=lambda image, kernel, *more: (image, kernel.T, *more)),
)

NUMBER = (
    slip("mean", "You averaged the products. They are added; nothing is divided.",
        number=lambda window, kernel: (window * kernel).mean()),
    slip("largest-product", "You kept the largest product. All of them are added.",
        number=lambda window, kernel: (window * kernel).max()),
    slip("last-product", "Only the last product is left of each window: the others were "
        "overwritten. Add each to what is there.",
        number=lambda window, kernel: (window * kernel)[-1, -1]),
    slip("added-not-multiplied", "You added pixel and weight. Each pixel is multiplied by the "
        "weight that lies on it.", number=lambda window, kernel: (window + kernel).sum()),
    slip("sums-multiplied", "You added first and multiplied then. So every pixel gets the same "
        "weight, and the kernel could as well be one number.",
        number=lambda window, kernel: window.sum() * kernel.sum()),
    slip("matrix-product", _MATRIX, number=lambda window, kernel: (window @ kernel).sum()),
    slip("matrix-product-that-fits", _MATRIX,
        number=lambda window, kernel: (window @ kernel.T).sum()),
)

WINDOW = (
    slip("stops-at-a-window", "Your code stops at every kernel of more than one pixel. Either its "
        "products are not added, so that a whole grid is put into one cell, or a window reaches "
        "beyond the last pixel.", number=lambda window, kernel: (window * kernel).item()),
    slip("column-does-not-move", "Your window moves down but not to the right: the column is "
        "missing in the slice.", start=lambda row, column: (row, 0)),
    slip("row-does-not-move", _NOT_DOWN, start=lambda row, column: (0, column)),
    slip("row-and-column-exchanged", "The window for output (row, column) begins where that for "
        "(column, row) should. The row comes first in both.",
        start=lambda row, column: (column, row)),
    slip("window-begins-before", "Your window begins one row and one column too early, and a "
        "negative start counts from the other end. The first window begins at row 0, column 0.",
        start=lambda row, column: (row - 1, column - 1)),
    slip("window-begins-late", "Your window begins one row and one column too late. The first one "
        "begins at row 0, column 0.", start=lambda row, column: (row + 1, column + 1)),
    slip("loops-swapped", "The loop over rows runs as often as there are columns, and the other "
        "way round. With a square output nobody notices.", visits=lambda shape, size: shape[::-1]),
    slip("axes-swapped", _AXES, counts=lambda g: legal(g)[::-1]),
    slip("square-image", "You took the image for a square. Its height and its width are two "
        "numbers.", counts=counted(lambda g: (g.padded[0], g.padded[0]))),
    slip("square-output", "Your output is always square. Work out rows and columns apart, each "
        "from its own axis.", counts=lambda g: (legal(g)[0],) * 2),
    slip("square-kernel", _SQUARE, counts=counted(size=lambda g: (g.size[0], g.size[0])),
        reach=lambda size: (size[0], size[0])),
    slip("square-kernel-counted", "You counted with the kernel's height on both axes. Its height "
        "and its width are two numbers.", counts=counted(size=lambda g: (g.size[0], g.size[0]))),
    slip("square-kernel-in-the-slice", "Your window is as wide as the kernel is high. Its height "
        "and its width are two numbers.", reach=lambda size: (size[0], size[0])),
)

LOOPS = (  # of two loops over one image
    slip("row-fixed-at-one", _NOT_DOWN, start=lambda row, column: (1, column)),
    slip("end-does-not-move", "The end of your slice stays where it is, so that the window shrinks "
        "as it moves. It ends at row + height, column + width.", stop=lambda begin, length: length),
    slip("image-axes-swapped", _AXES, counts=counted(lambda g: g.padded[::-1])),
    slip("image-column-first", "The image is read column first. The row comes first, in the image "
        "as in the output.", before=_column_first),
    slip("square-kernel-in-the-loops", _SQUARE, before=_height_twice),
    slip("last-start-left-out", _BOTH_SHORT,
        counts=counted(lambda g: [n - 1 for n in g.padded])),
    slip("loops-of-the-kernel", "Your loops over the places run as often as the kernel has rows "
        "and columns; the rest of the output is never filled. They run over the output.",
        visits=lambda shape, size: map(min, shape, size)),
    slip("filled-column-by-column", "Your numbers are collected column by column and laid out row "
        "by row. The outer loop runs over the rows.",
        after=filled(lambda output: output.T.reshape(output.shape))),
    slip("reshaped-the-other-way", "The numbers are right and in their order, but height and width "
        "of the output are exchanged. Rows come first.",
        after=filled(lambda o: o.reshape(*o.shape[:-2], *o.shape[:-3:-1]))),
    slip("whole-numbers", "Fractions are cut off: your output holds whole numbers only. Make it "
        "one of floats.", after=filled(np.trunc)),
)

FILL = (
    slip("last-row-and-column-missing", _BOTH_SHORT, counts=_more(-1, -1)),
    slip("last-row-missing", f"The last row is missing, the columns are all there. {_COUNT}",
        counts=_more(-1, 0)),
    slip("last-column-missing", f"The last column is missing, the rows are all there. {_COUNT}",
        counts=_more(0, -1)),
    slip("loops-end-early", "The size is right, but the last row and column were never filled: the "
        "loops end one window early. `range(n)` already leaves out n.",
        after=_zeros(np.s_[..., -1:, :], np.s_[..., -1:])),
    slip("one-too-many", f"One row and one column too many, which no window has filled. {_COUNT}",
        after=filled(lambda output: framed(output, (0, 1, 0, 1)))),
    slip("total-not-reset", "Each number still holds the windows before it. Every window starts "
        "from zero.", after=filled(lambda output: output.cumsum().reshape(output.shape))),
    slip("total-reset-once-a-row", "Within a row each number still holds the windows to its left. "
        "Every window starts from zero, not every row.",
        after=filled(lambda output: output.cumsum(-1))),
    slip("last-number-everywhere", "All cells hold the number of the last window. Write each "
        "number into its own cell.",
        after=filled(lambda output: np.full_like(output, output[-1, -1]))),
    slip("returned-in-the-inner-loop", "Only the first cell is filled: the function returned after "
        "one window. Look how far the return is indented.", after=_only(1, 1)),
    slip("returned-in-the-outer-loop", "Only the first row is filled: the function returned after "
        "one row. Look how far the return is indented.", after=_only(1, None)),
    slip("output-transposed", "The numbers are right, but rows and columns of the output are "
        "exchanged: moving the window down must move you down in the output.",
        after=filled(lambda output: output.swapaxes(-1, -2))),
    slip("output-indices-swapped", "The number of the window in (row, column) is written to "
        "(column, row): with a square output it lands in the wrong cell, with another one beyond "
        "the edge.", after=filled(_indices_swapped)),
    slip("first-number-only", "One number came out, that of the window at the top left. Return "
        "after both loops, and return the whole output.",
        after=filled(lambda output: output[0, 0])),
)

PADDING = (
    slip("padding-ignored", "The padding changes nothing in your output. Put the frame round the "
        "image first, then slide.", pads=lambda padding, size: (0, 0, 0, 0)),
    slip("padding-top-left", "Padding stands above and to the left only. It is per side: below and "
        "to the right as well.", pads=lambda padding, size: (padding, 0, padding, 0)),
    slip("padding-bottom-right", "Padding stands below and to the right only. It is per side: "
        "above and to the left as well.", pads=lambda padding, size: (0, padding, 0, padding)),
    slip("padding-rows-only", "Padding stands above and below only. The left and right sides are "
        "padded too.", pads=lambda padding, size: (padding, padding, 0, 0)),
    slip("padding-columns-only", "Padding stands to the left and right only. It belongs above and "
        "below too.", pads=lambda padding, size: (0, 0, padding, padding)),
    slip("padding-total", "You share the padding out between two sides. In torch, and here, the "
        "number is already per side.", pads=lambda padding, size: all_round(padding // 2, size)),
    slip("padding-twice", "Your frame is twice as wide as it should be: the padding is added on "
        "each side once.", pads=lambda padding, size: all_round(2 * padding, size)),
    slip("padding-edge-values", "The frame repeats the edge of the image. That is replicate "
        "padding, another thing.", frame="edge"),
)

STRIDE = (
    slip("stride-ignored", "Every place is computed, with any stride. With stride 2 the window "
        "moves two pixels at a time, so fewer numbers come out.",
        steps=lambda stride, size: (1, 1)),
    slip("stride-on-rows-only", "The stride works downwards but not to the right. It holds for "
        "both axes.", steps=lambda stride, size: (stride, 1)),
    slip("stride-on-columns-only", "The stride works to the right but not downwards. It holds for "
        "both axes.", steps=lambda stride, size: (1, stride)),
    slip("starts-not-multiplied", "The size is right, but your windows still move by one pixel. At "
        "which pixel does the window of output row 1 begin when the stride is 2?",
        steps=lambda stride, size: (1, 1), counts=_by_stride),
)
# fmt: on


def without(slips, *keys):
    """A group of slips without some of them, which do not fit an exercise."""
    missing = set(keys) - {s.key for s in slips}
    if missing:
        raise ValueError(f"There are no slips {missing} to leave out.")
    return tuple(s for s in slips if s.key not in keys)


def by_part(rows, parts):
    """Slips of a walk whose twists end in the name of a part ("biases_linear"): every row (key,
    message, twist) as a whole, and then what it does to each part alone.
    """
    found = [slip(key, message, **twist) for key, message, twist in rows]
    for key, message, twist in rows:
        for part in parts:
            alone = {name: value for name, value in twist.items() if name.endswith(f"_{part}")}
            if alone and alone not in [s.twist for s in found]:
                found.append(slip(f"{key}-{part}", f"{part}: {message}", **alone))
    return tuple(found)
