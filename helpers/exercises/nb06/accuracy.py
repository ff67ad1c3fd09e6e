"""06.accuracy: right answers and digits counted over batches that are not all of one size."""

import numpy as np
import torch

from helpers.exercises import Exercise, slip


def accuracy(logits_batches, label_batches):
    """Return the share of right predictions over all batches, 0 to 1.

    logits_batches: list of (N, classes); label_batches: list of (N,); N may differ.
    """
    right, seen = 0, 0
    for logits, labels in zip(logits_batches, label_batches, strict=True):
        right += (logits.argmax(dim=1) == labels).sum().item()
        seen += len(labels)
    return right / seen


def _said(logits):
    return logits.argmax(1)


def _equal(said, labels):
    return said == labels


def share(
    logits_batches, label_batches, *, says=_said, hits=_equal,
    counts=np.sum, gather=sum, of=lambda sizes, classes: sum(sizes), least=0,
):  # fmt: skip
    """hits(says(logits), labels) counted, gathered over batches, divided by `of` or `least`."""
    batches = [np.asarray(logits, dtype=np.float64) for logits in logits_batches]
    labels = [np.asarray(labels) for labels in label_batches]
    right = [float(counts(hits(says(x), y))) for x, y in zip(batches, labels, strict=True)]
    classes = batches[0].shape[1] if batches else 0
    return gather(right) / max(of([len(y) for y in labels], classes), least)


def _logits(*rows):
    return torch.tensor(rows, dtype=torch.float32)


def _batches(seed, classes, *shifts):
    """Batches of numbers in no order; a shift is how far a label lies from the prediction."""
    draw = torch.Generator().manual_seed(seed)
    rows = [torch.stack([torch.randperm(classes, generator=draw) for _ in n]) for n in shifts]
    labels = [(x.argmax(1) + torch.tensor(n)) % classes for x, n in zip(rows, shifts, strict=True)]
    return [x.float() - 2 for x in rows], labels


CASES = (
    # 2 right of 2, then 0 right of 1: 2/3
    ([_logits([3, 1], [-2, 4]), _logits([5, 0])], [torch.tensor([0, 1]), torch.tensor([1])]),
    # one batch: 3 right of 4
    (
        [_logits([2, 5, -1], [0, -3, 1], [4, 2, 3], [1, 2, 6])],
        [torch.tensor([1, 2, 0, 0])],
    ),
    _batches(1, 3, (0,), (0, 1, 2)),  # 1 of 1, 1 of 3
    _batches(2, 5, (0, 1, 0, 3), (2, 0, 4, 0), (0, 0, 1)),  # 2 of 4, 2 of 4, 2 of 3
    # 0 of 1, 1 of 2, 4 of 4, all logits negative: 5/7
    (
        [
            _logits([-5, -1, -2, -3]),
            _logits([-1, -2, -3, -4], [-4, -3, -2, -1]),
            _logits([-9, -1, -8, -7], [-2, -6, -4, -3], [-3, -2, -1, -5], [-7, -8, -9, -1]),
        ],
        [torch.tensor([0]), torch.tensor([0, 1]), torch.tensor([1, 0, 2, 3])],
    ),
    # largest probability 0.4 or 0.48, right 3 of 4, then 0 of 2: 3/6
    (
        [
            _logits([0, 1, 0, 0, 0], [1, 1, 1, 1, 2], [1, 0, 1, 0, 2], [0, 0, 0, 0, 9]),
            _logits([1, 0, 0, 0, 0], [0, 0, 1, 0, 0]),
        ],
        [torch.tensor([1, 4, 4, 0]), torch.tensor([2, 3])],
    ),
)


def _softmax(x):
    powers = np.exp(x)
    return powers / powers.sum(1, keepdims=True)


def _of_label(x, labels):
    return x[np.arange(len(labels)), labels]


def _batches_of(sizes, classes):
    return len(sizes)


def _nothing(sizes, classes):
    return 1


def _only(chosen):
    """Only some batches: chosen(list of labels) -> the indices of those that are used."""

    def before(logits_batches, label_batches):
        return tuple([b[i] for i in chosen(label_batches)] for b in (logits_batches, label_batches))

    return before


