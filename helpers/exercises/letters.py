"""Exercises whose answer is one letter of a list; every wrong letter has a sentence of its own."""

import re

from helpers.exercises import Exercise, slip


def one_letter(name, title, right, why, hints, wrong):
    """An Exercise; `wrong` maps each letter that is not `right` to a key and a sentence."""
    variable = name.partition(".")[2]
    letters = sorted({*right, *wrong})

    def accepts(answer):
        given = re.sub(r"[\W_]", "", str(answer)).upper()
        if given and given in letters:
            return None if given in right else wrong[given][0]
        return "no-letter"

    form = f'Give one letter from {letters[0]} to {letters[-1]}, such as "{letters[0]}".'
    return Exercise(
        name=name,
        title=title,
        difficulty=2,
        minutes=2,
        solution=f'{variable} = "{right[0]}"',
        why=why,
        hints=hints,
        accepts=accepts,
        slips=(
            slip("no-letter", form, lambda: "?"),
            *(slip(key, text, lambda one=one: one) for one, (key, text) in wrong.items()),
        ),
    )
