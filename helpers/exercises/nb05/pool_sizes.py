"""05.pool_sizes: the formula of notebook 02 once more, with what is special about pooling."""

import math

from helpers.exercises import Exercise, slip

_LAST = "7x7 with 128 channels, k=2, p=1, flattened"


def sizes(
    *, default=lambda k: k, own_stride=True, sides=2, kernel=1, first=1,
    floor=math.floor, ceil=math.ceil, lab=False,
):  # fmt: skip
    """The six answers; where `lab`, the last line is that of the lab, whatever the others are."""

    def size(n, k, s=None, p=0, rounding=floor):
        s = s if s and own_stride else default(k)
        return rounding((n + sides * p - kernel * k) / s) + first

    return {
        "7, k=2": size(7, 2),
        "7, k=3, s=1": size(7, 3, 1),
        "7, k=2, ceil_mode=True": size(7, 2, rounding=ceil),
        "7, k=2, p=1": size(7, 2, p=1),
        "14, k=2, p=1": size(14, 2, p=1),
        _LAST: (4 if lab else size(7, 2, p=1)) ** 2 * 128,
    }


def _line(key, name, value, message):
    """A slip in one line alone."""
    return slip(key, message, after=lambda answers: answers | {name: value})


_ROUND = (
    "Rounded down unless `ceil_mode=True` is asked for: a window that does not fit is left out."
)
_OWN = "That is stride 1. Where none is given, a pooling window moves on by its own length."
_HALF = f"There is no half of a place. {_ROUND}"
_BARE = "The padding is left out. Padding 1 makes 7 pixels into 9 and 14 into 16."
_TWISTS = {
    "rounded-up": (_ROUND, {"floor": math.ceil}),
    "not-rounded": (_HALF, {"floor": lambda x: x}),
    "ceil-rounded-down": (
        "`ceil_mode=True` lets the last window hang over the end, if it begins on a pixel.",
        {"ceil": math.floor},
    ),
    "stride-one": (
        "These are counts for stride 1. Where no stride is given, a pooling window moves on by "
        "its own length.",
        {"default": lambda k: 1},
    ),
    "stride-overruled": (
        "The second layer has a stride of its own. The kernel stands in for it only where none is "
        "given.",
        {"own_stride": False},
    ),
    "plus-one-missing": (
        "The first window is there before any step is taken: count the steps, then add one.",
        {"first": 0},
    ),
    "kernel-not-subtracted": (
        "The last window begins k pixels before the end, not on the last pixel: subtract k before "
        "you divide by the stride.",
        {"kernel": 0},
    ),
    "padding-total": (
        "Padding 1 is one pixel at each end: 14 pixels become 16, not 15 and not 14.",
        {"sides": 1},
    ),
    "padding-ignored": (_BARE, {"sides": 0}),
    "padding-twice": (
        "Padding 1 adds two pixels to an axis, one at each end. Your counts have four.",
        {"sides": 4},
    ),
}
_FLATTENED = {
    4 * 4: "16 numbers are one channel. Pooling leaves all 128 channels as they are.",
    4 * 128: "512 has columns and channels, but one row only.",
    7 * 7 * 128: "6272 is what goes into the pooling. Flattened is what comes out.",
    3 * 3 * 128: "1152 is 3*3*128. It has padding 1, as the fourth line has.",
}

EXERCISE = Exercise(
    name="05.pool_sizes",
    title="Sizes after pooling",
    difficulty=1,
    minutes=3,
    stub="# Pixels along one axis after the layer; in the last line: how many numbers in all\n"
    "pool_sizes = {\n" + "".join(f'    "{name}": TODO,\n' for name in sizes()) + "}",
    solution="""pool_sizes = {
    "7, k=2": (7 - 2) // 2 + 1,
    "7, k=3, s=1": (7 - 3) // 1 + 1,
    "7, k=2, ceil_mode=True": -(-(7 - 2) // 2) + 1,
    "7, k=2, p=1": (7 + 2 * 1 - 2) // 2 + 1,
    "14, k=2, p=1": (14 + 2 * 1 - 2) // 2 + 1,
    "7x7 with 128 channels, k=2, p=1, flattened": 4 * 4 * 128,
}""",
    walk=sizes,
    why="It is the formula of notebook 02 with the kernel in place of a stride that is not given. "
    "7 pixels with padding 1 give 4, so that 128 channels give 4*4*128 = 2048 numbers.",
    hints=(
        "Which stride does a pooling layer have if nobody gives one?",
        "Draw the seven pixels and push the window by hand. What is left at the end? Only "
        "`ceil_mode=True` lets a window hang over.",
        "The first line is `(7 - 2) // 2 + 1`; the second has 1 for the stride, the third rounds "
        "5/2 up, and padding adds `2 * 1` to the pixels. In the last line count rows, columns and "
        "channels: does pooling change the number of channels?",
    ),
    slips=(
        *(slip(key, text, **twist) for key, (text, twist) in _TWISTS.items()),
        *(slip(f"{key}-above", text, lab=True, **twist) for key, (text, twist) in _TWISTS.items()),
        _line("padding-ignored-once", "7, k=2, p=1", 3, _BARE),
        _line("rounded-up-once", "7, k=2, p=1", 5, _ROUND),
        _line("not-rounded-padded", "7, k=2, p=1", 4.5, _HALF),
        _line("not-rounded-once", "7, k=2", 3.5, _HALF),
        _line("stride-one-once", "7, k=2", 6, _OWN),
        _line(
            "last-shape",
            _LAST,
            (128, 4, 4),
            "The last line is a shape. Asked for is how many numbers there are in all.",
        ),
        *(_line(f"last-{n}", _LAST, n, f"The last line: {why}") for n, why in _FLATTENED.items()),
    ),
)
