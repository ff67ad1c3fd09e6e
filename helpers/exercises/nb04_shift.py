"""Tests of shift equivariance that are blind or too strict, as learners write them."""

import torch

from helpers.exercises import Mistake


def _inside(image, shift, margin):
    return slice(shift + margin, image.shape[1] - margin)


def _pair(layer, image, shift):
    return layer(torch.roll(image, shift, 1)), torch.roll(layer(image), shift, 1)


def _compare(layer, image, shift, columns):
    first, second = _pair(layer, image, shift)
    assert torch.equal(first[:, columns], second[:, columns])


def _nothing_left_out(layer, image, shift, margin):
    _compare(layer, image, shift, slice(None))


def _only_the_margin(layer, image, shift, margin):
    _compare(layer, image, shift, slice(margin, image.shape[1] - margin))


def _only_the_margin_by_minus(layer, image, shift, margin):
    _compare(layer, image, shift, slice(margin, -margin))


def _shift_left_out_twice(layer, image, shift, margin):
    _compare(layer, image, shift, slice(shift + margin, image.shape[1] - margin - shift))


def _margin_left_out_twice(layer, image, shift, margin):
    _compare(layer, image, shift, slice(shift + 2 * margin, image.shape[1] - margin))


def _only_the_shift(layer, image, shift, margin):
    _compare(layer, image, shift, slice(shift, None))


def _right_end_forgotten(layer, image, shift, margin):
    _compare(layer, image, shift, slice(shift + margin, None))


def _empty_slice(layer, image, shift, margin):
    _compare(layer, image, shift, slice(shift + margin, -margin))


def _invariance(layer, image, shift, margin):
    columns = _inside(image, shift, margin)
    assert torch.equal(layer(torch.roll(image, shift, 1))[:, columns], layer(image)[:, columns])


def _other_way(layer, image, shift, margin):
    columns = _inside(image, shift, margin)
    first, second = layer(torch.roll(image, shift, 1)), torch.roll(layer(image), -shift, 1)
    assert torch.equal(first[:, columns], second[:, columns])


def _downwards(layer, image, shift, margin):
    first, second = layer(torch.roll(image, shift, 0)), torch.roll(layer(image), shift, 0)
    rows = slice(shift + margin, image.shape[0] - margin)
    assert torch.equal(first[rows], second[rows])


def _same_side_twice(layer, image, shift, margin):
    moved = torch.roll(image, shift, 1)
    assert torch.equal(layer(moved), layer(moved))


def _one_equal(layer, image, shift, margin):
    columns = _inside(image, shift, margin)
    first, second = _pair(layer, image, shift)
    assert (first[:, columns] == second[:, columns]).any()


def _sums(layer, image, shift, margin):
    columns = _inside(image, shift, margin)
    first, second = _pair(layer, image, shift)
    assert (first - second)[:, columns].sum().abs() < 1e-4


def _one_sided(layer, image, shift, margin):
    columns = _inside(image, shift, margin)
    first, second = _pair(layer, image, shift)
    assert (first - second)[:, columns].max() < 1e-4


def _largest(layer, image, shift, margin):
    columns = _inside(image, shift, margin)
    first, second = _pair(layer, image, shift)
    assert first[:, columns].max() == second[:, columns].max()


def _returns(layer, image, shift, margin):
    columns = _inside(image, shift, margin)
    first, second = _pair(layer, image, shift)
    return torch.equal(first[:, columns], second[:, columns])


def _fails_always(layer, image, shift, margin):
    raise AssertionError


EQUIVARIANCE = (
    Mistake(
        "returns-not-asserts",
        _returns,
        "Your test knows the answer and keeps quiet: it returns False. A test fails by raising "
        "AssertionError, which is what `assert` does.",
    ),
    Mistake(
        "nothing-left-out",
        _nothing_left_out,
        "Your test fails honest convolutions. At the borders they cannot keep the promise: one "
        "side sees padding where the other sees pixels. Leave those columns out.",
    ),
    Mistake(
        "only-margin-left-out",
        _only_the_margin,
        "You leave out the padding but not what was pushed in. At the left, `shift` columns "
        "hold pixels that were never there, and a kernel reaches `margin` further.",
    ),
    Mistake(
        "only-margin-by-minus",
        _only_the_margin_by_minus,
        "You leave out the padding but not what was pushed in, `shift` columns at the left. And "
        "with margin 0 a slice to `-margin` is empty: count the end from the width.",
    ),
    Mistake(
        "shift-left-out-twice",
        _shift_left_out_twice,
        "You leave out too much, and a broken column at the right slips through. Pixels are "
        "pushed in at the left only; at the right end no more than `margin` columns are in doubt.",
    ),
    Mistake(
        "margin-left-out-twice",
        _margin_left_out_twice,
        "You leave out too much, and a broken column at the left slips through. Behind the "
        "columns that were pushed in, no more than `margin` are in doubt.",
    ),
    Mistake(
        "only-shift-left-out",
        _only_the_shift,
        "You leave out the columns that were pushed in, but a kernel reaches `margin` columns "
        "further, and at the right it reads the padding.",
    ),
    Mistake(
        "right-end-kept",
        _right_end_forgotten,
        "The left end is right. At the right end the last `margin` columns of one map read "
        "padding where the other read pixels that have since been pushed out.",
    ),
    Mistake(
        "empty-slice",
        _empty_slice,
        "With margin 0 your slice ends at `-0`, which is the start: you compare nothing, and "
        "nothing equals nothing. Count the end from the width.",
    ),
    Mistake(
        "invariance",
        _invariance,
        "You ask whether the feature map stays the same. That is invariance. Here it has to "
        "move along with the image.",
    ),
    Mistake(
        "other-way",
        _other_way,
        "You push the image one way and the feature map the other.",
    ),
    Mistake(
        "downwards",
        _downwards,
        "You shift downwards, so you never see a layer that treats columns differently. Axis 1 "
        "runs to the right.",
    ),
    Mistake(
        "same-side-twice",
        _same_side_twice,
        "No layer fails your test, not even a dense one. Do you compare a result with itself? One "
        "side shifts before the layer, the other after it. Or do you see the difference and raise "
        "no AssertionError?",
    ),
    Mistake(
        "one-equal-number",
        _one_equal,
        "One equal number is enough for your test. All of them must be equal.",
    ),
    Mistake(
        "sums-compared",
        _sums,
        "Your differences cancel when they are added. Compare number by number.",
    ),
    Mistake(
        "one-sided",
        _one_sided,
        "A layer that answers too little slips through: its differences are negative, and none of "
        "them is large. Take `.abs()` before the largest.",
    ),
    Mistake(
        "largest-compared",
        _largest,
        "You compare only the largest numbers. The rest of the map may be anything.",
    ),
    Mistake(
        "fails-always",
        _fails_always,
        "Your test fails every layer, the honest ones too. Try it on a convolution by hand and "
        "print both sides.",
    ),
)
