"""The places of a kernel along one axis as SVG, as figures.show_placements draws them."""

from helpers.cells import COLOURS

CELL, LEFT, TOP = 30, 78, 46  # pixels: a cell, the names at the left, the row of pixels
WIDEST, MOST = 22, 22  # pixels of a padded row and rows of places that there is room for
ROOM = 308  # pixels for the rows of places
SIZE = (LEFT + WIDEST * CELL + 6, TOP + ROOM + 8)


def picture(n, padding, reads, open_ended):
    """The row of pixels and below it a row for each place; `reads` names the pixels of each.

    `open_ended`: more places may follow, so that no pixel is struck through yet.
    """
    unread = set() if open_ended else set(range(n + 2 * padding)).difference(*reads)
    cells = "".join(_pixel(x, x - padding, n, x in unread) for x in range(n + 2 * padding))
    step = min(26, ROOM / max(len(reads), 1))
    rows = "".join(_row(i, pixels, TOP + i * step, 0.86 * step) for i, pixels in enumerate(reads))
    wide, tall = SIZE
    return (
        f'<svg role="img" aria-label="places of the kernel" width="{wide}" height="{tall}" '
        f'viewBox="0 0 {wide} {tall}" preserveAspectRatio="xMinYMin" style="max-width: 100%">'
        f"{_name('pixel', 3 + CELL / 2)}{cells}{rows}</svg>"
    )


def _name(text, y, size=14):
    return (
        f'<text x="{LEFT - 8}" y="{y:g}" text-anchor="end" dominant-baseline="central" '
        f'font-size="{size:g}">{text}</text>'
    )


def _pixel(x, index, n, unread):
    inside = 0 <= index < n
    colour = COLOURS["input" if inside else "padding"]
    dash = "" if inside else ' stroke-dasharray="4 3"'
    left = LEFT + x * CELL
    strike = ""
    if unread:
        ends = [(0, 10, 10, 0), (0, 20, 20, 0), (0, 30, 30, 0), (10, 30, 30, 10), (20, 30, 30, 20)]
        lines = "".join(f"M{left + a},{3 + b}L{left + c},{3 + d}" for a, b, c, d in ends)
        strike = f'<path d="{lines}" stroke="{COLOURS["padding"]}" stroke-width="1.5"/>'
    return (
        f'<g><rect x="{left}" y="3" width="{CELL}" height="{CELL}" fill="{colour}" '
        f'fill-opacity="{0 if unread else 0.18}" stroke="{colour}" stroke-width="1.5"{dash}/>'
        f'{strike}<text x="{left + CELL / 2}" y="{3 + CELL / 2}" text-anchor="middle" '
        f'dominant-baseline="central" font-size="15">{index if inside else 0}</text></g>'
    )


def _row(index, pixels, y, tall):
    colour, middle = COLOURS["kernel"], y + tall / 2
    ends = [LEFT + (pixels[0] + 0.5) * CELL, LEFT + (pixels[-1] + 0.5) * CELL]
    boxes = "".join(
        f'<rect x="{LEFT + x * CELL}" y="{y:g}" width="{CELL}" height="{tall:g}" '
        f'fill="{colour}" fill-opacity="0.3" stroke="{colour}" stroke-width="1.5"/>'
        for x in pixels
    )
    gaps = pixels[-1] - pixels[0] >= len(pixels)
    line = f"M{ends[0]:g},{middle:g}H{ends[1]:g}" if gaps else ""
    return (
        f'<g>{_name(f"output {index}", middle, min(14, tall))}<path d="{line}" stroke="{colour}" '
        f'stroke-width="2"/>{boxes}</g>'
    )
