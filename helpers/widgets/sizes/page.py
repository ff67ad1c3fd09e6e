"""How the size explorer looks: sliders, question, formula. Its picture is in `picture`."""

from helpers.widgets.front.controls import says, sums
from helpers.widgets.sizes.picture import picture

LIMITS = {"n": (1, 16), "kernel": (1, 7), "stride": (1, 4), "padding": (0, 3), "dilation": (1, 3)}
LETTERS = {"n": "n", "kernel": "k", "stride": "s", "padding": "p", "dilation": "d"}


def page(state):
    """The whole widget; every part of it keeps its height."""
    general, filled = state.formula()
    kind, message = state.message()
    shown = state.reads[:1] if state.hidden else state.reads
    question = state.question.html("ask me first", "places")
    return (
        f'<div class="sliders">{_sliders(state)}</div>'
        f'<div class="row"><button data-click="another">another question</button>{question}</div>'
        f"{sums([general, filled], 2)}{sums([f'torch: {state.torch_says()}'], 2)}"
        f"{says(message, kind)}"
        f"{picture(state.sizes['n'], state.sizes['padding'], shown, state.hidden)}"
    )


def _sliders(state):
    return "".join(
        f'<label class="slider">{name}'
        f"{f', {LETTERS[name]}' if name != 'n' else ' (pixels)'}<output>{value}</output><br>"
        f'<input type="range" data-input="{name}" min="{LIMITS[name][0]}" '
        f'max="{LIMITS[name][1]}" value="{value}" aria-valuetext="{name} {value}"></label>'
        for name, value in state.sizes.items()
    )
