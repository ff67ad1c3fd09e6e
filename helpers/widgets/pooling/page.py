"""How the pooling stepper looks. What it knows is in `state`."""

from helpers import arithmetic
from helpers.cells import cell_label
from helpers.widgets.front import svg
from helpers.widgets.front.controls import choice, says, sums, switch

SETTINGS = {"kernel": (1, 2, 3, 4), "stride": (1, 2, 3), "padding": (0, 1, 2)}
KINDS = ("max", "average")
TALL = 380  # units of the screen for the picture


def page(state):
    """The whole widget; every part of it keeps its height."""
    return (
        f'<div class="row">{state.steps()}{choice("kind", KINDS, state.kind, "")}'
        f"{''.join(choice(name, SETTINGS[name], state.settings[name]) for name in SETTINGS)}"
        f"</div>{_picture(state)}{sums([] if state.output is None else state.lines(), 4)}"
        f'<div class="row">{switch("all", "show all", state.everything)}'
        f"{switch('counted', 'padded zeros count', state.counted, state.kind == 'max')}</div>"
        f"{says(state.message(), '' if state.output is not None else 'bad')}"
    )


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
    now, strong, ties = [], [], ""
    if state.output is not None:
        now = [(row + padding, column + padding) for line in state.window() for row, column in line]
        if state.kind == "max":
            first, *others = state.winners()
            strong = [(first[0] + padding, first[1] + padding)]
            ties = "".join(_tie(row + padding, column + padding) for row, column in others)
    options = {"now": now, "strong": strong, "padding": padding, "title": "input"}
    body, shape = svg.grid(padded, labels=labels, **options)
    grids = [(body + ties, shape)]
    if state.output is not None:
        grids.append(state.numbers(f"{state.kind} pooling"))
    return svg.side_by_side(*grids, height=TALL, gap=1.5, label="input and output")


def _tie(row, column):
    """A dashed frame inside a pixel that holds the maximum too; the one torch names is filled."""
    x, y, side = column * svg.CELL + 6, row * svg.CELL + 6, svg.CELL - 12
    return (
        f'<rect class="line output" x="{x}" y="{y}" width="{side}" height="{side}" rx="6" '
        'stroke-width="3" stroke-dasharray="5 3" pointer-events="none"/>'
    )
