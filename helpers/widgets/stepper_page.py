"""How the stepper looks: its picture, sums and controls as HTML. What it knows is in `stepper`."""

import html

from helpers.cells import cell_label
from helpers.widgets import svg
from helpers.widgets.controls import choice, says, switch

PACE = 800  # milliseconds from one window to the next
STRIDES, PADDINGS = (1, 2, 3), (0, 1, 2)


def page(state):
    """The whole widget; every part of it keeps its height."""
    kind, message = state.message()
    rows = len(state.fields.texts)
    fields = f'<p class="caption">change the kernel</p>{state.fields.html()}'
    tick = f' data-tick="{PACE}"' if state.playing else ""
    return (
        f'<div class="row"{tick}>{_steps(state)}{_settings(state)}</div>{_picture(state)}'
        f'<div class="columns"><div>{fields}</div><div class="wide">'
        f'<div class="sum line" style="height: {1.4 * rows + 0.8:.1f}em">{_sum(state)}</div>'
        f'<div class="row">{_question(state)}</div>'
        f"{says(message, kind)}</div></div>"
    )


def _steps(state):
    off = " disabled" if state.output is None else ""
    play = off or (" disabled" if state.asking else "")
    label = "pause" if state.playing else "play"
    return (
        f'<button data-click="first"{off}>first</button>'
        f'<button data-click="previous"{off}>previous</button>'
        f'<button data-click="next"{off}>next</button>'
        f'<button data-click="play" style="min-width: 5em"{play}>{label}</button>'
    )


def _settings(state):
    return choice("stride", STRIDES, state.stride) + choice("padding", PADDINGS, state.padding)


def _question(state):
    asking = state.asking and state.output is not None
    off = "" if asking else " disabled"
    return (
        f"{switch('ask', 'ask me', state.asking, state.output is None)}"
        f'<label>the number <input type="text" maxlength="12" data-input="answer" value="" '
        f'data-version="{state.version}"{off}></label>'
        f'<button data-click="answer"{off}>answer</button>'
        f"{switch('all', 'show all', state.everything, state.asking or state.output is None)}"
    )


def _sum(state):
    if state.output is None:
        return ""
    if state.known:
        lines = state.lines(float(state.output[state.at]))
    elif state.wrong >= 2:
        lines = state.lines()
    else:
        return "?"
    return html.escape("\n".join([f"  {lines[0]}", *(f"+ {line}" for line in lines[1:])]))


def _picture(state):
    """Image, kernel and output side by side, in a box whose height the padding does not change."""
    kernel, padded = state.fields.kernel, state.padded
    window = []
    if state.output is not None:
        (row, column), (height, width) = state.corner, kernel.shape
        window = [(row + i, column + j) for i in range(height) for j in range(width)]
    grids = [
        svg.grid(padded, now=window, padding=state.padding, title="input"),
        svg.grid(kernel, "kernel", title="kernel"),
    ]
    if state.output is not None:
        grids.append(_output(state))
    rows = max(state.image.shape[0] + 1, kernel.shape[0])
    return svg.side_by_side(*grids, height=rows, label="input, kernel and output")


def _output(state):
    shown = [
        [
            cell_label(value) if state.everything or place in state.seen else "?"
            for place, value in enumerate(line, row * state.output.shape[1])
        ]
        for row, line in enumerate(state.output.tolist())
    ]
    options = {"labels": shown, "now": [state.at], "click": "go", "stops": False}
    return svg.grid(state.output, "output", title="output", **options)
