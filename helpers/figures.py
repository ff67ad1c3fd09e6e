"""Matplotlib pictures of the course, one colour a role; no arithmetic of convolution lives here."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator

from helpers import arithmetic

COLOURS = {
    "input": "#0072B2",
    "kernel": "#E69F00",
    "output": "#009E73",
    "now": "#D55E00",
    "padding": "#999999",
    "gradient": "#CC79A7",
}
INK = "#1a1a1a"
WIDTH = 8.6  # inches at 100 dots: a JupyterLab cell shows it without shrinking it
STYLE = {
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "font.size": 13,
    "axes.titlesize": 13,
    "axes.labelsize": 13,
    "legend.fontsize": 12,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def grid_layout(shapes, gap=1.0):
    """Corners (x, y), top left, of matrices put side by side and centred vertically, in cells."""
    tallest = max((height for height, _ in shapes), default=0)
    corners, x = [], 0.0
    for height, width in shapes:
        corners.append((x, (tallest - height) / 2))
        x += width + gap
    return corners


@plt.rc_context(STYLE)
def draw_grid(
    ax, values, role="input", *, now=(), padding=0, title=None, shade=None, origin=(0, 0), size=15
):
    """Draw one matrix into `ax`, its numbers in its cells, the corner of cell (0, 0) at `origin`.

    `now`: (row, column) pairs to outline; `padding`: that many outer rings are padding;
    `shade`: boolean matrix of cells to hatch; `size`: points of the numbers.
    """
    values = _matrix(values)
    now = {(int(row), int(column)) for row, column in now}
    rows, columns = values.shape
    shade = np.zeros(values.shape, bool) if shade is None else _matrix(shade).astype(bool)
    for (row, column), value in np.ndenumerate(values):
        ring = min(row, column, rows - 1 - row, columns - 1 - column)
        _draw_cell(
            ax,
            (origin[0] + column, origin[1] + row),
            _number(value).replace("-", "\N{MINUS SIGN}"),
            "padding" if ring < padding else role,
            size,
            bold=(row, column) in now,
            hatch=shade[row, column],
        )
    _outline(ax, [cell for cell in now if cell[0] < rows and cell[1] < columns], origin)
    if title:
        top = (origin[0] + columns / 2, origin[1])
        ax.annotate(title, top, (0, 7), textcoords="offset points", ha="center", va="bottom")
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.yaxis.set_inverted(True)
    ax.margins(0.03)
    ax.autoscale_view()
    return ax.figure


@plt.rc_context(STYLE)
def show_grids(*panels, now=None, note=None):
    """Draw matrices and operators side by side.

    A panel is (values, role), (values, role, title), a dict of the arguments of `draw_grid`, or
    an operator such as "*". `now` is outlined in every panel that has no `now` of its own;
    `note` is written below.
    """
    panels = [_panel(panel, now) for panel in panels]
    grids = [panel for panel in panels if "values" in panel]
    longest = max((_number(v) for p in grids for v in p["values"].flat), key=len, default="0")
    for cell in np.arange(0.55, 0.14, -0.01):
        size = min(16, 32 * cell, 61 * cell / _width(longest))
        shapes = [_slot(panel, cell) for panel in panels]
        corners = grid_layout(shapes, gap=0.4)
        width = corners[-1][0] + shapes[-1][1]
        if size < 11 or width * cell <= WIDTH - 0.2:
            break
    tallest = max(height for height, _ in shapes)
    lines = _fold(note or "", int(max(width * cell, 4) / 0.106))
    above = 0.15 + 0.27 * max((p["title"].count("\n") + 1 for p in grids if p.get("title")), default=0)
    below = 0.15 + 0.27 * len(lines) + (0.1 if lines else 0)
    inches = (max(width * cell, max(map(len, lines), default=0) * 0.106) + 0.2, 0)
    fig = plt.figure(figsize=(inches[0], tallest * cell + above + below))
    ax = fig.add_axes((0, 0, 1, 1))
    for panel, (x, y), (_, wide) in zip(panels, corners, shapes, strict=True):
        if "operator" in panel:
            centre = (x + wide / 2, y + 0.5)
            ax.text(*centre, panel["operator"], size=20, ha="center", va="center")
        else:
            x += (wide - panel["values"].shape[1]) / 2
            draw_grid(ax, **panel, origin=(x, y), size=max(size, 11))
    middle = width / 2
    ax.set_xlim(middle - inches[0] / cell / 2, middle + inches[0] / cell / 2)
    ax.set_ylim(tallest + below / cell, -above / cell)
    note_at = (middle, tallest + 0.18 / cell)
    ax.text(*note_at, "\n".join(lines), family="monospace", ha="center", va="top", linespacing=1.3)
    return fig


def show_convolution(image, kernel, row, column, stride=1, padding=0):
    """Draw input, kernel and output with the window of output cell (row, column) and its sum."""
    image, kernel = torch.as_tensor(_matrix(image)), torch.as_tensor(_matrix(kernel))
    output = arithmetic.conv2d(image, kernel, stride, padding)
    rows, columns = output.shape
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(f"({row}, {column}) lies outside the {rows} by {columns} output.")
    padded = arithmetic.pad2d(image, padding)
    window = [
        (row * stride + i, column * stride + j)
        for i in range(kernel.shape[0])
        for j in range(kernel.shape[1])
    ]
    pairs = [(padded[cell], weight) for cell, weight in zip(window, kernel.flatten(), strict=True)]
    products = [f"{_number(pixel)}*{_number(weight)}" for pixel, weight in pairs]
    numbers = [number for pair in pairs for number in pair] + [output[row, column]]
    exact = all(float(_number(number)) == float(number) for number in numbers)
    return show_grids(
        dict(values=padded, role="input", title="input", now=window, padding=padding),
        "*",
        (kernel, "kernel", "kernel"),
        "=",
        dict(values=output, role="output", title="output", now=[(row, column)]),
        note=" + ".join(products) + (" = " if exact else " ≈ ") + _number(output[row, column]),
    )


@plt.rc_context(STYLE)
def show_images(images, titles=None, *, signed=False, columns=None, size=2.0):
    """Draw (H, W) in gray or (H, W, 3) images, all on one scale, `size` inches wide each.

    `signed`: colours on both sides of zero, with a colour bar.
    """
    images = [_array(image) for image in images]
    images = [image[0] if image.ndim == 3 and image.shape[0] == 1 else image for image in images]
    room = WIDTH - 1.0 if signed else WIDTH
    columns = min(len(images), columns or max(1, int(room / size)))
    size = min(size, room / columns)
    rows = -(-len(images) // columns)
    wrapped = [textwrap.fill(str(t), max(4, int(size / 0.115))) for t in titles or [""] * len(images)]
    lines = max(title.count("\n") + 1 if title else 0 for title in wrapped)
    tall = max(image.shape[0] / image.shape[1] for image in images) * size
    inches = (columns * size + (1.0 if signed else 0), rows * (tall + 0.25 * lines + 0.1))
    fig, axes = plt.subplots(rows, columns, figsize=inches, squeeze=False, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.04, h_pad=0.04, wspace=0, hspace=0)
    low, high = _scale(images, signed)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, title in zip(axes.flat, images, wrapped, strict=False):
        shown = ax.imshow(image, cmap="RdBu_r" if signed else "gray", vmin=low, vmax=high)
        ax.set_title(title, size=12)
    if signed:
        fig.colorbar(shown, ax=axes, fraction=0.05, pad=0.02).ax.tick_params(labelsize=12)
    return fig


@plt.rc_context(STYLE)
def show_heatmap(values, title, label, xlabel="column", ylabel="row"):
    """Draw a matrix as colours with its numbers in the cells (where they fit) and a colour bar."""
    values = _matrix(values).astype(float)
    rows, columns = values.shape
    longest = max(map(_number, values.flat), key=len)
    cell = min(0.6, 6.4 / columns, 6.4 / rows)
    inches = (max(columns * cell + 1.9, _width(title) * 14 / 72 + 0.5), rows * cell + 1.2)
    fig, ax = plt.subplots(figsize=inches, layout="constrained")
    shown = ax.imshow(values, cmap="viridis")
    size = min(15, 32 * cell, 61 * cell / _width(longest))
    for (row, column), value in np.ndenumerate(values if size >= 11 else np.empty((0, 0))):
        colour = INK if shown.norm(value) > 0.55 else "white"
        ax.text(column, row, _number(value), size=size, color=colour, ha="center", va="center")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(11, integer=True))
    ax.tick_params(labelsize=12, length=0)
    bar = fig.colorbar(shown, ax=ax, label=label, shrink=0.9)
    bar.ax.tick_params(labelsize=12)
    return fig


@plt.rc_context(STYLE)
def show_placements(n, kernel, stride=1, padding=0, dilation=1):
    """Draw every place of a kernel along one axis, a row each; hatch the pixels never read."""
    count = arithmetic.output_size(n, kernel, stride, padding, dilation)
    total = n + 2 * padding
    cell = min(0.55, (WIDTH - 1.3) / total)
    step = min(0.8 * cell, 6 / count) / cell
    unread = set(range(total))
    fig = plt.figure(figsize=(max(total * cell + 1.3, 5.2), (2 + count * step) * cell + 1.2))
    ax = fig.add_axes((0, 0, 1, 1))
    size = min(15, 30 * cell)
    for place in range(count):
        y = 1.4 + place * step
        reads = [place * stride + j * dilation for j in range(kernel)]
        unread -= set(reads)
        ax.plot([reads[0] + 0.5, reads[-1] + 0.5], [y + step * 0.45] * 2, color=COLOURS["kernel"])
        for x in reads:
            _draw_cell(ax, (x, y), "", "kernel", size, height=0.9 * step)
        if step * cell >= 0.17:
            ax.text(-0.3, y + step * 0.45, place, size=max(11, min(size, 13)), ha="right", va="center")
    for x in range(total):
        role = "input" if padding <= x < total - padding else "padding"
        text = "0" if role == "padding" else str(x - padding)
        _draw_cell(ax, (x, 0), text if size >= 9 else "", role, max(size, 11), hatch=x in unread)
    wide = fig.get_figwidth() / cell
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    words = [f"n = {n}", f"kernel {kernel}"] + [f"{key} {value}" for key, value in settings.items()]
    centre = total / 2 - 0.35 / cell
    head = f"{', '.join(words)}\n{count} placement{'s' if count > 1 else ''}"
    ax.text(centre, -0.2 / cell, head, ha="center", va="bottom", linespacing=1.4)
    foot = f"hatched: never read ({len(unread)})" if unread else "every pixel is read"
    bottom = 1.4 + count * step
    ax.text(centre, bottom + 0.1 / cell, foot, ha="center", va="top")
    ax.set(xlim=(centre - wide / 2, centre + wide / 2), ylim=(bottom + 0.4 / cell, -0.8 / cell))
    ax.set_axis_off()
    return fig


@plt.rc_context(STYLE)
def show_curves(curves, xlabel, ylabel, log=False):
    """Draw labelled curves: label -> y values (x = 1, 2, ...) or label -> (xs, ys)."""
    fig, ax = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
    names = ["input", "now", "output", "gradient", "kernel", "padding"]
    for position, (label, curve) in enumerate(curves.items()):
        pair = isinstance(curve, tuple) and len(curve) == 2 and np.ndim(_array(curve[0])) == 1
        ys = _array(curve[1] if pair else curve)
        xs = _array(curve[0]) if pair else np.arange(1, len(ys) + 1)
        ax.plot(
            xs,
            ys,
            label=label,
            color=COLOURS[names[position % 6]],
            linestyle=["-", "--", "-.", ":"][position % 4],
            marker="osD^vP"[position % 6] if len(ys) <= 40 else None,
            linewidth=2,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.minorticks_off()
    ax.tick_params(labelsize=12)
    ax.grid(color="#dddddd")
    if len(curves) > 1:
        ax.legend()
    return fig


def _array(values):
    return values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)


def _matrix(values):
    """Rows and columns of numbers: single leading axes are dropped, a vector becomes a row."""
    array = _array(values)
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    if array.ndim > 2 or array.size == 0:
        raise ValueError(f"A grid shows one (H, W) matrix; this has shape {array.shape}.")
    return np.atleast_2d(array)


def _number(value):
    """Whole numbers without a point, others with up to two decimals; texts as they are."""
    if isinstance(value, str):
        return value
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _width(text):
    """Width of a text in ems."""
    return max(TextPath((0, 0), line or " ", size=100).get_extents().width for line in text.split("\n")) / 100


def _fold(note, columns):
    """Break a note in front of its plus signs so that no line is longer than `columns`."""
    lines = textwrap.wrap(note.replace(" + ", " +\N{NO-BREAK SPACE}"), columns, break_long_words=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _tint(colour):
    """A light fill on which dark text reads well."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(0.8 + 0.2 * part for part in (red, green, blue))


