"""04.equivariance: a learner's test of layers, and tests that are blind or too strict.

What a test says is observed on whole layers (it passes or fails them), and column by column: which
spoiled columns, rows and single numbers does it notice?
"""

import torch

from helpers.exercises import Exercise, slip
from helpers.exercises.nb04.layers import LAYERS, TWICE, black, case, spoiled, striped


def assert_equivariant(layer, image, shift, margin):
    """AssertionError unless `layer` lets the feature map move along with the image."""
    shifted_before = layer(torch.roll(image, shift, dims=1))
    shifted_after = torch.roll(layer(image), shift, dims=1)
    safe = slice(shift + margin, image.shape[1] - margin)
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
        return "returns False and raises nothing"
    return "passes"


PARTS = {
    "columns": lambda image: [(slice(None), c, 7) for c in range(image.shape[1])],
    "rows": lambda image: [(r, slice(None), 7) for r in range(image.shape[0])],
    "single numbers": lambda image: [
        (r, 5, amount) for r in (0, 2, -1) for amount in (0.01, 0.4, 2, -2, 7, -7)
    ],
    "pairs of numbers": lambda image: [  # whose sum stays what it was
        ([0, 2], 5, torch.tensor([7, -7])),
        (2, [4, 6], torch.tensor([7, -7])),
    ],
}


def observe(test, name, image, shift, margin):
    """Run a learner's test on one layer, or on one for each part of a picture that is spoiled."""
    if name not in PARTS:
        said = _try(test, LAYERS[name], image, shift, margin)
        return f"{name}, shifted by {shift}: the test {said}"
    verdicts = [
        _try(test, spoiled(image, *part), image, shift, margin) for part in PARTS[name](image)
    ]
    if odd := [said for said in verdicts if said not in ("passes", "fails")]:
        return f"{name} spoiled one by one: the test {odd[0]}"
    noticed = [number for number, said in enumerate(verdicts) if said == "fails"]
    return f"shift {shift}, margin {margin}, {name} spoiled one by one: the test fails at {noticed}"


def _parts(name, shift, margin, seed):
    return (name, case("a convolution", shift, seed)[1], shift, margin)


def walk(
    layer,
    image,
    shift,
    margin,
    *,
    left=lambda shift, margin: shift + margin,
    right=lambda shift, margin, width: width - margin,
    rows=lambda margin: slice(None),
    moved=lambda image, shift: torch.roll(image, shift, dims=1),
    first=lambda layer, image, moved, shift: layer(moved(image, shift)),
    second=lambda layer, image, moved, shift: moved(layer(image), shift),
    same=torch.allclose,
    verdict=lambda same: same,
):
    """first() and second() are the two ways; the test fails unless verdict() of same() of both."""
    columns = slice(left(shift, margin), right(shift, margin, image.shape[1]))
    ways = first(layer, image, moved, shift), second(layer, image, moved, shift)
    equal = bool(same(*(way[rows(margin), columns] for way in ways)))
    if verdict is None:
        return equal
    assert verdict(equal)
    return None


_LEFT = (
    "At the left the `shift` columns that were pushed in are wrong, and `margin` more beside them."
)
_RIGHT = "At the right end `margin` columns are in doubt, and no more: nothing was pushed in there."
_ROWS = "Rows are not shifted, so every row can be compared in full."
_ALL = "Compare number by number, all of them."

