"""How the five views look, all on one screen in one set of colours. What is known is in `state`."""

import html

from helpers.cells import COLOURS, as_array, cell_label
from helpers.widgets.front import svg
from helpers.widgets.front.controls import says

CELL = 22  # pixels
TOP, LOW = 30, 270  # where the upper and the lower row of views begin
SIZE = (840, 502)


def page(state):
    """The whole widget; every part of it keeps its height."""
    kind, message = state.message()
    products = html.escape(state.sum()) if state.known else "?"
    return (
        f'<div class="row">{state.steps()}'
        f"{state.question.html('ask me for the row', 'row', state.place)}</div>"
        f'<svg role="img" aria-label="five views of one output number" width="{SIZE[0]}" '
        f'height="{SIZE[1]}" viewBox="0 0 {SIZE[0]} {SIZE[1]}" style="max-width: 100%">'
        f"{_window(state)}{_perceptron(state)}{_im2col(state)}{_matrix(state)}{_layer(state)}"
        f'</svg><div class="sum line" style="min-height: 1.6em">{products}</div>'
        f"{says(message, kind)}"
    )


def _place(body, x, y):
    return f'<g transform="translate({x:g},{y:g})">{body}</g>'


def _text(text, x, y, size=16, anchor="middle"):
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" '
        f'dominant-baseline="central">{text}</text>'
    )


def _title(text, x, y):
    return _text(text, x, y - 14, 15, "start")


def _block(values, role, now=(), *, where=None, click=None):
    """A matrix as one tinted field with lines and numbers; `where`: only these entries exist.

    `click`: a function from row and column to (name, value, words) of what a click reports.
    """
    values = as_array(values)
    height, width = values.shape
    cells = [
        (row, column)
        for row in range(height)
        for column in range(width)
        if where is None or where[row, column]
    ]
    path = "".join(f"M{CELL * column},{CELL * row}h{CELL}v{CELL}h-{CELL}z" for row, column in cells)
    colour = COLOURS[role]
    body = f'<path d="{path}" fill="{colour}" fill-opacity="0.18" stroke="{colour}"/>'
    for row, column in cells:
        label = cell_label(values[row, column])
        size = 14 if len(label) < 3 else 11 if len(label) < 4 else 8
        body += _text(label, CELL * (column + 0.5), CELL * (row + 0.5), size)
    body += svg.outline(set(now), CELL)
    for row, column in cells if click else ():
        body += _target(CELL * column, CELL * row, CELL, *click(row, column))
    return body


def _target(x, y, width, name, value, words):
    """An invisible cell that reports a click."""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{CELL}" fill-opacity="0" role="button" '
        f'tabindex="-1" data-click="{name}" data-value="{value}" aria-label="{words}"/>'
    )


def _output(state, column=False):
    """The output as a matrix or as one column; each of its numbers can be chosen."""
    width = state.output.shape[1]

    def go(row, place):
        row, place = divmod(row, width) if column else (row, place)
        return "go", f"{row},{place}", f"look at output row {row} column {place}"

    if not column:
        return _block(state.output, "output", [state.at], click=go)
    now = [(state.place, 0)] if state.known else []
    return _block(state.output.reshape(-1, 1), "output", now, click=go)


def _nine(state):
    """The window's places in the image, and all places of the kernel."""
    (row, column), (height, width) = state.at, state.kernel.shape
    kernel = [(i, j) for i in range(height) for j in range(width)]
    return [(row + i, column + j) for i, j in kernel], kernel


def _window(state):
    window, kernel = _nine(state)
    x, body = 4, _title("1  sliding window", 4, TOP)
    middle = TOP + 4.5 * CELL
    parts = [
        (_block(state.image, "input", window), state.image.shape, "*"),
        (_block(state.kernel, "kernel", kernel), state.kernel.shape, "="),
        (_output(state), state.output.shape, ""),
    ]
    for part, (height, width), sign in parts:
        body += _place(part, x, middle - height * CELL / 2)
        x += (width + 1) * CELL
        body += _text(sign, x - CELL / 2, middle)
    return body


