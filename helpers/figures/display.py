"""A figure as the output of a cell: a PNG of twice the dots, with its size and words."""

import importlib
import sys

import matplotlib
from IPython.core.pylabtools import retina_figure
from matplotlib.figure import Figure

from helpers.figures.words import alt_text


def picture(figure):
    """A figure as (PNG in base64, {"alt", "width", "height"}); None if it has no axes.

    The second part is the output's metadata under "image/png"; sizes are those to be shown,
    half as many pixels as the PNG has.
    """
    shown = retina_figure(figure, base64=True)
    return shown and (shown[0], {"alt": alt_text(figure), **shown[1]})


def show_described():
    """Where a notebook shows figures in its cells, show them as `picture` makes them."""
    shell = sys.modules["IPython"].get_ipython()
    if shell is None or "inline" not in str(matplotlib.get_backend(auto_select=False)):
        return
    importlib.import_module("matplotlib_inline.backend_inline")  # else it would have its way later
    shell.display_formatter.formatters["image/png"].for_type(Figure, picture)
