"""02.output_size: the formula term by term; the size explorer asks these slips, too."""

import math

from helpers.exercises import Exercise, slip


def output_size(n, kernel, stride=1, padding=0, dilation=1):
    """Number of places, an int, for a kernel along an axis of n pixels (it fits)."""
    reach = dilation * (kernel - 1) + 1
    room = n + 2 * padding - reach
    return room // stride + 1


def at_once(row, reach, step, whole):
    return whole((row - reach) / step)


def places(
    n,
    kernel,
    stride=1,
    padding=0,
    dilation=1,
    *,
    pad=lambda p: 2 * p,
    gaps=lambda k: k - 1,
    spread=lambda gaps, d: gaps * d,
    first=1,
    inside=0,
    step=lambda s: s,
    divide=at_once,
    whole=math.floor,
    one=1,
    late=lambda p: 0,
):
    """The formula: row = n + pad, reach = spread(gaps) + first, steps = divide(...), steps + one.

    inside is added before the division, late(padding) after it.
    """
    row, reach = n + pad(padding) + inside, spread(gaps(kernel), dilation) + first
    return divide(row, reach, step(stride), whole) + one + late(padding)


_ROUND = (
    "Rounding to the nearest number sometimes takes a step that does not fit. Nearly a whole "
    "step is no step: round down."
)
_ORDER = (
    "The arguments are taken in another order than in the stub: `n, kernel, stride, padding, "
    "dilation`."
)

