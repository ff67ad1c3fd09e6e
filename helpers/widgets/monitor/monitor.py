"""The training monitor as a notebook uses it: start, wait for the end, stop, history."""

import threading
from numbers import Integral

from helpers.widgets.front.board import Board
from helpers.widgets.monitor.state import Training

REDRAW = 0.3  # seconds between two pictures while `run` waits


class TrainingMonitor(Board):
    """The live training: like `fit`, but it starts when the button is pressed, or with `run()`.

    The numbers are those of `fit` with the same arguments after the same seed, as long as
    nothing else draws random numbers meanwhile. `history` is what `fit` returns: a dict for each
    finished epoch. A stop leaves it, and the model, as they are after the last step; the button,
    or `run()`, then goes on from there, as if nothing had happened.
    """

    def __init__(
        self, model, dataset, epochs=15, batch_size=100, lr=1e-3, *, validation=None, device=None
    ):
        if not isinstance(epochs, Integral) or epochs < 1:
            raise ValueError(f"epochs is {epochs!r}; give a whole number, at least 1.")
        self._lock = threading.RLock()  # `run` and an event may want to show something at once
        recipe = {"model": model, "dataset": dataset, "epochs": epochs, "batch_size": batch_size}
        recipe |= {"lr": lr, "validation": validation, "device": device}
        super().__init__(Training(recipe))

    @property
    def history(self):
        """One dict for each finished epoch, as `fit` returns it."""
        return self.state.history

    def run(self):
        """Start or go on, if anything is left to do; wait for the end; return the history.

        A kernel that waits does not hear the widget's button; the notebook's own (the square)
        stops the training then.
        """
        state = self.state
        state.start()
        state.waiting = True
        try:
            while state.running:
                state.thread.join(REDRAW)
                self.refresh()
        except KeyboardInterrupt:
            self.stop()
        finally:
            state.waiting = False
        self.refresh()
        if state.error is not None:
            raise state.error
        return self.history

    def stop(self):
        """End the training after the step that is under way, and wait for that."""
        self.state.stopping = True
        if self.state.running:
            self.state.thread.join()
        self.refresh()

    def refresh(self):
        with self._lock:
            super().refresh()

    def _receive(self, widget, event, buffers):
        with self._lock:
            super()._receive(widget, event, buffers)
