"""Draw the pictures in images/ (or, with --check, say whether they are in step with the code)."""

import argparse
import io
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, Rectangle
from PIL import Image

from helpers import arithmetic, figures
from helpers.example import IMAGE, KERNEL

FOLDER = Path(__file__).resolve().parents[1] / "images"
WINDOW = [(row, column) for row in range(3) for column in range(3)]
TOLERANCE = 20.0  # grey levels of 255 in the worst tile; a changed digit makes 34 or more


def convolution_step():
    return figures.show_convolution(IMAGE, KERNEL, 0, 0)


def padding():
    return figures.show_convolution(IMAGE, KERNEL, 0, 1, stride=2, padding=1)


def pooling():
    most, mean = arithmetic.max_pool2d(IMAGE, 3, 1), arithmetic.avg_pool2d(IMAGE, 3, 1)
    return figures.show_grids(
        {"values": IMAGE, "title": "input", "now": WINDOW},
        "→",
        {"values": most, "role": "output", "title": "max-pool 3×3", "now": [(0, 0)]},
        {"values": mean, "role": "output", "title": "average-pool 3×3", "now": [(0, 0)]},
        note="largest of 3 3 2 0 0 1 3 1 2 is 3; their average is 15/9 = 1.67",
    )


def sliding_perceptron():
    """One perceptron: nine pixels, nine weights, one sum; the window slides, the weights stay."""
    fig, ax = _canvas(19.8, 10.6, unit=0.43)
    output = arithmetic.conv2d(IMAGE, KERNEL)
    grid = {"size": 15}
    figures.draw_grid(ax, IMAGE, now=WINDOW, title="input", origin=(0, 2), **grid)
    pixels, weights = IMAGE[:3, :3].reshape(9, 1), KERNEL.reshape(9, 1)
    figures.draw_grid(ax, pixels, title="window", origin=(7, 0), **grid)
    figures.draw_grid(ax, weights, "kernel", title="weights", origin=(9.6, 0), **grid)
    for row in range(9):
        ax.text(8.8, row + 0.5, "×", size=15, ha="center", va="center")
        ax.plot([10.6, 13.8], [row + 0.5, 4.5], color=figures.COLOURS["kernel"], linewidth=2)
    circle = {"facecolor": "white", "edgecolor": "black", "linewidth": 2, "zorder": 3}
    ax.add_patch(Circle((14, 4.5), 0.95, **circle))
    ax.text(14, 4.5, "+", size=24, ha="center", va="center", zorder=4)
    _arrow(ax, (5.2, 4.5), (6.8, 4.5))
    _arrow(ax, (15.1, 4.5), (16.2, 4.5))
    here = {"now": [(0, 0)], "title": "output", "origin": (16.5, 3)}
    figures.draw_grid(ax, output, "output", **here, **grid)
    note = "The window slides on; the nine weights stay the same."
    ax.text(9.75, 9.35, note, size=14, ha="center", va="top")
    _frame(ax, (-0.15, 19.65), (10.3, -1.05))
    return fig


def network():
    """The lab's network: shapes of what flows through it, and what lies between."""
    fig, ax = _canvas(9.45, 2.95, unit=0.95)
    stacks = [(0.1, 1.9, 1, "1×28×28"), (3.2, 1.2, 6, "32×14×14"), (6.0, 0.7, 9, "64×7×7")]
    for x, side, sheets, shape in stacks:
        role, shift = "input" if sheets == 1 else "output", 0.055 * (sheets - 1)
        for sheet in range(sheets):
            left, top = x + shift - 0.055 * sheet, 1.35 - side / 2 - shift / 2 + 0.055 * sheet
            _box(ax, (left, top), side, side, role)
        ax.text(x + (side + shift) / 2, 2.62, shape, size=14, ha="center", va="top")
    _box(ax, (7.95, 0.15), 0.22, 2.4, "output")
    ax.text(8.06, 2.62, "3136", size=14, ha="center", va="top")
    for digit in range(10):
        _box(ax, (8.98, 0.15 + 0.24 * digit), 0.24, 0.24, "output")
        ax.text(9.1, 0.275 + 0.24 * digit, digit, size=12, ha="center", va="center_baseline")
    ax.text(9.1, 2.62, "10", size=14, ha="center", va="top")
    steps = "conv 3×3\nReLU\nmax-pool 2"
    for start, end, words in [(2.1, 3.1, steps), (4.8, 5.9, steps)]:
        ax.text((start + end) / 2, 1.25, words, size=13, ha="center", va="bottom", linespacing=1.3)
        _arrow(ax, (start, 1.35), (end, 1.35))
    for start, end, words in [(7.25, 7.85, "flatten"), (8.24, 8.9, "linear")]:
        ax.text((start + end) / 2, 1.25, words, size=13, ha="center", va="bottom")
        _arrow(ax, (start, 1.35), (end, 1.35))
    _frame(ax, (-0.05, 9.4), (2.95, 0.0))
    return fig


PICTURES = [convolution_step, padding, sliding_perceptron, pooling, network]


def render(picture):
    """The picture as a small-palette image of 150 dots an inch."""
    fig = picture()
    stream = io.BytesIO()
    fig.savefig(stream, dpi=150)
    plt.close(fig)
    return Image.open(stream).convert("RGB").quantize(64, dither=Image.Dither.NONE)


def difference(one, other):
    """Root mean square difference of the worst tile, in grey levels; infinite if sizes differ.

    Quarter size first, so that the edges of letters (which vary with the version of the font
    renderer) count little and a changed number counts much. It also makes a picture a pixel or
    two larger: that much is cut off.
    """
    if max(abs(a - b) for a, b in zip(one.size, other.size, strict=True)) > 2:
        return float("inf")
    corner = (0, 0, *(min(sizes) for sizes in zip(one.size, other.size, strict=True)))
    images = [image.convert("L").crop(corner) for image in (one, other)]
    greys = [np.asarray(image.reduce(4), float) for image in images]
    squares = (greys[0] - greys[1]) ** 2
    tiles = Image.fromarray(squares.astype(np.float32)).reduce(8)
    return float(np.sqrt(np.asarray(tiles).max()))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    check = parser.parse_args(arguments).check
    plt.switch_backend("Agg")
    stale = []
    for picture in PICTURES:
        path, image = FOLDER / f"{picture.__name__}.png", render(picture)
        if not check:
            image.save(path, optimize=True)
        elif not path.exists() or difference(image, Image.open(path)) > TOLERANCE:
            stale.append(path.name)
    if stale:
        print(f"Not as the code draws them: {', '.join(stale)}. Run: python -m tools.images")
    return 1 if stale else 0


def _canvas(width, height, unit):
    with plt.rc_context(figures.STYLE):
        fig = plt.figure(figsize=(width * unit, height * unit))
        return fig, fig.add_axes((0, 0, 1, 1))


def _frame(ax, xlim, ylim):
    ax.set(xlim=xlim, ylim=ylim)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _box(ax, corner, width, height, role):
    colour = figures.COLOURS[role]
    style = {"facecolor": figures.tint(colour), "edgecolor": colour, "linewidth": 1.5}
    ax.add_patch(Rectangle(corner, width, height, **style))


def _arrow(ax, start, end):
    style = {"arrowstyle": "-|>", "linewidth": 2, "mutation_scale": 18, "color": "#444444"}
    ax.annotate("", xy=end, xytext=start, arrowprops=style)


if __name__ == "__main__":
    sys.exit(main())
