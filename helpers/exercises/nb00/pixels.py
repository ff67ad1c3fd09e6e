"""00.pixels: small enough to be about the check, not about the answer."""

from helpers.exercises import Exercise, slip

_SUM = "Rows plus columns count one row and one column; every row has 28 pixels of its own."
_SHORT = "Counting from 0 to 27 makes 28 rows and 28 columns, not 27."
_COLOUR = "Three numbers for each pixel make a colour picture. A grey one has one."

# fmt: off
SLIPS = (
    slip("sum", f"56 is 28 plus 28. {_SUM}", lambda: 28 + 28),
    slip("one-short", f"729 is 27 times 27. {_SHORT}", lambda: 27 * 27),
    slip("three-channels", f"2352 is three times too many. {_COLOUR}", lambda: 3 * 28 * 28),
    slip("sum-and-one-short", f"54 is 27 plus 27. {_SUM} And: {_SHORT}", lambda: 27 + 27),
    slip("sum-and-three-channels", f"168 is three times 56. {_SUM} And: {_COLOUR}",
        lambda: 3 * (28 + 28)),
    slip("one-short-and-three-channels", f"2187 is three times 27 times 27. {_SHORT} And: "
        f"{_COLOUR}", lambda: 3 * 27 * 27),
    slip("perimeter", "112 is four times 28, once around the picture. The pixels inside count as "
        "well.", lambda: 4 * 28),
    slip("one-side", "28 is one row. The picture has 28 such rows.", lambda: 28),
    slip("both-sides", "Those are the two sides. How many pixels have 28 rows of 28?",
        lambda: (28, 28)),
    slip("exclusive-or", "30 is `28 ^ 2`: in Python `^` is no power but the exclusive or. A power "
        "is `28 ** 2`.", lambda: 28 ^ 2),
    slip("half", "392 is half of the picture.", lambda: 28 * 14),
    slip("quarter", "196 is 14 times 14, a quarter of the picture.", lambda: 14 * 14),
    slip("digits-exchanged", "748 has the right digits, two of them in each other's place.",
        lambda: 748),
    slip("twenty-short", "764 is twenty short of 28 times 28. Let Python multiply.", lambda: 764),
    slip("grey-levels", "256 is how many shades one pixel can have, not how many pixels there "
        "are.", lambda: 256),
    slip("all-digits", "That counts the pixels of all training digits. The question is about one "
        "digit.", lambda: 60_000 * 28 * 28),
)
# fmt: on

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
    slips=SLIPS,
)
