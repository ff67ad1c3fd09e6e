"""03.repair_bytes: bytes for a layer that has learned from pixels between 0 and 1."""

from helpers.exercises import Exercise, slip
from helpers.exercises.nb03.calls import LAYER, OUTPUT, byte_pixels, call, stub, whole_layer


def call_bytes(pixels, conv):
    """pixels (N, C_in, H, W), uint8; conv nn.Conv2d(C_in, C_out, k) -> the output."""
    return conv(pixels / 255)


def walk(pixels, conv, *, scale=lambda p: p / 255, invert=lambda p: p, **twists):
    return call(pixels.float(), conv, scale=lambda p: invert(scale(p)), **twists)


def _spread(p):
    return (p - p.min()) / (p.max() - p.min())


_OWN = "So a dark batch becomes bright: white is 255 in every batch."
_LEARNED = "This layer has learned from pixels between 0 and 1."

# fmt: off
SCALES = (
    slip("not-scaled", "It runs, and that is the danger: the layer gets pixels 255 times as large "
        "as those it has learned from.", scale=lambda p: p),
    slip("divided-as-bytes", "As whole numbers nearly all pixels become 0, and only 255 becomes 1. "
        "`/` makes floats: no `//`, and no type of whole numbers after it.",
        scale=lambda p: p // 255),
    slip("own-maximum", f"The pixels are divided by the largest of this batch. {_OWN}",
        scale=lambda p: p / p.max()),
    slip("spread-out", f"The batch is stretched from its smallest to its largest pixel. {_OWN}",
        scale=_spread),
    slip("standardised", "Mean 0 and deviation 1 of this batch came out of the scaling. "
        f"{_LEARNED}", scale=lambda p: (p - p.mean()) / p.std()),
    slip("divided-by-256", "A byte has 256 values, but they are 0 to 255. With 256 white does not "
        "become 1.", scale=lambda p: p / 256),
    slip("divided-twice", "The pixels are divided by 255 twice, so white is 1/255.",
        scale=lambda p: p / 255 / 255),
    slip("minus-one-to-one", "The pixels are stretched from -1 to 1. Some networks want that; this "
        "one has learned from pixels between 0 and 1.", scale=lambda p: p / 127.5 - 1),
    slip("negative", "Black has become white and white black. Divide, and leave 0 at 0.",
        invert=lambda p: 1 - p),
)

ORDER = (
    slip("output-divided", "What comes out is divided. That makes the bias smaller too; divide the "
        "pixels.", scale=lambda p: p, layer=lambda conv, x: conv(x) / 255),
    slip("first-picture-only", "One picture comes out, however many go in.",
        after=lambda output: output[:1]),
)
# fmt: on

EXERCISE = Exercise(
    name="03.repair_bytes",
    title="Repair a call: bytes",
    difficulty=1,
    minutes=2,
    stub=stub(call_bytes, "pixels, conv", "return conv(pixels)"),
    solution=call_bytes,
    walk=walk,
    why="Dividing makes floats, as `pixels.float() / 255` says more plainly. Always 255, "
    "never the largest pixel of one batch: white must be 1 in every batch.",
    hints=(
        "Two things are wrong: what the numbers are, and how large they are. Only the first is "
        "in the message.",
        "`.float()` mends the message. A byte goes up to 255; the layer knows pixels up to 1.",
        "`scaled = pixels.float() / 255` mends both. One line is left: give it to the layer.",
    ),
    cases=(
        (byte_pixels(2, 1, 4, 5, seed=31), whole_layer(1, 2, 2, seed=32)),
        (byte_pixels(1, 3, 4, 4, seed=33), whole_layer(3, 2, 3, seed=34)),
        (byte_pixels(2, 2, 3, 5, highest=90, seed=35), whole_layer(2, 3, (2, 3), seed=36)),
        (byte_pixels(3, 1, 3, 3, highest=200, seed=37), whole_layer(1, 1, 1, seed=38)),
    ),
    slips=(*SCALES, *LAYER, *OUTPUT, *ORDER),
    rtol=1e-5,
)
