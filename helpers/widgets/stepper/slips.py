"""Which slip gives this number for this window? The exercise on one output number knows.

What depends on the place in the image, and on single products, is here.
"""

from helpers.cells import as_text
from helpers.checking import explain
from helpers.widgets.front.sums import is_right


def name_slip(number, padded, kernel, corner, at, padding=0):
    """A sentence on the first slip that gives `number` for the window at `corner`.

    `corner`: (row, column) of the window in the padded image; `at`: of the output cell.
    """
    height, width = kernel.shape
    row, column = corner
    window = padded[row : row + height, column : column + width]
    total = float((window * kernel).sum())

    def gives(value):
        return is_right(number, value) and not is_right(value, total)

    case = (window.numpy(), kernel.numpy())
    if said := explain("01.third_number", case, True, look=gives):
        return said
    groups = (
        _parts(window * kernel),
        _other_windows(padded, kernel, corner, at, padding),
        _one_product(window, kernel),
    )
    for group in groups:
        for value, sentence in group:
            if gives(value):
                return sentence
    if abs(number - total) <= 2:
        return "Very near. The products seem right: add them once more."
    return (
        "Not that, and no slip that is known here gives it. Write the products down row by row, "
        "pixel times weight, then add them."
    )


def _parts(products):
    """Sums of some of the products (a row, a column, all but one of them), or their negative."""
    yield -float(products.sum()), "The amount is right, the sign is not. Minus times plus is minus."
    for axis, name in ((1, "row"), (0, "column")):
        sums = products.sum(axis).tolist()
        for i, part in enumerate(sums):
            yield part, f"Those are the products of {name} {i} alone. Add those of all {name}s."
        for i, part in enumerate(sums):
            yield sum(sums) - part, f"The products of {name} {i} are missing."


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
