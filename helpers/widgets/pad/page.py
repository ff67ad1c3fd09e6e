"""How the digit pad looks: sheet, pixels, bars and feature maps. What it knows is in `state`."""

import html

import numpy as np

from helpers.cells import COLOURS, as_array
from helpers.widgets.front.shades import data_uri, shades
from helpers.widgets.pad.strokes import PEN, SHEET

SHOWN = 196  # pixels of the screen for the sheet and for what the network sees
MAPS, TILE = 12, 28  # feature maps of a layer that are shown; pixels of one, shown doubled


def page(state):
    """The whole widget; for one network, its height never changes."""
    bad = " bad" if state.trouble else ""
    return (
        f'<div class="row">{_controls(state)}</div>'
        f'<div class="columns">{_sheet(state)}{_seen(state)}{_bars(state)}</div>'
        f'<p class="says{bad}">{html.escape(state.message())}</p>'
        f"{''.join(_strip(name, maps) for name, maps in state.layers)}{_legend(state)}"
    )


def _controls(state):
    numbers = "".join(
        f'<button data-click="preset" data-value="{number}" '
        f'aria-label="show a {number}">{number}</button>'
        for number in range(10)
    )
    checked = " checked" if state.centred else ""
    return (
        f'<button data-click="clear">clear</button><span role="group" '
        f'aria-label="digits to choose from">{numbers}</span>'
        f'<label><input type="checkbox" data-input="centred"{checked}> '
        "centre as MNIST does</label>"
    )


def _sheet(state):
    style = f"width: {SHOWN}px; height: {SHOWN}px; display: block; background-size: cover; "
    return (
        '<div><p class="caption">draw here</p>'
        f'<canvas data-draw="sheet" data-width="{PEN}" width="{SHEET}" height="{SHEET}" '
        'role="img" aria-label="sheet to draw on; the arrow keys push the drawing" '
        f'style="{style}background-image: url({state.background})"></canvas></div>'
    )


def _seen(state):
    return (
        '<div><p class="caption">28 by 28, as the network sees it</p>'
        f'<img alt="the digit in 28 by 28 pixels" width="{SHOWN}" height="{SHOWN}" '
        f'style="image-rendering: pixelated" src="{data_uri(shades(state.seen, False))}"></div>'
    )


def _bars(state):
    """Ten probabilities as bars, the largest outlined."""
    row, left, length = 19.6, 18, 170
    known = state.probabilities or [0.0] * 10
    best = max(range(10), key=known.__getitem__) if state.probabilities else None
    bars = ""
    for number, probability in enumerate(known):
        top, edge = number * row, COLOURS["now"] if number == best else COLOURS["output"]
        bars += (
            f'<text x="0" y="{top + 14:g}" font-size="15">{number}</text>'
            f'<rect x="{left}" y="{top + 2:g}" width="{max(1, length * probability):.1f}" '
            f'height="{row - 5:g}" fill="{COLOURS["output"]}" fill-opacity="0.5" '
            f'stroke="{edge}" stroke-width="{3 if number == best else 1}"/>'
            f'<text x="{left + length + 8}" y="{top + 14:g}" font-size="14">'
            f"{f'{probability:.3f}' if state.probabilities else ''}</text>"
        )
    return (
        f'<div><p class="caption">probabilities</p><svg role="img" width="246" height="{SHOWN}" '
        f'aria-label="probabilities of the ten digits">{bars}</svg></div>'
    )


def _strip(name, maps):
    """The first feature maps of a layer on one scale, in one picture."""
    count, height, width = maps.shape
    shown = as_array(maps[:MAPS])
    signed = bool(shown.min() < 0)
    by = max(1, TILE // max(height, width))
    tiles = np.zeros((TILE, MAPS * (TILE + 1)), dtype=np.float32)
    for i, one in enumerate(shown / (float(np.abs(shown).max()) or 1)):
        one = one.repeat(by, 0).repeat(by, 1)[:TILE, :TILE]
        left = i * (TILE + 1)
        tiles[: one.shape[0], left : left + one.shape[1]] = one
    title = f"{name}<br>{count} maps, {height}×{width}"
    what = f"first {len(shown)} of {count} feature maps after {name}"
    return (
        '<div class="row" style="flex-wrap: nowrap">'
        f'<span style="flex: 0 0 8.5em; line-height: 1.25; white-space: nowrap">{title}</span>'
        f'<img alt="{what}" width="{2 * tiles.shape[1]}" height="{2 * TILE}" '
        f'style="image-rendering: pixelated" '
        f'src="{data_uri(shades(tiles, signed), signed)}"></div>'
    )


def _legend(state):
    if not state.layers:
        return ""
    return (
        '<p class="caption">Red above 0, white at 0, blue below; or gray, black at 0. '
        "Every layer has its own scale.</p>"
    )
