"""03.count_parameters: the parameters of the digit network, counted and miscounted."""

from helpers.exercises import Exercise, slip

RIGHT = {"conv1": 320, "conv2": 18_496, "linear": 31_370, "all": 50_186}


def count(
    *, weights1=32 * 9, biases1=32, weights2=64 * 32 * 9, biases2=64, weights3=3136 * 10,
    biases3=10, total=sum,
):  # fmt: skip
    """The counts of three layers and what total() makes of them."""
    layers = [weights1 + biases1, weights2 + biases2, weights3 + biases3]
    return dict(zip(RIGHT, [*layers, total(layers)], strict=True))


def miscounted(key, message, **twist):
    """A slip whose total follows from the layers, and the same with the right total."""
    wrong = count(**twist)
    return (
        slip(key, message, **twist),
        slip(f"{key}-in-part", message, lambda: wrong | {"all": RIGHT["all"]}),
    )


def _product(layers):
    return layers[0] * layers[1] * layers[2]


_BIAS = "The biases are missing: each filter has one, and each output of the linear layer."
_FILTER_BIAS = "that is its weights alone. Each filter has a bias too."
_ONE_BIAS = "One bias for a whole layer is too few: each filter has its own."
_ONE_FILTER = "That is a single filter, or a single output. How many of them has the layer?"
_SQUARE = "A kernel of 3 has three rows of three weights: nine, not three."
_OUTPUTS = (
    "Those are the numbers that come out. Parameters are the numbers inside the layer; the size of "
    "the picture has no part in them."
)
_PLACES = "You multiply by the size of the picture. All places of a filter share the same weights."
_CHANNELS = "conv2: a filter reads 32 channels, each with a kernel of its own: 32 * 9 weights."
_READS = "linear: it reads every number of all 64 feature maps: 64 * 7 * 7."

