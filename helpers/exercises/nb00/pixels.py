"""00.pixels: small enough to be about the check, not about the answer."""

from helpers.exercises import Exercise, slip

EXERCISE = Exercise(
    name="00.pixels",
    title="How many pixels has one digit?",
    difficulty=1,
    minutes=2,
    solution="pixels = 28 * 28",
    why="Every one of the 28 rows holds 28 pixels, so there are 28 times 28 of them: 784.",
    hints=(
        "Draw a picture of 3 rows and 3 columns and count its pixels. What did you do with the "
        "two threes?",
        "Rows times columns. You may write the product and let Python compute it.",
    ),
    slips=(
        slip(
            "sum",
            "56 is rows plus columns. That counts one row and one column; every row has 28 pixels "
            "of its own.",
            lambda: 28 + 28,
        ),
        slip(
            "border",
            "108 is a walk around the edge of the picture. The pixels inside count as well.",
            lambda: 4 * 28 - 4,
        ),
        slip(
            "perimeter",
            "112 is four times 28, once around the picture. The pixels inside count as well.",
            lambda: 4 * 28,
        ),
        slip("one-side", "28 is one row. The picture has 28 such rows.", lambda: 28),
        slip(
            "grey-levels",
            "256 is how many shades one pixel can have, not how many pixels there are.",
            lambda: 256,
        ),
        slip(
            "largest-shade",
            "255 is the brightest shade of a pixel, not a count of pixels.",
            lambda: 255,
        ),
        slip("doubled", "1568 is twice too many: each pixel counts once.", lambda: 2 * 28 * 28),
        slip(
            "three-channels",
            "2352 has three numbers for each pixel, as in a colour picture. A grey one has one.",
            lambda: 3 * 28 * 28,
        ),
        slip(
            "one-short",
            "729 is 27 times 27: counting from 0 to 27 makes 28 rows.",
            lambda: 27 * 27,
        ),
        slip(
            "all-digits",
            "That counts the pixels of all training digits. The question is about one digit.",
            lambda: 60_000 * 28 * 28,
        ),
    ),
)
