"""A place in an output matrix that buttons, arrow keys, clicks and play move; draws nothing."""

from helpers.widgets.board import State

PACE = 800  # milliseconds from one place to the next


class Walk(State):
    """A State with `output`, a matrix or None, and `place`, counted in reading order from 0."""

    keys = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End")
    output, place, playing = None, 0, False

    @property
    def at(self):
        """Row and column of the output number that is looked at."""
        return divmod(self.place, self.output.shape[1])

    def go(self, place):
        """Look at another output number, if there is one there."""
        if 0 <= place < self.output.numel():
            self.place = place

    def walk(self, event):
        """Take in a step: a button, a key, a click on an output number ("go"), a tick of play."""
        name, last = event["name"], self.output.numel() - 1
        if name == "play":
            self.playing = not self.playing
            if self.playing and self.place == last:
                self.go(0)
        elif event["type"] == "tick":
            if self.playing:
                self.go(self.place + 1)
            self.playing = self.playing and self.place < last
        else:
            self.playing = False
            self._step(name, event.get("value", ""), last)

    def _step(self, name, value, last):
        width = self.output.shape[1]
        steps = {"next": 1, "previous": -1, "ArrowRight": 1, "ArrowLeft": -1}
        steps |= {"ArrowDown": width, "ArrowUp": -width}
        ends = {"first": 0, "Home": 0, "End": last}
        if name == "go":
            row, column = map(int, value.split(","))
            self.go(row * width + column)
        else:
            self.go(ends[name] if name in ends else self.place + steps.get(name, 0))

    def steps(self, play=True):
        """The buttons of the walk as HTML."""
        off = " disabled" if self.output is None else ""
        names = ("first", "previous", "next")
        buttons = "".join(f'<button data-click="{name}"{off}>{name}</button>' for name in names)
        label, tick = ("pause", f' data-tick="{PACE}"') if self.playing else ("play", "")
        if play:
            buttons += (
                f'<button data-click="play" style="min-width: 5em"{off}{tick}>{label}</button>'
            )
        return buttons
