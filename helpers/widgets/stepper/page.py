"""How the stepper looks: its picture, sums and controls as HTML. What it knows is in `state`."""

from helpers.widgets.front import svg
from helpers.widgets.front.controls import choice, says, sums, switch

STRIDES, PADDINGS = (1, 2, 3), (0, 1, 2)
TALL = 380  # units of the screen for the picture


def page(state):
    """The whole widget; every part of it keeps its height."""
    kind, message = state.message()
    rows = len(state.fields.texts)
    fields = f'<p class="caption">change the kernel</p>{state.fields.html()}'
    return (
        f'<div class="row">{state.steps()}{_settings(state)}</div>{_picture(state)}'
        f'<div class="columns"><div>{fields}</div><div class="wide">{sums(_sum(state), rows)}'
        f'<div class="row">{_question(state)}</div>{says(message, kind)}</div></div>'
    )


def _settings(state):
    return choice("stride", STRIDES, state.stride) + choice("padding", PADDINGS, state.padding)


def _question(state):
    none = state.output is None
    return (
        f"{state.question.html('ask me', 'the number', state.place, none)}"
        f"{switch('all', 'show all', state.everything, state.asking or none)}"
    )


def _sum(state):
    if state.output is None:
        return []
    if state.known:
        lines = state.lines(float(state.output[state.at]))
    elif state.question.wrong >= 2:
        lines = state.lines()
    else:
        return ["?"]
    return [f"  {lines[0]}", *(f"+ {line}" for line in lines[1:])]


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
        grids.append(state.numbers("output"))
    return svg.side_by_side(*grids, height=TALL, label="input, kernel and output")
