"""The progress bar that the training monitor gives to `fit`: it notes what it is told."""

import time

PARTS = 20  # points of the loss curve in an epoch


class Watch:
    """What `fit` gets as its progress bar: counts batches, collects losses, ends when told to.

    `points` are (epochs, mean loss since the last point), twenty for an epoch.
    """

    def __init__(self, total, epochs, stopping):
        self.total, self.epochs, self.stopping, self.done = total, epochs, stopping, 0
        self.begin = self.end = time.perf_counter()
        self.part, self.points, self.what = [], [], ""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.end = time.perf_counter()

    def set_description(self, text):
        self.what = text

    def set_postfix(self, loss, refresh):
        self.part.append(loss)

    def update(self):
        self.done += 1
        self.end = time.perf_counter()
        if len(self.part) * self.epochs * PARTS >= self.total or self.done == self.total:
            self.points.append(
                (self.epochs * self.done / self.total, sum(self.part) / len(self.part))
            )
            self.part = []
        if self.stopping():
            raise KeyboardInterrupt

    def write(self, line):
        self.end = time.perf_counter()

    def seconds(self):
        """Since the beginning."""
        return self.end - self.begin

    def message(self):
        """Epoch, batch and how long it still takes."""
        an_epoch = self.total // self.epochs
        left = (self.total - self.done) * self.seconds() / max(self.done, 1)
        soon = f"About {left:.0f} seconds left." if self.done else ""
        batch = (self.done - 1) % an_epoch + 1 if self.done else 0
        return f"{self.what.capitalize()}, batch {batch} of {an_epoch}. {soon}".strip()
