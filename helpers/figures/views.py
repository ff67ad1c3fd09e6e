"""One output number of a convolution in five views, the same numbers outlined in each."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import torch
from torch.nn import functional as F

from helpers import arithmetic
from helpers.cells import COLOURS, draw_grid, matrix, tint, widest
from helpers.figures import words
from helpers.figures.style import STYLE, WIDTH

BOX = {"boxstyle": "round", "fc": tint(COLOURS["kernel"]), "ec": COLOURS["kernel"]}


@dataclass(frozen=True)
class Scene:
    """Image, kernel and output as matrices; `at` is the output number that is looked at."""

    image: torch.Tensor
    kernel: torch.Tensor
    output: torch.Tensor
    at: tuple

    @property
    def place(self):
        """The row of the output number in the matrices of views 3 and 4."""
        return self.at[0] * self.output.shape[1] + self.at[1]

    @property
    def window(self):
        """The pixels under the kernel, (row, column) each."""
        height, width = self.kernel.shape
        return [(self.at[0] + i, self.at[1] + j) for i in range(height) for j in range(width)]

    @property
    def patches(self):
        """All windows, flat, one a row."""
        return F.unfold(self.image[None, None], self.kernel.shape)[0].T


@plt.rc_context(STYLE)
def show_five_views(image, kernel, row, column):
    """Draw the five views of output number (row, column): no padding, stride 1.

    A 5 by 5 image of whole numbers fills a JupyterLab cell; longer numbers make it wider.
    ValueError if the output has no such number.
    """
    image, kernel = (torch.tensor(matrix(x), dtype=torch.float64) for x in (image, kernel))
    output = arithmetic.conv2d(image, kernel)
    if not (0 <= row < output.shape[0] and 0 <= column < output.shape[1]):
        size = words.size(output)
        raise ValueError(f"Cell ({row}, {column}) lies outside the {size} output; count from 0.")
    scene = Scene(image, kernel, output, (row, column))
    places, pixels, weights = output.numel(), image.numel(), kernel.numel()
    heights = [max(weights, len(image)), places + 1.5, max(places, weights, len(image))]
    tops = [0, heights[0] + 2.7, heights[0] + heights[1] + 4.7]
    second = image.shape[1] + kernel.shape[1] + output.shape[1] + 4
    wide = max(second + 9 + output.shape[1], pixels + 2, weights + 13 + image.shape[1])
    ems = widest([matrix(x) for x in (image, kernel, output)])
    cell = max(WIDTH / 28.1, 11 * (ems + 0.7) / 72)
    fig = plt.figure(figsize=((wide + 1.1) * cell, (tops[2] + heights[2] + 1.8) * cell))
    ax = fig.add_axes((0, 0, 1, 1))
    _sliding_window(ax, scene, heights[0] / 2)
    _perceptron(ax, scene, second, heights[0] / 2)
    _toeplitz(ax, scene, tops[1])
    _im2col(ax, scene, tops[2] + heights[2] / 2)
    _layer(ax, scene, weights + 5.5, tops[2] + heights[2] / 2)
    ax.set(xlim=(-0.5, wide + 0.6), ylim=(tops[2] + heights[2] + 0.4, -1.4))
    return words.describe(_words(scene), fig)


def _sliding_window(ax, scene, middle):
    every = [(i, j) for i, row in enumerate(scene.kernel) for j in range(len(row))]
    panels = [(scene.image, "input", scene.window), (scene.kernel, "kernel", every)]
    x = 0
    for values, role, now in [*panels, (scene.output, "output", [scene.at])]:
        _put(ax, x, middle, values, role, now, "1  sliding window" if x == 0 else None)
        x += values.shape[1] + 1
    _sign(ax, scene.image.shape[1] + 0.5, middle, "*")
    _sign(ax, scene.image.shape[1] + scene.kernel.shape[1] + 1.5, middle, "=")


def _perceptron(ax, scene, x, middle):
    """The window and the weights as columns, and wires from each product to one sum."""
    tall = [(i, 0) for i in range(scene.kernel.numel())]
    _put(ax, x, middle, scene.patches[scene.place, :, None], "input", tall, "2  perceptron")
    _put(ax, x + 2, middle, scene.kernel.reshape(-1, 1), "kernel", tall)
    for i, _ in tall:
        y = middle - len(tall) / 2 + i + 0.5
        ax.plot([x + 3, x + 6.5], [y, middle], color=COLOURS["kernel"], zorder=0)
        _sign(ax, x + 1.5, y, "×")
    _sign(ax, x + 6.9, middle, "+", BOX)
    _sign(ax, x + 8.3, middle, "=")
    _put(ax, x + 9, middle, scene.output, "output", [scene.at])


def _toeplitz(ax, scene, top):
    """The flat image over the matrix; in the matrix only its weights, row by row of the kernel."""
    (places, pixels), width = (scene.output.numel(), scene.image.numel()), scene.image.shape[1]
    flat = [(0, width * i + j) for i, j in scene.window]
    _put(ax, 0, top + 0.5, scene.image.reshape(1, -1), "input", flat, "3  Toeplitz matrix")
    ax.add_patch(plt.Rectangle((0, top + 1.5), pixels, places, fill=False, ec="#999999", lw=1))
    for place in range(places):
        row, column = divmod(place, scene.output.shape[1])
        for i, weights in enumerate(scene.kernel):
            now = [(0, j) for j in range(len(weights))] if place == scene.place else ()
            x, y = (row + i) * width + column, top + 2 + place
            _put(ax, x, y, weights[None], "kernel", now)
    _sign(ax, pixels + 0.5, top + 1.5 + places / 2, "=")
    column = scene.output.reshape(-1, 1)
    _put(ax, pixels + 1, top + 1.5 + places / 2, column, "output", [(scene.place, 0)])


def _im2col(ax, scene, middle):
    """The matrix of windows times the column of weights."""
    weights = scene.kernel.numel()
    row, tall = [(scene.place, j) for j in range(weights)], [(i, 0) for i in range(weights)]
    _put(ax, 0, middle, scene.patches, "input", row, "4  im2col")
    _sign(ax, weights + 0.5, middle, "@")
    _put(ax, weights + 1, middle, scene.kernel.reshape(-1, 1), "kernel", tall)
    _sign(ax, weights + 2.5, middle, "=")
    column = scene.output.reshape(-1, 1)
    _put(ax, weights + 3, middle, column, "output", [(scene.place, 0)])


def _layer(ax, scene, x, middle):
    """The image into a box, the output out of it."""
    height, width = scene.kernel.shape
    size = height if height == width else (height, width)
    _put(ax, x, middle, scene.image, "input", scene.window, "5  nn.Conv2d")
    _sign(ax, x + scene.image.shape[1] + 2.2, middle, f"Conv2d\n(1, 1, {size})", BOX)
    _put(ax, x + scene.image.shape[1] + 4.5, middle, scene.output, "output", [scene.at])


def _put(ax, x, middle, values, role, now, title=None):
    """One matrix, its left edge at x, its height centred on `middle`."""
    origin = (x, middle - len(values) / 2)
    draw_grid(ax, values, role, now=now, title=title, origin=origin, size=11)


def _sign(ax, x, y, text, box=None):
    """An operator, or a layer as a box."""
    ax.text(x, y, text, size=13, ha="center", va="center", bbox=box)


def _words(scene):
    """What is outlined in each of the views."""
    image, kernel, output, patches = (
        matrix(x) for x in (scene.image, scene.kernel, scene.output, scene.patches)
    )
    window = words.numbers(patches[scene.place : scene.place + 1].reshape(kernel.shape))
    columns = ", ".join(str(image.shape[1] * i + j) for i, j in scene.window)
    pixels = f"row {scene.place} of {patches.shape[0]}"
    return (
        f"Five views of one output number, {words.places([scene.at], output)}. "
        f"1, sliding window: {words.panel(image, 'input', now=scene.window)}; convolved with "
        f"{words.panel(kernel, 'kernel')}; gives {words.panel(output, 'output')}. "
        f"2, perceptron: the window {window} times the kernel, wired to one sum. "
        f"3, Toeplitz matrix of {patches.shape[0]} rows and {image.size} columns: {pixels} "
        f"outlined, the kernel in columns {columns}. "
        f"4, im2col matrix of {words.size(patches)}: {pixels} outlined, the flat window. "
        "5, nn.Conv2d: image in, output out"
    )
