"""06.trace_shapes: a batch through five layers, on paper."""

import math

from helpers.exercises import Exercise, slip


def shapes(
    *, conv=lambda n, k: n - k + 1, stride=lambda k: k, rounding=lambda x, k: math.floor(x),
    kernels=(5, 2, 3, 3), channels=(16, 48), pooled=lambda c, k: c, flat=lambda c, n: c * n * n,
    layout=lambda c, n: (100, c, n, n),
):  # fmt: skip
    """The five shapes; every size follows from the one before it."""

    def pool(n, k):
        return rounding((n - k) / stride(k), k) + 1

    sizes = [conv(28, kernels[0])]
    for layer, k in zip((pool, conv, pool), kernels[1:], strict=True):
        sizes.append(layer(sizes[-1], k))
    first, second = channels
    depths = first, pooled(first, kernels[1]), second, pooled(second, kernels[3])
    names = ("conv1", "pool1", "conv2", "pool2")
    found = {name: layout(c, n) for name, c, n in zip(names, depths, sizes, strict=True)}
    return found | {"flatten": (100, flat(depths[-1], sizes[-1]))}


_PADDING = (
    "Your convolutions have padding, as those of the lab do. These have none, and lose k - 1 "
    "pixels per axis."
)
_COUNT = (
    "A convolution without padding leaves n - k + 1 pixels: 24 of 28 with a 5x5 kernel. The first "
    "window is there before any step is taken."
)
_STRIDE = (
    "A pooling window moves by one pixel here. In `nn.MaxPool2d` the stride defaults to the size "
    "of the window."
)

EXERCISE = Exercise(
    name="06.trace_shapes",
    title="Trace another network",
    difficulty=1,
    minutes=3,
    stub="""
shapes = {
    "conv1": (100, TODO, TODO, TODO),
    "pool1": (100, TODO, TODO, TODO),
    "conv2": (100, TODO, TODO, TODO),
    "pool2": (100, TODO, TODO, TODO),
    "flatten": (100, TODO),
}
""",
    solution="""
shapes = {
    "conv1": (100, 16, 24, 24),
    "pool1": (100, 16, 12, 12),
    "conv2": (100, 48, 10, 10),
    "pool2": (100, 48, 3, 3),
    "flatten": (100, 48 * 3 * 3),
}
""",
    walk=shapes,
    why="A convolution sets the channels and loses k - 1 pixels per axis without padding; a "
    "pooling layer keeps the channels and divides the size, rounded down; flatten multiplies all "
    "axes but the first.",
    hints=(
        "Which layers may change the channels, and which the height and width? Fill in the "
        "channels first: they do not depend on any size.",
        "The size after a layer is floor((n + 2p - k)/s) + 1. No padding here, so a 5x5 kernel "
        "makes 24 out of 28. The stride of a pooling layer is its kernel unless you say otherwise.",
        "The last pooling layer reads 10 pixels in steps of 3: three windows fit, and one pixel is "
        "left over. So 48 channels of 3 x 3 go into flatten, which multiplies them.",
    ),
    slips=(
        slip("padding-assumed", _PADDING, conv=lambda n, k: n),
        slip("plus-one-missing", _COUNT, conv=lambda n, k: n - k),
        slip(
            "kernel-of-five",
            "Each convolution has a kernel of its own: 5x5 in conv1, 3x3 in conv2.",
            kernels=(5, 2, 5, 3),
        ),
        slip("second-window-of-two", "The second pooling has a window of 3.", kernels=(5, 2, 3, 2)),
        slip(
            "rounded-up",
            "In 10 pixels three windows of 3 fit side by side. A fourth would begin on the last "
            "pixel and hang over the edge; windows that do not fit are left out.",
            rounding=lambda x, k: math.ceil(x) if k == 3 else math.floor(x),
        ),
        slip("pool-stride-one", _STRIDE, stride=lambda k: 1),
        slip("pool2-stride-one", _STRIDE, stride=lambda k: k if k == 2 else 1),
        slip(
            "channels-multiplied",
            "768 is 16 times 48. A filter reads all 16 channels and adds them up, so 48 filters "
            "give 48 channels.",
            channels=(16, 16 * 48),
        ),
        slip(
            "channels-of-the-input",
            "Those are the channels that go in. The second number of `nn.Conv2d` is how many come "
            "out.",
            channels=(1, 16),
        ),
        slip(
            "channels-pooled",
            "Your pooling layers pool the channels too. A pooling layer works on each channel by "
            "itself and keeps their number.",
            pooled=lambda c, k: c // k,
        ),
        slip(
            "channels-last",
            "The numbers are right, but torch puts the channels before height and width.",
            layout=lambda c, n: (100, n, n, c),
        ),
        slip(
            "channels-left-out",
            "The last layer reads every number of a digit: 48 channels. That is one channel alone.",
            flat=lambda c, n: n * n,
        ),
        slip(
            "batch-in-flatten",
            "Flatten leaves the batch alone: 100 digits, each with numbers of its own.",
            flat=lambda c, n: 100 * c * n * n,
        ),
    ),
)
