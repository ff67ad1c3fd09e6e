"""Five views of one convolution at once, and a question about the row of a matrix."""

from helpers.widgets.views.state import FiveViews, Views

__all__ = ["FiveViews", "Views"]
