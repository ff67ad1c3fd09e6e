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
    more=0,
):
    """Lost places = spread(gaps) - less; a share of them on each side, and `more`."""
    return share(spread(gaps(kernel), dilation) - less) + more


_MANY = (
    "One too many on each side: the middle pixel of the kernel lies on the image and needs no "
    "padding."
)
_GAPS = (
    "Dilation stretches the gaps between kernel pixels. Between the middle pixel and the last one, "
    "how many gaps are there?"
)
_WIDENED = (
    "Dilation widens every gap, not one of them. From the middle of a kernel of 5 to its end there "
    "are two."
)

# fmt: off
SLIPS = (
    slip("total", "This is what both ends need together. Padding is given per side.",
        share=lambda lost: lost),
    slip("dilation-ignored", "Right as long as dilation is 1. A dilated kernel reaches further on "
        "both sides of its middle pixel.", spread=lambda gaps, d: gaps),
    slip("half-rounded-up", _MANY, gaps=lambda k: k + 1),
    slip("one-too-many", _MANY, more=1),
    slip("one-too-few", "One too few on each side: a kernel of 3 loses two places, one at each "
        "end.", more=-1),
    slip("dilation-times-kernel", _GAPS, gaps=lambda k: k),
    slip("bracket-missing", _GAPS, gaps=lambda k: k, less=1),
    slip("dilation-added", _WIDENED, spread=lambda gaps, d: gaps + 2 * (d - 1)),
    slip("dilation-added-whole", _WIDENED, spread=lambda gaps, d: gaps + 2 * d),
    slip("dilation-added-to-the-reach", _WIDENED, spread=lambda gaps, d: gaps + d - 1),
    slip("dilation-divides", "Dilation makes the kernel wider, so that more padding is due, not "
        "less.", spread=lambda gaps, d: gaps // d),
    slip("division-first", "`//` binds tighter than `-`: in `kernel - 1 // 2` only the 1 is "
        "divided. Put the difference in brackets.", gaps=lambda k: k, share=lambda lost: lost),
    slip("half-a-pixel", "Half a pixel cannot be padded. Take the middle pixel of the kernel out "
        "before you halve the rest.", gaps=lambda k: k, share=lambda lost: lost / 2),
    slip("always-three", "That is right for a kernel of 3 only. A wider kernel loses more places "
        "at each end: how many pixels lie between its middle and its end?", gaps=lambda k: 2),
    slip("both-sides", "The padding of one side is asked, one number.",
        after=lambda value: (value, value)),
)
# fmt: on

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
