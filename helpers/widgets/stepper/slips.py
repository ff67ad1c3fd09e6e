"""Which slip gives this number for this window? Sentences for the stepper, which asks."""

import math

from helpers.cells import as_text
from helpers.widgets.front.sums import is_right


def name_slip(number, padded, kernel, corner, at, padding=0):
    """A sentence on the first slip that gives `number` for the window at `corner`.

    `corner`: (row, column) of the window in the padded image; `at`: of the output cell.
    """
    height, width = kernel.shape
    row, column = corner
    window = padded[row : row + height, column : column + width]
    total = float((window * kernel).sum())
    groups = (
        _whole_window(window, kernel),
        _parts(window * kernel),
        _other_windows(padded, kernel, corner, at, padding),
        _one_product(window, kernel),
    )
    for group in groups:
        for value, sentence in group:
            if math.isclose(number, value, abs_tol=0.0051) and not is_right(value, total):
                return sentence
    if abs(number - total) <= 2:
        return "Very near. The products seem right: add them once more."
    return (
        "Not that, and no slip that is known here gives it. Write the products down row by row, "
        "pixel times weight, then add them."
    )


def _whole_window(window, kernel):
    products = window * kernel
    total = float(products.sum())
    yield (
        float((window * kernel.flip(0, 1)).sum()),
        "That comes out when the kernel is turned by half a turn first. Lay it on as it is: its "
        "top left weight on the top left pixel of the window.",
    )
    if kernel.shape[0] == kernel.shape[1]:
        yield (
            float((window * kernel.T).sum()),
            "That comes out when the rows of the kernel lie on the columns of the window. Row "
            "belongs on row.",
        )
    yield (
        float(window.sum()),
        "That is the sum of the pixels alone. First multiply each by the weight that lies on it.",
    )
    yield (
        float(kernel.sum()),
        "That is the sum of the weights alone. Multiply each by the pixel under it.",
    )
    yield (
        total / products.numel(),
        "That is the mean of the products. They are added; nothing is divided.",
    )
    yield -total, "The amount is right, the sign is not. Minus times plus is minus."
    yield (
        float((window + kernel).sum()),
        "There pixels and weights were added to each other. Multiply the two that lie on each "
        "other, and add only the products.",
    )


def _parts(products):
    """Sums of some of the products: a row, a column, all but one of them, the largest."""
    for axis, name in ((1, "row"), (0, "column")):
        sums = products.sum(axis).tolist()
        for i, part in enumerate(sums):
            yield part, f"Those are the products of {name} {i} alone. Add those of all {name}s."
        for i, part in enumerate(sums):
            yield sum(sums) - part, f"The products of {name} {i} are missing."
    yield (
        float(products.max()),
        "That is the largest of the products. Here all are added; keeping the largest is pooling.",
    )


def _other_windows(padded, kernel, corner, at, padding):
    """The sum at a place where the window does not lie."""
    height, width = kernel.shape
    places = {
        "one pixel to the right of": (corner[0], corner[1] + 1),
        "one pixel to the left of": (corner[0], corner[1] - 1),
        "one pixel below": (corner[0] + 1, corner[1]),
        "one pixel above": (corner[0] - 1, corner[1]),
    }
    named = {
        place: f"That is the window {name} the outlined one." for name, place in places.items()
    }
    named[tuple(at)] = (
        "That is the window without the stride: output row and column are to be multiplied by it."
    )
    if padding:
        inside = (corner[0] + padding, corner[1] + padding)
        named[inside] = "That window starts inside the padding. Count the grey ring as well."
    for (row, column), sentence in named.items():
        part = padded[max(row, 0) : row + height, max(column, 0) : column + width]
        if part.shape == kernel.shape:
            yield float((part * kernel).sum()), sentence


def _one_product(window, kernel):
    """All products right but one."""
    pairs = [(float(p), float(w)) for p, w in zip(window.flatten(), kernel.flatten(), strict=True)]
    total = sum(pixel * weight for pixel, weight in pairs)
    for pixel, weight in pairs:
        product, name = pixel * weight, f"{as_text(pixel)}*{as_text(weight)}"
        yield total - product, f"The product {name} seems to be missing; the others are right."
        yield total + product, f"The product {name} seems to be counted twice."
        yield total - 2 * product, f"The product {name} seems to have the wrong sign."
    for pixel, weight in pairs:
        total_here = total - pixel * weight + pixel + weight
        name = f"{as_text(pixel)} and {as_text(weight)}"
        yield total_here, f"At one place {name} seem to be added instead of multiplied."
    for pixel, weight in pairs:
        if weight == 0 and pixel:
            yield total + pixel, "A weight of 0 makes the product 0: that pixel does not count."
