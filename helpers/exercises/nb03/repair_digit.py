"""03.repair_digit: one digit for a layer that wants a batch and a channel."""

from helpers.exercises import Exercise, slip
from helpers.exercises.nb03.calls import (
    FLOATS,
    LAYER,
    OUTPUT,
    call,
    stub,
    whole_layer,
    whole_pixels,
)
from helpers.exercises.slips import without


def call_digit(digit, conv):
    """digit (H, W), conv nn.Conv2d(1, C_out, k) -> (1, C_out, H', W')."""
    return conv(digit[None, None])


def walk(digit, conv, *, sides=lambda d: d, axes=lambda d: d[None, None], **twists):
    return call(sides(digit), conv, axes=axes, **twists)


_PLACE = "A layer reads N C H W: both new axes, batch and channel, stand before the digit's own."

# fmt: off
AXES = (
    slip("unbatched", "The batch is missing in what comes out. A batch of one is still a batch, "
        "and torch takes a single new axis for the channel.", axes=lambda d: d[None]),
    slip("axes-behind", _PLACE, axes=lambda d: d[:, :, None, None]),
    slip("axes-between", _PLACE, axes=lambda d: d[:, None, None]),
    slip("rows-as-channels", _PLACE, axes=lambda d: d[None, :, None]),
    slip("rows-as-samples", _PLACE, axes=lambda d: d[:, None]),
    slip("transposed", "The axes are all there, but your digit lies on its side. Height and width "
        "stay as they are.", sides=lambda d: d.T),
    slip("reshaped", "Height and width are exchanged in your `reshape`, so the rows are cut anew.",
        sides=lambda d: d.reshape(d.shape[::-1])),
    slip("always-28", "It runs for a picture of 28 by 28 only. Take height and width from the "
        "digit, or index with None, which asks for no size.",
        sides=lambda d: d.reshape(28, 28)),
)
# fmt: on

EXERCISE = Exercise(
    name="03.repair_digit",
    title="Repair a call: one digit",
    difficulty=1,
    minutes=2,
    stub=stub(call_digit, "digit, conv", "return conv(digit)"),
    solution=call_digit,
    walk=walk,
    why="Each None in the brackets makes an axis of length 1: a batch of one picture, and one "
    "channel.",
    hints=(
        "Which two of the four axes N C H W does the digit have?",
        "An index of None makes a new axis in front: `digit[None]` has shape (1, H, W). That is "
        "the channel; the batch needs one more.",
        "`one = digit[None]` is (1, H, W), and `one[None]` is (1, 1, H, W). One line is left: give "
        "it to the layer.",
    ),
    cases=(
        (whole_pixels(5, 6, seed=1), whole_layer(1, 2, 3, seed=2)),
        (whole_pixels(4, 4, seed=3), whole_layer(1, 4, 2, seed=4)),
        (whole_pixels(7, 3, seed=5), whole_layer(1, 3, (2, 3), seed=6)),
        (whole_pixels(3, 3, seed=7), whole_layer(1, 1, 1, seed=8)),
        (whole_pixels(1, 5, seed=9), whole_layer(1, 2, (1, 2), seed=10)),
        (whole_pixels(4, 1, seed=11), whole_layer(1, 2, 1, seed=12)),
        (whole_pixels(28, 28, seed=13), whole_layer(1, 1, 25, seed=14)),
    ),
    slips=(*AXES, *LAYER, *FLOATS, *without(OUTPUT, "batch-lost")),
)
