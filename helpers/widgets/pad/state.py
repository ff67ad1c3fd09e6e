"""A pad to draw a digit on, and what a network makes of it; how that looks is in `page`."""

import numpy as np
import torch

from helpers import figures
from helpers.widgets.front.board import Board, State
from helpers.widgets.front.shades import data_uri
from helpers.widgets.pad import strokes
from helpers.widgets.pad.centring import centre_like_mnist, shrink
from helpers.widgets.pad.inside import look_inside
from helpers.widgets.pad.page import page

PUSH = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}
PIXEL = strokes.SHEET // 28  # units of the sheet in a pixel of MNIST
LITTLE = 1500  # square units of ink: less than in any digit of MNIST
NO_DIGIT = (
    "But is it a digit at all? The ten probabilities add up to 1 whatever is drawn, so one of them "
    "can be high for a dot."
)


def DigitPad(model=None, digits=None):
    """The live pad: `model` turns (1, 1, 28, 28) into ten logits, as it is when you draw.

    The digits to choose from are drawn ones, or those of `digits`: a dataset with images and
    labels as from `load_mnist`, or up to ten images (N, 28, 28), numbered from 0.
    """
    return Board(Pad(model, digits))


class Pad(State):
    """The sheet with its ink, the stroke that is being drawn, and what the network answers."""

    label = "Digit pad"
    keys = (*"0123456789", *PUSH, "Delete", "Backspace")

    def __init__(self, model=None, digits=None):
        self.model, self.presets = model, _presets(digits)
        self.turns = dict.fromkeys(range(10), 0)
        self.centred, self.drawn = True, []
        self.lay(strokes.blank())

    def lay(self, sheet):
        """Put a sheet on the pad: what the browser drew on the last one is wiped."""
        self.sheet, self.drawn, self.wiped = sheet, [], self.wiped + 1
        self.background = data_uri(np.asarray(sheet))
        self.look()

    @property
    def ink(self):
        """The sheet with the stroke that is being drawn."""
        return strokes.ink(self.sheet.copy(), self.drawn) if self.drawn else self.sheet

    @property
    def empty(self):
        """Whether nothing is drawn."""
        return self.ink.getbbox() is None

    def look(self):
        """Ask the network about what is drawn now."""
        make = centre_like_mnist if self.centred else shrink
        self.seen = make(strokes.pixels(self.ink))
        self.probabilities, self.layers, self.trouble = None, [], ""
        if self.model is None:
            self.trouble = "There is no network yet: give one, DigitPad(model)."
            return
        try:
            logits, self.layers = look_inside(self.model, self.seen)
        except Exception as error:  # whatever a model of the reader's raises is shown in place
            why = next(iter(str(error).splitlines()), "")
            self.trouble = f"The network gives no answer: {type(error).__name__}: {why}"
            return
        if not self.empty:
            self.probabilities = torch.softmax(logits, 0).tolist()

    def handle(self, event):
        kind, name, value = event["type"], event["name"], event.get("value", "")
        if kind == "draw":
            self.drawn = value[-2000:]
            self.look()
        elif kind == "lift":
            self.sheet, self.drawn = self.ink, []
            self.background = data_uri(np.asarray(self.sheet))
        elif name == "centred":
            self.centred = value == "true"
            self.look()
        elif name in ("clear", "Delete", "Backspace"):
            self.lay(strokes.blank())
        elif name in PUSH:
            self.lay(strokes.push(self.ink, *(PIXEL * step for step in PUSH[name])))
        elif str(value).isdecimal():
            self.choose(int(value))

    def choose(self, number):
        """Lay down a digit to choose from; asked again, the next of the same kind."""
        kinds = self.presets[number]
        self.lay(kinds(self.turns[number]))
        self.turns[number] += 1

    def message(self):
        """What the network says, in a sentence."""
        if self.trouble:
            return self.trouble
        if self.empty:
            return "Nothing is drawn yet. Draw a digit, or press a key from 0 to 9."
        first, second = torch.tensor(self.probabilities).topk(2).indices.tolist()
        says = f"The network says {first}, with probability {self.probabilities[first]:.3f}."
        if strokes.pixels(self.ink).sum() < LITTLE:
            return f"{says} {NO_DIGIT}"
        return f"{says} Next comes {second}, with {self.probabilities[second]:.3f}."

    def text(self):
        how = "centred as MNIST" if self.centred else "not centred"
        return f"{self.message()} The digit is {how}."

    def figure(self):
        """What is drawn, or else a 3, beside what the network sees of it."""
        sheet = self.ink if not self.empty else self.presets[3](0)
        drawing = strokes.pixels(sheet)
        images = [drawing, centre_like_mnist(drawing), shrink(drawing)]
        return figures.show_images(images, ["drawn", "centred as MNIST", "not centred"])

    def html(self):
        return page(self)


def _presets(digits):
    """For each number a function that makes the sheet of its n-th digit."""
    presets = {number: lambda _, number=number: strokes.digit(number) for number in range(10)}
    if digits is None:
        return presets
    images, labels = getattr(digits, "images", digits), getattr(digits, "labels", None)
    images = torch.as_tensor(images).reshape(-1, 28, 28)
    labels = torch.arange(len(images)) if labels is None else labels
    for number in range(10):
        places = (labels == number).nonzero().flatten().tolist()
        if places:
            presets[number] = lambda turn, places=places: strokes.enlarge(
                images[places[turn % len(places)]]
            )
    return presets
