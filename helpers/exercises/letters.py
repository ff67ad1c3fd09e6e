"""Exercises whose answer is one letter of a list; every wrong letter has a sentence of its own."""

import re

from helpers.exercises import Exercise, slip


def one_letter(name, title, right, why, hints, wrong):
    """An Exercise; `wrong` maps each letter that is not `right` to a key and a sentence."""
    variable = name.partition(".")[2]
    letters = sorted({*right, *wrong})

    def accepts(answer):
        given = re.sub(r"[\W_]", "", answer).upper()
        if len(given) != 1:
            return "Give one letter."
        if given in right:
            return None
        unknown = f"There is no {given} here: the letters go from {letters[0]} to {letters[-1]}."
        return wrong[given][0] if given in wrong else unknown

    return Exercise(
        name=name,
        title=title,
        difficulty=2,
        minutes=2,
        solution=f'{variable} = "{right[0]}"',
        why=why,
        hints=hints,
        accepts=accepts,
        slips=tuple(slip(key, text, lambda one=one: one) for one, (key, text) in wrong.items()),
    )
