"""04.equivariance: a learner's test of layers, and tests that are blind or too strict.

What a test says is observed on whole layers (it passes or fails them), and on layers of which one
column, one row or single numbers are spoiled: which of these does it notice?
"""

import numpy as np
import torch

from helpers.exercises import Exercise, slip
from helpers.exercises.nb04.layers import LAYERS, TWICE, spoiled, whole_picture


def assert_equivariant(layer, image, shift, margin):
    """AssertionError unless `layer` lets the feature map move along with the image."""
    shifted_before = layer(torch.roll(image, shift, dims=1))
    shifted_after = torch.roll(layer(image), shift, dims=1)
    inside = torch.zeros(image.shape[1], dtype=torch.bool)
    inside[margin : image.shape[1] - margin] = True
    safe = inside & torch.roll(inside, shift)
    assert torch.allclose(shifted_before[:, safe], shifted_after[:, safe])


def _try(test, layer, image, shift, margin):
    """What a test says of one layer: "passes", "fails", or what else it does."""
    before, calls = image.clone(), []

    def watched(picture):
        calls.append(picture)
        return layer(picture)

    try:
        value = test(watched, image, shift, margin)
    except AssertionError:
        return "fails"
    if not calls:
        return "never calls the layer"
    if not torch.equal(image, before):
        return "changes the image"
    if isinstance(value, bool) and not value or torch.is_tensor(value) and not value.all():
        return "returns False"
    return "passes"


_ALL = slice(None)
_PARTS = {
    "columns": lambda image: {c: (_ALL, c, 7) for c in range(image.shape[1])},
    "numbers": lambda image: {
        **{f"70 too large in row {row}": (row, 6, 70) for row in range(len(image))},
        "70 too small in row 2": (2, 6, -70),
        "0.4 too large in row 2": (2, 6, 0.4),
        "0.01 too large in row 2": (2, 6, 0.01),
        "0.9 too large everywhere": (_ALL, _ALL, 0.9),
        "one 70 too large, one 70 too small": (2, [6, 7], torch.tensor([70, -70])),
    },
}


def observe(test, name, image, shift, margin):
    """Run a learner's test on one layer, or on one for each part of a picture that is spoiled."""
    if name in LAYERS:
        said = _try(test, LAYERS[name], image, shift, margin)
        return f"{name}, shifted by {shift}: the test {said}"
    noticed = {}
    for place, part in _PARTS[name](image).items():
        said = _try(test, spoiled(image, *part), image, shift, margin)
        noticed.setdefault(said, []).append(str(place))
    noticed.pop("passes", None)
    text = "; ".join(f"{said} at {', '.join(places)}" for said, places in noticed.items())
    return f"shift {shift}, margin {margin}, {name} spoiled one by one: the test {text or 'passes'}"


def _once(margin):
    return margin


def _none(margin):
    return 0


def _twice(margin):
    return 2 * margin


def _one_more(margin):
    return margin + 1


def walk(
    layer, image, shift, margin, *, left=_once, right=_once, ahead=_once, behind=_once,
    seam=lambda shift: shift, stop=lambda width, right: width - right,
    clip=lambda end: max(end, 0), came_round=True, pick=lambda columns: columns,
    rows=lambda margin: _ALL, dims=1, amount=lambda shift: shift,
    second=lambda layer, roll, image: roll(layer(image)),
    same=lambda gap: np.abs(gap).max(initial=0) < 1e-4, verdict=None,
):  # fmt: skip
    """same() looks at the difference of the two ways, of which second() is one: without `left` and
    `right` columns at the ends of the picture, and without `ahead` and `behind` at the seam, where
    the old right end meets the old left one. The columns before the seam are those that came round.
    """
    shift, width = amount(shift), image.shape[1]
    place = seam(shift) % width if dims == 1 else 0
    keep = np.zeros(width, dtype=bool)
    if came_round:
        keep[left(margin) : clip(place - ahead(margin))] = True
    keep[place + behind(margin) : stop(width, right(margin))] = True

    def roll(picture, sign=1):
        return torch.roll(picture, sign * shift, dims=dims)

    gap = layer(roll(image)) - second(layer, roll, image)
    equal = bool(same(gap.numpy()[rows(margin)][:, pick(np.flatnonzero(keep))]))
    if verdict:
        return verdict(equal)
    assert equal
    return None


