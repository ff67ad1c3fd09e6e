"""The page's digit pad: the live pad's HTML with holes, digits to choose from, weights; for pad.js.

A hole is a name between two characters \\x01.
"""

import itertools
import json
import re

import numpy as np

from helpers.widgets.front.board import page
from helpers.widgets.front.shades import COLOURS
from helpers.widgets.pad import strokes
from helpers.widgets.pad.state import LITTLE, NO_DIGIT, Pad
from tools.site.replay import network
from tools.site.replay.pack import packed, script_of

HIGH, TOP = 64, 20  # units: the highest bar, and the room above it


def record():
    """The pad as a classic script, and facts about it."""
    told = json.dumps(_told(), ensure_ascii=False, separators=(",", ":"))
    parts = {"texts": packed(told.encode()), "numbers": packed(network.WEIGHTS.read_bytes())}
    file = script_of("pad", parts)
    return file, {"bytes": len(file)}


def _told():
    state = Pad(network.load())
    empty = state.message()
    state.choose(3)
    first, _, second = state.message().partition(" Next")
    arrays, _ = network.weights()
    return {
        "label": state.label,
        "keys": state.keys,
        "page": _holes(page(state), state),
        "how": ["not centred", "centred as MNIST"],
        "sentences": {
            "empty": empty,
            "first": _unsaid(first),
            "second": _unsaid(f"Next{second}"),
            "no_digit": NO_DIGIT,
        },
        "little": LITTLE,
        "high": HIGH,
        "top": TOP,
        "presets": [_runs(strokes.digit(number)) for number in range(10)],
        "colours": COLOURS.tolist(),
        "shapes": {name: array.shape for name, array in arrays.items()},
    }


def _hole(name):
    return f"\x01{name}\x01"


def _unsaid(sentence):
    """A sentence with D for the digit and P for its probability."""
    return re.sub(r"\b\d\b(?!\.)", "D", re.sub(r"\d\.\d{3}", "P", sentence))


def _holes(html, state):
    """The page of a state with holes for all that depends on the drawing."""
    maps = itertools.count()
    html = re.sub(r"url\(data:[^)]*\)", f"url({_hole('BACKGROUND')})", html)
    html = re.sub(r'src="data:[^"]*"', f'src="{_hole("SEEN")}"', html, count=1)
    html = re.sub(r'src="data:[^"]*"', lambda _: f'src="{_hole(f"MAPS{next(maps)}")}"', html)
    html = html.replace('data-input="centred" checked', f'data-input="centred"{_hole("CHECKED")}')
    html = html.replace(state.message(), _hole("MESSAGE"))
    html = html.replace("The digit is centred as MNIST", f"The digit is {_hole('HOW')}")
    numbers = itertools.count()
    return re.sub(
        r'(<rect class="tint output)(?: strong)?(" x="[^"]*" y=")[^"]*(" width="32" height=")[^"]*'
        r'("/><g>.*?</g><g><text x="[^"]*" y=")[^"]*("[^>]*>)[^<]*',
        lambda bar: _bar(bar, next(numbers)),
        html,
    )


def _bar(match, number):
    names = ("STRONG", "Y", "TALL", "OVER", "VALUE")
    holes = (_hole(f"{name}{number}") for name in names)
    return "".join(itertools.chain.from_iterable(zip(match.groups(), holes, strict=True)))


def _runs(sheet):
    """A sheet of paper and ink as the lengths of runs, paper first."""
    inked = np.asarray(sheet).ravel() > 0
    edges = np.flatnonzero(np.diff(inked, prepend=False, append=False))
    return np.diff(edges, prepend=0).tolist()
