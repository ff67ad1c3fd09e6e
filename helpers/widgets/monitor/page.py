"""How the training monitor looks: buttons, two plots that grow. What it knows is in `state`."""

import html
import math

from helpers.cells import COLOURS
from helpers.widgets.front.controls import says, switch

PACE = 300  # milliseconds between two looks at a training under way
WIDE, TALL = 410, 260  # pixels of a plot
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 34, 44  # what is around its axes
STYLES = {"training loss": ("input", ""), "validation loss": ("now", "6 4")}
STYLES |= {"validation accuracy": ("output", "")}
FLOORS = (0, 0.5, 0.8, 0.9, 0.95, 0.98)  # where the axis of the accuracy may begin


def page(state):
    """The whole widget; every part of it keeps its height."""
    kind, message = state.message()
    running, curves = state.running, state.curves()
    tick = f' data-tick="{PACE}"' if running else ""
    start = "" if state.ready else " disabled"
    stop = "" if running and not (state.stopping or state.waiting) else " disabled"
    return (
        f'<div class="row"{tick}><button data-click="start"{start}>start</button>'
        f'<button data-click="stop"{stop}>stop</button>'
        f"{switch('log', 'logarithmic loss', state.logarithmic)}</div>"
        f"{says(message, kind)}"
        f'<p class="caption">{html.escape(state.last()) or "&nbsp;"}</p>'
        f'<div class="row" style="gap: 8px">{_loss(state, curves)}{_accuracy(state, curves)}</div>'
    )


def _loss(state, curves):
    names = ["training loss", *["validation loss"] * (state.recipe["validation"] is not None)]
    values = [value for name in names for _, value in curves[name] if math.isfinite(value)]
    if state.logarithmic:
        low = math.floor(math.log10(max(min(values, default=0.1), 1e-6)))
        high = max(math.ceil(math.log10(max(values, default=1))), low + 1)
        ticks = [10.0**power for power in range(low, high + 1)]
    else:
        ticks = _steps(0, max(values, default=2.5))
    shown = {name: curves[name] for name in names}
    return _plot(shown, state.recipe["epochs"], ticks, state.logarithmic)


def _accuracy(state, curves):
    values = [value for _, value in curves["validation accuracy"]]
    low = max(floor for floor in FLOORS if floor <= min(values, default=0))
    note = "" if state.recipe["validation"] is not None else "to see it, give validation=..."
    shown = {"validation accuracy": curves["validation accuracy"]}
    return _plot(shown, state.recipe["epochs"], _steps(low, 1), note=note)


def _steps(low, high):
    """Four to eight round numbers from `low` to `high` or just above."""
    room = max(high - low, 1e-6)
    size = 10.0 ** math.floor(math.log10(room))
    step = next(size * part for part in (0.1, 0.2, 0.25, 0.5, 1) if room / (size * part) <= 6.5)
    return [low + step * i for i in range(math.ceil(room / step - 1e-9) + 1)]


def _plot(curves, epochs, ticks, logarithmic=False, note=""):
    """Curves over the epochs as one <svg>; the axes show all epochs from the beginning."""
    scale = math.log10 if logarithmic else float
    low, high = scale(ticks[0]), scale(ticks[-1])
    right, bottom = WIDE - RIGHT, TALL - BOTTOM

    def place(epoch, value):
        value = scale(max(value, 1e-9)) if math.isfinite(value) else high
        share = min(max((value - low) / (high - low), 0), 1)
        return LEFT + (right - LEFT) * epoch / epochs, bottom - (bottom - TOP) * share

    lines = "".join(_curve(name, [place(*at) for at in at_all]) for name, at_all in curves.items())
    every = max(1, math.ceil(epochs / 10))
    numbers = "".join(
        _text(epoch, place(epoch, 1)[0], bottom + 16) for epoch in range(0, epochs + 1, every)
    )
    for value in ticks:
        y = place(0, value)[1]
        numbers += _text(f"{value:g}", LEFT - 8, y, "end")
        numbers += f'<path d="M{LEFT},{y:.1f}H{right}" stroke="currentColor" opacity="0.15"/>'
    frame = f'<path d="M{LEFT},{TOP}V{bottom}H{right}" fill="none" stroke="currentColor"/>'
    middle = (LEFT + right) / 2
    head = "".join(_legend(name, LEFT + 150 * i) for i, name in enumerate(curves))
    return (
        f'<svg role="img" aria-label="{" and ".join(curves)}" width="{WIDE}" height="{TALL}" '
        f'viewBox="0 0 {WIDE} {TALL}" style="max-width: 100%">{head}{numbers}{frame}{lines}'
        f"{_text('epoch', middle, TALL - 10)}{_text(note, middle, TALL / 2)}</svg>"
    )


def _text(text, x, y, anchor="middle"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="14" text-anchor="{anchor}" '
        f'dominant-baseline="central">{text}</text>'
    )


def _legend(name, x):
    colour, dash = STYLES[name]
    line = f'<path d="M{x},14h18" stroke="{COLOURS[colour]}" stroke-width="3" '
    return f'{line}stroke-dasharray="{dash}"/>{_text(name, x + 24, 14, "start")}'


def _curve(name, places):
    """A line through points; few points are marked."""
    colour, dash = STYLES[name]
    path = "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = (
        ""
        if name == "training loss"
        else "".join(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[colour]}"/>' for x, y in places
        )
    )
    line = f'<path d="M{path}" ' if places else "<path "
    return (
        f'{line}fill="none" stroke="{COLOURS[colour]}" stroke-width="2" '
        f'stroke-dasharray="{dash}"/>{marks}'
    )
