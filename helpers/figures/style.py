"""How all pictures look; the colours of the roles are in helpers.cells."""

WIDTH = 8.6  # inches at 100 dots: a JupyterLab cell shows that without shrinking it
STYLE = {"figure.dpi": 100, "font.size": 13, "axes.titlesize": 13, "lines.linewidth": 2}
STYLE |= {"figure.facecolor": "white", "axes.facecolor": "white", "hatch.linewidth": 1}
STYLE |= {"axes.spines.top": False, "axes.spines.right": False}
