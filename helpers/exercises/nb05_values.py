"""What learners get wrong about sizes, gradients and probes of pooling in notebook 05."""

import itertools
import math

from helpers.exercises import Mistake

SIZES = {
    "7, k=2": 3,
    "7, k=3, s=1": 5,
    "7, k=2, ceil_mode=True": 4,
    "7, k=2, p=1": 4,
    "14, k=2, p=1": 8,
    "7x7 with 128 channels, k=2, p=1, flattened": 4 * 4 * 128,
}


def judge_sizes(sizes):
    """None where all sizes are right; else the mistake behind the first wrong one."""
    if not isinstance(sizes, dict) or sizes.keys() != SIZES.keys():
        return f"Keep the dictionary with its keys {', '.join(map(repr, SIZES))}."
    for line, (name, right) in enumerate(SIZES.items()):
        if sizes[name] != right:
            for key, numbers in _RULES.items():
                if sizes[name] == numbers[line]:
                    return key
            return f"{name}: {sizes[name]} is not it yet. Push the window along by hand."
    return None


_RULES = {
    "rounded-up": (4, 5, 4, 5, 8, 5 * 5 * 128),
    "ceil-rounded-down": (3, 5, 3, 4, 8, 4 * 4 * 128),
    "stride-one": (6, 5, 6, 8, 15, 8 * 8 * 128),
    "stride-overruled": (3, 2, 4, 4, 8, 4 * 4 * 128),
    "padding-total": (3, 5, 4, 4, 7, 4 * 4 * 128),
    "padding-forgotten-at-the-end": (3, 5, 4, 4, 8, 3 * 3 * 128),
    "padding-ignored": (3, 5, 4, 3, 7, 3 * 3 * 128),
    "one-axis": (3, 5, 4, 4, 8, 4 * 128),
    "channels-forgotten": (3, 5, 4, 4, 8, 4 * 4),
    "flattened-before": (3, 5, 4, 4, 8, 7 * 7 * 128),
}


def _sizes(key, message):
    """One mistake of the sizes exercise."""
    return Mistake(key, lambda: dict(zip(SIZES, _RULES[key], strict=True)), message)


POOL_SIZES = (
    _sizes(
        "rounded-up",
        "You round up. torch rounds down unless ceil_mode=True is asked for: a window that does "
        "not fit is left out.",
    ),
    _sizes(
        "ceil-rounded-down",
        "ceil_mode=True lets the last window hang over the end, if it begins on a pixel.",
    ),
    _sizes(
        "stride-one",
        "You count with stride 1. Where no stride is given, a pooling window moves on by its own "
        "length.",
    ),
    _sizes(
        "stride-overruled",
        "The second layer has a stride of its own. The kernel stands in for it only where none is "
        "given.",
    ),
    _sizes(
        "padding-total",
        "Padding is per side: 14 pixels become 16, not 15. With 7 pixels the same slip goes "
        "unnoticed.",
    ),
    _sizes(
        "padding-forgotten-at-the-end",
        "Almost: the last line has padding 1, as the fourth has.",
    ),
    _sizes(
        "padding-ignored",
        "You left the padding out. Padding 1 makes 7 pixels into 9 and 14 into 16.",
    ),
    _sizes(
        "one-axis",
        "Almost: flattening takes rows and columns, and you counted one of the two.",
    ),
    _sizes(
        "channels-forgotten",
        "Almost: flattening takes all channels, and pooling leaves their number as it is.",
    ),
    _sizes(
        "flattened-before",
        "Almost: the last line flattens what comes out of the pooling, not what went in.",
    ),
)


def _rows(*rows):
    """A wrong answer to the gradient exercise, without arguments."""
    return lambda: [list(row) for row in rows]


GRADIENT = [[0, 1 + 10, 0], [0, 0, 1000], [100, 0, 0]]

