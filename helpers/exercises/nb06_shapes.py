"""Exercises of notebook 06 before any training: shapes and the first loss."""

import math

from helpers.exercises import Exercise, Mistake


def _shapes(*layers):
    return dict(zip(("conv1", "pool1", "conv2", "pool2", "flatten"), layers, strict=True))


TRACE_SHAPES = Exercise(
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
    why=(
        "A convolution sets the channels and loses k - 1 pixels per axis without padding; a "
        "pooling layer keeps the channels and divides the size, rounded down; flatten multiplies "
        "all axes but the first."
    ),
    hints=(
        "Which layers may change the channels, and which the height and width? Fill in the "
        "channels first: they do not depend on any size.",
        "The size after a layer is floor((n + 2p - k)/s) + 1. No padding here, so a 5x5 kernel "
        "makes 24 out of 28. The stride of a pooling layer is its kernel unless you say otherwise.",
        "The last pooling layer reads 10 pixels in steps of 3: three windows fit, and one pixel is "
        "left over.",
    ),
    mistakes=(
        Mistake(
            "padding-assumed",
            lambda: _shapes(
                (100, 16, 28, 28),
                (100, 16, 14, 14),
                (100, 48, 14, 14),
                (100, 48, 4, 4),
                (100, 768),
            ),
            "Your convolutions keep the size, as those of the lab do. They have padding 1 for "
            "that; these have none.",
        ),
        Mistake(
            "rounded-up",
            lambda: _shapes(
                (100, 16, 24, 24),
                (100, 16, 12, 12),
                (100, 48, 10, 10),
                (100, 48, 4, 4),
                (100, 768),
            ),
            "You rounded 10/3 up. A fourth window would start on the last pixel and hang over the "
            "edge; windows that do not fit are left out.",
        ),
        Mistake(
            "pool-stride-one",
            lambda: _shapes(
                (100, 16, 24, 24),
                (100, 16, 23, 23),
                (100, 48, 21, 21),
                (100, 48, 19, 19),
                (100, 17328),
            ),
            "Your pooling windows move by one pixel. In nn.MaxPool2d the stride defaults to the "
            "size of the window.",
        ),
        Mistake(
            "plus-one-missing",
            lambda: _shapes(
                (100, 16, 23, 23),
                (100, 16, 11, 11),
                (100, 48, 8, 8),
                (100, 48, 2, 2),
                (100, 192),
            ),
            "Each convolution is one too small. The first window is there before any step is "
            "taken: count the steps, then add one.",
        ),
        Mistake(
            "channels-multiplied",
            lambda: _shapes(
                (100, 16, 24, 24),
                (100, 16, 12, 12),
                (100, 768, 10, 10),
                (100, 768, 3, 3),
                (100, 6912),
            ),
            "You multiplied the channels of both convolutions. A filter reads all 16 channels and "
            "adds them up, so 48 filters give 48 channels.",
        ),
        Mistake(
            "channels-pooled",
            lambda: _shapes(
                (100, 16, 24, 24),
                (100, 8, 12, 12),
                (100, 48, 10, 10),
                (100, 16, 3, 3),
                (100, 144),
            ),
            "Your pooling layers pool the channels too. A pooling layer works on each channel by "
            "itself and keeps their number.",
        ),
        Mistake(
            "not-flattened",
            lambda: _shapes(
                (100, 16, 24, 24),
                (100, 16, 12, 12),
                (100, 48, 10, 10),
                (100, 48, 3, 3),
                (100, 48),
            ),
            "The last layer reads every number of a digit: 48 channels of 3 x 3, not one a "
            "channel.",
        ),
    ),
)

UNTRAINED_LOSS = Exercise(
    name="06.untrained_loss",
    title="Predict the first loss of another network",
    difficulty=1,
    minutes=1,
    stub="first_loss = TODO",
    solution="first_loss = math.log(26)",
    why="Who knows nothing gives each of 26 letters the probability 1/26, and -ln(1/26) is ln 26.",
    hints=(
        "Which probability does a network that has seen nothing give to each of 26 letters?",
        "Cross-entropy is minus the natural logarithm of the probability of the right class: "
        "-math.log(1/26).",
    ),
    mistakes=(
        Mistake(
            "ten-classes",
            lambda: math.log(10),
            "That is the first loss for ten classes. There are 26 letters.",
        ),
        Mistake(
            "base-ten",
            lambda: math.log10(26),
            "You took the logarithm to base 10. Cross-entropy in torch uses the natural logarithm, "
            "math.log.",
        ),
        Mistake(
            "base-two",
            lambda: math.log2(26),
            "You took the logarithm to base 2, which measures in bits. Cross-entropy in torch uses "
            "the natural logarithm, math.log.",
        ),
        Mistake(
            "probability",
            lambda: 1 / 26,
            "That is the probability of the right letter. The loss is minus its logarithm.",
        ),
        Mistake(
            "sign",
            lambda: math.log(1 / 26),
            "The logarithm of a probability is negative; the loss is minus that, so that smaller "
            "means better.",
        ),
    ),
    rtol=0.005,
)
