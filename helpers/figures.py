"""Pictures of the course, one colour a role; the arithmetic is not here, nor are live widgets."""

import math
import runpy
import textwrap
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator

from helpers import arithmetic
from helpers.cells import (
    COLOURS,
    as_array,
    as_text,
    cell_label,
    draw_cell,
    draw_grid,
    grid_layout,
    matrix,
    number_size,
    text_width,
    tint,
    widest,
)

__all__ = ["COLOURS", "STYLE", "draw_grid", "grid_layout", "tint"]
__all__ += ["show_convolution", "show_curves", "show_grids", "show_heatmap"]
__all__ += ["show_images", "show_placements"]
WIDTH = 8.6  # inches at 100 dots: a JupyterLab cell shows that without shrinking it
MONO = 0.11  # inches from one monospaced letter to the next at 13 points
STYLE = {"figure.dpi": 100, "font.size": 13, "axes.titlesize": 13, "lines.linewidth": 2}
STYLE |= {"figure.facecolor": "white", "axes.facecolor": "white", "hatch.linewidth": 1}
STYLE |= {"axes.spines.top": False, "axes.spines.right": False}


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
    return fig


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


@plt.rc_context(STYLE)
def show_images(images, titles=None, *, signed=False, columns=None, size=2.0):
    """Draw (H, W) or (H, W, 3) images, `size` inches wide each, all on one scale of gray.

    `signed`: two colours on either side of zero, with a colour bar.
    """
    images = [_picture(image) for image in images]
    side = 1.0 if signed else 0.0
    columns = min(len(images), columns or max(1, int((WIDTH - side) / size)))
    size, rows = min(size, (WIDTH - side) / columns), -(-len(images) // columns)
    titles = [] if titles is None else as_array(titles)
    titles = [_wrap(str(title), max(4, int(size / 0.115))) for title in titles]
    titles += [""] * (len(images) - len(titles))
    lines = max(title.count("\n") + (title > "") for title in titles)
    tall = max(image.shape[0] / image.shape[1] for image in images) * size + 0.25 * lines + 0.1
    inches = (columns * size + side, rows * tall)
    fig, axes = plt.subplots(rows, columns, figsize=inches, squeeze=False, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.04, h_pad=0.04, wspace=0, hspace=0)
    least, most = (float(edge([edge(image) for image in images])) for edge in (np.min, np.max))
    bound = max(-least, most) or 1.0
    low, high = (-bound, bound) if signed else (min(least, 0.0), most if most > 0 else 1.0)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, title in zip(axes.flat, images, titles, strict=False):
        shown = ax.imshow(image, cmap="RdBu_r" if signed else "gray", vmin=low, vmax=high)
        ax.set_title(title, size=12)
    if signed:
        fig.colorbar(shown, ax=axes, fraction=0.05, pad=0.02).ax.tick_params(labelsize=12)
    return fig


@plt.rc_context(STYLE)
def show_heatmap(values, title, label, xlabel="column", ylabel="row"):
    """Draw a matrix as colours with a colour bar, and its numbers where they fit in the cells."""
    values = matrix(values).astype(float)
    height, width = values.shape
    cell = min(0.6, 6.4 / width, 6.4 / height)
    size = number_size(widest([values]), cell)
    inches = (max(width * cell + 1.9, text_width(title) * 13 / 72 + 0.4), height * cell + 1.2)
    fig, ax = plt.subplots(figsize=inches, layout="constrained")
    shown = ax.imshow(values, cmap="viridis")
    for (row, column), value in np.ndenumerate(values) if size >= 11 else ():
        colour = "black" if shown.norm(value) > 0.46 else "white"
        ax.text(column, row, cell_label(value), size=size, color=colour, ha="center", va="center")
    fig.suptitle(title, size=13)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(11, integer=True, min_n_ticks=1))
    ax.tick_params(labelsize=12, length=0)
    whole = bool(np.all(values == np.round(values)))
    ticks = MaxNLocator(8, integer=whole)
    fig.colorbar(shown, ax=ax, label=label, ticks=ticks).ax.tick_params(labelsize=12)
    return fig


