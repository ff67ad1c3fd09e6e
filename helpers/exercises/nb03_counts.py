"""Exercises of notebook 03 that are answered with numbers: parameters and shapes."""

from helpers.exercises import Exercise, Mistake

LAYERS = ("conv1", "conv2", "linear", "all")
RIGHT_COUNTS = (320, 18496, 31370, 50186)
AXES = ("batch", "channels", "height", "width")
RIGHT_SHAPES = ((8, 16, 28, 44), (8, 16, 10, 15), (8, 24, 10, 15), (8, 4, 8, 11))


def _counts(conv1=320, conv2=18496, linear=31370, total=None):
    numbers = (conv1, conv2, linear, total or conv1 + conv2 + linear)
    return lambda: dict(zip(LAYERS, numbers, strict=True))


def judge_counts(counts):
    """None where all four are right, else the mistake behind the first that is not."""
    if not isinstance(counts, dict) or set(counts) != set(LAYERS):
        return f"Keep the dictionary with its keys {', '.join(LAYERS)}."
    for layer, right in zip(LAYERS, RIGHT_COUNTS, strict=True):
        if counts[layer] == right:
            continue
        for mistake in COUNT_MISTAKES:
            if mistake.wrong()[layer] == counts[layer]:
                return mistake.key
        if layer == "all":
            return "not-added-up"
        return f"{layer}: not {counts[layer]!r}. How many numbers does one of its outputs read?"
    return None


COUNT_MISTAKES = (
    Mistake(
        "bias-forgotten",
        _counts(32 * 9, 64 * 32 * 9),
        "You count the weights only. Each filter has a bias too.",
    ),
    Mistake(
        "one-bias-a-layer",
        _counts(32 * 9 + 1, 64 * 32 * 9 + 1, 3136 * 10 + 1),
        "One bias for a whole layer is too few: each filter has its own.",
    ),
    Mistake(
        "one-filter",
        _counts(10, 32 * 9 + 1, 3136 + 1),
        "You count a single filter, or a single output. How many of them has the layer?",
    ),
    Mistake(
        "kernel-not-squared",
        _counts(32 * 3 + 32, 64 * 32 * 3 + 64),
        "A kernel of 3 has three rows of three weights: nine, not three.",
    ),
    Mistake(
        "bias-per-weight",
        _counts(2 * 32 * 9, 2 * 64 * 32 * 9, 2 * 31360),
        "You count a bias for every weight. A filter adds up all its products and then one bias.",
    ),
    Mistake(
        "outputs-counted",
        _counts(32 * 28 * 28, 64 * 14 * 14, 10),
        "You count the numbers that come out. Parameters are the numbers inside the layer; the "
        "size of the picture has no part in them.",
    ),
    Mistake(
        "weights-for-every-pixel",
        _counts(28 * 28 * 320, 14 * 14 * 18496),
        "You multiply by the size of the picture. All places of a filter share the same weights.",
    ),
    Mistake(
        "one-kernel-per-filter",
        _counts(conv2=64 * 9 + 64),
        "conv2: you gave each filter one kernel. It reads 32 channels, each with a kernel of its "
        "own.",
    ),
    Mistake(
        "bias-per-kernel",
        _counts(conv2=64 * 32 * 9 + 64 * 32),
        "conv2: you count a bias for every kernel. The 32 sums of a filter are added first; "
        "then comes one bias.",
    ),
    Mistake(
        "bias-per-input-channel",
        _counts(conv2=64 * 32 * 9 + 32),
        "conv2: you count a bias for each input channel. Biases belong to what comes out: one "
        "for each of the 64 filters.",
    ),
    Mistake(
        "linear-bias-forgotten",
        _counts(linear=31360),
        "linear: you count its weights only. Each of the ten outputs has a bias too.",
    ),
    Mistake(
        "linear-bias-per-input",
        _counts(linear=31360 + 3136),
        "linear: you count a bias for each number that goes in. There is one for each that "
        "comes out.",
    ),
    Mistake(
        "linear-channels-only",
        _counts(linear=64 * 10 + 10),
        "linear: you count one number for each channel. It reads every number of all 64 "
        "feature maps: 64 * 7 * 7.",
    ),
    Mistake(
        "linear-reads-the-picture",
        _counts(linear=784 * 10 + 10),
        "linear: it does not read the 784 pixels but the 64 * 7 * 7 numbers that conv2 and the "
        "pooling after it leave.",
    ),
    Mistake(
        "not-added-up",
        _counts(total=320 * 18496 * 31370),
        "The three layers are right. All of them together are a sum, not a product.",
    ),
)

PARAMETERS = Exercise(
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
    why="Count one filter, or one output of the linear layer: a weight for each number that it "
    "reads at once, and one bias. Then multiply by how many there are.",
    hints=(
        "Begin with a single filter of conv1. How many numbers does it read at one place, and "
        "what is added at the end?",
        "A filter of conv2 reads 32 channels through a 3x3 window: 32 * 3 * 3 weights and one "
        "bias. How many such filters are there?",
        "A linear layer has a weight for each pair of an input and an output, and a bias for each "
        "output.",
    ),
    accepts=judge_counts,
    mistakes=COUNT_MISTAKES,
)


def _shapes(**changes):
    """The right shapes but for some layers: first, second, third, fourth."""
    names = ("first", "second", "third", "fourth")
    return lambda: [
        changes.get(name, right) for name, right in zip(names, RIGHT_SHAPES, strict=True)
    ]