# fmt: off
COLUMNS = (
    slip("nothing-left-out", "Your test fails honest convolutions. At the borders they cannot keep "
        "the promise: one side sees padding where the other sees pixels. Leave those columns out.",
        left=lambda shift, margin: 0, right=lambda shift, margin, width: width),
    slip("only-margin-left-out", "You leave out the padding but not what was pushed in. At the "
        "left, `shift` columns hold pixels that were never there, and a kernel reaches `margin` "
        "further.", left=lambda shift, margin: margin),
    slip("only-margin-by-minus", "You leave out the padding but not what was pushed in, `shift` "
        "columns at the left. And with margin 0 a slice to `-margin` is empty: count the end from "
        "the width.", left=lambda shift, margin: margin,
        right=lambda shift, margin, width: -margin),
    slip("only-shift-left-out", "You leave out the columns that were pushed in, but a kernel "
        "reaches `margin` columns further, and at the right it reads the padding.",
        left=lambda shift, margin: shift, right=lambda shift, margin, width: width),
    slip("margin-kept-at-the-left", "The right end is right. At the left a kernel reaches `margin` "
        "columns further than the `shift` that were pushed in.", left=lambda shift, margin: shift),
    slip("left-end-kept", f"The right end is right; at the left nothing is left out. {_LEFT}",
        left=lambda shift, margin: 0),
    slip("right-end-kept", "The left end is right. At the right end the last `margin` columns of "
        "one map read padding where the other read pixels that have since been pushed out.",
        right=lambda shift, margin, width: width),
    slip("margin-left-out-twice", "You leave out too much, and a broken column at the left slips "
        "through. Behind the columns that were pushed in, no more than `margin` are in doubt.",
        left=lambda shift, margin: shift + 2 * margin),
    slip("shift-left-out-twice", "You leave out too much at the right, where a broken column "
        f"slips through. {_RIGHT}", right=lambda shift, margin, width: width - margin - shift),
    slip("twice-the-shift", f"You leave out too much at the left. {_LEFT}",
        left=lambda shift, margin: 2 * shift + margin),
    slip("one-column-too-few", f"You leave out one column too many at the left. {_LEFT} Counting "
        "starts at 0.", left=lambda shift, margin: shift + margin + 1),
    slip("one-column-too-many", f"You leave out one column too few at the left. {_LEFT}",
        left=lambda shift, margin: shift + margin - 1),
    slip("last-column-lost", f"You leave out one column too many at the right. {_RIGHT} A slice "
        "stops before its end.", right=lambda shift, margin, width: width - margin - 1),
    slip("shift-for-margin-at-the-right", f"You leave out `shift` columns at the right. {_RIGHT}",
        right=lambda shift, margin, width: width - shift),
    slip("ends-exchanged", "You leave out the wide strip at the right and the narrow one at the "
        "left. Pixels are pushed in at the left.", left=lambda shift, margin: margin,
        right=lambda shift, margin, width: width - margin - shift),
    slip("empty-slice", "With margin 0 your slice ends at `-0`, which is the start: you compare "
        "nothing, and nothing equals nothing. Count the end from the width.",
        right=lambda shift, margin, width: -margin),
)
# fmt: on

# fmt: off
ROWS = (
    slip("rows-left-out", f"You leave out rows at the top and at the bottom as well. {_ROWS}",
        rows=lambda margin: slice(margin, -margin or None)),
    slip("first-row-only", f"You compare the first row alone. {_ROWS}",
        rows=lambda margin: slice(1)),
    slip("middle-row-only", f"You compare a single row. {_ROWS}", rows=lambda margin: slice(3, 4)),
    slip("last-row-only", f"You compare the last row alone. {_ROWS}",
        rows=lambda margin: slice(-1, None)),
)
# fmt: on

# fmt: off
WAYS = (
    slip("invariance", "You ask whether the feature map stays the same. That is invariance. Here "
        "it has to move along with the image.",
        second=lambda layer, image, moved, shift: layer(image)),
    slip("other-way", "You push the image one way and the feature map the other.",
        second=lambda layer, image, moved, shift: moved(layer(image), -shift)),
    slip("downwards", "You shift downwards, so you never see a layer that treats columns "
        "differently. Axis 1 runs to the right.",
        moved=lambda image, shift: torch.roll(image, shift, dims=0)),
    slip("to-the-left", "You push to the left: a positive `shift` goes to the right.",
        moved=lambda image, shift: torch.roll(image, -shift, dims=1)),
    slip("shifted-by-one", "You always shift by one column, whatever `shift` says.",
        moved=lambda image, shift: torch.roll(image, 1, dims=1)),
    slip("same-side-twice", "No layer fails your test, not even a dense one. Do you compare a "
        "result with itself? One side shifts before the layer, the other after it. Or do you see "
        "the difference and raise no AssertionError?",
        second=lambda layer, image, moved, shift: layer(moved(image, shift))),
    slip("layer-left-out", "One side is the picture itself, shifted. It goes through the layer "
        "first, and is shifted then.",
        second=lambda layer, image, moved, shift: moved(image, shift)),
    slip("image-not-shifted", "One side never shifts: the layer sees the picture as it was.",
        first=lambda layer, image, moved, shift: layer(image)),
)
# fmt: on

