"""Arrays as pictures: images on one scale, and a matrix as a heat map with its numbers."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.cells import as_array, cell_label, matrix, number_size, text_width, widest
from helpers.figures import words
from helpers.figures.style import STYLE, WIDTH


@plt.rc_context(STYLE)
def show_images(images, titles=None, *, signed=False, limit=None, columns=None, size=2.0):
    """Draw (H, W) or (H, W, 3) images, `size` inches wide each, all on one scale of gray.

    `signed`: two colours on either side of zero, with a colour bar, which ends at the largest
    value or at `limit`; what lies beyond has the colour of the end.
    """
    images = [_picture(image) for image in images]
    side = 1.0 if signed else 0.0
    columns = min(len(images), columns or max(1, int((WIDTH - side) / size)))
    size, rows = min(size, (WIDTH - side) / columns), -(-len(images) // columns)
    names = [] if titles is None else [str(title) for title in as_array(titles)]
    names += [""] * (len(images) - len(names))
    titles = [_wrap(name, max(4, int(size / 0.115))) for name in names]
    lines = max(title.count("\n") + (title > "") for title in titles)
    tall = max(image.shape[0] / image.shape[1] for image in images) * size + 0.25 * lines + 0.1
    inches = (columns * size + side, rows * tall)
    fig, axes = plt.subplots(rows, columns, figsize=inches, squeeze=False, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.04, h_pad=0.04, wspace=0, hspace=0)
    least, most = (float(edge([edge(image) for image in images])) for edge in (np.min, np.max))
    largest = max(-least, most) or 1.0
    bound = limit or largest
    low, high = (-bound, bound) if signed else (min(least, 0.0), most if most > 0 else 1.0)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, title in zip(axes.flat, images, titles, strict=False):
        style = {"cmap": "RdBu_r" if signed else "gray", "vmin": low, "vmax": high}
        style["interpolation"] = "nearest" if image.shape[1] < 100 * size else "auto"
        shown = ax.imshow(image, **style)
        ax.set_title(title, size=12)
    if signed:
        bar = {"extend": "both" if largest > bound else "neither", "fraction": 0.05, "pad": 0.02}
        fig.colorbar(shown, ax=axes, **bar).ax.tick_params(labelsize=12)
    return words.describe(_words(images, names, bound if signed else None), fig)


@plt.rc_context(STYLE)
def show_heatmap(values, title, label, xlabel="column", ylabel="row", limits=None):
    """Draw a matrix as colours with a colour bar, and its numbers where they fit in the cells.

    `limits`: lowest and highest value of the colours, for maps that are compared.
    """
    values = matrix(values).astype(float)
    height, width = values.shape
    cell = min(0.6, 6.4 / width, 6.4 / height)
    size = number_size(widest([values]), cell)
    inches = (max(width * cell + 1.9, text_width(title) * 13 / 72 + 0.4), height * cell + 1.2)
    fig, ax = plt.subplots(figsize=inches, layout="constrained")
    low, high = limits or (values.min(), values.max())
    whole = bool(np.all(values == np.round(values)))
    levels = round(high - low) + 1 if whole and high - low < 20 else 256
    rim = 0.5 if levels < 256 else 0  # a colour for each whole number, its tick in the middle
    style = {"cmap": plt.get_cmap("viridis", levels), "vmin": low - rim, "vmax": high + rim}
    shown = ax.imshow(values, **style)
    for (row, column), value in np.ndenumerate(values) if size >= 11 else ():
        colour = "black" if shown.norm(value) > 0.46 else "white"
        ax.text(column, row, cell_label(value), size=size, color=colour, ha="center", va="center")
    fig.suptitle(title, size=13)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(11, integer=True, min_n_ticks=1))
    ax.tick_params(labelsize=12, length=0)
    ticks = MaxNLocator(10, integer=whole)
    fig.colorbar(shown, ax=ax, label=label, ticks=ticks).ax.tick_params(labelsize=12)
    ends = " to ".join(map(words.number, (low, high)))
    told = f"{title}: {label} at each {ylabel} and {xlabel}, {words.numbers(values)}"
    return words.describe(f"{told}; colours from {ends}", fig)


def _words(images, names, bound):
    """How many pictures, on which scale, and each by name, size and range of its values.

    Sizes and ranges that are the same for all stand once.
    """
    told = []
    for image in images:
        ends = " to ".join(words.number(edge(image)) for edge in (np.min, np.max))
        kind = "in colour, " if image.ndim == 3 else ""
        told.append(f"{kind}{words.size(image)} pixels, values {ends}")
    head = "A picture" if len(images) == 1 else f"{len(images)} pictures"
    if bound:
        head += f", blue at {words.number(-bound)}, white at 0, red at {words.number(bound)}"
    if len(set(told)) == 1:
        head, told = f"{head}, {told[0]}", [""] * len(told)
    pairs = [
        " ".join(f"{name} ({one})".split()) if one else " ".join(name.split())
        for name, one in zip(names, told, strict=True)
    ]
    return f"{head}: {'; '.join(pairs)}" if any(pairs) else head


def _picture(image):
    """An image without a leading axis of length 1, and 0..1 where it was bytes."""
    image = as_array(image)
    image = image[0] if image.ndim == 3 and image.shape[0] == 1 else image
    return image / 255 if image.dtype == np.uint8 else image


def _wrap(title, columns):
    return "\n".join(textwrap.fill(line, columns) for line in title.split("\n"))
