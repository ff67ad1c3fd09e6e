"""03.repair_photo: a photograph as files have it, height, width, colours, for a layer."""

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


def call_photo(photo, conv):
    """photo (H, W, 3) of floats, conv nn.Conv2d(3, C_out, k) -> (1, C_out, H', W')."""
    return conv(photo.permute(2, 0, 1)[None])


def walk(photo, conv, *, axes=lambda p: p.permute(2, 0, 1), batch=lambda p: p[None], **twists):
    return call(photo, conv, axes=lambda p: batch(axes(p)), **twists)


def _ordered(*old):
    return lambda p: p.permute(*old)


def _colours(change):
    """The channels first, then changed."""
    return lambda p: change(p.permute(2, 0, 1))


_ELSEWHERE = (
    "The colours do not stand first in your order, so rows or columns are read as channels."
)
_GREY = "The colours are what the three channels are for."

# fmt: off
AXES = (
    slip("reshaped", "The shape is right and the picture is lost: `reshape` deals the numbers out "
        "anew, so red, green and blue are mixed in every channel.",
        axes=lambda p: p.reshape(3, *p.shape[:2])),
    slip("reshaped-on-its-side", "`reshape` deals the numbers out anew, so the colours are mixed "
        "in every channel. And height and width have changed places in it.",
        axes=lambda p: p.reshape(3, p.shape[1], p.shape[0])),
    slip("lies-on-its-side", "The channels are where they should be, but height and width have "
        "changed places. The photograph lies on its side.", axes=_ordered(2, 1, 0)),
    slip("order-unchanged", "Nothing was moved: the rows are read as channels. Channels stand last "
        "in a photograph, and torch wants them before height and width.", axes=lambda p: p),
    slip("columns-first", _ELSEWHERE, axes=_ordered(1, 2, 0)),
    slip("rows-and-columns-exchanged", _ELSEWHERE, axes=_ordered(1, 0, 2)),
    slip("columns-and-colours-exchanged", _ELSEWHERE, axes=_ordered(0, 2, 1)),
    slip("unbatched", "It runs, but the batch is missing. A batch of one is still a batch.",
        batch=lambda p: p),
    slip("batch-behind", "The batch stands last in what comes out. It comes first: give it to the "
        "picture, before the layer.", after=lambda output: output[0][..., None]),
    slip("colours-backwards", "Red and blue have changed places. The channels keep their order.",
        axes=_colours(lambda p: p.flip(0))),
    slip("made-grey", f"The photograph is made grey first. {_GREY}",
        axes=_colours(lambda p: p.mean(0).expand(3, -1, -1))),
    slip("red-only", f"Red stands in all three channels. {_GREY}",
        axes=_colours(lambda p: p[:1].expand(3, -1, -1))),
)
# fmt: on

EXERCISE = Exercise(
    name="03.repair_photo",
    title="Repair a call: a photograph",
    difficulty=2,
    minutes=2,
    stub=stub(call_photo, "photo, conv", "return conv(photo)"),
    solution=call_photo,
    walk=walk,
    why="`permute` says for each new axis which old one it is: channels were axis 2, height 0, "
    "width 1. The numbers keep their meaning.",
    hints=(
        "Which axis of the photograph holds the channels, and where does torch look for them?",
        "`permute(a, b, c)` lists the old axes in their new order. `reshape` cuts the numbers "
        "anew and is no help.",
        "Old axis 2 first, then 0, then 1: that is (3, H, W). Don't forget the batch, the output "
        "has four axes.",
        "`picture = photo.permute(2, 0, 1)`, and then a batch of one for the layer, made by an "
        "index of None.",
    ),
    cases=(
        (whole_pixels(4, 5, 3, seed=21), whole_layer(3, 2, 2, seed=22)),
        (whole_pixels(4, 4, 3, seed=23), whole_layer(3, 4, 3, seed=24)),
        (whole_pixels(3, 3, 3, seed=25), whole_layer(3, 2, 1, seed=26)),
        (whole_pixels(6, 3, 3, seed=27), whole_layer(3, 3, (3, 2), seed=28)),
        (whole_pixels(3, 5, 3, seed=29), whole_layer(3, 1, (2, 3), seed=30)),
    ),
    slips=(*AXES, *LAYER, *FLOATS, *without(OUTPUT, "batch-lost")),
)