# fmt: off
COMPARED = (
    slip("one-equal-number", f"One equal number is enough for your test. {_ALL}",
        same=lambda a, b: (a == b).any()),
    slip("sums-compared", f"Your differences cancel when they are added. {_ALL}",
        same=lambda a, b: (a - b).sum().abs() < 1e-4),
    slip("means-compared", f"Two maps with the same mean can differ everywhere. {_ALL}",
        same=lambda a, b: (a.mean() - b.mean()).abs() < 0.1),
    slip("mean-difference", f"Small differences drown in your mean. {_ALL}",
        same=lambda a, b: (a - b).abs().mean() < 0.05),
    slip("one-sided", "A layer that answers too little slips through: its differences are "
        "negative, and none of them is large. Take `.abs()` before the largest.",
        same=lambda a, b: not a.numel() or (a - b).max() < 1e-4),
    slip("largest-compared", "You compare only the largest numbers. The rest of the map may be "
        f"anything. {_ALL}", same=lambda a, b: not a.numel() or a.max() == b.max()),
    slip("too-tolerant", "Your tolerance lets differences of 0.4 through. Whole numbers come out "
        "equal; leave room for rounding only.",
        same=lambda a, b: torch.allclose(a, b, rtol=0, atol=1.0)),
    slip("somewhat-tolerant", "Your tolerance lets a difference of 0.01 through. Leave room for "
        "rounding only.", same=lambda a, b: torch.allclose(a, b, rtol=0, atol=0.1)),
)
# fmt: on

# fmt: off
VERDICTS = (
    slip("returns-not-asserts", "Your test knows the answer and keeps quiet: it returns False. A "
        "test fails by raising AssertionError, which is what `assert` does.", verdict=None),
    slip("upside-down", "Your test fails the layers that keep the promise and passes those that "
        "break it. `assert` wants what ought to be true.", verdict=lambda same: not same),
    slip("fails-always", "Your test fails every layer, the honest ones too. Try it on a "
        "convolution by hand and print both sides.", verdict=lambda same: False),
)
# fmt: on

EXERCISE = Exercise(
    name="04.equivariance",
    title="A test that can fail",
    difficulty=3,
    minutes=7,
    solution=assert_equivariant,
    walk=walk,
    observe=observe,
    why="It passes the layers that use one rule in every place and fails those that do not. "
    "What the borders do is left out, on both sides.",
    hints=(
        "Two ways lead to a shifted feature map: shift the image and apply the layer, or apply "
        "the layer and shift the feature map. Compute both and compare.",
        "`torch.roll(image, shift, dims=1)` pushes to the right; what leaves at the right "
        "comes in at the left. These `shift` columns are wrong on purpose: leave them out.",
        "An output number up to `margin` columns beside a wrong column is wrong as well, and "
        "so is one up to `margin` columns from the padding at the right end.",
        "`a = layer(torch.roll(image, shift, dims=1))` and `b = torch.roll(layer(image), shift, "
        "dims=1)`; columns `shift + margin` up to (not including) `image.shape[1] - margin` are "
        "safe. One line is left, an `assert torch.allclose(...)` of both, cut to the safe columns.",
    ),
    cases=(
        case("a convolution", 1, 0),
        _parts("columns", 3, 1, 40),
        _parts("columns", 2, 2, 41),
        _parts("columns", 1, 0, 42),
        _parts("rows", 2, 1, 43),
        _parts("single numbers", 2, 1, 44),
        _parts("pairs of numbers", 2, 1, 45),
        *(case(name, 1 + seed % 3, seed) for seed, name in enumerate(LAYERS)),
        case(TWICE, 1, 20),  # it keeps the promise at even shifts only
        case(TWICE, 2, 21),
        striped("a convolution", 4, 2),  # to the left or to the right is the same here
        striped("a picture made brighter to the right", 1, 1),  # the picture stays as it was
        black([0, -1], 1),  # these tell apart which columns a test leaves out
        black([0, -1], 3),
        black([-2], 2),
    ),
    slips=(*COLUMNS, *ROWS, *WAYS, *COMPARED, *VERDICTS),
)
