"""04.parameters: the parameters of a dense, a local and a shared layer, counted and miscounted."""

from helpers.exercises import Exercise, slip

PLANE = 14 * 14


def count(
    *, inputs=32 * PLANE, outputs=64 * PLANE, dense_bias=None, local_outputs=None, window=32 * 9,
    local_bias=1, maps=64, shared_window=None, shared_bias=None,
):  # fmt: skip
    """The three counts; dense_bias and shared_bias are totals, local_bias is for each output."""
    local_outputs = outputs if local_outputs is None else local_outputs
    shared_window = window if shared_window is None else shared_window
    dense_bias = outputs if dense_bias is None else dense_bias
    shared_bias = maps if shared_bias is None else shared_bias
    return {
        "dense": inputs * outputs + dense_bias,
        "local": local_outputs * window + local_outputs * local_bias,
        "shared": maps * shared_window + shared_bias,
    }


def _only(name, **twist):
    """The count of one layer as twisted, the others right."""
    return lambda: count() | {name: count(**twist)[name]}


def _renamed(**names):
    """Counts under other names."""
    return lambda counts: counts | {name: counts[other] for name, other in names.items()}


_BIAS = "Every output number has a bias; where it is shared, all numbers of a feature map have one."
_DENSE = (
    '"dense": every one of 64 * 14 * 14 output numbers reads all 32 * 14 * 14 numbers that go in.'
)
_LOCAL = (
    '"local": every one of 64 * 14 * 14 output numbers has 32 * 9 weights of its own, and a bias.'
)
_SHARED = '"shared": one kernel for each of the 64 maps, with 32 * 9 weights and one bias.'
_KERNEL = "A 3x3 window has nine pixels in each channel."

# fmt: off
BOTH = (
    slip("biases-forgotten", f"The biases are missing. {_BIAS}", dense_bias=0, local_bias=0,
        shared_bias=0),
    slip("input-channels-forgotten", "There are 32 channels going in, and every weight reads one "
        "of them: a 3x3 window has 32 * 9 pixels.", inputs=PLANE, window=9),
    slip("output-channels-forgotten", "That is one feature map. The layer makes 64, each with "
        "weights of its own.", outputs=PLANE, maps=1),
    slip("not-pooled", "Those are planes of 28x28. Pooling has halved the size: the second layer "
        "reads 14x14.", inputs=32 * 28 * 28, outputs=64 * 28 * 28),
    slip("no-padding", "Those are outputs of 12x12. With padding 1 a 3x3 kernel keeps the size.",
        outputs=64 * 12 * 12),
    slip("as-many-maps-as-channels", "The layer makes 64 feature maps, not 32 like those that go "
        "in.", outputs=32 * PLANE, maps=32),
    slip("channels-exchanged", "32 channels go in and 64 come out, not the other way round.",
        inputs=64 * PLANE, outputs=32 * PLANE, window=64 * 9, maps=32),
    slip("bias-per-feature-map", "Where nothing is shared, no bias is: dense and local have one "
        "for every output number.",
        wrong=lambda: {
            name: n if name == "shared" else n - 64 * PLANE + 64 for name, n in count().items()
        }),
    slip("one-bias-a-layer", "One bias for a whole layer is too few: one for every output number, "
        "or, where it is shared, one for every feature map.",
        wrong=lambda: {
            name: n + 1 for name, n in count(dense_bias=0, local_bias=0, shared_bias=0).items()
        }),
    slip("first-layer", "These are the numbers of the first layer, counted above. The second reads "
        "32 channels of 14x14.",
        wrong=lambda: count(inputs=28 * 28, outputs=32 * 28 * 28, window=9, maps=32)),
    slip("kernel-not-squared", f"{_KERNEL} Three is one row of it.", window=32 * 3),
    slip("kernel-5x5", f"{_KERNEL} Twenty-five is a 5x5 window.", window=32 * 25),
    slip("local-and-shared-exchanged", "Local and shared have changed places. Sharing makes "
        "fewer.", after=_renamed(local="shared", shared="local")),
    slip("dense-and-local-exchanged", "Dense and local have changed places. Dense reads everything "
        "and has most.", after=_renamed(dense="local", local="dense")),
    slip("order-reversed", "Dense and shared have changed places. Dense reads everything and has "
        "most.", after=_renamed(dense="shared", shared="dense")),
)
# fmt: on

