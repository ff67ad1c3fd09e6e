"""07.centre_digit: the centre of mass of a digit, brought to the middle of the image."""

import math

import numpy as np
import torch

from helpers.exercises import Exercise, slip


def centre_digit(image):
    """Move a digit so that its centre of mass lies on pixel (H // 2, W // 2).

    image: (H, W), 0 where there is no ink; rows and columns count from 0. The digit
    moves by whole pixels, each way by the distance rounded to the nearest, and none of
    it leaves the image here. An image without ink stays as it is.
    """
    mass = image.sum()
    if mass == 0:
        return image
    rows, columns = torch.arange(image.shape[0]), torch.arange(image.shape[1])
    row = (image.sum(dim=1) * rows).sum() / mass
    column = (image.sum(dim=0) * columns).sum() / mass
    down = round(image.shape[0] // 2 - row.item())
    right = round(image.shape[1] // 2 - column.item())
    return torch.roll(image, (down, right), dims=(0, 1))


def _centre_of_mass(ink):
    rows, columns = np.arange(ink.shape[0]), np.arange(ink.shape[1])
    return (ink.sum(1) * rows).sum() / ink.sum(), (ink.sum(0) * columns).sum() / ink.sum()


def _middle(shape):
    return shape[0] // 2, shape[1] // 2


def _moved(image, down, right):
    """What leaves on one side comes in on the other; parts of a pixel are shared out."""
    for axis, way in enumerate((down, right)):
        whole = math.floor(way)
        here, next_one = (np.roll(image, whole + more, axis) for more in (0, 1))
        image = here + (way - whole) * (next_one - here)
    return image


def move(
    image, *, centre=_centre_of_mass, ink=lambda image: image, middle=_middle, whole=round,
    sign=1, ways=lambda down, right: (down, right), first=0, empty=lambda image: image,
    gives=lambda image, down, right, at: _moved(image, down, right),
):  # fmt: skip
    """Move an image by ways(whole(middle - centre)), the centre counted from `first`."""
    image = np.asarray(image, dtype=np.float64)
    if not image.any():
        return empty(image)
    at = tuple(where + first for where in centre(ink(image)))
    down, right = (
        whole(sign * (m - where)) for m, where in zip(middle(image.shape), at, strict=True)
    )
    return gives(image, *ways(down, right), at)


def _box(ink):
    rows, columns = ink.any(1).nonzero()[0], ink.any(0).nonzero()[0]
    return (rows[0] + rows[-1]) / 2, (columns[0] + columns[-1]) / 2


def _other_axes(ink):
    """Sums of the wrong axes, which fit a square image only."""
    if ink.shape[0] != ink.shape[1]:
        raise IndexError("sizes do not match")
    return _centre_of_mass(ink)[::-1]


def _not_divided(ink):
    return tuple(where * ink.sum() for where in _centre_of_mass(ink))


def _by_sides(ink):
    """The means of the products over rows and columns."""
    return tuple(
        where * ink.sum() / n for where, n in zip(_centre_of_mass(ink), ink.shape, strict=True)
    )


def _by_pixels(ink):
    """Divided by the number of pixels with ink, not by their ink."""
    return tuple(where * ink.sum() / (ink > 0).sum() for where in _centre_of_mass(ink))


def _stops(image):
    raise ValueError("cannot convert float NaN to integer")


def _digit(height, width, *strokes):
    """Strokes (top, left, rows of ink)."""
    image = torch.zeros(height, width)
    for top, left, rows in strokes:
        ink = torch.tensor(rows, dtype=torch.float32)
        image[top : top + len(ink), left : left + ink.shape[1]] = ink
    return image


_HOOK = [[1, 1, 1, 1], [0, 0, 0, 4], [0, 0, 0, 6]]
_FOOT = [[2, 0], [2, 0], [1, 0], [1, 2], [1, 3]]
_AXES = (
    "Sums and positions do not fit together. `sum(dim=1)` adds along a row and leaves one number "
    "for each row: it belongs to the row numbers."
)
_RULE = "What counts is the ink: every pixel weighs as much as it holds."

# fmt: off
CENTRES = (
    slip("box", "The middle of the frame around your digit lies in the middle of the image. "
        f"{_RULE}", centre=_box),
    slip("ink-or-not", "Every pixel with ink weighs the same in your mean, be it gray or white. "
        f"{_RULE}", ink=lambda image: (image > 0).astype(float)),
    slip("other-axes", _AXES, centre=_other_axes),
    slip("centre-swapped", _AXES, centre=lambda ink: _centre_of_mass(ink)[::-1]),
    slip("brightest", f"The brightest pixel lies in the middle. {_RULE}",
        centre=lambda ink: np.unravel_index(ink.argmax(), ink.shape)),
    slip("not-divided", "Your digit lands anywhere: the sum of ink times position is not divided "
        "by the whole ink.", centre=_not_divided),
    slip("by-sides", "You divide by the number of rows, or of columns: that is what `mean` does. "
        "Divide by the whole ink.", centre=_by_sides),
    slip("by-pixels", "You divide by the number of pixels that have ink. Divide by their ink.",
        centre=_by_pixels),
    slip("counted-from-one", "Your digit lies one pixel too far up and to the left: rows and "
        "columns count from 0.", first=1),
)

TARGETS = (
    slip("middle-between-pixels", "You aim at (H - 1) / 2. The middle here is pixel (H // 2, W // "
        "2), as in MNIST, where it is (14, 14) of 28.",
        middle=lambda shape: ((shape[0] - 1) / 2, (shape[1] - 1) / 2)),
    slip("half", "You aim at H / 2 and W / 2, which for an odd side lies between two pixels. The "
        "middle here is pixel (H // 2, W // 2).",
        middle=lambda shape: (shape[0] / 2, shape[1] / 2)),
    slip("fourteen", "You aim at pixel (14, 14) whatever the size of the image. The middle of (H, "
        "W) is (H // 2, W // 2).", middle=lambda shape: (14, 14)),
    slip("square", "You take half of the height for both sides. Height and width are two numbers.",
        middle=lambda shape: (shape[0] // 2,) * 2),
)

MOVES = (
    slip("cut-off", "You cut the fraction off: 1.8 becomes 1. The distance is rounded to the "
        "nearest whole number: `round`, not `int`.", whole=int),
    slip("rounded-down", "You round down: 1.8 becomes 1, and -1.2 becomes -2. The distance is "
        "rounded to the nearest whole number.", whole=math.floor),
    slip("rounded-up", "You round up: 1.2 becomes 2. The distance is rounded to the nearest whole "
        "number.", whole=math.ceil),
    slip("not-rounded", "Your digit moves by parts of a pixel, and blurs. Round the way to the "
        "nearest whole number.", whole=float),
    slip("away", "Your digit moves away from the middle, as far as it should move towards it. The "
        "way is from where it is to where it shall be: middle minus centre.",
        sign=-1),
    slip("ways-swapped", "You move down by what should be to the right, and the other way round. "
        "Axis 0 runs down.", ways=lambda down, right: (right, down)),
    slip("down-only", "Your digit moves up and down, and not to the sides.",
        ways=lambda down, right: (down, 0)),
    slip("right-only", "Your digit moves to the sides, and not up and down.",
        ways=lambda down, right: (0, right)),
    slip("not-moved", "Your digit lies where it was.", ways=lambda down, right: (0, 0)),
)

GIVEN = (
    slip("without-ink", "An image without ink has no centre of mass: 0 / 0 is no number. Give it "
        "back before you divide.", empty=_stops),
    slip("not-rubbed-out", "Your digit is there twice: its ink also stays where it was. Write it "
        "into an image of zeros.", gives=lambda image, down, right, at: np.where(
            _moved(image, down, right) > 0, _moved(image, down, right), image)),
    slip("the-way", "The way came out, so many pixels down and to the right. Move the image by it "
        "and return the image.", gives=lambda image, down, right, at: (down, right)),
    slip("the-centre", "The centre of mass came out. Move the image by what is missing to the "
        "middle, and return the image.", gives=lambda image, down, right, at: at),
)
# fmt: on

EXERCISE = Exercise(
    name="07.centre_digit",
    title="Centre a digit as MNIST does",
    difficulty=2,
    minutes=7,
    solution=centre_digit,
    walk=move,
    why="The centre of mass is the mean position of the ink: rows, and columns, weighted by what "
    "they hold. The digit then moves by what is missing to the middle, in whole pixels.",
    hints=(
        "Two pixels: one of ink 1 in row 2, one of ink 3 in row 6. In which row is the centre of "
        "mass? Row 4 would be right if both held the same.",
        "`image.sum(dim=1)` is the ink of each row. Multiply it by the row numbers, "
        "`torch.arange(H)`, add up, divide by the whole ink. Columns likewise, with `dim=0`.",
        "The way is middle minus centre, rounded: `down = round(image.shape[0] // 2 - "
        "row.item())`. Think of an image without ink before you divide.",
        "With `row`, `column`, `down` and `right` computed, one line is left: `torch.roll` pushes "
        "by `(down, right)` along `dims=(0, 1)`, and what comes in at the other side is paper, "
        "since no ink leaves.",
    ),
    cases=(
        (_digit(12, 12, (1, 1, _HOOK)),),
        (_digit(16, 11, (9, 7, _FOOT)),),
        (_digit(10, 17, (2, 11, _HOOK)),),
        (torch.zeros(5, 6),),
        (_digit(15, 14, (7, 1, [[1, 2], [3, 0]]), (4, 2, [[2, 2, 1]])),),
        (_digit(28, 28, (4, 15, _FOOT), (9, 16, _HOOK)),),
    ),
    slips=(*CENTRES, *TARGETS, *MOVES, *GIVEN),
)
