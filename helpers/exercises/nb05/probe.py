"""05.probe: four pixels to which five layers give five different numbers."""

import itertools
import math

from helpers.exercises import Exercise, slip


def outputs(pixels):
    """What each of the five layers answers to four pixels, by name."""
    return {
        "max": max(pixels),
        "max with zeros": max(*pixels, 0.0),
        "average of nine": sum(pixels) / 9,
        "average of four": sum(pixels) / 4,
        "stride": pixels[0],
    }


_SLIPS_BY_PAIR = {
    ("max", "max with zeros"): "frame-never-wins",
    ("max", "stride"): "largest-comes-first",
    ("max", "average of nine"): "ninth",
    ("average of nine", "stride"): "first-is-a-ninth",
    ("average of four", "stride"): "first-is-the-average",
}


def judge(probe):
    """None where five different numbers come out; else the key of a slip or a sentence."""
    rows = list(probe) if isinstance(probe, tuple | list) else []
    if len(rows) != 2 or not all(isinstance(r, tuple | list) and len(r) == 2 for r in rows):
        return "Give two rows of two numbers: `[[a, b], [c, d]]`."
    pixels = [number for row in rows for number in row]
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in pixels):
        return "Give four ordinary numbers, no text, no inf."
    says = outputs(pixels)
    same = {
        pair
        for pair in itertools.combinations(says, 2)
        if math.isclose(says[pair[0]], says[pair[1]], rel_tol=1e-6, abs_tol=1e-6)
    }
    if len({*pixels}) == 1:
        return "all-equal"
    if ("average of nine", "average of four") in same:
        return "sum-is-zero"
    return next((key for pair, key in _SLIPS_BY_PAIR.items() if pair in same), None)


EXERCISE = Exercise(
    name="05.probe",
    title="One number that gives the layer away",
    difficulty=3,
    minutes=4,
    stub="probe = [\n    [TODO, TODO],\n    [TODO, TODO],\n]",
    solution="probe = [\n    [-8.0, -4.0],\n    [-2.0, -1.0],\n]",
    why="All negative, so that a zero in the frame would win; the largest not top left; and no two "
    "of the five numbers alike. Ours gives -1, 0, -15/9, -15/4 and -8.",
    hints=(
        "Write down what each of the five answers to `[[1, 5], [3, 4]]`. Which two say the same?",
        "A frame of zeros shows only where a zero beats every pixel. What does that say about your "
        "numbers?",
        "Once all are negative: keep the largest away from the top left corner, and check that a "
        "ninth of the sum is not your largest number. `[[-8, -4], [-2, ...]]`: which fourth number "
        "will do?",
    ),
    accepts=judge,
    slips=(
        slip(
            "all-equal",
            "Four equal numbers: their largest is their average, and the first of them too. Make "
            "them differ.",
            lambda: [[-3, -3], [-3, -3]],
        ),
        slip(
            "sum-is-zero",
            "Your numbers add up to 0, and 0 divided by 9 is 0 divided by 4: both averages give "
            "the same.",
            lambda: [[-3, 1], [4, -2]],
        ),
        slip(
            "frame-never-wins",
            "The largest number is not negative, so that a zero in the frame never beats it: "
            "max-pooling with and without zeros say the same. What must every pixel be for the "
            "zeros to show?",
            lambda: [[1, 5], [3, 4]],
        ),
        slip(
            "largest-comes-first",
            "The largest number stands top left, where the stride alone picks it up too. Move it.",
            lambda: [[-1, -5], [-3, -4]],
        ),
        slip(
            "ninth",
            "By chance a ninth of your sum is your largest number: maximum and counted average "
            "answer alike. Change one number.",
            lambda: [[-8, -4], [-4, -2]],
        ),
        slip(
            "first-is-a-ninth",
            "By chance a ninth of your sum is the number top left, which the stride alone gives. "
            "Change one number.",
            lambda: [[-2, -1], [-7, -8]],
        ),
        slip(
            "first-is-the-average",
            "By chance the number top left is the average of the four, so that the stride alone "
            "says the same. Change one number.",
            lambda: [[-3, -1], [-2, -6]],
        ),
    ),
)
