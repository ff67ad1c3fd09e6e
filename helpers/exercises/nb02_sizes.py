"""What learners get wrong about sizes in notebook 02, as functions that get it wrong."""

import math

from helpers.exercises import Mistake


def _room(n, kernel, stride=1, padding=0, dilation=1):
    """Pixels that are left over behind the first placement of the kernel."""
    return n + 2 * padding - dilation * (kernel - 1) - 1


def _size(formula):
    """Give a formula of (n, kernel, stride, padding, dilation) the defaults of output_size."""

    def wrong(n, kernel, stride=1, padding=0, dilation=1):
        return formula(n, kernel, stride, padding, dilation)

    return wrong


OUTPUT_SIZE = (
    Mistake(
        "no-floor",
        _size(lambda n, k, s, p, d: _room(n, k, s, p, d) / s + 1),
        "A kernel cannot lie in half a place. The last step is either possible or it is not: "
        "count whole steps only.",
    ),
    Mistake(
        "plus-one-missing",
        _size(lambda n, k, s, p, d: _room(n, k, s, p, d) // s),
        "You counted the steps, not the places. Three steps lead through four places: the one "
        "where the kernel starts counts too.",
    ),
    Mistake(
        "plus-one-inside",
        _size(lambda n, k, s, p, d: (_room(n, k, s, p, d) + 1) // s),
        "The first place is divided by the stride here, although it costs no step. Count it "
        "after the division.",
    ),
    Mistake(
        "padding-once",
        _size(
            lambda n, k, s, p, d: (
                _room(n, k, s, p, d) // s + 1 if not p else (_room(n, k, s, 0, d) + p) // s + 1
            )
        ),
        "Padding is given per side. An axis has two ends, so it grows by twice the padding.",
    ),
    Mistake(
        "padding-ignored",
        _size(lambda n, k, s, p, d: _room(n, k, s, 0, d) // s + 1),
        "The padding changes nothing in your answer. The kernel slides over the padded row: "
        "how long is that one?",
    ),
    Mistake(
        "padding-subtracted",
        _size(lambda n, k, s, p, d: _room(n, k, s, -p, d) // s + 1),
        "Padding makes the row longer, so the kernel finds more places, not fewer.",
    ),
    Mistake(
        "ceil",
        _size(lambda n, k, s, p, d: math.ceil(_room(n, k, s, p, d) / s) + 1),
        "Your last window hangs over the end of the row. A step that does not fit is not "
        "taken: round down.",
    ),
    Mistake(
        "round",
        _size(lambda n, k, s, p, d: round(_room(n, k, s, p, d) / s) + 1),
        "Rounding to the nearest number sometimes takes a step that does not fit. Nearly "
        "a whole step is no step: round down.",
    ),
    Mistake(
        "round-half-up",
        _size(lambda n, k, s, p, d: int(_room(n, k, s, p, d) / s + 0.5) + 1),
        "Half a step and more is rounded up here, and that window hangs over the end. "
        "Only whole steps count.",
    ),
    Mistake(
        "terms-floored",
        _size(lambda n, k, s, p, d: n // s + 2 * p // s - (d * (k - 1) + 1) // s + 1),
        "Each term is divided and rounded by itself, and the lost fractions add up. First "
        "work out all the room there is, then divide once.",
    ),
    Mistake(
        "stride-ignored",
        _size(lambda n, k, s, p, d: _room(n, k, s, p, d) + 1),
        "The stride changes nothing in your answer. With stride 2 every second place is left out.",
    ),
    Mistake(
        "stride-multiplied",
        _size(lambda n, k, s, p, d: _room(n, k, s, p, d) * s + 1),
        "Longer steps mean fewer places. How many steps of that length fit into the room?",
    ),
    Mistake(
        "kernel-omitted",
        _size(lambda n, k, s, p, d: (n + 2 * p - 1) // s + 1),
        "You let the kernel start at every pixel. Near the end it needs room for all of its "
        "own pixels.",
    ),
    Mistake(
        "kernel-taken-as-odd",
        _size(lambda n, k, s, p, d: (n + 2 * p - 2 * d * (k // 2) - 1) // s + 1),
        "You take half a kernel off each end. That is right for odd kernels; a kernel of 4 "
        "has no middle pixel and two unequal halves.",
    ),
    Mistake(
        "dilation-ignored",
        _size(lambda n, k, s, p, d: _room(n, k, s, p, 1) // s + 1),
        "The dilation changes nothing in your answer. Draw a kernel of 3 with dilation 2: "
        "from its first pixel to its last, how many does it reach over?",
    ),
    Mistake(
        "dilation-times-kernel",
        _size(lambda n, k, s, p, d: (n + 2 * p - d * k) // s + 1),
        "Dilation stretches the gaps between kernel pixels, not the pixels. A kernel of 3 "
        "has only two gaps.",
    ),
    Mistake(
        "reach-one-too-long",
        _size(lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) + 1) // s + 1),
        "A bracket is lost: the whole reach, d(k - 1) + 1, is taken away from the row, its + 1 "
        "as well.",
    ),
    Mistake(
        "reach-one-too-short",
        _size(lambda n, k, s, p, d: (n + 2 * p - d * (k - 1)) // s + 1),
        "Your kernel reaches one pixel too little. From its first pixel to its last it takes "
        "d(k - 1) steps, and the first pixel counts too.",
    ),
    Mistake(
        "dilation-added-once",
        _size(lambda n, k, s, p, d: (n + 2 * p - k - (d - 1)) // s + 1),
        "You widened one gap of the kernel. Dilation widens every gap, and there are as many "
        "as kernel pixels less one.",
    ),
    Mistake(
        "same-formula",
        _size(lambda n, k, s, p, d: math.ceil(n / s)),
        "This is the size under 'same' padding, where the padding is chosen to fit. Here "
        "the padding is given.",
    ),
    Mistake(
        "always-n",
        _size(lambda n, k, s, p, d: n),
        "The output is as long as the input only for one fitting choice of padding. Count "
        "the places for 7 pixels, kernel 3, no padding.",
    ),
)


def _without_dilation(mistake):
    """The same mistake in the formula of most textbooks, which has no dilation."""

    def wrong(n, kernel, stride=1, padding=0, dilation=1):
        return mistake.wrong(n, kernel, stride, padding)

    message = f"{mistake.message} (Dilation changes nothing in your answer either.)"
    return Mistake(f"{mistake.key}, no dilation", wrong, message)


_DILATION_IS_FREE = {"kernel-omitted", "same-formula", "always-n"}
OUTPUT_SIZE += tuple(
    _without_dilation(mistake)
    for mistake in OUTPUT_SIZE
    if mistake.key not in _DILATION_IS_FREE and not mistake.key.startswith("dilation")
)


SAME_PADDING = (
    Mistake(
        "total",
        lambda kernel, dilation=1: dilation * (kernel - 1),
        "This is what both ends need together. Padding is given per side.",
    ),
    Mistake(
        "total-no-dilation",
        lambda kernel, dilation=1: kernel - 1,
        "This is what both ends need together, and without dilation. Give it per side, and "
        "let the dilation stretch it.",
    ),
    Mistake(
        "dilation-ignored",
        lambda kernel, dilation=1: (kernel - 1) // 2,
        "Right as long as dilation is 1. A dilated kernel reaches further on both sides of "
        "its middle pixel.",
    ),
    Mistake(
        "half-rounded-up",
        lambda kernel, dilation=1: dilation * (kernel + 1) // 2,
        "One too many on each side: the middle pixel of the kernel lies on the image and "
        "needs no padding.",
    ),
    Mistake(
        "dilation-times-kernel",
        lambda kernel, dilation=1: dilation * kernel // 2,
        "Dilation stretches the gaps between kernel pixels. Between the middle pixel and the "
        "last one, how many gaps are there?",
    ),
    Mistake(
        "dilation-added",
        lambda kernel, dilation=1: (kernel - 1) // 2 + dilation - 1,
        "You widened one gap on each side. From the middle of a kernel of 5 to its end there "
        "are two gaps, and dilation widens both.",
    ),
    Mistake(
        "always-one",
        lambda kernel, dilation=1: 1,
        "One pixel per side is right for a plain kernel of 3. A wider kernel loses more "
        "places at each end.",
    ),
)
