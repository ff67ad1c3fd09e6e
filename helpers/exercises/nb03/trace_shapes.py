"""03.trace_shapes: four shapes by the formula, and what a wrong step does to those behind it."""

from helpers.exercises import Exercise, slip

RIGHT = ((8, 16, 28, 44), (8, 16, 10, 15), (8, 24, 10, 15), (8, 4, 8, 11))


def places(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def trace(
    *, batch=8, filters1=16, filters2=16, filters3=24, filters4=4, size1=(5, 5, 1, 0),
    size2=(3, 3, 3, 1), size3=(1, 1, 1, 0), size4=(3, 5, 1, 0), rule=places, picture=(32, 48),
    order=lambda n, c, h, w: (n, c, h, w),
):  # fmt: skip
    """Shape after shape; a layer's size is (kernel height, kernel width, stride, padding)."""
    (height, width), shapes = picture, []
    sizes, filters = (size1, size2, size3, size4), (filters1, filters2, filters3, filters4)
    for (high, wide, stride, padding), channels in zip(sizes, filters, strict=True):
        height, width = rule(height, high, stride, padding), rule(width, wide, stride, padding)
        shapes.append(order(batch, channels, height, width))
    return tuple(shapes)


def misread(key, message, layer, **twist):
    """A slip in one layer that goes on in those behind it, and the same in that layer alone."""
    alone = tuple(trace(**twist)[i] if i == layer - 1 else RIGHT[i] for i in range(4))
    whole = trace(**twist)
    first = slip(key, message, **twist)
    return (first,) if alone == whole else (first, slip(f"{key}-there", message, lambda: alone))


_FILTERS = "As many channels come out of a layer as it has filters: its second argument."
_COUNT = "The first window counts too: n - k steps make n - k + 1 places."

# fmt: off
EVERYWHERE = (
    slip("channels-last", "Your channels stand last. In torch they stand right behind the batch: N "
        "C H W.", order=lambda n, c, h, w: (n, h, w, c)),
    slip("batch-lost", "The batch is missing. Eight pictures go in, and eight come out.",
        order=lambda n, c, h, w: (c, h, w)),
    slip("batch-of-one", "Eight pictures go in, and eight come out of every layer: nothing changes "
        "the first axis.", batch=1),
    slip("axes-exchanged", "Height and width have changed places. Height comes first.",
        order=lambda n, c, h, w: (n, c, w, h)),
    slip("picture-on-its-side", "Height and width of the pictures have changed places: they are 32 "
        "high and 48 wide, and height comes first.", picture=(48, 32)),
    slip("square-picture", "The pictures are 32 high and 48 wide. Work out both axes, each from "
        "its own size.", picture=(32, 32)),
    slip("plus-one-missing", f"The + 1 is missing. {_COUNT}",
        rule=lambda n, k, s, p: (n + 2 * p - k) // s),
    slip("rounded-up", "A window that does not fit is left out: round down.",
        rule=lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1),
    slip("padding-once", "Padding is per side, so it counts twice.",
        rule=lambda n, k, s, p: (n + p - k) // s + 1),
    slip("channels-multiplied", "You multiply the channels. A filter reads all that go in and adds "
        "them up, so 16 filters give 16 channels.", filters1=3 * 16, filters2=16 * 16,
        filters3=16 * 24, filters4=24 * 4),
    slip("channels-kept", _FILTERS, filters1=3, filters2=3, filters3=3, filters4=3),
    slip("channels-that-go-in", _FILTERS, filters1=3, filters2=16, filters3=16, filters4=24),
)

LAYERS = (
    ("plus-one-missing-1", f"Layer 1 is one too small both ways. {_COUNT}", 1,
        dict(size1=(6, 6, 1, 0))),
    ("unchanged-1", "Layer 1: a padding that is not written down is 0, so the size shrinks.", 1,
        dict(size1=(1, 1, 1, 0))),
    ("stride-ignored-2", "Layer 2 moves three pixels at a time, so there are about a third as many "
        "places.", 2, dict(size2=(3, 3, 1, 1))),
    ("padding-ignored-2", "Layer 2 is one too small both ways: a pixel of padding on each side "
        "makes room for one more window, and the first window counts too.", 2,
        dict(size2=(3, 3, 3, 0))),
    ("one-by-one-shrinks", "Layer 3: a kernel of 1 fits on every pixel, so none is lost.", 3,
        dict(size3=(2, 2, 1, 0))),
    ("one-by-one-does-nothing", "Layer 3: a kernel of 1 leaves height and width alone, but there "
        "are 24 filters.", 3, dict(filters3=16)),
    ("kernel-axes-exchanged", "Layer 4: the kernel is (3, 5), and the height comes first.", 4,
        dict(size4=(5, 3, 1, 0))),
    ("kernel-taken-as-3", "Layer 4: the kernel is 3 high but 5 wide.", 4,
        dict(size4=(3, 3, 1, 0))),
    ("plus-one-missing-4", f"Layer 4 is one too small both ways. {_COUNT}", 4,
        dict(size4=(4, 6, 1, 0))),
)
# fmt: on

EXERCISE = Exercise(
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
    walk=trace,
    why="N passes through, C is the layer's number of filters, and H and W follow the formula of "
    "notebook 02, each with its own kernel.",
    hints=(
        "Fill in the columns, not the rows. The first is the batch, the second needs no "
        "arithmetic: it stands in the layers.",
        "Height and width: `(n + 2 * p - k) // s + 1`, each on its own. A setting that is not "
        "written down has its default, stride 1 and padding 0.",
        "Layer 2 reads 28 by 44. Downwards (28 + 2 - 3) // 3 + 1 = 10. Do the same to the right. "
        "In layer 4 the kernel (3, 5) is 3 high and 5 wide.",
        "`(8, 16, 28, 44)`, `(8, 16, 10, 15)`, `(8, 24, 10, 15)`: a kernel of one pixel loses "
        "none. The last line is left.",
    ),
    slips=(*EVERYWHERE, *(s for row in LAYERS for s in misread(*row[:3], **row[3]))),
)
