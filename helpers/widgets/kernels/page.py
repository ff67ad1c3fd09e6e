"""How the kernel lab looks: named kernels, two pictures, nine fields. The rest is in `state`."""

import numpy as np

from helpers.cells import as_array
from helpers.widgets.front.controls import choice, says, switch
from helpers.widgets.front.shades import COLOUR_STRIP, data_uri, shades, strip

PRESETS = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "vertical edge": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal edge": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "Laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}


def page(state):
    """The whole widget; every part of it keeps its height."""
    signed, result, preset = state.signed, state.result, state.preset
    buttons = "".join(
        f'<button data-click="preset" data-value="{name}" '
        f'aria-pressed="{str(name == preset).lower()}">{name}</button>'
        for name in PRESETS
    )
    return (
        f'<div class="row" role="group" aria-label="kernels">{buttons}</div>'
        f'<div class="columns">{state.inputs[state.chosen]}'
        f'<div><p class="caption">{preset}</p>{state.fields.html()}{_switches(state)}</div>'
        f"{frame(shades(result, signed), 'result', _scale(state, result), signed)}</div>"
        f"{says(state.text(), 'bad' if state.fields.trouble else '')}"
    )


def frame(pixels, name, scale=None, signed=False):
    """A picture as wide as there is room, with its name above and its scale below."""
    smooth = "auto" if min(pixels.shape[:2]) > 60 else "pixelated"
    return (
        f'<div class="wide"><p class="caption">{name}</p><img alt="{name}" '
        f'style="image-rendering: {smooth}" src="{data_uri(pixels, signed)}">'
        f'<p class="caption">{scale or strip(0, 1)}</p></div>'
    )


def _switches(state):
    same = f'<p class="row">{switch("same", "input colours", state.same)}</p>'
    if len(state.pictures) == 1:
        return same
    return f'{same}<p class="row">{choice("picture", state.pictures, state.chosen, "on")}</p>'


def _scale(state, result):
    if state.signed:
        bound = float(result.abs().max())
        return strip(-bound, bound, COLOUR_STRIP)
    outside = np.mean((as_array(result) < -1e-6) | (as_array(result) > 1 + 1e-6))
    return strip(0, 1, note=f", {outside:.0%} clipped")
