"""A place in an output matrix that buttons, keys, clicks and play move, and what it showed."""

from helpers.cells import cell_label
from helpers.widgets.front import svg
from helpers.widgets.front.board import State

PACE = 800  # milliseconds from one place to the next


class Walk(State):
    """A State with `output`, a matrix or None, and `place`, counted in reading order from 0.

    playing     the place moves by itself; not while numbers are asked for (`asking`)
    seen        places whose numbers are shown
    everything  all of them are
    """

    keys = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End")
    output, place, playing, everything, asking = None, 0, False, False, False

    @property
    def at(self):
        """Row and column of the output number that is looked at."""
        return divmod(self.place, self.output.shape[1])

    def go(self, place):
        """Look at another output number, if there is one there."""
        if 0 <= place < self.output.numel():
            self.place = place
            self.arrive()

    def arrive(self):
        """What happens at a new place: its number appears."""
        self.seen.add(self.place)

    def shows(self, place):
        """Whether an output number is shown."""
        return self.everything or place in self.seen

    def walk(self, event):
        """Take in a step: a button, a key, a click on an output number ("go"), a tick of play."""
        name, last = event["name"], self.output.numel() - 1
        if name == "play":
            self.playing = not self.playing and not self.asking
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

    def steps(self):
        """The buttons of the walk as HTML."""
        off = " disabled" if self.output is None else ""
        still = off or (" disabled" if self.asking else "")
        names = ("first", "previous", "next")
        buttons = "".join(f'<button data-click="{name}"{off}>{name}</button>' for name in names)
        label, tick = ("pause", f' data-tick="{PACE}"') if self.playing else ("play", "")
        return (
            f'{buttons}<button data-click="play" style="min-width: 4.5em"{still}{tick}>'
            f"{label}</button>"
        )

    def numbers(self, title):
        """The output numbers that are shown, a question mark for the others: as `svg.grid`."""
        labels = [
            [
                cell_label(value) if self.shows(place) else "?"
                for place, value in enumerate(line, row * self.output.shape[1])
            ]
            for row, line in enumerate(self.output.tolist())
        ]
        options = {"labels": labels, "now": [self.at], "click": "go", "stops": False}
        return svg.grid(self.output, "output", title=title, **options)
