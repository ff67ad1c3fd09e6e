"""06.bug_1: a loop in which no line clears the gradients."""

from helpers.exercises.letters import one_letter

EXERCISE = one_letter(
    "06.bug_1",
    "The loss that climbs",
    right="BCDF",
    why="No line clears the gradients, so each step goes by the sum of all gradients so far. "
    "`optimizer.zero_grad()` may stand before B, C or D, or after the step.",
    hints=(
        "Nothing in the loop is wrong; something is missing. Which of the lines that you met while "
        "you built the loop is not here?",
        "`backward()` adds. Where must the old gradients go away: once for all, or once a batch? "
        "And between which two lines must they stay?",
        "Once a batch, and not between `backward()` and `step()`: all letters but two are left.",
    ),
    wrong={
        "A": (
            "cleared-once",
            "Before A it runs once an epoch, and the second batch adds to the gradients of the "
            "first. It has to run in every batch.",
        ),
        "E": (
            "wiped",
            "Between `backward()` and `step()` it would wipe what `backward()` has just computed. "
            "The weights would never move.",
        ),
    },
)