# fmt: off
ONE_LAYER = (
    slip("dense-without-bias", f"Its biases are missing. {_DENSE}", dense_bias=0),
    slip("dense-bias-per-map", f"It shares no bias. {_DENSE}", dense_bias=64),
    slip("dense-one-bias", f"It has a bias for each output number. {_DENSE}", dense_bias=1),
    slip("dense-bias-per-input", f"Biases belong to outputs. {_DENSE}", dense_bias=32 * PLANE),
    slip("dense-to-one-map", _DENSE, _only("dense", outputs=PLANE)),
    slip("dense-from-one-channel", _DENSE, _only("dense", inputs=PLANE)),
    slip("dense-of-one-plane", _DENSE, _only("dense", inputs=PLANE, outputs=PLANE)),
    slip("dense-of-channels", f"Heights and widths count too. {_DENSE}",
        _only("dense", inputs=32, outputs=64)),
    slip("dense-to-64", f"Each map has 14 * 14 numbers. {_DENSE}", _only("dense", outputs=64)),
    slip("dense-added", f"Each pair has a weight: multiply. {_DENSE}",
        lambda: count() | {"dense": 96 * PLANE}),
    slip("dense-of-outputs", _DENSE, _only("dense", inputs=64 * PLANE)),
    slip("dense-of-inputs", _DENSE, _only("dense", outputs=32 * PLANE)),
    slip("dense-not-pooled", _DENSE, _only("dense", inputs=32 * 28 * 28, outputs=64 * 28 * 28)),
    slip("local-without-bias", f"Its biases are missing. {_LOCAL}", local_bias=0),
    slip("local-bias-per-map", f"It shares no bias. {_LOCAL}",
        lambda: count() | {"local": 64 * PLANE * 32 * 9 + 64}),
    slip("local-one-bias", f"It has a bias for each output number. {_LOCAL}",
        lambda: count() | {"local": 64 * PLANE * 32 * 9 + 1}),
    slip("local-bias-per-channel", "The sums of the 32 channels are added first; then comes one "
        "bias.", local_bias=32),
    slip("local-of-one-map", _LOCAL, local_outputs=PLANE),
    slip("local-at-every-input", _LOCAL, local_outputs=32 * PLANE),
    slip("local-once-a-map", f"That is shared over the places. {_LOCAL}", local_outputs=64),
    slip("local-of-one-channel", f"A window goes through 32 channels. {_LOCAL}",
        _only("local", window=9)),
    slip("local-one-row", f"{_KERNEL} {_LOCAL}", _only("local", window=32 * 3)),
    slip("local-without-padding", _LOCAL, local_outputs=64 * 12 * 12),
    slip("local-not-pooled", _LOCAL, local_outputs=64 * 28 * 28),
    slip("shared-without-bias", f"Its biases are missing. {_SHARED}", shared_bias=0),
    slip("shared-one-bias", f"Each map has a bias. {_SHARED}", shared_bias=1),
    slip("shared-bias-per-input", f"Biases belong to what comes out. {_SHARED}", shared_bias=32),
    slip("shared-bias-per-kernel", "The 32 sums of a map are added first; then comes one bias.",
        shared_bias=64 * 32),
    slip("shared-bias-per-place", "Sharing takes in the bias: one for each feature map, not one "
        "for each of its numbers.", shared_bias=64 * PLANE),
    slip("one-kernel-for-all-maps", "Weights are shared over the places of one feature map, not "
        "between maps: 64 maps, 64 kernels.", _only("shared", maps=1)),
    slip("shared-of-one-channel", f"A window goes through 32 channels. {_SHARED}",
        shared_window=9),
    slip("shared-one-row", f"{_KERNEL} {_SHARED}", shared_window=32 * 3),
    slip("shared-at-every-place", "The places share their weights, so they do not count. "
        f"{_SHARED}", _only("shared", maps=64 * PLANE)),
    slip("shared-32-maps", _SHARED, _only("shared", maps=32)),
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
    slips=(*BOTH, *ONE_LAYER),
)
