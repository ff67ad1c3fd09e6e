"""A training in a thread and what it reported; its numbers are those of `fit`."""

import threading

from helpers import figures
from helpers.training import fill
from helpers.widgets.front.board import State
from helpers.widgets.monitor.page import page
from helpers.widgets.monitor.watch import Watch


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

    @property
    def done(self):
        """Whether the training has ended, in whatever way."""
        return self.thread is not None and not self.running

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
