"""04.parameters: the parameters of a dense, a local and a shared layer, counted and miscounted."""

from helpers.exercises import Exercise, slip
from helpers.exercises.slips import by_part

PLANE = 14 * 14


def each(outputs):
    """A bias for everything that comes out."""
    return outputs


def count(
    *, reads_dense=32 * PLANE, outputs_dense=64 * PLANE, biases_dense=each, reads_local=32 * 9,
    outputs_local=64 * PLANE, biases_local=each, reads_shared=32 * 9, outputs_shared=64,
    biases_shared=each,
):  # fmt: skip
    """The three counts, from what one output reads, how many there are, and their biases."""
    return {
        "dense": reads_dense * outputs_dense + biases_dense(outputs_dense),
        "local": reads_local * outputs_local + biases_local(outputs_local),
        "shared": reads_shared * outputs_shared + biases_shared(outputs_shared),
    }


def _none(outputs):
    return 0


def _one(outputs):
    return 1


def _of_maps(outputs):
    return 64


def _of_kernels(outputs):
    return 32 * outputs


_BIAS = "Every output number has a bias; where it is shared, all numbers of a feature map have one."
_KERNEL = "A 3x3 window has nine pixels in each channel."

# fmt: off
SLIPS = (
    ("biases-forgotten", f"The biases are missing. {_BIAS}",
        dict(biases_dense=_none, biases_local=_none, biases_shared=_none)),
    ("one-bias-a-layer", f"One bias is too few. {_BIAS}",
        dict(biases_dense=_one, biases_local=_one, biases_shared=_one)),
    ("bias-per-feature-map", f"Where no weight is shared, no bias is. {_BIAS}",
        dict(biases_dense=_of_maps, biases_local=_of_maps)),
    ("bias-per-input-channel", "The sums of the 32 channels are added first; then comes one bias.",
        dict(biases_local=_of_kernels, biases_shared=_of_kernels)),
    ("bias-per-place", "Sharing takes in the bias: one for each feature map, not one for each of "
        "its numbers.", dict(biases_shared=lambda outputs: outputs * PLANE)),
    ("window-of-one-channel", "A window goes through all 32 channels, so that it has 32 * 9 "
        "pixels.", dict(reads_local=9, reads_shared=9)),
    ("input-channels-forgotten", "There are 32 channels going in, and every weight reads one of "
        "them.", dict(reads_dense=PLANE, reads_local=9, reads_shared=9)),
    ("output-channels-forgotten", "That is one feature map. The layer makes 64, each with weights "
        "of its own.", dict(outputs_dense=PLANE, outputs_local=PLANE, outputs_shared=1)),
    ("one-map-for-one-map", "That is one map read, and one made. 32 go in, and 64 come out.",
        dict(reads_dense=PLANE, outputs_dense=PLANE)),
    ("channels-for-numbers", "Heights and widths count too: a dense layer has a weight for every "
        "number that goes in and every number that comes out.",
        dict(reads_dense=32, outputs_dense=64)),
    ("not-pooled", "Those are planes of 28x28. Pooling has halved the size: the second layer "
        "reads 14x14.",
        dict(reads_dense=32 * 784, outputs_dense=64 * 784, outputs_local=64 * 784)),
    ("no-padding", "Those are outputs of 12x12. With padding 1 a 3x3 kernel keeps the size.",
        dict(outputs_dense=64 * 144, outputs_local=64 * 144)),
    ("as-many-maps-as-channels", "The layer makes 64 feature maps, not 32 like those that go in.",
        dict(outputs_dense=32 * PLANE, outputs_local=32 * PLANE, outputs_shared=32)),
    ("channels-exchanged", "32 channels go in and 64 come out, not the other way round. Biases "
        "belong to what comes out.",
        dict(reads_dense=64 * PLANE, outputs_dense=32 * PLANE, reads_local=64 * 9,
            outputs_local=32 * PLANE, reads_shared=64 * 9, outputs_shared=32)),
    ("first-layer", "These are the numbers of the first layer, counted above. The second reads 32 "
        "channels of 14x14.",
        dict(reads_dense=784, outputs_dense=32 * 784, reads_local=9, outputs_local=32 * 784,
            reads_shared=9, outputs_shared=32)),
    ("kernel-not-squared", f"{_KERNEL} Three is one row of it.",
        dict(reads_local=32 * 3, reads_shared=32 * 3)),
    ("local-once-a-map", "Once for each map is the shared layer. The local one has weights of its "
        "own in every place.", dict(outputs_local=64)),
    ("shared-in-every-place", "The places share their weights, so they do not count.",
        dict(outputs_shared=64 * PLANE)),
)

EXCHANGED = (
    slip("local-and-shared-exchanged", "Local and shared have changed places. Sharing makes "
        "fewer.",
        after=lambda counts: counts | {"local": counts["shared"], "shared": counts["local"]}),
)
# fmt: on

EXERCISE = Exercise(
    name="04.parameters",
    title="Dense against convolution",
    difficulty=1,
    minutes=4,
    stub="""# How many parameters, biases included?
second_layer = {
    "dense": TODO,
    "local": TODO,
    "shared": TODO,
}""",
    solution="""numbers_in, numbers_out = 32 * 14 * 14, 64 * 14 * 14
weights = 32 * 3 * 3
second_layer = {
    "dense": numbers_in * numbers_out + numbers_out,
    "local": numbers_out * (weights + 1),
    "shared": 64 * (weights + 1),
}""",
    walk=count,
    why="78,688,512 become 3,625,216 because each number reads 288 of 6,272 numbers, and "
    "18,496 because the 196 places of a map use the same 288 weights and one bias.",
    hints=(
        "How many numbers go in, and how many come out? Channels times height times width.",
        "Take one output number. How many numbers does it read if it reads everything, and "
        "how many if it reads a 3x3 window of all 32 channels?",
        "Dense and local: (what one number reads + 1 bias) for each output number. Shared: "
        "the same, but once for each of the 64 feature maps.",
        '`"dense": outputs * (inputs + 1)` with `inputs = 32 * 14 * 14` and `outputs = 64 * 14 * '
        "14`, "
        '`"local": outputs * (32 * 9 + 1)`. One line is left.',
    ),
    slips=(*EXCHANGED, *by_part(SLIPS, ("dense", "local", "shared"))),
)
