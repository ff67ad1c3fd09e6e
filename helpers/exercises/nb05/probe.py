"""05.probe: four pixels to which five layers give five different numbers."""

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


# the slip's key: two layers that say the same, what to do about it, and such a picture
_ALIKE = {
    "sum-is-zero": (
        ("average of nine", "average of four"),
        "Your numbers add up to 0, and 0 divided by 9 is 0 divided by 4: both averages say the "
        "same. And the largest is positive, so that a zero in the frame never wins.",
        [[-3, 1], [4, -2]],
    ),
    "frame-never-wins": (
        ("max", "max with zeros"),
        "The largest number is not negative, so that a zero in the frame never beats it: "
        "max-pooling with and without zeros say the same. What must every pixel be for the zeros "
        "to show?",
        [[1, 5], [3, 4]],
    ),
    "largest-comes-first": (
        ("max", "stride"),
        "The largest number stands top left, where the stride alone picks it up too. Move it.",
        [[-1, -5], [-3, -4]],
    ),
    "ninth": (
        ("max", "average of nine"),
        "By chance a ninth of your sum is your largest number: maximum and counted average answer "
        "alike. Change one number.",
        [[-8, -4], [-4, -2]],
    ),
    "first-is-a-ninth": (
        ("average of nine", "stride"),
        "By chance a ninth of your sum is the number top left, which the stride alone gives. "
        "Change one number.",
        [[-2, -1], [-7, -8]],
    ),
    "first-is-the-average": (
        ("average of four", "stride"),
        "By chance the number top left is the average of the four, so that the stride alone says "
        "the same. Change one number.",
        [[-3, -1], [-2, -6]],
    ),
}


def judge(probe):
    """None where five different numbers come out; else the key of a slip, or of two."""
    rows = probe if isinstance(probe, tuple) else ()
    if len(rows) != 2 or not all(isinstance(r, tuple) and len(r) == 2 for r in rows):
        return "not-two-by-two"
    pixels = [number for row in rows for number in row]
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in pixels):
        return "Give four ordinary numbers, no text, no inf."
    if len({*pixels}) == 1:
        return "all-equal"
    says = outputs(pixels)
    keys = [
        key
        for key, ((a, b), _, _) in _ALIKE.items()
        if math.isclose(says[a], says[b], rel_tol=1e-6, abs_tol=1e-6)
    ]
    return "sum-is-zero" if "sum-is-zero" in keys else "+".join(keys[:2]) or None


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
            "not-two-by-two",
            "The picture has two rows of two numbers: `[[a, b], [c, d]]`.",
            lambda: [1, 5, 3, 4],
        ),
        slip(
            "all-equal",
            "Four equal numbers: their largest is their average, and the first of them too. Make "
            "them differ.",
            lambda: [[-3, -3], [-3, -3]],
        ),
        *(slip(key, text, lambda one=one: one) for key, (_, text, one) in _ALIKE.items()),
    ),
)
