"""What a figure shows, in words: alternative text for whoever does not see the picture."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.container import BarContainer

from helpers.cells import as_array, as_text

LONGEST = 100  # numbers of one matrix; of a larger one only size and range are told
SIGNS = {"*": "convolved with", "=": "gives", "→": "becomes", "+": "plus", "@": "times"}


def describe(words, figure=None):
    """Say what a figure shows (the current one, unless another is given); return the figure."""
    figure = figure or plt.gcf()
    figure.set_label(words)
    return figure


def alt_text(figure):
    """What was said of a figure by `describe`, or else what its axes, labels and data say."""
    parts = [_axes(ax) for ax in figure.axes if ax.get_label() != "<colorbar>"]
    return figure.get_label() or ". ".join(part for part in parts if part) or "An empty figure"


def number(value):
    """A measured number, to three figures."""
    return f"{float(value):.3g}"


def size(values):
    """Rows and columns of a matrix or picture."""
    return f"{values.shape[0]} by {values.shape[1]}"


def numbers(values):
    """A matrix in words: "2 by 2 (1 2 / 3 4)", or of a large one its size and range."""
    if values.size > LONGEST:
        return f"{size(values)}, values from {as_text(values.min())} to {as_text(values.max())}"
    rows = [" ".join(as_text(value) or "blank" for value in row) for row in values]
    return f"{size(values)} ({' / '.join(rows)})"


def places(cells, values):
    """Cells (row, column) of a matrix in words: one with its number, a block by its sides."""
    cells = sorted(cell for cell in cells if np.less(cell, values.shape).all())
    rows, columns = (sorted(set(line)) for line in zip(*cells, strict=True))
    if len(cells) == 1:
        return f"the {as_text(values[cells[0]])} in row {rows[0]}, column {columns[0]}"
    if len(cells) == len(rows) * len(columns):
        return f"{span('row', rows)}, {span('column', columns)}"
    if len(cells) <= 4:
        return "; ".join(places([cell], values) for cell in cells)
    return "; ".join(places([cell for cell in cells if cell[0] == row], values) for row in rows)


def span(noun, indices):
    """Ascending indices in words: "row 3", "rows 1 to 3", "rows 0, 2 and 4"."""
    if len(indices) == 1:
        return f"{noun} {indices[0]}"
    if len(indices) > 2 and indices[-1] - indices[0] == len(indices) - 1:
        return f"{noun}s {indices[0]} to {indices[-1]}"
    *some, last = map(str, indices)
    return f"{noun}s {', '.join(some)} and {last}"


def panel(values, role="input", title=None, now=(), padding=0, shade=None, **rest):
    """One matrix of a picture in words; the arguments are those of `cells.draw_grid`."""
    words = f"{' '.join((title or role).split())}, {numbers(values)}"
    if padding:
        words += f", {padding} ring{'s' if padding > 1 else ''} of padding"
    if any(np.less(cell, values.shape).all() for cell in now):
        words += f", outlined: {places(now, values)}"
    if shade is not None and len(hatched := np.argwhere(as_array(shade))):
        words += f", hatched: {places(map(tuple, hatched.tolist()), values)}"
    return words


def _axes(ax):
    """One pair of axes in words: title, what is drawn, labels and ranges."""
    kinds = [f"an image, {size(image.get_array())}" for image in ax.images]
    bars = [box for box in ax.containers if isinstance(box, BarContainer)]
    kinds += [_bars([bar.get_height() for bar in box]) for box in bars]
    kinds += (
        [_line(line) for line in ax.lines] if len(ax.lines) <= 6 else [f"{len(ax.lines)} lines"]
    )
    words = f"{' '.join(ax.get_title().split()) or 'Picture'}: {', '.join(kinds)}"
    if not ax.axison:
        return words if kinds else ""
    for name, label, limits in (
        ("x", ax.get_xlabel(), ax.get_xlim()),
        ("y", ax.get_ylabel(), ax.get_ylim()),
    ):
        words += f"; {label or name} from {number(limits[0])} to {number(limits[1])}"
    return words


def _bars(heights):
    return f"{len(heights)} bars of {', '.join(map(number, heights))}"


def _line(line):
    name, ys = line.get_label(), line.get_ydata()
    ends = f", {number(ys[0])} to {number(ys[-1])}" if len(ys) else ""
    return f"{'a line' if name.startswith('_') else f'line {name}'}{ends}"