@plt.rc_context(STYLE)
def show_placements(n, kernel, stride=1, padding=0, dilation=1):
    """Draw every place of a kernel along one axis, a row each; hatch the pixels never read."""
    count = arithmetic.output_size(n, kernel, stride, padding, dilation)
    total = n + 2 * padding
    cell = min(0.55, (WIDTH - 1.2) / total)
    step = min(0.8, 6 / count / cell)  # height of a row in cells
    reads = [range(i * stride, i * stride + dilation * kernel, dilation) for i in range(count)]
    unread = set(range(total)).difference(*reads)
    bottom, width = 1.4 + count * step, max(total + 1.2 / cell, 5 / cell)
    fig = plt.figure(figsize=(width * cell, bottom * cell + 1.08))
    ax = fig.add_axes((0, 0, 1, 1))
    names = {"ha": "right", "va": "center", "size": 12}
    ax.text(-0.15 / cell, 0.5, "pixel", **names)
    for x in range(total):
        role = "input" if padding <= x < total - padding else "padding"
        label = str(x - padding) if role == "input" else "0"
        label = label if cell > 0.21 else ""
        draw_cell(ax, (x, 0), label, role, hatch=x in unread, size=max(11, min(15, 30 * cell)))
    for y, cells in zip(1.4 + step * np.arange(count), reads, strict=True):
        ax.plot([cells[0] + 0.5, cells[-1] + 0.5], [y + step * 0.45] * 2, color=COLOURS["kernel"])
        for x in cells:
            draw_cell(ax, (x, y), "", "kernel", height=0.9 * step)
        if step * cell > 0.18:
            ax.text(-0.15 / cell, y + step * 0.45, f"output {reads.index(cells)}", **names)
    settings = f"n = {n}, kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}"
    head = f"{settings}\n{count} placement{'s' if count > 1 else ''}"
    foot = f"hatched: never read ({len(unread)})" if unread else "every pixel is read"
    middle = total / 2 - 0.4 / cell
    ax.text(middle, -0.15 / cell, head, ha="center", va="bottom", linespacing=1.4)
    ax.text(middle, bottom + 0.08 / cell, foot, ha="center", va="top")
    ax.set(xlim=(middle - width / 2, middle + width / 2))
    ax.set(ylim=(bottom + 0.4 / cell, -0.68 / cell))
    ax.set_axis_off()
    return fig


@plt.rc_context(STYLE)
def show_curves(curves, xlabel, ylabel, log=False):
    """Draw curves by their labels: label -> y values (x = 1, 2, ...) or label -> (xs, ys)."""
    fig, ax = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
    names = ["input", "now", "output", "gradient", "kernel", "padding"]
    for i, (label, curve) in enumerate(curves.items()):
        paired = isinstance(curve, tuple) and len(curve) == 2 and np.ndim(curve[0]) == 1
        ys = as_array(curve[1] if paired else curve)
        xs = as_array(curve[0]) if paired else np.arange(1, len(ys) + 1)
        style = {"marker": "osD^vP"[i % 6] if len(ys) <= 40 else None, "label": label}
        ax.plot(xs, ys, color=COLOURS[names[i % 6]], ls=["-", "--", "-.", ":"][i % 4], **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.minorticks_off()
    ax.tick_params(labelsize=12)
    ax.grid(color="#dddddd", linewidth=1)
    if len(curves) > 1:
        ax.legend()
    return fig


def _picture(image):
    """An image without a leading axis of length 1, and 0..1 where it was bytes."""
    image = as_array(image)
    image = image[0] if image.ndim == 3 and image.shape[0] == 1 else image
    return image / 255 if image.dtype == np.uint8 else image


def _factor(value):
    return f"({as_text(value)})" if value < 0 else as_text(value)


def _wrap(title, columns):
    return "\n".join(textwrap.fill(line, columns) for line in title.split("\n"))


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


if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).parents[1] / "tools" / "images.py"), run_name="__main__")
