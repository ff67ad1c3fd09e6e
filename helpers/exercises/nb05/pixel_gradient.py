"""05.pixel_gradient: back through a maximum, by hand; who gets it, what, and what adds up."""

import numpy as np

from helpers.exercises import Exercise, slip

PICTURE = np.array([[1.0, 4, 2], [3, 0, 4], [4, 2, 1]])
SENT = np.array([[1.0, 10], [100, 1000]])


def _at(place):
    """A window with 1 at one place of its four."""
    return np.eye(4)[place].reshape(2, 2)


def _added(total, part):
    return total + part


def gradient(
    *, who=lambda w: _at(w.argmax()), what=lambda sent, w: sent, collect=_added, order=lambda s: s
):
    """What comes back to the nine pixels, window for window.

    who(window) shares out, what(sent, window) is shared out, collect(total, part) adds it up.
    """
    total, sent = np.zeros((3, 3)), order(SENT)
    for row, column in np.ndindex(2, 2):
        here = slice(row, row + 2), slice(column, column + 2)
        window = PICTURE[here]
        total[here] = collect(total[here], who(window) * what(sent[row, column], window))
    return total


def _last(total, part):
    return np.where(part != 0, part, total)


def _first(total, part):
    return np.where(total != 0, total, part)


_TWICE = (
    "The {} is lost. One pixel wins two windows, one of them by a tie, and what arrives from "
    "several windows adds up."
)

EXERCISE = Exercise(
    name="05.pixel_gradient",
    title="Who gets the gradient?",
    difficulty=2,
    minutes=3,
    stub="pixel_gradient = [\n" + "    [TODO, TODO, TODO],\n" * 3 + "]",
    solution="""pixel_gradient = [
    [0.0, 1.0 + 10.0, 0.0],
    [0.0, 0.0, 1000.0],
    [100.0, 0.0, 0.0],
]""",
    walk=gradient,
    why="Each window sends its number to one pixel, its first largest. The 4 in the top row wins "
    "two windows, one of them by a tie, and gets both; 1 + 10 + 100 + 1000 all arrive.",
    hints=(
        "Find the winner of each of the four windows first, and write down where it stands.",
        "One window has two winners. The cell with four fives shows which of them torch remembers.",
        "One pixel wins two windows. Check your answer: all nine numbers add up to 1111.",
        "The last row is `[100, 0, 0]`, the second `[0, 0, 1000]`. One row is left, and it holds "
        "what two windows sent.",
    ),
    slips=(
        slip(
            "tie-to-the-last",
            "Two pixels tie, and the 10 is with the later one. Look at what torch did in the cell "
            "with four fives.",
            who=lambda w: _at(3 - w.ravel()[::-1].argmax()),
        ),
        slip(
            "tie-shared",
            "The 10 is shared between the two pixels that tie. That would be fair, and `amax` does "
            "it; max-pooling remembers one winner.",
            who=lambda w: (w == w.max()) / (w == w.max()).sum(),
        ),
        slip(
            "tie-doubled",
            "Both pixels that tie get the full 10. Then 1,121 would arrive where 1,111 was sent.",
            who=lambda w: w == w.max(),
        ),
        slip("last-window-counts", _TWICE.format(1), collect=_last),
        slip("first-window-counts", _TWICE.format(10), collect=_first),
        slip(
            "wins-counted",
            "Here the wins are counted. That is the gradient if every window sends 1; here they "
            "send 1, 10, 100 and 1000.",
            what=lambda sent, w: 1,
        ),
        slip(
            "times-the-value",
            "That is what is sent, times the pixel. If the winner grows by one the output grows by "
            "one, whatever its value: the slope is 1.",
            what=lambda sent, w: sent * w.max(),
        ),
        slip(
            "spread-as-average",
            "Each gradient is shared out among four pixels. Average pooling does that; in a "
            "maximum the losers get nothing.",
            who=lambda w: np.full((2, 2), 1 / 4),
        ),
        slip(
            "to-the-smallest",
            "All went to the smallest pixel. The largest is the one that was passed on.",
            who=lambda w: _at(w.argmin()),
        ),
        slip(
            "1000-forgotten",
            "The 1000 is missing. Four windows send; it comes from the one at the bottom right.",
            order=lambda sent: sent * [[1, 1], [1, 0]],
        ),
        slip(
            "sent-transposed",
            "10 and 100 are exchanged: 10 comes from the window at the top right, 100 from the one "
            "at the bottom left.",
            order=np.transpose,
        ),
        slip(
            "picture-transposed",
            "Rows and columns of your answer are exchanged. The row comes first.",
            after=np.transpose,
        ),
    ),
)
