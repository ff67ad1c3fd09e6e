"""Matrices as SVG text for the live widgets, laid out as in helpers.figures; colours: board.css."""

import html

from helpers.cells import cell_label, grid_layout, matrix

EM = 15  # units of a drawing in the height of a letter of the page
CELL = 44  # units


def grid(
    values,
    role="input",
    *,
    now=(),
    strong=(),
    padding=0,
    title="",
    click="",
    stops=True,
    labels=None,
):
    """One matrix as (svg group, (height, width) in cells), its top left corner at (0, 0).

    `now`: (row, column) pairs outlined; `strong`: pairs filled; `padding`: so many outer rings
    are padding; `click`: cells report data-click=click, value "row,column", and without `stops`
    the Tab key passes them by; `labels`: texts (a matrix) in place of the numbers.
    """
    values, now, strong = matrix(values), set(now), set(strong)
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
                    ("padding" if ring < padding else role)
                    + (" strong" if (row, column) in strong else ""),
                    f'data-click="{click}" data-value="{row},{column}" '
                    f'tabindex="{0 if stops else -1}" role="button" '
                    f'aria-label="{html.escape(title)} row {row} column {column}: {label}"'
                    if click
                    else "",
                )
            )
    head = text(html.escape(title), width * CELL / 2, -15, 18)
    return f"{head}{''.join(cells)}{outline(now)}", (height, width)


def text(words, x, y, size=EM, anchor="middle"):
    """Words whose middle line is at `y`."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}" '
        f'dominant-baseline="central">{words}</text>'
    )


def outline(now, wide=CELL, tall=None):
    """A thick line around cells: the sides with no neighbour among them."""
    tall = wide if tall is None else tall
    path = ""
    for row, column in sorted(now):
        left, top = column * wide, row * tall
        sides = {
            (-1, 0): f"M{left:g},{top:g}h{wide:g}",
            (1, 0): f"M{left:g},{top + tall:g}h{wide:g}",
            (0, -1): f"M{left:g},{top:g}v{tall:g}",
            (0, 1): f"M{left + wide:g},{top:g}v{tall:g}",
        }
        for (down, right), side in sides.items():
            if (row + down, column + right) not in now:
                path += side
    return f'<path class="now" d="{path}" stroke-width="4"/>'


def _cell(corner, label, role, attributes):
    x, y = corner
    size = min(18, (CELL - 7) / _width(str(label)))
    return (
        f'<g {attributes}><rect class="tint {role}" x="{x}" y="{y}" width="{CELL}" '
        f'height="{CELL}"/>{text(html.escape(str(label)), x + CELL / 2, y + CELL / 2, size)}</g>'
    )


def _width(label):
    """About how wide a number is, in heights of its letters."""
    signs = {".": 0.32, "\N{MINUS SIGN}": 0.84, "∞": 0.84}
    return sum(signs.get(sign, 0.64) for sign in label) or 1


def drawing(body, wide, tall, label, box=None):
    """A whole <svg> of `wide` by `tall` units; `box`: units of the screen that it is fitted into.

    With a `box` its height is that of the box whatever is drawn.
    """
    width, height = box or (wide, tall)
    width = min(width, wide * height / tall)
    role = "group" if 'role="button"' in body else "img"  # a picture may hold no buttons
    return (
        f'<svg role="{role}" aria-label="{html.escape(label)}" viewBox="0 0 {wide:g} {tall:g}" '
        f'preserveAspectRatio="xMinYMid" style="width: {width / EM:.3f}em; '
        f'height: {height / EM:.3f}em">{body}</svg>'
    )


def side_by_side(*grids, gap=0.7, height, width=52 * EM, label=""):
    """A whole <svg> with grids (as from `grid`) side by side, centred vertically.

    It is as high as `height` units of the screen say, and at most `width` wide, while the grids
    change; `label` is read out.
    """
    shapes = [shape for _, shape in grids]
    corners = grid_layout(shapes, gap)
    wide = (corners[-1][0] + shapes[-1][1]) * CELL + 8
    tall = max(rows for rows, _ in shapes) * CELL + 36
    groups = "".join(
        f'<g transform="translate({x * CELL + 4},{y * CELL + 31})">{group}</g>'
        for (group, _), (x, y) in zip(grids, corners, strict=True)
    )
    return drawing(groups, wide, tall, label, (width, height))
