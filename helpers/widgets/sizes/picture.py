"""The places of a kernel along one axis as SVG, as figures.show_placements draws them."""

import math

from helpers.widgets.front import svg

CELL, LEFT, TOP = 30, 80, 40  # units: a cell, the names at the left, the row of pixels
WIDEST = 22  # pixels of a padded row that there is room for
ROOM = 286  # units for the rows of places
SIZE = (LEFT + WIDEST * CELL + 6, TOP + ROOM + 2)


def picture(n, padding, reads, open_ended):
    """The row of pixels and below it a row for each place; `reads` names the pixels of each.

    `open_ended`: more places may follow, so that no pixel is hatched yet.
    """
    unread = set() if open_ended else set(range(n + 2 * padding)).difference(*reads)
    cells = "".join(_pixel(x, x - padding, n, x in unread) for x in range(n + 2 * padding))
    step = min(26, ROOM / max(len(reads), 1))
    every = math.ceil(svg.EM / step)  # so many rows share a name, so that names stay readable
    rows = "".join(
        _row(i if i % every == 0 else None, pixels, TOP + i * step, 0.86 * step)
        for i, pixels in enumerate(reads)
    )
    body = f"{_name('pixel', 3 + CELL / 2)}{cells}{rows}"
    return svg.drawing(body, *SIZE, "places of the kernel")


def _name(text, y):
    return svg.text(text, LEFT - 8, y, svg.EM, "end")


def _pixel(x, index, n, unread):
    inside = 0 <= index < n
    role = "input" if inside else "padding"
    left = LEFT + x * CELL
    strike = ""
    if unread:
        ends = [(0, 10, 10, 0), (0, 20, 20, 0), (0, 30, 30, 0), (10, 30, 30, 10), (20, 30, 30, 20)]
        lines = "".join(f"M{left + a},{3 + b}L{left + c},{3 + d}" for a, b, c, d in ends)
        strike = f'<path class="line padding" d="{lines}" stroke-width="1"/>'
    fill = ' style="fill-opacity: 0"' if unread else ""
    label = svg.text(index if inside else 0, left + CELL / 2, 3 + CELL / 2, 16)
    return (
        f'<g><rect class="tint {role}" x="{left}" y="3" width="{CELL}" height="{CELL}"{fill}/>'
        f"{strike}{label}</g>"
    )


def _row(index, pixels, y, tall):
    middle = y + tall / 2
    ends = [LEFT + (pixels[0] + 0.5) * CELL, LEFT + (pixels[-1] + 0.5) * CELL]
    boxes = "".join(
        f'<rect class="tint kernel" x="{LEFT + x * CELL}" y="{y:g}" width="{CELL}" '
        f'height="{tall:g}"/>'
        for x in pixels
    )
    gaps = pixels[-1] - pixels[0] >= len(pixels)
    line = f"M{ends[0]:g},{middle:g}H{ends[1]:g}" if gaps else ""
    name = "" if index is None else _name(f"output {index}", middle)
    return (
        f'<g class="place">{name}<path class="line kernel" d="{line}" stroke-width="2"/>{boxes}</g>'
    )
