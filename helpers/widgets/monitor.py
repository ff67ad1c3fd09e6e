"""Training to watch and to stop: a button, a thread, what it reports; drawn in `monitor_page`."""

import threading
from numbers import Integral

from helpers import figures
from helpers.training import fill
from helpers.widgets.board import Board, State
from helpers.widgets.monitor_page import page
from helpers.widgets.watch import Watch

REDRAW = 0.3  # seconds between two pictures while `run` waits


class TrainingMonitor(Board):
    """The live training: like `fit`, but it starts when the button is pressed, or with `run()`.

    The numbers are those of `fit` with the same arguments after the same seed, as long as
    nothing else draws random numbers meanwhile. `history` is what `fit` returns: a dict for each
    finished epoch. A stop leaves it, and the model, as they are after the last step.
    """

    def __init__(
        self, model, dataset, epochs=15, batch_size=100, lr=1e-3, *, validation=None, device=None
    ):
        if not isinstance(epochs, Integral) or epochs < 1:
            raise ValueError(f"epochs is {epochs!r}; give a whole number, at least 1.")
        self._lock = threading.RLock()  # `run` and an event may want to show something at once
        recipe = {"model": model, "dataset": dataset, "epochs": epochs, "batch_size": batch_size}
        recipe |= {"lr": lr, "validation": validation, "device": device, "checkpoint": None}
        super().__init__(Training(recipe))

    @property
    def history(self):
        """One dict for each finished epoch, as `fit` returns it."""
        return self.state.history

    def run(self):
        """Start, if that is still to be done; wait for the end; return the history.

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


class Training(State):
    """A run of `fit` in a thread, and what its progress bar was told."""

    label = "Training monitor"

    def __init__(self, recipe):
        self.recipe, self.history = recipe, []
        self.thread = self.error = self.watch = None
        self.stopping = self.waiting = self.logarithmic = False

    @property
    def running(self):
        """Whether the training is under way."""
        return self.thread is not None and self.thread.is_alive()

    def start(self):
        """Begin to train in a thread; a run that has begun is not begun again."""
        if self.thread is None:
            self.thread = threading.Thread(target=self._train, daemon=True)
            self.thread.start()

    def _train(self):
        try:
            fill(self.history, **self.recipe, bar=self._open)
        except KeyboardInterrupt:
            pass
        except Exception as error:  # shown in place; `run` raises it
            self.error = error

    def _open(self, total, **options):
        self.watch = Watch(total, self.recipe["epochs"], lambda: self.stopping)
        return self.watch

    def handle(self, event):
        name = event["name"]
        if name == "start":
            self.start()
        elif name == "stop":
            self.stopping = True
        elif name == "log":
            self.logarithmic = event.get("value") == "true"

    def message(self):
        """Kind (bad or none) and how far the training is, in a sentence."""
        epochs, done = self.recipe["epochs"], len(self.history)
        if self.error is not None:
            return "bad", f"{type(self.error).__name__}: {self.error}"
        if self.thread is None:
            return "", f"Not started: {epochs} epochs to train. Nothing runs until you press start."
        if self.running and self.stopping:
            return "", "Stopping after the step that is under way."
        if self.running:
            how = " To stop it, interrupt the cell (the square button)." if self.waiting else ""
            return "", (self.watch.message() if self.watch else "Getting ready.") + how
        if done == epochs:
            return "", f"Finished: {epochs} epochs in {self.watch.seconds():.0f} seconds."
        return "", f"Stopped. Finished epochs: {done} of {epochs}. The model can be used as it is."

    def last(self):
        """The numbers of the last finished epoch, in a sentence, or nothing."""
        if not self.history:
            return ""
        record = self.history[-1]
        line = f"Epoch {record['epoch']}: loss {record['loss']:.4f}"
        if record["val_loss"] is None:
            return f"{line}."
        accuracy = f"accuracy {record['val_accuracy']:.4f}"
        return f"{line}, validation loss {record['val_loss']:.4f}, {accuracy}."

    def curves(self):
        """Points (epochs, value) of each curve."""
        after = [(r["epoch"], r["val_loss"], r["val_accuracy"]) for r in list(self.history)]
        measured = [point for point in after if point[1] is not None]
        return {
            "training loss": list(self.watch.points) if self.watch else [],
            "validation loss": [(epoch, loss) for epoch, loss, _ in measured],
            "validation accuracy": [(epoch, accuracy) for epoch, _, accuracy in measured],
        }

    def text(self):
        # While it runs, only what changes with an epoch is read out.
        told = self.message()[1]
        if self.running:
            told = "Training."
        elif self.error is None and self.watch is not None and not self.stopping:
            told = "Finished."
        return f"{told} {self.last()}".strip()

    def figure(self):
        curves = {name: points for name, points in self.curves().items() if points}
        curves.pop("validation accuracy", None)
        curves = {name: tuple(zip(*points, strict=True)) for name, points in curves.items()}
        figure = figures.show_curves(curves or {"training loss": ([], [])}, "epoch", "loss")
        if not curves:  # not started: the axes wait, from the loss of a network that knows nothing
            figure.axes[0].set(xlim=(0, self.recipe["epochs"]), ylim=(0, 2.5))
        return figure

    def html(self):
        return page(self)