def _perceptron(state):
    window, kernel = _nine(state)
    pixels = state.patches[state.place][:, None]
    x, count = 336, len(kernel)
    top, middle = TOP + (9 - count) * CELL / 2, TOP + 4.5 * CELL
    tall = [(i, 0) for i in range(count)]
    wires = "".join(
        f'<path d="M{x + 66},{top + (i + 0.5) * CELL:g}L{x + 122},{middle}" '
        f'stroke="{COLOURS["kernel"]}"/>' + _text("×", x + 33, top + (i + 0.5) * CELL)
        for i in range(count)
    )
    total = state.output[state.at].reshape(1, 1)
    box = f'<circle cx="{x + 126}" cy="{middle}" r="13" fill="{COLOURS["kernel"]}"/>'
    return (
        _title("2  perceptron", x, TOP)
        + _place(_block(pixels, "input", tall), x, top)
        + wires
        + _place(_block(state.kernel.reshape(-1, 1), "kernel", tall), x + 44, top)
        + f'{box}<text x="{x + 126}" y="{middle}" text-anchor="middle" font-size="18" '
        f'dominant-baseline="central" style="fill: black">+</text>'
        + _text("=", x + 151, middle)
        + _place(_block(total, "output", [(0, 0)]), x + 164, middle - CELL / 2)
    )


def _im2col(state):
    x, count = 546, state.kernel.numel()
    row = [(state.place, i) for i in range(count)] if state.known else []
    right = x + count * CELL
    tall = [(i, 0) for i in range(count)]
    middle = TOP + state.output.numel() * CELL / 2
    return (
        _title("4  im2col: windows as rows", x, TOP)
        + _place(_block(state.patches, "input", row) + _rows(state, count), x, TOP)
        + _text("@", right + 11, middle)
        + _place(_block(state.kernel.reshape(-1, 1), "kernel", tall), right + 22, TOP)
        + _text("=", right + 55, middle)
        + _place(_output(state, column=True), right + 66, TOP)
    )


def _matrix(state):
    x, (height, width) = 4, state.matrix.shape
    row, column = state.at
    window, _ = _nine(state)
    here = [(0, i * state.image.shape[1] + j) for i, j in window]
    now = [(state.place, i) for _, i in here] if state.known else []
    wide, tall, low = width * CELL, height * CELL, LOW + CELL + 8
    frame = f'<rect width="{wide}" height="{tall}" fill="none" stroke="{COLOURS["padding"]}"/>'
    body = _block(state.matrix, "kernel", now, where=state.read)
    return (
        _title("3  one matrix, the image above it", x, LOW)
        + _place(_block(state.image.reshape(1, -1), "input", here), x, LOW)
        + _place(frame + body + _rows(state, width), x, low)
        + _text("=", x + wide + 14, low + tall / 2)
        + _place(_output(state, column=True), x + wide + 28, low)
    )


def _rows(state, width):
    """Targets over the rows of a matrix: a click chooses one, or answers the question."""
    rows = range(state.output.numel())
    return "".join(_target(0, CELL * row, CELL * width, "row", row, f"row {row}") for row in rows)


def _layer(state):
    _, kernel = _nine(state)
    x, (height, width) = 654, state.kernel.shape
    size = ", ".join(map(str, (height, width))) if height != width else str(height)
    middle = LOW + 4.5 * CELL
    body = _block(state.kernel, "kernel", kernel)
    return (
        _title(f"5  nn.Conv2d(1, 1, {size})", x, LOW)
        + _text("weight", x + width * CELL / 2, middle - height * CELL / 2 - 12, 14)
        + _place(body, x, middle - height * CELL / 2)
        + _text("→", x + (width + 0.5) * CELL, middle)
        + _place(_output(state), x + (width + 1) * CELL, middle - state.output.shape[0] * CELL / 2)
    )
