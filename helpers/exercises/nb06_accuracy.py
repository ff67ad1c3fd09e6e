"""Exercise of notebook 06: accuracy over batches that are not all of one size."""

import torch

from helpers.exercises import Exercise, Mistake


def accuracy(logits_batches, label_batches):
    """Return the share of right predictions over all batches, 0 to 1.

    logits_batches: list of (N, classes); label_batches: list of (N,); N may differ.
    """
    right, seen = 0, 0
    for logits, labels in zip(logits_batches, label_batches, strict=True):
        right += (logits.argmax(dim=1) == labels).sum().item()
        seen += len(labels)
    return right / seen


def _right(logits, labels):
    return (logits.argmax(dim=1) == labels).sum().item()


def _shares(logits_batches, label_batches):
    pairs = zip(logits_batches, label_batches, strict=True)
    return [_right(logits, labels) / len(labels) for logits, labels in pairs]


def _wrong_axis(logits_batches, label_batches):
    pairs = list(zip(logits_batches, label_batches, strict=True))
    right = sum((logits.argmax(dim=0) == labels).sum().item() for logits, labels in pairs)
    return right / sum(len(labels) for labels in label_batches)


def _count(logits_batches, label_batches):
    return float(sum(map(_right, logits_batches, label_batches)))


def _maxima(logits_batches, label_batches):
    pairs = zip(logits_batches, label_batches, strict=True)
    right = sum((logits.amax(dim=1) == labels).sum().item() for logits, labels in pairs)
    return right / sum(map(len, label_batches))


def _full_only(logits_batches, label_batches):
    full = [i for i, labels in enumerate(label_batches) if len(labels) == len(label_batches[0])]
    return accuracy([logits_batches[i] for i in full], [label_batches[i] for i in full])


def _logits(*rows):
    return torch.tensor(rows, dtype=torch.float32)


# Classes 0, 1, 2: the row [2, 5, -1] says class 1.
_CASES = (
    # 2 right of 2, then 0 right of 1: 2/3
    ([_logits([3, 1], [-2, 4]), _logits([5, 0])], [torch.tensor([0, 1]), torch.tensor([1])]),
    # one batch: 3 right of 4
    (
        [_logits([2, 5, -1], [0, -3, 1], [4, 2, 3], [1, 2, 6])],
        [torch.tensor([1, 2, 0, 0])],
    ),
    # 1 of 3, 2 of 3, 1 of 1: 4/7
    (
        [
            _logits([1, 0, 2], [0, 7, 3], [2, 1, 0]),
            _logits([-1, -2, -3], [1, 2, 3], [3, 1, 2]),
            _logits([0, 2, 1]),
        ],
        [torch.tensor([2, 0, 1]), torch.tensor([0, 2, 1]), torch.tensor([1])],
    ),
    # 0 of 1, 1 of 2, 4 of 4, all logits negative: 5/7
    (
        [
            _logits([-5, -1, -2, -3]),
            _logits([-1, -2, -3, -4], [-4, -3, -2, -1]),
            _logits([-9, -1, -8, -7], [-2, -6, -4, -3], [-3, -2, -1, -5], [-7, -8, -9, -1]),
        ],
        [torch.tensor([0]), torch.tensor([0, 1]), torch.tensor([1, 0, 2, 3])],
    ),
)

ACCURACY = Exercise(
    name="06.accuracy",
    title="Accuracy over ragged batches",
    difficulty=2,
    minutes=5,
    stub='''
def accuracy(logits_batches, label_batches):
    """Return the share of right predictions over all batches, 0 to 1.

    logits_batches: list of (N, classes); label_batches: list of (N,); N may differ.
    """
    return TODO
''',
    solution=accuracy,
    why=(
        "Right answers and digits are counted over all batches, and divided once at the end, so "
        "that every digit weighs the same whatever batch it came in."
    ),
    hints=(
        "Two batches: 2 right of 2, then 0 right of 1. How many digits were there, and how many "
        "were right?",
        "Along which axis of (N, classes) does one digit's row of logits lie? argmax along it "
        "gives one class per digit: shape (N,).",
        "Keep two counters, right and seen, over all batches, and divide after the loop.",
    ),
    cases=_CASES,
    mistakes=(
        Mistake(
            "mean-of-batches",
            lambda x, y: sum(_shares(x, y)) / len(y),
            "You averaged the accuracies of the batches. A digit in a small last batch then weighs "
            "more than one in a full batch.",
        ),
        Mistake(
            "wrong-axis",
            _wrong_axis,
            "Your argmax runs along the batch: it says which digit has the largest logit in each "
            "class. Ask for each digit which class has it.",
        ),
        Mistake(
            "divided-by-batches",
            lambda x, y: _count(x, y) / len(y),
            "You divided the right answers by the number of batches. Divide by the number of "
            "digits.",
        ),
        Mistake(
            "percent",
            lambda x, y: 100 * accuracy(x, y),
            "These are percent. A share lies between 0 and 1.",
        ),
        Mistake(
            "last-batch",
            lambda x, y: _shares(x, y)[-1],
            "That is the accuracy of the last batch. Count on from batch to batch.",
        ),
        Mistake(
            "first-batch",
            lambda x, y: _shares(x, y)[0],
            "That is the accuracy of the first batch. Does your return stand inside the loop?",
        ),
        Mistake(
            "count",
            _count,
            "You counted the right answers, but a share is a count divided by a count.",
        ),
        Mistake(
            "error-rate",
            lambda x, y: 1 - accuracy(x, y),
            "That is the share of wrong answers.",
        ),
        Mistake(
            "equal-batches",
            lambda x, y: _count(x, y) / (len(y) * len(y[0])),
            "You took every batch to be as large as the first. The last one may be smaller.",
        ),
        Mistake(
            "last-size",
            lambda x, y: _count(x, y) / len(y[-1]),
            "You counted over all batches, but divided by the size of the last one.",
        ),
        Mistake(
            "largest-logit",
            _maxima,
            "You compare the largest logit itself with the label. Its place in the row is the "
            "prediction, not its value.",
        ),
        Mistake(
            "ragged-dropped",
            _full_only,
            "You left out the batches that are not full. Their digits count as well.",
        ),
    ),
    rtol=1e-6,
)
