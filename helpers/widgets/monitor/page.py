"""How the training monitor looks: buttons, two plots that grow. What it knows is in `state`."""

import html
import math

from helpers.widgets.front import svg
from helpers.widgets.front.controls import says, switch

PACE = 300  # milliseconds between two looks at a training under way
WIDE, TALL = 384, 330  # units of a plot
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 34, 46  # what is around its axes
STYLES = {"training loss": ("input", ""), "validation loss": ("now", "6 4")}
STYLES |= {"validation accuracy": ("output", "")}
FLOORS = (0, 0.5, 0.8, 0.9, 0.95, 0.98)  # where the axis of the accuracy may begin
SHARED = (
    "While it trains, run no cell that draws random numbers (a loader, dropout, torch.rand). Both "
    "would draw from one generator, and neither would give the same numbers again."
)


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
        f'<div class="columns">{_loss(state, curves)}{_accuracy(state, curves)}</div>'
        f"{says('' if state.done or state.waiting else SHARED)}"
    )


def _loss(state, curves):
    names = ["training loss", *["validation loss"] * (state.recipe["validation"] is not None)]
    values = [value for name in names for _, value in curves[name] if math.isfinite(value)]
    if state.logarithmic:
        ticks = log_ticks(min(values, default=0.1), max(values, default=2.5))
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


def log_ticks(low, high):
    """1, 2, 5 times powers of ten, or powers alone, from just below `low` to just above `high`."""
    low, high = max(low, 1e-6), max(high, 1e-6)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1
    parts = (1, 2, 5) if last - first < 5 else (1,)
    every = [part * 10.0**power for power in range(first, last) for part in parts]
    begin = max((tick for tick in every if tick <= low * 1.001), default=every[0])
    end = min((tick for tick in every if tick >= high * 0.999 and tick > begin), default=every[-1])
    return [tick for tick in every if begin <= tick <= end]


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
    every = max(1, math.ceil(epochs / (10 if epochs < 100 else 5)))  # long numbers need room
    numbers = "".join(
        svg.text(epoch, place(epoch, 1)[0], bottom + 15) for epoch in range(0, epochs + 1, every)
    )
    for value in ticks:
        y = place(0, value)[1]
        numbers += svg.text(f"{value:g}", LEFT - 8, y, anchor="end")
        numbers += f'<path class="faint" d="M{LEFT},{y:.1f}H{right}"/>'
    frame = f'<path class="axis" d="M{LEFT},{TOP}V{bottom}H{right}"/>'
    middle = (LEFT + right) / 2
    head = "".join(_legend(name, LEFT - 40 + 165 * i) for i, name in enumerate(curves))
    words = svg.text("epoch", middle, TALL - 10) + svg.text(note, middle, TALL / 2)
    return svg.drawing(head + numbers + frame + lines + words, WIDE, TALL, " and ".join(curves))


def _legend(name, x):
    role, dash = STYLES[name]
    line = f'<path class="line {role}" d="M{x},14h18" stroke-width="3" stroke-dasharray="{dash}"/>'
    return line + svg.text(name, x + 24, 14, anchor="start")


def _curve(name, places):
    """A line through points; few points are marked."""
    role, dash = STYLES[name]
    path = f' d="M{"L".join(f"{x:.1f},{y:.1f}" for x, y in places)}"' if places else ""
    marks = "" if name == "training loss" else "".join(_mark(role, *place) for place in places)
    style = f'stroke-width="2.5" stroke-dasharray="{dash}"'
    return f'<path class="line {role}"{path} {style}/>{marks}'


def _mark(role, x, y):
    return f'<circle class="{role}" cx="{x:.1f}" cy="{y:.1f}" r="3.5" stroke-width="2"/>'
