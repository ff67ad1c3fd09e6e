"""How the digit pad looks: sheet, pixels, bars and feature maps. What it knows is in `state`."""

import html

import numpy as np

from helpers.cells import as_array
from helpers.widgets.front import svg
from helpers.widgets.front.controls import says
from helpers.widgets.front.shades import data_uri, shades
from helpers.widgets.pad.strokes import PEN, SHEET

SHOWN = "width: 13.6em; height: 13.6em; "  # for the sheet and for what the network sees
MAPS, TILE = 8, 28  # feature maps of a layer that are shown; pixels of one
TALL = 3.3  # em of the screen for one feature map
LEGEND = "Red above 0, blue below; in grey, black is 0. One scale a layer."


def page(state):
    """The whole widget; for one network, its height never changes."""
    maps = "".join(_strip(name, maps) for name, maps in state.layers)
    legend = f'<p class="caption">{LEGEND}</p>' if state.layers else ""
    return (
        f'<div class="row">{_controls(state)}</div><div class="columns">'
        f"<div>{_sheet(state)}{_seen(state)}</div>"
        f'<div class="wide">{_bars(state)}'
        f"{says(state.message(), 'bad' if state.trouble else '', 3)}{maps}{legend}</div></div>"
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
    return (
        '<p class="caption">draw here</p>'
        f'<canvas data-draw="sheet" data-width="{PEN}" width="{SHEET}" height="{SHEET}" '
        'role="img" aria-label="sheet to draw on; the arrow keys push the drawing" '
        f'style="{SHOWN}background-image: url({state.background})"></canvas>'
    )


def _seen(state):
    return (
        '<p class="caption">28 by 28, as the network sees it</p>'
        f'<img alt="the digit in 28 by 28 pixels" style="{SHOWN}image-rendering: pixelated" '
        f'src="{data_uri(shades(state.seen, False))}">'
    )


def _bars(state):
    """Ten probabilities as bars, the largest in the strongest colour."""
    wide, high, top = 54, 64, 20
    known = state.probabilities or [0.0] * 10
    best = max(range(10), key=known.__getitem__) if state.probabilities else None
    bars = f'<path class="axis" d="M0,{top + high}H{10 * wide}"/>'
    for number, probability in enumerate(known):
        middle, tall = (number + 0.5) * wide, max(0.5, high * probability)
        strong = " strong" if number == best else ""
        value = f"{probability:.3f}" if state.probabilities else ""
        bars += (
            f'<rect class="tint output{strong}" x="{middle - 16:g}" y="{top + high - tall:.1f}" '
            f'width="32" height="{tall:.1f}"/><g>{svg.text(number, middle, top + high + 12, 16)}'
            f"</g><g>{svg.text(value, middle, top + high - tall - 10)}</g>"
        )
    what = "probabilities of the ten digits"
    return f'<p class="caption">{what}</p>{svg.drawing(bars, 10 * wide, top + high + 22, what)}'


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
    what = f"first {len(shown)} of {count} feature maps after {html.escape(name)}"
    size = f"width: {TALL * tiles.shape[1] / TILE:.2f}em; height: {TALL}em"
    return (
        '<div class="row" style="flex-wrap: nowrap; margin: 0 0 0.15em">'
        f'<span style="flex: 0 0 7.6em">{html.escape(name)}<br>{count} × {height} × {width}</span>'
        f'<img alt="{what}" style="{size}; image-rendering: pixelated" '
        f'src="{data_uri(shades(tiles, signed), signed)}"></div>'
    )