def judge_shapes(shapes):
    """None where all shapes are right, else the mistake behind the first that is not."""
    if not isinstance(shapes, tuple | list) or len(shapes) != len(RIGHT_SHAPES):
        return f"Keep the list with one shape for each of the {len(RIGHT_SHAPES)} layers."
    for i, right in enumerate(RIGHT_SHAPES):
        if not isinstance(shapes[i], tuple | list):
            return f"Layer {i + 1}: give a shape, four numbers in brackets; got {shapes[i]!r}."
        if tuple(shapes[i]) == right:
            continue
        for mistake in SHAPE_MISTAKES:
            if tuple(mistake.wrong()[i]) == tuple(shapes[i]):
                return mistake.key
        if len(shapes[i]) != len(AXES):
            return f"Layer {i + 1}: a shape has {len(AXES)} axes here; got {tuple(shapes[i])}."
        pairs = zip(AXES, shapes[i], right, strict=True)
        axis, got = next((axis, got) for axis, got, wanted in pairs if got != wanted)
        return f"Layer {i + 1}: {axis} {got} is not it yet. All that stands before it is right."
    return None


SHAPE_MISTAKES = (
    Mistake(
        "channels-kept",
        _shapes(first=(8, 3, 28, 44)),
        "Layer 1: three channels go in, but as many come out as there are filters. Which argument "
        "says how many?",
    ),
    Mistake(
        "channels-last",
        _shapes(first=(8, 28, 44, 16)),
        "Your channels stand last. In torch they stand right behind the batch: N C H W.",
    ),
    Mistake(
        "batch-lost",
        _shapes(first=(16, 28, 44)),
        "The batch is missing. Eight pictures go in, and eight come out of every layer.",
    ),
    Mistake(
        "batch-of-one",
        _shapes(first=(1, 16, 28, 44)),
        "Eight pictures go in, and eight come out of every layer. Nothing changes the first axis.",
    ),
    Mistake(
        "plus-one-missing",
        _shapes(first=(8, 16, 27, 43)),
        "Layer 1 is one too small both ways. The first window counts too: n - k steps make "
        "n - k + 1 places.",
    ),
    Mistake(
        "padding-assumed",
        _shapes(first=(8, 16, 32, 48)),
        "Layer 1 keeps the size only if it pads. Its padding is what it is by default: 0.",
    ),
    Mistake(
        "axes-swapped",
        _shapes(first=(8, 16, 44, 28)),
        "Height and width have changed places. Height comes first.",
    ),
    Mistake(
        "square-assumed",
        _shapes(first=(8, 16, 28, 28)),
        "The pictures are 32 high and 48 wide. Work out both axes, each from its own size.",
    ),
    Mistake(
        "stride-ignored",
        _shapes(second=(8, 16, 28, 44)),
        "Layer 2 moves three pixels at a time, so there are about a third as many places.",
    ),
    Mistake(
        "padding-ignored",
        _shapes(second=(8, 16, 9, 14)),
        "Layer 2 comes out one too small both ways: one pixel of padding on each side makes room "
        "for one more window.",
    ),
    Mistake(
        "rounded-up",
        _shapes(second=(8, 16, 10, 16)),
        "Layer 2: 43 pixels are left behind the first window, and steps of three go into them "
        "fourteen times. A window that does not fit is left out.",
    ),
    Mistake(
        "channels-multiplied",
        _shapes(first=(8, 3 * 16, 28, 44), second=(8, 16 * 16, 10, 15)),
        "You multiply the channels. A filter reads all that go in and adds them up, so 16 filters "
        "give 16 channels.",
    ),
    Mistake(
        "one-by-one-shrinks",
        _shapes(third=(8, 24, 9, 14)),
        "Layer 3: a kernel of 1 fits on every pixel, so none is lost.",
    ),
    Mistake(
        "one-by-one-does-nothing",
        _shapes(third=(8, 16, 10, 15)),
        "Layer 3: a kernel of 1 leaves height and width alone, but there are 24 filters.",
    ),
    Mistake(
        "kernel-axes-swapped",
        _shapes(fourth=(8, 4, 6, 13)),
        "Layer 4: the kernel is (3, 5), and the height comes first.",
    ),
    Mistake(
        "kernel-taken-as-3",
        _shapes(fourth=(8, 4, 8, 13)),
        "Layer 4: the kernel is 3 high but 5 wide.",
    ),
    Mistake(
        "kernel-taken-as-5",
        _shapes(fourth=(8, 4, 6, 11)),
        "Layer 4: the kernel is 5 wide but only 3 high.",
    ),
)

TRACE = Exercise(
    name="03.trace_shapes",
    title="Trace the shapes through a stack",
    difficulty=2,
    minutes=4,
    stub="""traced_shapes = [
    (TODO, TODO, TODO, TODO),
    (TODO, TODO, TODO, TODO),
    (TODO, TODO, TODO, TODO),
    (TODO, TODO, TODO, TODO),
]""",
    solution="""traced_shapes = [
    (8, 16, 28, 44),
    (8, 16, 10, 15),
    (8, 24, 10, 15),
    (8, 4, 8, 11),
]""",
    why="N passes through, C is the layer's number of filters, and H and W follow the formula of "
    "notebook 02, each with its own kernel.",
    hints=(
        "Fill in the columns, not the rows. The first is the batch, the second needs no "
        "arithmetic: it stands in the layers.",
        "Height and width: (n + 2p - k) // s + 1, each on its own. A setting that is not written "
        "down has its default, stride 1 and padding 0.",
        "Layer 2 reads 28 by 44. Downwards (28 + 2 - 3) // 3 + 1 = 10. Do the same to the right. "
        "In layer 4 the kernel (3, 5) is 3 high and 5 wide.",
    ),
    accepts=judge_shapes,
    mistakes=SHAPE_MISTAKES,
)
