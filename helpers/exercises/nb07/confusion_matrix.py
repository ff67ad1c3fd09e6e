"""07.confusion_matrix: which class was taken for which, counted."""

import numpy as np
import torch

from helpers.exercises import Exercise, slip
from helpers.exercises.slips import filled


def confusion_matrix(labels, predictions, classes):
    """Count how often class `row` was read as class `column`: (classes, classes).

    labels, predictions: (N,) class numbers from 0; a class may be missing in both.
    """
    counts = torch.zeros(classes, classes)
    for label, prediction in zip(labels, predictions, strict=True):
        counts[label, prediction] += 1
    return counts


def _given(labels, predictions, classes):
    return classes


def _right_row(label, prediction):
    return [(label, prediction)]


def tally(
    labels, predictions, classes, *, size=_given, places=_right_row, start=0,
    digits=lambda number: range(number), finish=lambda counts: counts,
):  # fmt: skip
    """Cells places(label, prediction) of a matrix with size(...) rows get 1, digit by digit."""
    said, true = np.asarray(predictions), np.asarray(labels)
    side = size(true, said, classes)
    counts = np.full((side, side), float(start))
    for i in digits(len(true)):
        for cell in places(int(true[i]), int(said[i])):
            counts[cell] += 1
    return finish(counts)


def _pairs(number, seed, classes, wrong):
    """`number` digits in no order, every `wrong`-th of them misread."""
    i = torch.arange(number)
    labels = (seed + 3 * i + i * i) % classes
    return labels, torch.where(i % wrong == 1, (labels + 1 + i % 2) % classes, labels), classes


CASES = (
    # 0 twice right; 1 once right, twice read as 2; 2 once read as 0
    (torch.tensor([0, 1, 0, 1, 1, 2]), torch.tensor([0, 2, 0, 1, 2, 0]), 3),
    # the last two classes do not occur; 1 is read as 0
    (torch.tensor([1, 0, 2, 1, 1]), torch.tensor([0, 0, 2, 1, 0]), 5),
    # class 2 is never right and class 3 only predicted
    (torch.tensor([2, 2, 0, 1, 2]), torch.tensor([3, 3, 0, 1, 1]), 4),
    (*_pairs(40, 1, 10, 4)[:2], 10),
    _pairs(23, 2, 6, 3),
    # the last class is a label and never a prediction
    (torch.tensor([0, 3, 1, 3, 3, 2, 1]), torch.tensor([0, 0, 1, 2, 2, 2, 2]), 4),
    (torch.tensor([1]), torch.tensor([0]), 2),
)


def _by_rows(counts):
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)


def _by_columns(counts):
    return counts / np.maximum(counts.sum(0, keepdims=True), 1)


def _those(which):
    """Only the pairs of which(labels, predictions) go in."""

    def before(labels, predictions, classes):
        kept = which(labels, predictions)
        return labels[kept], predictions[kept], classes

    return before


def _no_minlength(counts):
    if not counts[-1, -1]:
        raise RuntimeError("shape is invalid")


def _that_occur(counts):
    seen = counts.sum(0) + counts.sum(1) > 0
    return counts[seen][:, seen]


_CUT = (
    "The matrix has as many rows as `classes` says, also where a class does not occur; otherwise "
    "two matrices cannot be laid side by side."
)
_SHARES = "Counts are asked for: whole numbers, whose sum is the number of digits."

# fmt: off
CELLS = (
    slip("output-transposed", "Rows and columns are exchanged: your rows are what was predicted. "
        "The row is the true class, the column is what the network says.",
        places=lambda label, said: [(said, label)]),
    slip("once", "No cell of yours is above 1. If you wrote `counts[labels, predictions] += 1` "
        "with whole tensors: a pair that comes twice is still added once. Go digit by digit.",
        after=filled(lambda counts: np.minimum(counts, 1))),
    slip("only-errors", "Your diagonal is empty. The digits that were read correctly count as "
        "well: they stand where row and column are the same.",
        before=_those(lambda labels, predictions: labels != predictions)),
    slip("only-hits", "Only the diagonal is filled. What was misread belongs beside it: that is "
        "what the matrix is for.",
        before=_those(lambda labels, predictions: labels == predictions)),
    slip("labels-alone", "Your diagonal says how many digits there are of each class: row and "
        "column both come from the labels.", places=lambda label, said: [(label, label)]),
    slip("predictions-alone", "Your diagonal says how often each class was predicted: row and "
        "column both come from the predictions.", places=lambda label, said: [(said, said)]),
    slip("both-ways", "Each digit is counted in (true, predicted) and in (predicted, true), so "
        "your matrix is its own mirror image. That a 4 is read as a 9 says nothing of 9s.",
        places=lambda label, said: [(label, said), (said, label)]),
    slip("same-list-in-each-row", "All your rows are equal: `[[0] * n] * n` is one list, n times. "
        "Each row needs a list of its own.",
        after=filled(lambda counts: np.tile(counts.sum(0), (len(counts), 1)))),
    slip("counted-from-one", "Everything stands one row and one column too early: classes are "
        "numbered from 0, so class 0 has row 0.",
        before=lambda labels, said, classes: (labels - 1, said - 1, classes)),
    slip("started-at-one", "Every cell is 1 too large. Start from zeros.", start=1),
)