# fmt: off
SLIPS = (
    ("biases-forgotten", _BIAS, dict(biases1=0, biases2=0, biases3=0)),
    ("conv-biases-forgotten", _BIAS, dict(biases1=0, biases2=0)),
    ("conv1-bias-forgotten", f"conv1: {_FILTER_BIAS}", dict(biases1=0)),
    ("conv2-bias-forgotten", f"conv2: {_FILTER_BIAS}", dict(biases2=0)),
    ("linear-bias-forgotten", "linear: its weights alone. Each of the ten outputs has a bias too.",
        dict(biases3=0)),
    ("one-bias-a-layer", _ONE_BIAS, dict(biases1=1, biases2=1, biases3=1)),
    ("one-bias-a-convolution", _ONE_BIAS, dict(biases1=1, biases2=1)),
    ("conv1-one-bias", f"conv1: {_ONE_BIAS}", dict(biases1=1)),
    ("conv2-one-bias", f"conv2: {_ONE_BIAS}", dict(biases2=1)),
    ("linear-one-bias", "linear: each of the ten outputs has a bias.", dict(biases3=1)),
    ("one-filter", _ONE_FILTER,
        dict(weights1=9, biases1=1, weights2=32 * 9, biases2=1, weights3=3136, biases3=1)),
    ("conv1-one-filter", f"conv1: {_ONE_FILTER}", dict(weights1=9, biases1=1)),
    ("conv2-one-filter", f"conv2: {_ONE_FILTER}", dict(weights2=32 * 9, biases2=1)),
    ("linear-one-output", f"linear: {_ONE_FILTER}", dict(weights3=3136, biases3=1)),
    ("kernel-not-squared", _SQUARE, dict(weights1=32 * 3, weights2=64 * 32 * 3)),
    ("conv1-not-squared", f"conv1: {_SQUARE}", dict(weights1=32 * 3)),
    ("conv2-not-squared", f"conv2: {_SQUARE}", dict(weights2=64 * 32 * 3)),
    ("bias-per-weight", "A bias for every weight is too many. A filter adds up all its products "
        "and then one bias.", dict(biases1=32 * 9, biases2=64 * 32 * 9, biases3=31_360)),
    ("outputs-counted", _OUTPUTS,
        dict(weights1=32 * 784, biases1=0, weights2=64 * 196, biases2=0, weights3=0)),
    ("conv1-outputs-counted", f"conv1: {_OUTPUTS}", dict(weights1=32 * 784, biases1=0)),
    ("conv2-outputs-counted", f"conv2: {_OUTPUTS}", dict(weights2=64 * 196, biases2=0)),
    ("weights-for-every-pixel", _PLACES,
        dict(weights1=784 * 288, biases1=784 * 32, weights2=196 * 18_432, biases2=196 * 64)),
    ("conv1-at-every-pixel", f"conv1: {_PLACES}", dict(weights1=784 * 288, biases1=784 * 32)),
    ("conv2-at-every-pixel", f"conv2: {_PLACES}", dict(weights2=196 * 18_432, biases2=196 * 64)),
    ("conv1-colours", "conv1 reads one channel: a digit is grey.", dict(weights1=32 * 3 * 9)),
    ("conv1-64-filters", "conv1 has 32 filters.", dict(weights1=64 * 9, biases1=64)),
    ("conv2-one-kernel-per-filter", _CHANNELS, dict(weights2=64 * 9)),
    ("conv2-32-filters", "conv2 has 64 filters.", dict(weights2=32 * 32 * 9, biases2=32)),
    ("conv2-reads-64", _CHANNELS, dict(weights2=64 * 64 * 9)),
    ("conv2-added", _CHANNELS, dict(weights2=(32 + 64) * 9)),
    ("conv2-bias-per-kernel", "conv2: a bias for every kernel is too many. The 32 sums of a filter "
        "are added first; then comes one bias.", dict(biases2=64 * 32)),
    ("conv2-bias-per-input-channel", "conv2: biases belong to what comes out: one for each of the "
        "64 filters, none for the channels that go in.", dict(biases2=32)),
    ("linear-bias-per-input", "linear: a bias for each number that goes in is too many. There is "
        "one for each that comes out.", dict(biases3=3136)),
    ("linear-channels-only", _READS, dict(weights3=64 * 10)),
    ("linear-one-map", _READS, dict(weights3=49 * 10)),
    ("linear-one-row", _READS, dict(weights3=64 * 7 * 10)),
    ("linear-of-conv1", _READS, dict(weights3=32 * 49 * 10)),
    ("linear-not-pooled", f"Pooling came before it. {_READS}", dict(weights3=64 * 196 * 10)),
    ("linear-never-pooled", f"Pooling came before it. {_READS}", dict(weights3=64 * 784 * 10)),
    ("linear-reads-the-picture", f"Not the 784 pixels. {_READS}", dict(weights3=784 * 10)),
    ("linear-added", "linear: every one of ten outputs has a weight for every number that goes in. "
        "Multiply.", dict(weights3=3136)),
    ("linear-outputs-counted", f"linear: {_OUTPUTS}", dict(weights3=0)),
)
# fmt: on

# fmt: off
TOTALS = (
    slip("multiplied", "The layers stand beside each other: all of them together are a sum, not a "
        "product.", total=_product),
    slip("linear-left-out", "`all` has three layers; the linear one is missing.",
        total=lambda n: n[0] + n[1]),
    slip("conv1-left-out", "`all` has three layers; conv1 is missing.",
        total=lambda n: n[1] + n[2]),
    slip("conv2-left-out", "`all` has three layers; conv2 is missing.",
        total=lambda n: n[0] + n[2]),
    slip("averaged", "`all` is the sum of the three layers, not their mean.",
        total=lambda n: sum(n) / 3),
    slip("layers-counted", "`all` is how many numbers, not how many layers.", total=len),
    slip("doubled", "`all` counts every layer once.", total=lambda n: 2 * sum(n)),
    slip("weights-added", "`all` has the biases too.", total=lambda n: sum(n) - 106),
    slip("largest", "`all` is the sum of the three layers, not the largest.", total=max),
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
    slips=(*(s for row in SLIPS for s in miscounted(row[0], row[1], **row[2])), *TOTALS),
)
