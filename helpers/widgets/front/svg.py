"""Matrices as SVG text for the live widgets, laid out and coloured as in helpers.figures."""

import html

from helpers.cells import COLOURS, cell_label, grid_layout, matrix

CELL = 44  # pixels


def grid(
    values, role="input", *, now=(), dim=(), padding=0, title="", click="", stops=True, labels=None
):
    """One matrix as (svg group, (height, width) in cells), its top left corner at (0, 0).

    `now`: (row, column) pairs outlined; `dim`: pairs drawn pale; `padding`: so many outer rings
    are padding; `click`: cells report data-click=click, value "row,column", and without `stops`
    the Tab key passes them by; `labels`: texts (a matrix) in place of the numbers.
    """
    values, now, dim = matrix(values), set(now), set(dim)
    height, width = values.shape
    cells = []
    for row in range(height):
        for column in range(width):
            ring = min(row, column, height - 1 - row, width - 1 - column)
            label = cell_label(values[row, column]) if labels is None else labels[row][column]
            cells.append(
                _cell(
                    (column * CELL, row * CELL),
                    label,
                    "padding" if ring < padding else role,
                    (row, column) in dim,
                    f'data-click="{click}" data-value="{row},{column}" '
                    f'tabindex="{0 if stops else -1}" role="button" '
                    f'aria-label="{html.escape(title)} row {row} column {column}: {label}"'
                    if click
                    else "",
                )
            )
    head = (
        f'<text x="{width * CELL / 2}" y="-8" text-anchor="middle" font-size="15">'
        f"{html.escape(title)}</text>"
    )
    return f"{head}{''.join(cells)}{outline(now)}", (height, width)


def outline(now, cell=CELL):
    """A thick line around cells of `cell` pixels: the sides with no neighbour among them."""
    sides = {(-1, 0): "m0,0h1", (1, 0): "m0,1h1", (0, -1): "m0,0v1", (0, 1): "m1,0v1"}
    path = ""
    for row, column in sorted(now):
        for (down, right), side in sides.items():
            if (row + down, column + right) not in now:
                path += f"M{column},{row}{side}"
    return (
        f'<path d="{path}" transform="scale({cell})" fill="none" stroke="{COLOURS["now"]}" '
        f'stroke-width="{4 / cell:.3f}" stroke-linecap="square" pointer-events="none"/>'
    )


def _cell(corner, label, role, pale, attributes):
    x, y = corner
    colour = COLOURS[role]
    dash = ' stroke-dasharray="4 3"' if role == "padding" else ""
    size = 17 if len(str(label)) < 4 else 13 if len(str(label)) < 6 else 10
    return (
        f'<g {attributes} opacity="{0.3 if pale else 1}">'
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{colour}" '
        f'fill-opacity="0.18" stroke="{colour}" stroke-width="1.5"{dash}/>'
        f'<text x="{x + CELL / 2}" y="{y + CELL / 2}" text-anchor="middle" '
        f'dominant-baseline="central" font-size="{size}">{html.escape(str(label))}</text></g>'
    )


def side_by_side(*grids, gap=1.0, height=None, label=""):
    """A whole <svg> with grids (as from `grid`) side by side, centred vertically.

    `height` in cells keeps the picture's height while the grids change (what is taller shrinks);
    `label` is read out.
    """
    shapes = [shape for _, shape in grids]
    corners = grid_layout(shapes, gap)
    wide = (corners[-1][0] + shapes[-1][1]) * CELL + 8
    rows = max(rows for rows, _ in shapes)
    tall, box = (count * CELL + 36 for count in (max(rows, height or 0), height or rows))
    groups = "".join(
        f'<g transform="translate({x * CELL + 4},{y * CELL + 30})">{group}</g>'
        for (group, _), (x, y) in zip(grids, corners, strict=True)
    )
    return (
        f'<svg role="img" aria-label="{html.escape(label)}" width="{wide * box / tall:g}" '
        f'height="{box:g}" viewBox="0 0 {wide:g} {tall:g}" preserveAspectRatio="xMinYMid" '
        f'style="max-width: 100%">{groups}</svg>'
    )
