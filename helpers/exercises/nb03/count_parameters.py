"""03.count_parameters: the parameters of the digit network, counted and miscounted."""

from helpers.exercises import Exercise, slip
from helpers.exercises.slips import by_part


def count(
    *, weights_conv1=32 * 9, biases_conv1=32, weights_conv2=64 * 32 * 9, biases_conv2=64,
    weights_linear=3136 * 10, biases_linear=10, total=sum,
):  # fmt: skip
    """The counts of three layers and what total() makes of them."""
    layers = (
        weights_conv1 + biases_conv1,
        weights_conv2 + biases_conv2,
        weights_linear + biases_linear,
    )
    return dict(zip(("conv1", "conv2", "linear", "all"), (*layers, total(layers)), strict=True))


_BIAS = "Each filter has a bias, and each of the ten outputs of the linear layer."
_CHANNELS = "conv2: a filter reads 32 channels, each with a kernel of its own: 32 * 9 weights."
_READS = "linear: it reads every number of all 64 feature maps: 64 * 7 * 7."

# fmt: off
SLIPS = (
    ("biases-forgotten", f"The biases are missing. {_BIAS}",
        dict(biases_conv1=0, biases_conv2=0, biases_linear=0)),
    ("one-bias-a-layer", f"One bias for a whole layer is too few. {_BIAS}",
        dict(biases_conv1=1, biases_conv2=1, biases_linear=1)),
    ("bias-per-input", f"Biases belong to what comes out, not to what goes in. {_BIAS}",
        dict(biases_conv1=1, biases_conv2=32, biases_linear=3136)),
    ("bias-per-kernel", "conv2: a bias for every kernel is too many. The 32 sums of a filter are "
        "added first; then comes one bias.", dict(biases_conv2=64 * 32)),
    ("one-filter", "That is a single filter, or a single output. How many of them has the layer?",
        dict(weights_conv1=9, biases_conv1=1, weights_conv2=32 * 9, biases_conv2=1,
            weights_linear=3136, biases_linear=1)),
    ("kernel-not-squared", "A kernel of 3 has three rows of three weights: nine, not three.",
        dict(weights_conv1=32 * 3, weights_conv2=64 * 32 * 3)),
    ("outputs-counted", "Those are the numbers that come out. Parameters are the numbers inside "
        "the layer; the size of the picture has no part in them.",
        dict(weights_conv1=32 * 784, biases_conv1=0, weights_conv2=64 * 196, biases_conv2=0,
            weights_linear=0)),
    ("at-every-pixel", "You multiply by the size of the picture. All places of a filter share the "
        "same weights.",
        dict(weights_conv1=784 * 288, biases_conv1=784 * 32, weights_conv2=196 * 18_432,
            biases_conv2=196 * 64)),
    ("conv1-colours", "conv1 reads one channel: a digit is grey.", dict(weights_conv1=32 * 27)),
    ("conv1-64-filters", "conv1 has 32 filters.", dict(weights_conv1=64 * 9, biases_conv1=64)),
    ("conv2-one-kernel-per-filter", _CHANNELS, dict(weights_conv2=64 * 9)),
    ("conv2-reads-64", _CHANNELS, dict(weights_conv2=64 * 64 * 9)),
    ("conv2-32-filters", "conv2 has 64 filters.", dict(weights_conv2=32 * 32 * 9, biases_conv2=32)),
    ("linear-channels-only", _READS, dict(weights_linear=64 * 10)),
    ("linear-one-map", _READS, dict(weights_linear=49 * 10)),
    ("linear-not-pooled", f"Pooling came before it. {_READS}", dict(weights_linear=64 * 196 * 10)),
    ("linear-never-pooled", f"Pooling came before it. {_READS}",
        dict(weights_linear=64 * 784 * 10)),
    ("linear-reads-the-picture", f"Not the 784 pixels. {_READS}", dict(weights_linear=784 * 10)),
)

TOTALS = (
    slip("multiplied", "The layers stand beside each other: all of them together are a sum, not a "
        "product.", total=lambda n: n[0] * n[1] * n[2]),
    slip("linear-left-out", "`all` has three layers; the linear one is missing.",
        total=lambda n: n[0] + n[1]),
    slip("conv1-left-out", "`all` has three layers; conv1 is missing.",
        total=lambda n: n[1] + n[2]),
    slip("conv2-left-out", "`all` has three layers; conv2 is missing.",
        total=lambda n: n[0] + n[2]),
    slip("convolutions-exchanged", "conv1 and conv2 have changed places. The first reads one "
        "channel only.", after=lambda n: n | {"conv1": n["conv2"], "conv2": n["conv1"]}),
)
# fmt: on

EXERCISE = Exercise(
    name="03.count_parameters",
    title="How much does the digit network learn?",
    difficulty=1,
    minutes=3,
    stub="""parameter_counts = {
    "conv1": TODO,
    "conv2": TODO,
    "linear": TODO,
    "all": TODO,
}""",
    solution="""parameter_counts = {
    "conv1": 32 * (1 * 3 * 3 + 1),
    "conv2": 64 * (32 * 3 * 3 + 1),
    "linear": 10 * (64 * 7 * 7 + 1),
    "all": 320 + 18_496 + 31_370,
}""",
    walk=count,
    why="Count one filter, or one output of the linear layer: a weight for each number that it "
    "reads at once, and one bias. Then multiply by how many there are.",
    hints=(
        "Begin with a single filter of conv1. How many numbers does it read at one place, and "
        "what is added at the end?",
        "A filter of conv2 reads 32 channels through a 3x3 window: 32 * 3 * 3 weights and one "
        "bias. How many such filters are there?",
        "A linear layer has a weight for each pair of an input and an output, and a bias for each "
        "output.",
        "conv1: `32 * (1 * 3 * 3 + 1)`, linear: `10 * (64 * 7 * 7 + 1)`, all: the sum of the "
        "three. One line is left, conv2, and it looks like conv1 with other numbers.",
    ),
    slips=(*TOTALS, *by_part(SLIPS, ("conv1", "conv2", "linear"))),
)
