"""The one exercise of notebook 00: small enough to be about the check, not about the answer."""

from helpers.exercises import Exercise, Mistake

EXERCISES = (
    Exercise(
        name="00.pixels",
        title="How many pixels has one digit?",
        difficulty=1,
        minutes=2,
        stub="pixels = TODO",
        solution="pixels = 28 * 28",
        why="Every one of the 28 rows holds 28 pixels, so there are 28 times 28 of them: 784.",
        hints=(
            "Draw a picture of 3 rows and 3 columns and count its pixels. What did you do with the "
            "two threes?",
            "Rows times columns: 28 * 28. You may write the product and let Python compute it.",
        ),
        mistakes=(
            Mistake(
                "sum",
                lambda: 28 + 28,
                "You added rows and columns. That counts one row and one column; every row has "
                "28 pixels of its own.",
            ),
            Mistake(
                "border",
                lambda: 4 * 28 - 4,
                "You walked around the edge of the picture. The pixels inside count as well.",
            ),
            Mistake(
                "one-side",
                lambda: 28,
                "28 is one row. The picture has 28 such rows.",
            ),
            Mistake(
                "grey-levels",
                lambda: 256,
                "256 is how many shades one pixel can have, not how many pixels there are.",
            ),
        ),
    ),
)