def _seam_from_below_zero(layer, image, shift, margin):
    width = image.shape[1]
    keep = torch.ones(width, dtype=torch.bool)
    keep[:margin] = keep[width - margin :] = False
    keep[shift - margin : shift + margin] = False
    ways = layer(torch.roll(image, shift, dims=1)), torch.roll(layer(image), shift, dims=1)
    assert torch.allclose(*(way[:, keep] for way in ways))


def _raise_another(equal):
    if not equal:
        raise ValueError


def _assert_not(equal):
    assert not equal


_SEAM = (
    "Where the right end of the picture meets the left one, at column `shift`, a kernel reads "
    "pixels that were no neighbours before, `margin` columns to both sides of it."
)
_ENDS = "At each end of the picture `margin` columns read padding, and no more."
_ROUND = (
    "The columns that came round are compared nowhere, and no border has reached those from "
    "`margin` to `shift - margin`."
)
_ROWS = "Rows are not shifted, so every row can be compared in full."
_NUMBERS = "Compare number by number, all of them."
_TOLERANCE = "Your tolerance lets wrong numbers through. Leave room for rounding only."
_SIGN = (
    "A layer whose numbers differ the other way slips through: a negative difference is never "
    "large. Take `.abs()` before the largest."
)

# fmt: off
BEHIND = (  # the seam; who goes wrong here may have forgotten the columns before it, too
    ("seam-kept", f"You leave out no column beside the seam. {_SEAM}",
        dict(ahead=_none, behind=_none)),
    ("right-end-kept", f"At the right end nothing is left out. {_ENDS}", dict(right=_none)),
    ("margin-twice", "You leave out too much: twice the `margin`. A kernel reaches `margin` "
        "columns to each side, no more.",
        dict(left=_twice, right=_twice, ahead=_twice, behind=_twice)),
    ("one-too-many-behind-the-seam", f"You leave out one column too many behind the seam. {_SEAM}",
        dict(behind=_one_more)),
    ("one-too-many-at-the-right", f"You leave out one column too many at the right end. {_ENDS} A "
        "slice stops before its end.", dict(right=_one_more)),
    ("empty-slice", "With margin 0 your slice ends at `-0`, which is the start: you compare "
        "nothing, and nothing equals nothing. Count the end from the width.",
        dict(stop=lambda width, right: -right)),
)

COLUMNS = (
    slip("came-round-left-out", _ROUND, came_round=False),
    *(slip(key, message, **twist) for key, message, twist in BEHIND),
    *(slip(f"{key}-nor-round", f"{message} {_ROUND}", came_round=False, **twist)
        for key, message, twist in BEHIND),
    slip("nothing-left-out", "Your test fails honest convolutions: it leaves no column out. At the "
        f"ends one side reads padding where the other reads pixels. {_SEAM}",
        left=_none, right=_none, ahead=_none, behind=_none),
    slip("only-what-came-round", "You leave out the columns that came round, and `margin` columns "
        f"nowhere. {_SEAM} {_ENDS}", right=_none, behind=_none, came_round=False, dims=1),
    slip("seam-unseen", f"You leave out no column beside the seam. {_SEAM}",
        seam=lambda shift: 0),
    slip("left-end-kept", f"At the left end nothing is left out. {_ENDS}", left=_none),
    slip("one-too-many-before-the-seam", "You leave out one column too many before the seam. "
        f"{_SEAM} A slice stops before its end.", ahead=_one_more),
    slip("end-below-zero", "Where `shift` is smaller than `margin`, your slice ends below 0, and "
        "that is counted from the right end. Nothing came round whole: end it at 0 at least.",
        clip=lambda end: end),
    slip("start-below-zero", "Where `shift` is smaller than `margin`, `shift - margin` is below 0 "
        "and counts from the right end: the slice around the seam is empty. Start it at "
        "`max(0, shift - margin)`.", wrong=_seam_from_below_zero),
    slip("first-column-only", "Your test looks at one column and is done. Does it return inside "
        "the loop?", pick=lambda columns: columns[:1]),
)

WAYS = (
    slip("rows-left-out", f"You leave out rows at the top and at the bottom as well. {_ROWS}",
        rows=lambda margin: slice(margin, -margin or None)),
    slip("first-row-only", f"You compare the first row alone. {_ROWS}",
        rows=lambda margin: slice(1)),
    slip("invariance", "You ask whether the feature map stays the same. That is invariance. Here "
        "it has to move along with the image.", second=lambda layer, roll, image: layer(image)),
    slip("other-way", "You push the image one way and the feature map the other.",
        second=lambda layer, roll, image: roll(layer(image), -1)),
    slip("downwards", "You shift downwards, so you never see a layer that treats columns "
        "differently. Axis 1 runs to the right.", dims=0),
    slip("to-the-left", "You push to the left: a positive `shift` goes to the right.",
        amount=lambda shift: -shift),
    slip("shifted-by-one", "You always shift by one column, whatever `shift` says.",
        amount=lambda shift: 1),
)