DIGITS = (
    slip("last-digit-missing", "One digit is missing in your counts, the last. `range(n)` already "
        "leaves out n.", digits=lambda number: range(number - 1)),
    slip("first-digit-missing", "One digit is missing in your counts, the first. Digits are "
        "numbered from 0.", digits=lambda number: range(1, number)),
    slip("first-digit-only", "A single digit is counted. Does your return stand inside the loop?",
        digits=lambda number: range(1)),
)

SIZES = (
    slip("size-of-labels", "The size comes from the largest label. Something else may be predicted "
        f"that is larger. {_CUT}", size=lambda true, said, n: true.max() + 1),
    slip("size-of-predictions", f"The size comes from the largest prediction. {_CUT}",
        size=lambda true, said, n: said.max() + 1),
    slip("size-of-both", f"Your matrix ends at the largest class that occurs. {_CUT}",
        size=lambda true, said, n: max(true.max(), said.max()) + 1),
    slip("size-of-kinds", f"The size is the number of different labels. {_CUT}",
        size=lambda true, said, n: len(set(true.tolist()))),
    slip("always-ten", "Your matrix is always 10 by 10. Its size is `classes`.",
        size=lambda true, said, n: 10),
    slip("absent-classes-left-out", f"A class that does not occur has no row. {_CUT}",
        after=filled(_that_occur)),
    slip("no-minlength", "`bincount` ends at the largest number that occurs, which may be too "
        "short. `minlength=classes**2` makes room for all cells.",
        after=filled(_no_minlength)),
    slip("last-class-missing", "The last row and the last column are missing. `range(n)` already "
        "leaves out n.", after=filled(lambda counts: counts[:-1, :-1])),
    slip("one-too-many", "There is one row and one column too many. Classes 0 to n - 1 are n.",
        size=lambda true, said, n: n + 1),
)

SHARES = (
    slip("shares-of-rows", f"Each row is divided by its sum. {_SHARES}", finish=_by_rows),
    slip("shares-of-columns", f"Each column is divided by its sum. {_SHARES}", finish=_by_columns),
    slip("shares-of-rows-or-nan", f"Each row is divided by its sum. {_SHARES}",
        finish=lambda counts: counts / counts.sum(1, keepdims=True)),
    slip("shares-of-columns-or-nan", f"Each column is divided by its sum. {_SHARES}",
        finish=lambda counts: counts / counts.sum(0, keepdims=True)),
    slip("shares-of-all", f"All cells are divided by the number of digits. {_SHARES}",
        finish=lambda counts: counts / max(counts.sum(), 1)),
    slip("percent", f"Your cells are percent of their rows. {_SHARES}",
        finish=lambda counts: 100 * _by_rows(counts)),
    slip("diagonal", "The diagonal came out, without the rest. All pairs are asked for.",
        after=filled(np.diagonal)),
    slip("per-class", "One share for each class came out, its accuracy. That is the diagonal "
        "divided by the rows' sums, and a later step.",
        finish=lambda counts: np.diagonal(_by_rows(counts))),
)
# fmt: on

EXERCISE = Exercise(
    name="07.confusion_matrix",
    title="Which class was taken for which",
    difficulty=1,
    minutes=4,
    solution=confusion_matrix,
    walk=tally,
    why="Every digit adds 1 to one cell, the row of what it is and the column of what was said. "
    "So the sum of a row is the number of digits of that class, and the diagonal is what is right.",
    hints=(
        "Three digits: a 0 that is read as 0, a 1 that is read as 2, another 1 that is read as 2. "
        "Which cells of a 3x3 matrix are not 0, and what do they say?",
        "Start from `torch.zeros(classes, classes)` and go through both tensors side by side: `for "
        "label, prediction in zip(labels, predictions):`",
        "`counts = torch.zeros(classes, classes)`, the loop over pairs, `return counts`. In the "
        "loop stands one line, which adds 1 to one cell: true class first, predicted class second.",
    ),
    cases=CASES,
    slips=(*CELLS, *DIGITS, *SIZES, *SHARES),
)
