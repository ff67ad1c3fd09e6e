"""03.repair_greys: a batch of grey pictures, whose channel is missing in the middle."""

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


def call_greys(greys, conv):
    """greys (N, H, W), conv nn.Conv2d(1, C_out, k) -> (N, C_out, H', W')."""
    return conv(greys[:, None])


def _all(greys):
    """Named as a twist by slips that make no sense once a single picture is left."""
    return greys


def walk(greys, conv, *, axes=lambda g: g[:, None], pick=_all, **twists):
    return call(pick(greys), conv, axes=axes, **twists)


# fmt: off
AXES = (
    slip("axis-in-front", "Your N pictures became the N channels of one picture, and the layer has "
        "one channel. The new axis belongs behind N.", axes=lambda g: g[None]),
    slip("no-axis", "torch reads three axes as C H W and takes your N pictures for N channels. "
        "Give each picture a channel.", axes=lambda g: g, pick=_all),
    slip("axis-behind", "Your channel stands last. In torch it stands right behind the batch: N C "
        "H W.", axes=lambda g: g[..., None]),
    slip("axis-between", "Your new axis stands between rows and columns, so the rows are taken for "
        "channels. It belongs right behind N.", axes=lambda g: g[:, :, None]),
    slip("one-tall-picture", "The pictures are glued into a single tall one. Windows then lie half "
        "on one picture and half on the next.", axes=lambda g: g.reshape(1, 1, -1, g.shape[2])),
    slip("transposed", "Your pictures lie on their sides. Height and width stay as they are.",
        axes=lambda g: g.transpose(1, 2)[:, None]),
    slip("reshaped", "Height and width are exchanged in your `reshape`, so the rows are cut anew.",
        axes=lambda g: g.reshape(-1, 1, g.shape[2], g.shape[1])),
    slip("always-28", "It runs for pictures of 28 by 28 only. Take height and width from `greys`, "
        "or index with None, which asks for no size.", axes=lambda g: g.reshape(-1, 1, 28, 28)),
    slip("first-picture-only", "The call runs because one picture is left. All N pictures should "
        "come out.", pick=lambda g: g[:1]),
    slip("last-picture-only", "Only the last picture comes out: each result replaces the one "
        "before it. All N pictures should come out.", pick=lambda g: g[-1:]),
    slip("pictures-added", "The pictures are added up. They are samples, not channels: each gets "
        "an output of its own.", pick=lambda g: g.sum(0, keepdim=True)),
    slip("pictures-averaged", "That is the mean of the pictures. They are samples: each gets an "
        "output of its own.", pick=lambda g: g.mean(0, keepdim=True)),
)

STACKED = (
    slip("batch-and-filters-in-one", "Pictures and filters share one axis. `stack` makes a new "
        "axis of a list, `cat` does not.", after=lambda output: output.flatten(0, 1), pick=_all),
    slip("joined-along-rows", "The results are joined into one tall map for each filter, and the "
        "batch is gone. `stack` makes a new axis of a list, `cat` does not.",
        after=lambda output: output.transpose(0, 1).flatten(1, 2), pick=_all),
    slip("axis-too-many", "There is one axis too many, of length 1: each picture was a batch of "
        "one already when you stacked them.", after=lambda output: output[:, None]),
)
# fmt: on

EXERCISE = Exercise(
    name="03.repair_greys",
    title="Repair a call: a batch of grey pictures",
    difficulty=1,
    minutes=2,
    stub=stub(call_greys, "greys, conv", "return conv(greys)"),
    solution=call_greys,
    walk=walk,
    why="The batch is there, the channel is missing, and its place is axis 1. "
    "`greys.unsqueeze(1)` does the same.",
    hints=(
        "Read three axes as torch does: C H W. What does it take your N pictures for?",
        "The new axis belongs between N and H. In an index, `:` keeps an axis and None makes one.",
        "`greys[None]` puts the new axis in front of N: (1, N, H, W). Give the layer the same with "
        "one `:` before the None.",
    ),
    cases=(
        (whole_pixels(3, 5, 6, seed=11), whole_layer(1, 2, 3, seed=12)),
        (whole_pixels(1, 4, 4, seed=13), whole_layer(1, 2, 2, seed=14)),
        (whole_pixels(2, 3, 7, seed=15), whole_layer(1, 2, (3, 2), seed=16)),
        (whole_pixels(4, 3, 3, seed=17), whole_layer(1, 3, 1, seed=18)),
        (whole_pixels(2, 1, 4, seed=19), whole_layer(1, 2, 1, seed=20)),
        (whole_pixels(2, 28, 28, seed=21), whole_layer(1, 1, 25, seed=22)),
    ),
    slips=(*AXES, *LAYER, *FLOATS, *OUTPUT, *STACKED),
)