VERDICTS = (
    slip("never-fails", "No layer fails your test, not even a dense one. Do you compare a result "
        "with itself, assert a pair in brackets, which is always true, or catch your own "
        "AssertionError?", verdict=lambda equal: None),
    slip("any-for-all", f"One equal number is enough for your test. {_NUMBERS}",
        same=lambda gap: not gap.size or (np.abs(gap) < 1e-4).any()),
    slip("differences-cancel", f"Your differences cancel when they are added. {_NUMBERS}",
        same=lambda gap: abs(gap.sum()) < 1e-4),
    slip("mean-difference", f"Small differences drown in your mean. {_NUMBERS}",
        same=lambda gap: not gap.size or np.abs(gap).mean() < 0.5),
    slip("one-sided", _SIGN, same=lambda gap: gap.max(initial=-1) < 1e-4),
    slip("one-sided-the-other-way", _SIGN, same=lambda gap: gap.min(initial=1) > -1e-4),
    slip("too-tolerant", _TOLERANCE, same=lambda gap: np.abs(gap).max(initial=0) < 1),
    slip("somewhat-tolerant", _TOLERANCE, same=lambda gap: np.abs(gap).max(initial=0) < 0.1),
    slip("returns-not-asserts", "Your test knows the answer and keeps quiet: it returns False. A "
        "test fails by raising AssertionError, which is what `assert` does.",
        verdict=lambda equal: equal),
    slip("another-error", "Your test raises another error. A test fails by raising "
        "AssertionError, which is what `assert` does.", verdict=_raise_another),
    slip("upside-down", "Your test fails the layers that keep the promise and passes those that "
        "break it. `assert` wants what ought to be true.", verdict=_assert_not),
)
# fmt: on


def _case(name, shift, margin, seed):
    return name, whole_picture(4, 9, seed), shift, margin


def _striped(seed):
    """Every column comes again after four: pushed by two, left and right are the same."""
    return "columns", whole_picture(4, 4, seed).repeat(1, 2), 2, 1


EXERCISE = Exercise(
    name="04.equivariance",
    title="A test that can fail",
    difficulty=3,
    minutes=7,
    solution=assert_equivariant,
    walk=walk,
    observe=observe,
    why="It passes the layers that use one rule in every place and fails those that do not. A "
    "column is safe where it was away from both ends before the push and is so after it; what "
    "came round to the left may be safe, too.",
    hints=(
        "Two ways lead to a shifted feature map: shift the image and apply the layer, or apply "
        "the layer and shift the feature map. Compute both and compare.",
        "`torch.roll(image, shift, dims=1)` pushes to the right; what leaves at the right "
        "comes in at the left. A column that is less than `margin` from an end of the picture has "
        "padding in it: in one map the ends as they are, in the other the ends as they were, "
        "pushed along.",
        "So a column is safe where it is at least `margin` from both ends *and* was so before the "
        "push. Mark the columns that are `inside` with True, and push the marks like a picture: "
        "safe is what is True in both.",
        "`a = layer(torch.roll(image, shift, dims=1))` and `b = torch.roll(layer(image), shift, "
        "dims=1)`; `inside = torch.zeros(image.shape[1], dtype=torch.bool)`, then "
        "`inside[margin : image.shape[1] - margin] = True` and `safe = inside & "
        "torch.roll(inside, shift)`. One line is left, an `assert torch.allclose(...)` of both, "
        "cut to the safe columns.",
    ),
    cases=(
        _case("a convolution", 1, 1, 0),
        _case("columns", 5, 1, 1),
        _case("columns", 1, 2, 2),
        _case("columns", 2, 0, 3),
        _striped(6),
        _case("numbers", 2, 1, 4),
        *(_case(name, 2, 2, 7 + n) for n, name in enumerate(LAYERS)),
        _case(TWICE, 1, 2, 20),  # it keeps the promise at even shifts only
    ),
    slips=(*COLUMNS, *WAYS, *VERDICTS),
)
