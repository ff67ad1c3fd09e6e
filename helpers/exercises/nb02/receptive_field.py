"""02.receptive_field: one pixel, and for each layer its gaps times the strides before it."""

import math

from helpers.exercises import Exercise, slip


def receptive_field(layers):
    """Pixels (an int) that one output sees; layers: (kernel, stride), input first."""
    field = jump = 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def width(
    layers,
    *,
    order=lambda layers: layers,
    first=lambda strides: 1,
    gaps=lambda k: k - 1,
    read=lambda strides, i: strides[:i],
    joined=math.prod,
    kept=lambda steps: steps,
):
    """first, and for each layer i its gaps times the strides that it `read`, `joined` to one."""
    layers = order(layers)
    strides = [stride for _, stride in layers]
    steps = [gaps(k) * joined(read(strides, i)) for i, (k, _) in enumerate(layers)]
    return first(strides) + sum(kept(steps))


_OWN = (
    "A layer's own stride spreads its outputs, not the pixels that one output reads. Only the "
    "strides of the layers before it count, multiplied."
)
_ADDED = (
    "Steps within steps multiply. After strides 3 and 2, how many pixels lie between two "
    "neighbours?"
)
_WHOLE = (
    "All pixels of each kernel are counted. The first of them lies on what has been seen already, "
    "so a kernel of 3 adds two steps."
)
_LATER = (
    "You use the strides of the layers behind, or of all. What one number reads is spread only by "
    "the layers between it and the image, that is, by those before."
)
_LAST = "Only the last layer is counted: each pass through the loop must add to what is there."

# fmt: off
SLIPS = (
    slip("sum-of-kernels", "Whole kernels are added. The windows of neighbouring outputs overlap, "
        "and behind a stride they lie further apart: each layer adds only what it reads beyond its "
        "first pixel.", gaps=lambda k: k, first=lambda strides: 0, read=lambda strides, i: []),
    slip("whole-kernels-and-one", _WHOLE, gaps=lambda k: k),
    slip("whole-kernels-back", _WHOLE, gaps=lambda k: k, first=math.prod),
    slip("strides-ignored", "Right while every stride is 1. Behind a stride of 2, neighbours in "
        "the feature map lie two pixels apart in the image.", read=lambda strides, i: []),
    slip("own-stride-first", _OWN, read=lambda strides, i: strides[: i + 1]),
    slip("only-own-stride", _OWN, read=lambda strides, i: strides[i : i + 1]),
    slip("only-last-stride", "The stride of one layer is used. Two layers of stride 2 put "
        "neighbours four pixels apart: all strides so far multiply.",
        read=lambda strides, i: strides[:i][-1:]),
    slip("later-strides-and-own", _LATER, read=lambda strides, i: strides[i:]),
    slip("all-strides", _LATER, read=lambda strides, i: strides),
    slip("strides-added", _ADDED, joined=lambda strides: 1 + sum(s - 1 for s in strides)),
    slip("strides-added-to-one", _ADDED, joined=lambda strides: 1 + sum(strides)),
    slip("backwards", "The layers are taken in the wrong order. Going back from one output to the "
        "image, the last layer comes first; going forward, the first.",
        order=lambda layers: layers[::-1]),
    slip("returned-in-the-loop", "Only the first layer is counted: does the return stand inside "
        "the loop?", order=lambda layers: layers[:1]),
    slip("last-layer-only", _LAST, order=lambda layers: layers[-1:]),
    slip("last-step-only", _LAST, kept=lambda steps: steps[-1:]),
    slip("first-layer-left-out", "The layer next to the image is left out. One number without any "
        "layer sees one pixel; all layers come on top of that.", order=lambda layers: layers[1:]),
    slip("last-layer-left-out", "The last layer is left out. Its stride widens nothing, but its "
        "kernel reads several numbers of the layer before.", order=lambda layers: layers[:-1]),
    slip("stride-and-kernel", "Kernel and stride are taken for one another. In each pair the "
        "kernel comes first.", order=lambda layers: [pair[::-1] for pair in layers]),
    slip("one-missing", "These are the steps between pixels. A field of three pixels has two "
        "steps: the first pixel counts too.", first=lambda strides: 0),
    slip("start-spread", "On the way back, neighbours are moved apart by the stride and the number "
        "itself with them. `r` positions have `r - 1` distances.", first=math.prod),
    slip("area", "That is the area. The width of the field is asked.",
        after=lambda field: field**2),
    slip("product-of-kernels", "The kernels are multiplied, as if windows never overlapped. Two "
        "layers of 3 with stride 1 see five pixels, not nine.",
        lambda layers: math.prod(kernel for kernel, _ in layers)),
    slip("jump-given-back", "That is how far apart neighbours lie in the image, all strides "
        "multiplied. Give back how far one of them sees.",
        lambda layers: math.prod(stride for _, stride in layers)),
)
# fmt: on

EXERCISE = Exercise(
    name="02.receptive_field",
    title="How far one number sees",
    difficulty=3,
    minutes=7,
    solution=receptive_field,
    walk=width,
    why="A kernel adds as many steps as it has pixels less one, and one step of a layer is as "
    "long, in image pixels, as all the strides before it multiplied.",
    hints=(
        "Start with no layer: one number sees one pixel. What does a single layer with kernel 3 "
        "add, whatever its own stride?",
        "Draw two layers with kernel 3 and strides 2 and 1. How far apart in the image are two "
        "neighbours of the first feature map?",
        "Carry two numbers from layer to layer: the field so far, and how far apart neighbours lie "
        "in the image. Which of the two must be updated first?",
        "`field = jump = 1` before the loop; in it `jump *= stride` comes last. The line before "
        "it adds to `field` what one layer reads beyond its first pixel.",
    ),
    cases=(
        ([(3, 1)],),
        ([(3, 1), (3, 1)],),
        ([(5, 2), (3, 1)],),
        ([(3, 1), (2, 2), (3, 1), (2, 2)],),
        ([(7, 3), (3, 2), (4, 2), (3, 1)],),
        ([(2, 2), (5, 1), (3, 3), (3, 2)],),
    ),
    exact=("int", "A width in pixels is a whole number, an `int`: nothing needs to be divided."),
    slips=SLIPS,
)