PIXEL_GRADIENT = (
    Mistake(
        "tie-to-the-last",
        _rows((0, 1, 0), (0, 0, 1010), (100, 0, 0)),
        "Two pixels tie, and you gave the 10 to the later one. Look at what torch did in the "
        "cell with four fives.",
    ),
    Mistake(
        "tie-shared",
        _rows((0, 6, 0), (0, 0, 1005), (100, 0, 0)),
        "You share the 10 between the two pixels that tie. That would be fair, and amax does it; "
        "max-pooling remembers one winner.",
    ),
    Mistake(
        "tie-doubled",
        _rows((0, 11, 0), (0, 0, 1010), (100, 0, 0)),
        "Both pixels that tie get the full 10. Then 1,121 would arrive where 1,111 was sent.",
    ),
    Mistake(
        "last-window-counts",
        _rows((0, 10, 0), (0, 0, 1000), (100, 0, 0)),
        "One pixel wins two windows, and you kept what the second sent. What arrives from "
        "several windows adds up.",
    ),
    Mistake(
        "first-window-counts",
        _rows((0, 1, 0), (0, 0, 1000), (100, 0, 0)),
        "One pixel wins two windows, and you kept what the first sent. What arrives from several "
        "windows adds up.",
    ),
    Mistake(
        "winners-marked",
        _rows((0, 1, 0), (0, 0, 1), (1, 0, 0)),
        "You marked who wins. How much does each winner get? What its windows send.",
    ),
    Mistake(
        "wins-counted",
        _rows((0, 2, 0), (0, 0, 1), (1, 0, 0)),
        "You counted the wins. That is the gradient if every window sends 1; here they send 1, "
        "10, 100 and 1000.",
    ),
    Mistake(
        "times-the-value",
        _rows((0, 44, 0), (0, 0, 4000), (400, 0, 0)),
        "You multiplied by the pixel. If the winner grows by one the output grows by one, "
        "whatever its value: the slope is 1.",
    ),
    Mistake(
        "values-kept",
        _rows((0, 4, 0), (0, 0, 4), (4, 0, 0)),
        "These are the winners' values. Asked for is what comes back to them.",
    ),
    Mistake(
        "spread-as-average",
        _rows((0.25, 2.75, 2.5), (25.25, 277.75, 252.5), (25, 275, 250)),
        "You share each gradient out among four pixels. Average pooling does that; in a maximum "
        "the losers get nothing.",
    ),
    Mistake(
        "spread-undivided",
        _rows((1, 11, 10), (101, 1111, 1010), (100, 1100, 1000)),
        "Every pixel of a window gets all that the window sends. In a maximum only the winner "
        "does.",
    ),
    Mistake(
        "no-overlap",
        _rows((0, 1, 0), (0, 0, 0), (0, 0, 0)),
        "You moved the window on by its own length, so there is only one. The stride is 1: four "
        "windows.",
    ),
    Mistake(
        "to-the-smallest",
        _rows((0, 0, 0), (0, 1111, 0), (0, 0, 0)),
        "You sent everything to the smallest pixel. The largest is the one that was passed on.",
    ),
    Mistake(
        "shape-of-the-output",
        _rows((1, 10), (100, 1000)),
        "That is what arrives at the output. Each of the nine pixels gets its own number.",
    ),
)


def judge_gradient(gradient):
    """None where all nine numbers are right; else the key of a mistake or a sentence."""
    if not all(isinstance(row, tuple | list) for row in gradient):
        return "Give three rows of three numbers, one for each pixel."
    rows = [list(row) for row in gradient]
    for mistake in PIXEL_GRADIENT:
        if rows == mistake.wrong():
            return mistake.key
    if [len(row) for row in rows] != [3, 3, 3]:
        return "Give three rows of three numbers, one for each pixel."
    for row, column in itertools.product(range(3), repeat=2):
        if rows[row][column] != GRADIENT[row][column]:
            return (
                f"Row {row}, column {column}: {rows[row][column]} is not it yet. Which windows "
                "hold this pixel, and in which of them is it the first largest?"
            )
    return None


def probe_outputs(probe):
    """What each of the five candidates answers to a 2x2 probe, by name."""
    pixels = [float(number) for row in probe for number in row]
    return {
        "max-pooling": max(pixels),
        "max-pooling with a frame of zeros": max(*pixels, 0.0),
        "average pooling that counts the frame": sum(pixels) / 9,
        "average pooling that does not": sum(pixels) / 4,
        "the stride alone": pixels[0],
    }


def judge_probe(probe):
    """None where five different numbers come out; else the key of a mistake or a sentence."""
    rows = list(probe) if isinstance(probe, tuple | list) else []
    if len(rows) != 2 or not all(isinstance(r, tuple | list) and len(r) == 2 for r in rows):
        return "Give two rows of two numbers: [[a, b], [c, d]]."
    pixels = [number for row in rows for number in row]
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in pixels):
        return "Give four ordinary numbers, no text, no inf."
    outputs = probe_outputs(rows)
    same = [
        (one, other)
        for one, other in itertools.combinations(outputs, 2)
        if math.isclose(outputs[one], outputs[other], rel_tol=1e-6, abs_tol=1e-6)
    ]
    if not same:
        return None
    if len({*pixels}) == 1:
        return "all-equal"
    if abs(sum(pixels)) < 1e-6:
        return "sum-is-zero"
    if max(pixels) >= 0:
        return "frame-never-wins"
    if max(pixels) == pixels[0]:
        return "largest-comes-first"
    if ("max-pooling", "average pooling that counts the frame") in same:
        return "ninth"
    one, other = same[0]
    return f"Both give {outputs[one]:g}: {one}, and {other}. Change one number."


PROBE = (
    Mistake(
        "all-equal",
        lambda: [[-3, -3], [-3, -3]],
        "Four equal numbers: their largest is their average, and the first of them too. Make them "
        "differ.",
    ),
    Mistake(
        "sum-is-zero",
        lambda: [[-3, 1], [4, -2]],
        "Your numbers add up to 0, and 0 divided by 9 is 0 divided by 4: both averages give the "
        "same.",
    ),
    Mistake(
        "frame-never-wins",
        lambda: [[1, 5], [3, 4]],
        "The largest number is not negative, so that a zero in the frame never wins. Two of the "
        "five then answer alike. What must every pixel be for the zeros to show?",
    ),
    Mistake(
        "largest-comes-first",
        lambda: [[-1, -5], [-3, -4]],
        "The largest number stands top left, where the stride alone picks it up as well. Move it.",
    ),
    Mistake(
        "ninth",
        lambda: [[-8, -4], [-4, -2]],
        "By chance a ninth of your sum is your largest number: maximum and counted average answer "
        "alike. Change one number.",
    ),
)
