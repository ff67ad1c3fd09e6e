"""Pictures of the course, one colour a role; each says in words what it shows.

The arithmetic is not here, nor are live widgets. Importing this makes figures in a notebook sharp
and gives their outputs alternative text.
"""

from helpers.cells import COLOURS, draw_grid, grid_layout, tint
from helpers.figures.curves import show_curves
from helpers.figures.display import picture, show_described
from helpers.figures.grids import show_convolution, show_grids
from helpers.figures.maps import show_heatmap, show_images
from helpers.figures.placements import show_placements
from helpers.figures.style import STYLE
from helpers.figures.views import show_five_views
from helpers.figures.words import alt_text, describe

__all__ = ["COLOURS", "STYLE", "alt_text", "describe", "draw_grid", "grid_layout", "picture"]
__all__ += ["show_convolution", "show_curves", "show_five_views", "show_grids", "show_heatmap"]
__all__ += ["show_images", "show_placements", "tint"]

show_described()
