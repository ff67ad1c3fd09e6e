"""The one front end of all widgets: shows a state's HTML and passes on what the reader does."""

import base64
import html
import io
from pathlib import Path

import anywidget
import matplotlib.pyplot as plt
import traitlets

from helpers.figures import alt_text

HERE = Path(__file__).parent


class State:
    """What a widget knows and draws; subclasses are tested without a browser.

    label   name read out by a screen reader
    keys    keys that the widget wants while it has the focus (as KeyboardEvent.key)
    wiped   raised by one to clear what was drawn on a canvas
    """

    label = "widget"
    keys = ()
    wiped = 0

    def handle(self, event):
        """Take in one event: type (click, input, enter, key, tick, draw, lift), name, value."""
        raise NotImplementedError

    def html(self):
        """HTML with data-click=NAME, data-input=NAME, data-tick=MS, canvas data-draw=NAME."""
        raise NotImplementedError

    def text(self):
        """The widget in a sentence or two of plain text: for screen readers and text outputs."""
        raise NotImplementedError

    def figure(self):
        """The static picture that stands in the widget's place where there is no front end."""
        raise NotImplementedError


def page(state):
    """The HTML that a board shows: the state's own, and its text for screen readers."""
    spoken = f'<div class="aside" aria-live="polite">{html.escape(state.text())}</div>'
    return f"{state.html()}{spoken}"


class Board(anywidget.AnyWidget):
    """A widget around a State."""

    _esm = HERE / "board.js"
    _css = HERE / "board.css"
    label = traitlets.Unicode().tag(sync=True)
    wants = traitlets.List(traitlets.Unicode()).tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    wipe = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def __init__(self, state):
        self.state = state
        super().__init__(label=state.label, wants=list(state.keys), html=page(state))
        self.on_msg(self._receive)

    def refresh(self):
        """Show what the state holds now (after a change that was not an event)."""
        with self.hold_sync():
            self.wipe = self.state.wiped
            self.html = page(self.state)

    def _receive(self, widget, event, buffers):
        with self.hold_sync():
            try:
                self.state.handle(event)
                self.refresh()
            finally:
                self.answered += 1

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, about = bundle if isinstance(bundle, tuple) else (bundle, {})
        if data is None:
            return bundle
        data = dict(data) | {"text/plain": f"{self.state.label}: {self.state.text()}"}
        figure, picture = self.state.figure(), io.BytesIO()
        if figure is not None:
            figure.savefig(picture, format="png")
            about = about | {"image/png": {"alt": alt_text(figure)}}
            plt.close(figure)
            data["image/png"] = base64.b64encode(picture.getvalue()).decode()
        return data, about
