"""How the five views look, all on one screen in one set of colours. What is known is in `state`."""

from helpers.cells import as_array, cell_label
from helpers.widgets.front import svg
from helpers.widgets.front.controls import says, sums

CELL = 21  # units
NARROW = 14  # units across in the wide matrix, whose weights are short
TOP, LOW = 26, 281  # where the upper and the lower row of views begin
SIZE = (780, 472)


def page(state):
    """The whole widget; every part of it keeps its height."""
    kind, message = state.message()
    body = _window(state) + _perceptron(state) + _matrix(state) + _im2col(state) + _layer(state)
    return (
        f'<div class="row">{state.steps()}'
        f"{state.question.html('ask me for the row', 'row', state.place)}</div>"
        f"{svg.drawing(body, *SIZE, 'five views of one output number')}"
        f"{sums([state.sum() if state.known else '?'], 1)}{says(message, kind)}"
    )


def _place(body, x, y):
    return f'<g transform="translate({x:g},{y:g})">{body}</g>'


def _title(text, x, y):
    return svg.text(text, x, y - 14, anchor="start")


def _block(values, role, now=(), *, where=None, click=None, wide=CELL):
    """A matrix as one tinted field with lines and numbers; `where`: only these entries exist.

    `click`: a function from row and column to (name, value, words) of what a click reports;
    `wide`: units across of a cell.
    """
    values = as_array(values)
    height, width = values.shape
    cells = [
        (row, column)
        for row in range(height)
        for column in range(width)
        if where is None or where[row, column]
    ]
    path = "".join(f"M{wide * column},{CELL * row}h{wide}v{CELL}h-{wide}z" for row, column in cells)
    body = f'<path class="tint {role}" d="{path}"/>'
    for row, column in cells:
        label = cell_label(values[row, column])
        size = min(svg.EM, 1.8 * (wide - 1) / max(len(label), 1))
        body += svg.text(label, wide * (column + 0.5), CELL * (row + 0.5), round(size, 1))
    body += svg.outline(set(now), wide, CELL)
    for row, column in cells if click else ():
        body += _target(wide * column, CELL * row, wide, *click(row, column))
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
    """The image, and under it the kernel and the output."""
    window, kernel = _nine(state)
    x, low = 3, TOP + (state.image.shape[0] + 1) * CELL
    right = x + (state.kernel.shape[1] + 1) * CELL
    return (
        _title("1. sliding window", x, TOP)
        + _place(_block(state.image, "input", window), x, TOP)
        + svg.text("*", x + (state.image.shape[1] + 0.5) * CELL, (TOP + low - CELL) / 2)
        + _place(_block(state.kernel, "kernel", kernel), x, low)
        + svg.text("=", right - CELL / 2, low + state.kernel.shape[0] * CELL / 2)
        + _place(_output(state), right, low)
    )


def _perceptron(state):
    window, kernel = _nine(state)
    pixels = state.patches[state.place][:, None]
    x, count = 182, len(kernel)
    middle = TOP + count * CELL / 2
    tall = [(i, 0) for i in range(count)]
    wires = "".join(
        f'<path class="line kernel" d="M{x + 60},{TOP + (i + 0.5) * CELL:g}L{x + 105},{middle}"/>'
        + svg.text("×", x + 30, TOP + (i + 0.5) * CELL)
        for i in range(count)
    )
    total = state.output[state.at].reshape(1, 1)
    return (
        _title("2. perceptron", x, TOP)
        + _place(_block(pixels, "input", tall), x, TOP)
        + wires
        + _place(_block(state.kernel.reshape(-1, 1), "kernel", tall), x + 39, TOP)
        + f'<circle class="kernel" cx="{x + 110}" cy="{middle}" r="12"/>'
        + f'<g style="color: black">{svg.text("+", x + 110, middle, 18)}</g>'
        + svg.text("=", x + 132, middle)
        + _place(_block(total, "output", [(0, 0)]), x + 142, middle - CELL / 2)
    )


def _matrix(state):
    """The image as one row, and under each pixel the weights that it meets."""
    x, (height, width) = 374, state.matrix.shape
    window, _ = _nine(state)
    here = [(0, i * state.image.shape[1] + j) for i, j in window]
    now = [(state.place, i) for _, i in here] if state.known else []
    wide, tall, low = width * NARROW, height * CELL, TOP + CELL + 8
    frame = f'<rect class="line padding" width="{wide}" height="{tall}"/>'
    body = _block(state.matrix, "kernel", now, where=state.read, wide=NARROW)
    return (
        _title("3. one matrix, the image above it", x, TOP)
        + _place(_block(state.image.reshape(1, -1), "input", here, wide=NARROW), x, TOP)
        + _place(frame + body + _rows(state, wide), x, low)
        + svg.text("=", x + wide + 13, low + tall / 2)
        + _place(_output(state, column=True), x + wide + 25, low)
    )


def _im2col(state):
    x, count = 3, state.kernel.numel()
    row = [(state.place, i) for i in range(count)] if state.known else []
    right = x + count * CELL
    tall = [(i, 0) for i in range(count)]
    middle = LOW + state.output.numel() * CELL / 2
    return (
        _title("4. im2col: windows as rows", x, LOW)
        + _place(_block(state.patches, "input", row) + _rows(state, count * CELL), x, LOW)
        + svg.text("@", right + 14, middle)
        + _place(_block(state.kernel.reshape(-1, 1), "kernel", tall), right + 28, LOW)
        + svg.text("=", right + 62, middle)
        + _place(_output(state, column=True), right + 76, LOW)
    )


def _rows(state, wide):
    """Targets over the rows of a matrix: a click chooses one, or answers the question."""
    rows = range(state.output.numel())
    return "".join(_target(0, CELL * row, wide, "row", row, f"row {row}") for row in rows)


def _layer(state):
    """The image into a layer, which holds the kernel as its weight."""
    window, kernel = _nine(state)
    height, width = state.kernel.shape
    size = ", ".join(map(str, (height, width))) if height != width else str(height)
    x, middle = 374, LOW + 4.5 * CELL
    body = _title(f"5. nn.Conv2d(1, 1, {size})", x, LOW)
    parts = [
        (_block(state.image, "input", window), state.image.shape, "→"),
        (_block(state.kernel, "kernel", kernel), state.kernel.shape, "→"),
        (_output(state), state.output.shape, ""),
    ]
    for part, (rows, columns), sign in parts:
        body += _place(part, x, middle - rows * CELL / 2)
        x += columns * CELL + 36
        body += svg.text(sign, x - 18, middle)
    left = 374 + state.image.shape[1] * CELL + 36 + width * CELL / 2
    return body + svg.text("weight", left, middle - height * CELL / 2 - 14)
