"""Curves over epochs and the like."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator

from helpers.cells import COLOURS, as_array
from helpers.figures import words
from helpers.figures.style import STYLE


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
    return words.describe(_words(ax), fig)


def _words(ax):
    """What is drawn against what, and each curve by its points or its ends and its lowest."""
    scale = ", logarithmic scale" if ax.get_yscale() == "log" else ""
    told = [f"{ax.get_ylabel()} against {ax.get_xlabel()}{scale}"]
    for line in ax.lines:
        points = [f"{words.number(y)} at {words.number(x)}" for x, y in line.get_xydata()]
        if len(points) > 8:
            lowest = points[int(np.argmin(line.get_ydata()))]
            points = [f"{len(points)} points from {points[0]} to {points[-1]}, lowest {lowest}"]
        told.append(f"{line.get_label()}: {', '.join(points) or 'no points yet'}")
    return "; ".join(told)