def _draw_cell(ax, corner, text, role, size, height=1.0, bold=False, hatch=False):
    pad = role == "padding"
    ax.add_patch(
        Rectangle(
            corner,
            1,
            height,
            facecolor="#f5f5f5" if pad else _tint(COLOURS[role]),
            edgecolor=COLOURS[role],
            linestyle=(0, (3, 2)) if pad else "-",
            linewidth=1.5,
            zorder=1 if pad else 2,
        )
    )
    if hatch:
        ax.add_patch(
            Rectangle(corner, 1, height, facecolor="#eeeeee", edgecolor="#999999", hatch="///", zorder=2)
        )
    ax.text(
        corner[0] + 0.5,
        corner[1] + height / 2,
        text,
        size=size,
        color="#555555" if pad else INK,
        weight="bold" if bold else "normal",
        ha="center",
        va="center_baseline",
        zorder=4,
    )


def _outline(ax, cells, origin):
    """A thick line around cells: only the sides that have no outlined neighbour."""
    sides = {(-1, 0): (0, 0, 1, 0), (1, 0): (0, 1, 1, 1), (0, -1): (0, 0, 0, 1), (0, 1): (1, 0, 1, 1)}
    for row, column in cells:
        for (down, right), (x0, y0, x1, y1) in sides.items():
            if (row + down, column + right) not in cells:
                x, y = origin[0] + column, origin[1] + row
                style = dict(color=COLOURS["now"], linewidth=4, solid_capstyle="projecting", zorder=3)
                ax.plot([x + x0, x + x1], [y + y0, y + y1], **style)


def _panel(panel, now):
    if isinstance(panel, str):
        return {"operator": panel}
    if not isinstance(panel, dict):
        panel = panel if isinstance(panel, tuple) else (panel,)
        panel = dict(zip(("values", "role", "title"), panel, strict=False))
    return {"now": now or (), **panel, "values": _matrix(panel["values"])}


def _slot(panel, cell):
    """Rows and columns of cells that a panel takes, its title included."""
    if "operator" in panel:
        return 1, _width(panel["operator"]) * 20 / 72 / cell
    rows, columns = panel["values"].shape
    title = _width(panel.get("title") or "") * 13 / 72 / cell
    return rows, max(columns, np.ceil(2 * title) / 2)


def _scale(images, signed):
    """One range of values for all images: 0..1 and 0..255 as such, else from least to greatest."""
    least, most = (float(f([f(image) for image in images])) for f in (np.min, np.max))
    if signed:
        bound = max(-least, most) or 1.0
        return -bound, bound
    if least >= 0:
        least, most = 0.0, 1.0 if most <= 1 else 255.0 if images[0].dtype == np.uint8 else most
    return least, most
