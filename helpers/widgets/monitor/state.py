"""A training in a thread and what it reported; its numbers are those of `fit`."""

import threading
import time

from helpers import figures
from helpers.training import Step, steps
from helpers.widgets.front.board import State
from helpers.widgets.monitor.page import page

PARTS = 20  # points of the loss curve in an epoch


class Training(State):
    """A training that a thread takes on step by step, and leaves where it is when told to stop.

    `points` are (epochs, mean loss since the last point), twenty for an epoch.
    """

    label = "Training monitor"

    def __init__(self, recipe):
        self.recipe, self.history, self.points = recipe, [], []
        self.events = steps(**recipe)
        self.thread = self.error = self.step = None
        self.losses, self.spent, self.begin = [], 0.0, 0.0
        self.stopping = self.waiting = self.logarithmic = False

    @property
    def running(self):
        """Whether the training is under way."""
        return self.thread is not None and self.thread.is_alive()

    @property
    def ready(self):
        """Whether `start` begins, or goes on: something is left to train, and nothing failed."""
        left = len(self.history) < self.recipe["epochs"]
        return left and self.error is None and not self.running

    @property
    def done(self):
        """Whether nothing is left to start: the training has finished, or failed."""
        return not (self.ready or self.running)

    def start(self):
        """Train in a thread from where the training is now."""
        if self.ready:
            self.stopping = False
            self.thread = threading.Thread(target=self._train, daemon=True)
            self.thread.start()

    def _train(self):
        self.begin = time.perf_counter()
        try:
            for event in self.events:
                self._note(event)
                if self.stopping:
                    break
        except Exception as error:  # shown in place; `run` raises it
            self.error = error
        self.spent, self.begin = self.seconds(), 0.0

    def _note(self, event):
        if not isinstance(event, Step):
            self.history.append(event)
            return
        self.step = event
        self.losses.append(event.loss)
        before, now = ((event.batch + i) * PARTS // event.batches for i in (-1, 0))
        if now > before:
            epochs = event.epoch - 1 + event.batch / event.batches
            self.points.append((epochs, float(sum(self.losses) / len(self.losses))))
            self.losses = []

    def seconds(self):
        """How long it has trained, pauses left out."""
        return self.spent + (time.perf_counter() - self.begin if self.begin else 0.0)

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
            return "", self._progress() + how
        if done == epochs:
            return "", f"Finished: {epochs} epochs in {self.seconds():.0f} seconds."
        return "", (
            f"Stopped. Finished epochs: {done} of {epochs}. The model can be used as it is. "
            "To go on from here, press start."
        )

    def _progress(self):
        """Epoch, batch and how long it still takes."""
        if self.step is None:
            return "Getting ready."
        epoch, batch, batches, _ = self.step
        done, epochs = (epoch - 1) * batches + batch, self.recipe["epochs"]
        left = (epochs * batches - done) * self.seconds() / done
        return (
            f"Epoch {epoch} of {epochs}, batch {batch} of {batches}. About {left:.0f} seconds left."
        )

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
            "training loss": list(self.points),
            "validation loss": [(epoch, loss) for epoch, loss, _ in measured],
            "validation accuracy": [(epoch, accuracy) for epoch, _, accuracy in measured],
        }

    def text(self):
        # Only what changes with an epoch, so that a screen reader does not talk all the time.
        epochs, done = self.recipe["epochs"], len(self.history)
        told = self.message()[1]
        if self.running:
            told = f"Training: {done} of {epochs} epochs done."
        elif done == epochs and self.error is None:
            told = f"Finished: {epochs} epochs."
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