# fmt: off
SLIPS = (
    slip("no-floor", "A kernel cannot lie in half a place. The last step is either possible or it "
        "is not: count whole steps only.", whole=lambda number: number),
    slip("plus-one-missing", "These are the steps, not the places. Three steps lead through four "
        "places: the one where the kernel starts counts too.", one=0),
    slip("plus-one-inside", "The first place is divided by the stride here, although it costs no "
        "step. Count it after the division.", inside=1, one=0),
    slip("ceil", "Your last window hangs over the end of the row. A step that does not fit is not "
        "taken: round down.", whole=math.ceil),
    slip("round", _ROUND, whole=round),
    slip("round-at-the-end", _ROUND, whole=lambda number: round(number + 1) - 1),
    slip("padding-once", "Padding is given per side. An axis has two ends, so it grows by twice "
        "the padding.", pad=lambda p: p),
    slip("padding-ignored", "The padding changes nothing in your answer. The kernel slides over "
        "the padded row: how long is that one?", pad=lambda p: 0),
    slip("padding-subtracted", "Padding makes the row longer, so the kernel finds more places, not "
        "fewer.", pad=lambda p: -2 * p),
    slip("padding-after-the-division", "The padding is added after the division, as if each "
        "padded pixel were a place. It makes the row longer, before the room is divided by the "
        "stride.", pad=lambda p: 0, late=lambda p: 2 * p),
    slip("terms-floored", "Each term is divided and rounded by itself, and the lost fractions add "
        "up. First work out all the room there is, then divide once.",
        divide=lambda row, reach, step, whole: whole(row / step) - whole(reach / step)),
    slip("only-the-reach-divided", "`//` binds tighter than `+` and `-`: only the last term is "
        "divided by the stride. Put the whole room in brackets.",
        divide=lambda row, reach, step, whole: row - reach // step),
    slip("stride-ignored", "The stride changes nothing in your answer. With stride 2 every second "
        "place is left out.", step=lambda s: 1),
    slip("stride-multiplied", "Longer steps mean fewer places. How many steps of that length fit "
        "into the room?", step=lambda s: 1 / s),
    slip("kernel-omitted", "You count every start, also those near the end where the kernel does "
        "not fit: it needs room for all of its own pixels.", gaps=lambda k: 0),
    slip("kernel-taken-as-odd", "Half a kernel is taken off each end. That is right for odd "
        "kernels; a kernel of 4 has no middle pixel and two unequal halves.",
        gaps=lambda k: 2 * (k // 2)),
    slip("dilation-ignored", "The dilation changes nothing in your answer. Draw a kernel of 3 with "
        "dilation 2: from its first pixel to its last, how many does it reach over?",
        spread=lambda gaps, d: gaps),
    slip("dilation-times-kernel", "Dilation stretches the gaps between kernel pixels, not the "
        "pixels. A kernel of 3 has only two gaps.", gaps=lambda k: k, first=0),
    slip("dilation-added-once", "One gap of the kernel is widened. Dilation widens every gap, and "
        "there are as many as kernel pixels less one.", spread=lambda gaps, d: gaps + d - 1),
    slip("dilation-as-unread-pixels", "Dilation 1 leaves the kernel as it is; dilation 2 puts one "
        "unread pixel into each gap. You put in as many as the dilation says.",
        spread=lambda gaps, d: gaps * (d + 1)),
    slip("dilation-on-the-image", "The pixels of the image are pulled apart. Dilation pulls those "
        "of the kernel apart.",
        before=lambda n, k, s=1, p=0, d=1: (d * (n - 1) + 1, k, s, p, 1)),
    slip("reach-one-too-short", "There is a pixel too much room: from its first pixel to its last "
        "the kernel takes d(k - 1) steps, and the first pixel counts too. A + 1 both before and "
        "after the division comes to the same.", first=0),
    slip("reach-one-too-long", "There is a pixel too little room, so that a place is missing where "
        "the kernel fits exactly. A kernel of 3 on 5 pixels may start at 0, 1 and 2; `range(2)` "
        "ends at 1.", first=2),
    slip("default-stride", "Right where all five numbers are given; left out, stride is 1, padding "
        "0 and dilation 1, as in the stub.",
        before=lambda n, k, s=2, *more: (n, k, s, *more)),
    slip("stride-and-padding", _ORDER, before=lambda n, k, p=0, s=1, *more: (n, k, s, p, *more)),
    slip("kernel-first", _ORDER, before=lambda k, n, *more: (n, k, *more)),
    slip("same-formula", "This is the size under 'same' padding, where the padding is chosen to "
        "fit. Here the padding is given.",
        lambda n, kernel, stride=1, padding=0, dilation=1: math.ceil(n / stride)),
    slip("always-n", "The output is as long as the input only for one fitting choice of padding. "
        "Count the places for 7 pixels, kernel 3, no padding.",
        lambda n, kernel, stride=1, padding=0, dilation=1: n),
)
# fmt: on

EXERCISE = Exercise(
    name="02.output_size",
    title="The output size",
    difficulty=1,
    minutes=4,
    solution=output_size,
    walk=places,
    why="It counts as you did with a finger: the room left behind the first window, in whole "
    "steps, and one for the first window itself.",
    hints=(
        "Think of one row of pixels. How long is it once both its ends are padded?",
        "Over how many pixels does a kernel of 3 with dilation 2 reach? Three pixels have two "
        "gaps; count, then do it for any kernel and dilation.",
        "Put the first window at the left end. How many pixels are left to the right of it, and "
        "how many whole steps of `stride` fit into those?",
        "`reach = dilation * (kernel - 1) + 1`, then `room = n + 2 * padding - reach`. `room // "
        "stride` counts the steps, and there is one place more than there are steps.",
    ),
    cases=(
        (28, 3, 1, 0),
        (7, 3, 2, 0),
        (8, 3, 2, 0),
        (8, 3, 2, 1),
        (10, 3, 3, 2),
        (5, 5),
        (9, 3),
        (54, 3, 2),
        (32, 7, 4, 3),
        (28, 5, 1, 2),
        (11, 4, 3),
        (7, 2, 2, 1),
        (9, 3, 1, 0, 2),
        (14, 4, 2, 1, 3),
        (20, 3, 5, 4, 2),
    ),
    exact=("int", "A number of places is an `int`: divide by `//`, which gives one."),
    slips=SLIPS,
)
