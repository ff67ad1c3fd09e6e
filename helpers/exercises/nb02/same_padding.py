"""02.same_padding: half of the places that get lost, on each side."""

from helpers.exercises import Exercise, slip


def same_padding(kernel, dilation=1):
    """Padding per side, an int, that keeps the size at stride 1, for an odd kernel."""
    return dilation * (kernel - 1) // 2


def per_side(
    kernel,
    dilation=1,
    *,
    gaps=lambda k: k - 1,
    spread=lambda gaps, d: gaps * d,
    less=0,
    share=lambda lost: lost // 2,
    more=lambda d: 0,
):
    """Lost places = spread(gaps) - less; a share of them on each side, and `more`."""
    return share(spread(gaps(kernel), dilation) - less) + more(dilation)


def whole(lost):
    return lost


_MANY = (
    "One too many on each side: the middle pixel of the kernel lies on the image and needs no "
    "padding."
)
_GAPS = (
    "Dilation stretches the gaps between kernel pixels. Between the middle pixel and the last one, "
    "how many gaps are there?"
)
_WIDENED = (
    "One gap on each side is widened. From the middle of a kernel of 5 to its end there are two "
    "gaps, and dilation widens both."
)
_THREE = (
    "That is right for a kernel of 3 only. A wider kernel loses more places at each end: how many "
    "pixels lie between its middle and its end?"
)
_DEFAULT = "Without a dilation the answer is that for dilation 1, as in the stub."

SLIPS = (
    slip("total", "This is what both ends need together. Padding is given per side.", share=whole),
    slip(
        "dilation-ignored",
        "Right as long as dilation is 1. A dilated kernel reaches further on both sides of its "
        "middle pixel.",
        spread=lambda gaps, d: gaps,
    ),
    slip("half-rounded-up", _MANY, gaps=lambda k: k + 1),
    slip("one-too-many", _MANY, more=lambda d: 1),
    slip(
        "one-too-few",
        "One too few on each side: a kernel of 3 loses two places, one at each end.",
        more=lambda d: -1,
    ),
    slip("dilation-times-kernel", _GAPS, gaps=lambda k: k),
    slip("bracket-missing", _GAPS, gaps=lambda k: k, less=1),
    slip("dilation-added", _WIDENED, spread=lambda gaps, d: gaps, more=lambda d: d - 1),
    slip("dilation-added-whole", _WIDENED, spread=lambda gaps, d: gaps, more=lambda d: d),
    slip(
        "dilation-as-unread-pixels",
        "Dilation 1 leaves the kernel as it is; dilation 2 puts one unread pixel into each gap. "
        "You put in as many as the dilation says.",
        spread=lambda gaps, d: gaps * (d + 1),
    ),
    slip(
        "division-first",
        "`//` binds tighter than `-`: in `kernel - 1 // 2` only the 1 is divided. Put the "
        "difference in brackets.",
        gaps=lambda k: k,
        share=whole,
    ),
    slip(
        "dilation-halved-first",
        "The dilation is halved and rounded before it is multiplied, and half a dilation is lost. "
        "Multiply first, then halve.",
        spread=lambda gaps, d: gaps * (d // 2) * 2,
    ),
    slip(
        "half-a-pixel",
        "Half a pixel cannot be padded. Take the middle pixel of the kernel out before you halve "
        "the rest.",
        gaps=lambda k: k,
        share=lambda lost: lost / 2,
    ),
    slip(
        "quarter",
        "Half of what one side needs. Halve the lost places once.",
        share=lambda lost: lost // 4,
    ),
    slip("always-three", _THREE, gaps=lambda k: 2),
    slip("always-one", _THREE, gaps=lambda k: 2, spread=lambda gaps, d: gaps),
    slip(
        "negative",
        "The amount is right, its sign is not: padding gives back what is lost.",
        after=lambda value: -value,
    ),
    slip(
        "the-word-same",
        '`"same"` leaves the work to torch. Here the number behind the word is asked.',
        wrong=lambda kernel, dilation=1: "same",
    ),
    slip("default-dilation", _DEFAULT, before=lambda kernel, dilation=2: (kernel, dilation)),
    slip("no-dilation", _DEFAULT, before=lambda kernel, dilation=0: (kernel, dilation)),
)

EXERCISE = Exercise(
    name="02.same_padding",
    title="The padding that keeps the size",
    difficulty=1,
    minutes=3,
    solution=same_padding,
    walk=per_side,
    why="Without padding, `dilation * (kernel - 1)` places are lost; half of them are given back "
    "at each end. For an odd kernel the half is a whole number.",
    hints=(
        "With stride 1 and no padding, how many places are lost? Subtract the output size from n.",
        "Each pixel of padding on one side gives one place back. Both sides are padded.",
        "Lost places: `dilation * (kernel - 1)`. How much of that falls on each side?",
    ),
    cases=((3,), (5,), (9,), (3, 2), (7, 2), (5, 3), (3, 3), (7, 4), (1, 4)),
    exact=(
        "int",
        "Padding is a whole number of pixels, an `int`: halve with `//`, which gives one.",
    ),
    slips=SLIPS,
)