_WITHOUT_LAST = _only(lambda labels: range(len(labels) - 1))
_SURE = (
    "A prediction is the class with the largest logit, be its probability 0.4 and all logits "
    "negative. What counts is whether it is the label."
)
_DIVIDED = "The right answers are divided by the number of {}. Divide by that of all digits."
_SIZES = "The batches need not be equally large. Count the digits of each."
_LEFT_OUT = "Not all batches are counted. Their digits count as well, in a small batch too."
_WHOLE = "A whole batch counts as right here where {} right. Count the digits."

EXERCISE = Exercise(
    name="06.accuracy",
    title="Accuracy over ragged batches",
    difficulty=2,
    minutes=5,
    solution=accuracy,
    walk=share,
    why="Right answers and digits are counted over all batches, and divided once at the end, so "
    "that every digit weighs the same whatever batch it came in.",
    hints=(
        "Two batches: 2 right of 2, then 0 right of 1. How many digits were there, and how many "
        "were right?",
        "Along which axis of (N, classes) does one digit's row of logits lie? `argmax` along it "
        "gives one class per digit: shape (N,).",
        "Keep two counters over all batches, `right` and `seen`, and divide after the loop: `for "
        "logits, labels in zip(logits_batches, label_batches):`, in it `seen += len(labels)`. One "
        "line is left, and it adds to `right`.",
    ),
    cases=CASES,
    slips=(
        slip(
            "mean-of-batches",
            "That is the mean of the batches' accuracies. A digit in a small last batch then "
            "weighs more than one in a full batch.",
            counts=np.mean,
            of=_batches_of,
        ),
        slip(
            "wrong-axis",
            "Your argmax runs along the batch: it says which digit has the largest logit in each "
            "class. Ask for each digit which class has it.",
            says=lambda x: x.argmax(0),
        ),
        slip(
            "argmax-of-all",
            "Without an axis, argmax looks for one place in the whole batch. Each digit has a "
            "largest logit of its own.",
            says=np.argmax,
        ),
        slip("divided-by-batches", _DIVIDED.format("batches"), of=_batches_of),
        slip("divided-by-classes", _DIVIDED.format("classes"), of=lambda sizes, classes: classes),
        slip("divided-by-logits", _DIVIDED.format("logits"), of=lambda n, k: sum(n) * k),
        slip(
            "count", "That is how many are right. A share is a count divided by one.", of=_nothing
        ),
        slip(
            "right-overwritten",
            "The right answers are those of the last batch only, the digits are those of all. Add "
            "with `+=`.",
            gather=lambda right: right[-1],
        ),
        slip("equal-batches", _SIZES, of=lambda sizes, classes: len(sizes) * sizes[0]),
        slip("last-size", _DIVIDED.format("digits in the last batch"), of=lambda n, k: n[-1]),
        slip(
            "percent", "These are percent. A share lies between 0 and 1.", after=lambda v: 100 * v
        ),
        slip("error-rate", "That is the share of wrong answers.", hits=np.not_equal),
        slip("cut-off", "`//` cuts the share down to 0. Divide with `/`.", after=lambda v: v // 1),
        slip(
            "last-batch",
            "That is the accuracy of the last batch. Count on from batch to batch.",
            before=_only(lambda labels: [-1]),
        ),
        slip(
            "first-batch",
            "That is the accuracy of the first batch. Does your return stand inside the loop?",
            before=_only(lambda labels: [0]),
        ),
        slip("last-left-out", _LEFT_OUT, before=_WITHOUT_LAST),
        slip("last-left-out-guarded", _LEFT_OUT, before=_WITHOUT_LAST, least=1),
        slip("all-or-nothing", _WHOLE.format("all its digits are"), counts=np.all),
        slip("any", _WHOLE.format("one digit is"), counts=np.any),
        slip(
            "largest-logit",
            "You compare the largest logit itself with the label. Its place in the row is the "
            "prediction, not its value.",
            says=lambda x: x.max(1),
        ),
        slip(
            "smallest-logit",
            "The prediction is the class with the largest logit, not with the smallest.",
            says=lambda x: x.argmin(1),
        ),
        slip("above-one-half", _SURE, says=_softmax, hits=lambda p, y: _of_label(p, y) > 0.5),
        slip("positive-logit", _SURE, says=lambda x: x, hits=lambda x, y: _of_label(x, y) > 0),
    ),
    rtol=1e-6,
)
