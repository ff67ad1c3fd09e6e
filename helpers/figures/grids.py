"""Matrices and operators side by side, and one step of a convolution."""

import math
import textwrap

import matplotlib.pyplot as plt
import numpy as np
import torch

from helpers import arithmetic
from helpers.cells import (
    as_text,
    draw_grid,
    grid_layout,
    matrix,
    number_size,
    text_width,
    widest,
)
from helpers.figures import words
from helpers.figures.style import STYLE, WIDTH

MONO = 0.11  # inches from one monospaced letter to the next at 13 points


@plt.rc_context(STYLE)
def show_grids(*panels, now=None, note=""):
    """Draw matrices and operators side by side.

    A panel is (values, role), (values, role, title), a dict of arguments of `draw_grid`, or an
    operator such as "*". `now` is outlined in every panel without a `now` of its own; `note` is
    written below.
    """
    panels = [_panel(panel, now or ()) for panel in panels]
    cell, size = _cell_size(panels)
    shapes = [_slot(panel, cell) for panel in panels]
    corners = grid_layout(shapes, gap=0.4)
    width, height = corners[-1][0] + shapes[-1][1], max(shape[0] for shape in shapes)
    lines = _fold(note, int(max(width * cell, 4) / MONO))
    inches = max([width * cell] + [len(line) * MONO for line in lines]) + 0.2
    titles = [panel["title"].count("\n") + 1 for panel in panels if panel.get("title")]
    above = 0.15 + 0.27 * max(titles, default=0)
    below = 0.15 + (0.1 + 0.27 * len(lines) if lines else 0)
    fig = plt.figure(figsize=(inches, height * cell + above + below))
    ax = fig.add_axes((0, 0, 1, 1))
    for panel, (x, y), (_, wide) in zip(panels, corners, shapes, strict=True):
        if "operator" in panel:
            ax.text(x + wide / 2, y + 0.5, panel["operator"], size=20, ha="center", va="center")
        else:
            left = x + (wide - panel["values"].shape[1]) / 2
            draw_grid(ax, **panel, origin=(left, y), size=size)
    style = {"family": "monospace", "ha": "center", "va": "top", "linespacing": 1.3}
    ax.text(width / 2, height + 0.18 / cell, "\n".join(lines), **style)
    ax.set_xlim((width - inches / cell) / 2, (width + inches / cell) / 2)
    ax.set_ylim(height + below / cell, -above / cell)
    return words.describe(_words(panels, note), fig)


def show_convolution(image, kernel, row, column, stride=1, padding=0):
    """Draw input, kernel and output with the window of output cell (row, column) and its sum."""
    image, kernel = (torch.tensor(matrix(x), dtype=torch.float64) for x in (image, kernel))
    output = arithmetic.conv2d(image, kernel, stride, padding)
    if not (0 <= row < output.shape[0] and 0 <= column < output.shape[1]):
        size = " by ".join(map(str, output.shape))
        raise ValueError(f"Cell ({row}, {column}) lies outside the {size} output; count from 0.")
    padded = arithmetic.pad2d(image, padding)
    steps = [(i, j) for i in range(kernel.shape[0]) for j in range(kernel.shape[1])]
    window = [(row * stride + i, column * stride + j) for i, j in steps]
    pairs = [(padded[there], kernel[here]) for there, here in zip(window, steps, strict=True)]
    sums = " + ".join("*".join(map(_factor, pair)) for pair in pairs)
    values = [value for pair in pairs for value in pair] + [output[row, column]]
    exact = all(math.isclose(float(as_text(value)), value, rel_tol=1e-6) for value in values)
    centre = {"values": output, "role": "output", "title": "output", "now": [(row, column)]}
    return show_grids(
        {"values": padded, "title": "input", "now": window, "padding": padding},
        "*",
        (kernel, "kernel", "kernel"),
        "=",
        centre,
        note=f"{sums} {'=' if exact else '≈'} {as_text(output[row, column])}",
    )


def _words(panels, note):
    """Panels, operators and note in one sentence or two."""
    parts = [
        words.SIGNS.get(panel["operator"], panel["operator"])
        if "operator" in panel
        else words.panel(**panel) + ";"
        for panel in panels
    ]
    return " ".join(parts).rstrip(";") + (f". {note}" if note else "")


def _factor(value):
    return f"({as_text(value)})" if value < 0 else as_text(value)


def _fold(note, columns):
    """Break a note only in front of its plus signs, in lines of at most `columns` letters."""
    glued = note.replace(" + ", "\n+ ").replace(" ", "\N{NO-BREAK SPACE}").replace("\n", " ")
    lines = textwrap.wrap(glued, columns, break_long_words=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _cell_size(panels):
    """Inches of a cell and points of its number: as large as WIDTH allows, but never below 11."""
    ems = widest([panel["values"] for panel in panels if "values" in panel])
    best = None
    for cell in np.arange(1.0, 0.2, -0.01):
        size = number_size(ems, cell)
        if size < 11:
            break
        best = (cell, size)
        shapes = [_slot(panel, cell) for panel in panels]
        room = sum(width for _, width in shapes) + 0.4 * (len(shapes) - 1)
        if cell <= 0.55 and room * cell <= WIDTH - 0.2:
            break
    return best or (1.0, 11)


def _panel(panel, now):
    if isinstance(panel, str):
        return {"operator": panel}
    if not isinstance(panel, dict):
        panel = panel if isinstance(panel, tuple) else (panel,)
        panel = dict(zip(("values", "role", "title"), panel, strict=False))
    return {"now": now, **panel, "values": matrix(panel["values"])}


def _slot(panel, cell):
    """Rows and columns of cells that a panel takes; a title may be wider than its matrix."""
    if "operator" in panel:
        return 1, math.ceil(4 * text_width(panel["operator"]) * 20 / 72 / cell) / 4
    rows, columns = panel["values"].shape
    title = text_width(panel.get("title") or "") * 13 / 72 / cell
    return rows, max(columns, math.ceil(2 * title) / 2)
