"""How the pooling stepper looks. What it knows is in `state`."""

import html

from helpers import arithmetic
from helpers.cells import COLOURS, cell_label
from helpers.widgets.front import svg
from helpers.widgets.front.controls import choice, says, switch

SETTINGS = {"kernel": (1, 2, 3, 4), "stride": (1, 2, 3), "padding": (0, 1, 2)}
KINDS = ("max", "average")


def page(state):
    """The whole widget; every part of it keeps its height."""
    return (
        f'<div class="row">{state.steps()}{choice("kind", KINDS, state.kind, "")}'
        f"{''.join(choice(name, SETTINGS[name], state.settings[name]) for name in SETTINGS)}"
        f"</div>{_picture(state)}"
        f'<div class="sum line" style="height: 6.2em">{_sum(state)}</div>'
        f'<div class="row">{switch("all", "show all", state.everything)}'
        f"{switch('counted', 'padded zeros count', state.counted, state.kind == 'max')}</div>"
        f"{says(state.message(), '' if state.output is not None else 'bad')}"
    )


def _sum(state):
    return html.escape(state.lines()) if state.output is not None else ""


def _picture(state):
    """Padded image and output side by side, in a box of constant height."""
    padding = state.settings["padding"]
    fill = "\N{MINUS SIGN}∞" if state.kind == "max" else "0"
    padded = arithmetic.pad2d(state.image, padding)
    labels = [
        [
            cell_label(state.image[place]) if state.inside(place) else fill
            for place in ((row - padding, column - padding) for column in range(padded.shape[1]))
        ]
        for row in range(padded.shape[0])
    ]
    now, marks = [], ""
    if state.output is not None:
        now = [(row + padding, column + padding) for line in state.window() for row, column in line]
        marks = _marks(state, padding)
    body, shape = svg.grid(padded, now=now, padding=padding, title="input", labels=labels)
    grids = [(body + marks, shape)]
    if state.output is not None:
        grids.append(state.numbers(f"{state.kind} pooling"))
    rows = state.image.shape[0] + 2
    return svg.side_by_side(*grids, height=rows, gap=2, label="input and output")


def _marks(state, padding):
    """A frame inside each pixel that holds the maximum; the one that torch names is filled."""
    if state.kind != "max":
        return ""
    side, frames = svg.CELL - 12, ""
    for i, (row, column) in enumerate(state.winners()):
        x, y = ((at + padding) * svg.CELL + 6 for at in (column, row))
        inner = 'fill-opacity="0.35"' if not i else 'fill-opacity="0" stroke-dasharray="5 3"'
        frames += (
            f'<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="6" {inner} '
            f'fill="{COLOURS["output"]}" stroke="{COLOURS["output"]}" stroke-width="3" '
            'pointer-events="none"/>'
        )
    return frames
