"""What the four repaired calls of notebook 03 share: pixels, layers, and what may be forgotten."""

import torch
from torch import nn
from torch.nn.utils import skip_init

from helpers.exercises import slip


def _numbers(shape, low, high, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(low, high + 1, shape, generator=generator)


def whole_layer(channels, filters, kernel, seed):
    """A Conv2d of whole numbers; the global random stream is left alone."""
    conv = skip_init(nn.Conv2d, channels, filters, kernel).requires_grad_(False)
    conv.weight.copy_(_numbers(conv.weight.shape, -3, 3, seed))
    conv.bias.copy_(_numbers(conv.bias.shape, 1, 9, seed))
    return conv


def whole_pixels(*shape, seed):
    """Pixels that are whole numbers, as floats."""
    return _numbers(shape, 0, 9, seed).float()


def byte_pixels(*shape, highest=250, seed):
    """Pixels as they stand in a file."""
    return _numbers(shape, 0, highest, seed).to(torch.uint8)


def call(picture, conv, *, scale=lambda p: p, axes=lambda p: p, layer=lambda conv, x: conv(x)):
    """Pixels of the right size, axes in the right places, then the layer."""
    return layer(conv, axes(scale(picture)))


def stub(solution, parameters, broken):
    """Signature, docstring and broken call, with TODO in place of the rest."""
    return (
        f'def {solution.__name__}({parameters}):\n    """{solution.__doc__}"""\n'
        f"    # broken: {broken}\n    return TODO"
    )


# fmt: off
LAYER = (
    slip("layer-forgotten", "That is what should go in, and no layer has seen it. Give it to "
        "`conv`, and return what comes out.", layer=lambda conv, x: x),
    slip("bias-lost", "The weights are there, but the layer's bias is not: `conv(...)` brings its "
        "own.", layer=lambda conv, x: conv(x) - conv.bias[:, None, None]),
)

FLOATS = (
    slip("divided-again", "The axes are right. But these pixels are floats already, and are "
        "divided by 255 as if they were bytes.", scale=lambda p: p / 255),
    slip("own-maximum", "The axes are right. But the pixels are divided by their maximum, which "
        "nobody asked for.", scale=lambda p: p / p.max()),
)

OUTPUT = (
    slip("batch-lost", "The batch is missing in what comes out: it is one picture without its "
        "axis. All pictures come out, and a batch of one is still a batch.",
        after=lambda output: output[0]),
    slip("filters-first", "The filters stand where the batch should be. Give both axes before the "
        "call, then nothing need be moved after it.", after=lambda output: output.transpose(0, 1)),
    slip("squeezed", "Axes of length 1 are squeezed away. A batch of one, or a layer with one "
        "filter, keeps all four.", after=torch.squeeze),
)
# fmt: on
