"""A matrix drawn as cells with the numbers that fit; whole figures are in helpers.figures."""

import functools

import numpy as np
import torch
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath

COLOURS = {
    "input": "#0072B2",
    "kernel": "#E69F00",
    "output": "#009E73",
    "now": "#D55E00",
    "padding": "#999999",
    "gradient": "#CC79A7",
}


def grid_layout(shapes, gap=1.0):
    """Corners (x, y), top left, of matrices put side by side and centred vertically, in cells."""
    tallest = max((height for height, _ in shapes), default=0)
    corners, x = [], 0.0
    for height, width in shapes:
        corners.append((x, (tallest - height) / 2))
        x += width + gap
    return corners


def draw_grid(
    ax, values, role="input", *, now=(), padding=0, title=None, shade=None, origin=(0, 0), size=15
):
    """Draw one matrix into `ax`, its numbers in its cells, its top left corner at `origin`.

    `now`: (row, column) pairs to outline; `padding`: so many outer rings are padding; `shade`:
    boolean matrix of cells to hatch; `size`: points of the numbers.
    """
    values, now = matrix(values), {(int(row), int(column)) for row, column in now}
    height, width = values.shape
    shade = np.zeros(values.shape) if shade is None else matrix(shade)
    for (row, column), value in np.ndenumerate(values):
        ring = min(row, column, height - 1 - row, width - 1 - column)
        corner = (origin[0] + column, origin[1] + row)
        role_here = "padding" if ring < padding else role
        draw_cell(ax, corner, cell_label(value), role_here, hatch=shade[row, column], size=size)
    _outline(ax, {cell for cell in now if cell[0] < height and cell[1] < width}, origin)
    if title:
        place = {"xy": (origin[0] + width / 2, origin[1]), "xytext": (0, 7)}
        ax.annotate(title, **place, textcoords="offset points", ha="center", va="bottom", size=13)
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.yaxis.set_inverted(True)
    ax.margins(0.03)
    ax.autoscale_view()
    return ax.figure


def tint(colour):
    """A light version of a colour, on which dark numbers read well."""
    return tuple(0.8 + 0.2 * part for part in to_rgb(colour))


def draw_cell(ax, corner, text, role, *, height=1.0, hatch=False, size=15):
    """Draw one cell, its top left corner at `corner`; padding has a dashed edge."""
    padding, colour = role == "padding", COLOURS[role]
    style = {"facecolor": tint(colour), "edgecolor": colour, "linewidth": 1.5, "zorder": 2}
    if padding:
        style |= {"facecolor": "#f5f5f5", "linestyle": (0, (3, 2)), "zorder": 1}
    if hatch:
        style |= {"facecolor": "#eeeeee", "edgecolor": COLOURS["padding"], "hatch": "///"}
    ax.add_patch(Rectangle(corner, 1, height, **style))
    x, y = corner[0] + 0.5, corner[1] + height / 2
    style = {"size": size, "color": "#555555" if padding else "black"}
    if text:
        ax.text(x, y, text, ha="center", va="center_baseline", zorder=4, **style)


def _outline(ax, cells, origin):
    """A thick line around cells: the sides that have no neighbour among them."""
    style = {"color": COLOURS["now"], "linewidth": 4, "solid_capstyle": "projecting", "zorder": 3}
    for row, column in cells:
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            if (row + down, column + right) not in cells:
                x = origin[0] + column + (1 + right) / 2
                y = origin[1] + row + (1 + down) / 2
                ax.plot([x - down / 2, x + down / 2], [y - right / 2, y + right / 2], **style)


def as_array(values):
    """A tensor, array or list as an array."""
    return values.detach().cpu().numpy() if torch.is_tensor(values) else np.asarray(values)


def matrix(values):
    """Rows and columns: leading axes of length 1 are dropped, a vector becomes one row."""
    array = as_array(values)
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    if array.ndim > 2 or array.size == 0:
        raise ValueError(f"A grid shows one matrix (H, W), but this has shape {array.shape}.")
    return np.atleast_2d(array)


def as_text(value):
    """Whole numbers without a point, others with up to two decimals, texts as they are."""
    if isinstance(value, str):
        return value
    text = f"{float(value):.2f}".rstrip("0").rstrip(".").replace("inf", "∞")
    return "0" if text == "-0" else text


def cell_label(value):
    """`as_text` with a true minus sign, as it stands in a cell."""
    return as_text(value).replace("-", "\N{MINUS SIGN}")


@functools.cache
def text_width(text):
    """Width of the longest line in ems."""
    paths = [TextPath((0, 0), line, size=100) for line in text.split("\n") if line]
    return max((np.ptp(path.vertices[:, 0]) / 100 for path in paths), default=0)


def widest(matrices):
    """Ems of the longest number in some matrices."""
    labels = [cell_label(value) for values in matrices for value in values.flat]
    return text_width(max(labels, key=len, default="0"))


def number_size(ems, cell):
    """Points of the type in which a text of `ems` fits into a cell of `cell` inches, or 0."""
    return min(16, max(11, 32 * cell), 72 * cell / (ems + 0.7)) if cell > 0.21 else 0
