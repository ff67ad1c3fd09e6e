"""Layers that keep or break shift equivariance, on which 04.equivariance tries a learner's test."""

import torch
from torch.nn import functional as F

from helpers.example import KERNEL

_EDGE = torch.tensor([[1.0, 0, -1], [2, 0, -3], [1, 1, -1]])


def whole_picture(height, width, seed):
    """Whole numbers from -4 to 4 as floats, the same at each call."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-4, 5, (height, width), generator=generator).float()


def _convolve(image, kernel, bias=0):
    """Plain sums: for a picture this small they are faster than F.conv2d."""
    windows = F.pad(image, (1, 1, 1, 1)).unfold(0, 3, 1).unfold(1, 3, 1)
    return (windows * kernel).sum((2, 3)) + bias


def _convolution(image):
    return _convolve(image, KERNEL)


def _two_layers(image):
    return _convolve(torch.relu(_convolve(image, _EDGE, bias=3)), KERNEL, bias=-2)


def _square(image):
    return image * image


def _dense(image):
    weight = whole_picture(image.numel(), image.numel(), seed=4)
    return (weight @ image.flatten()).reshape(image.shape)


def _brighter(image):
    return image + 5 * torch.arange(image.shape[1])


def _dead_column(image):
    output = _convolution(image)
    output[:, image.shape[1] // 2] = 0
    return output


def _mirror(image):
    return _convolution(image).flip(1)


def _every_second(image):
    small = _convolution(image)[::2, ::2]
    return small.repeat_interleave(2, 0).repeat_interleave(2, 1)[: image.shape[0], : image.shape[1]]


TWICE = "a convolution with stride 2, every number repeated"
LAYERS = {
    "a convolution": _convolution,
    "two convolutions with biases": _two_layers,
    "the square of each pixel": _square,
    "a dense layer": _dense,
    "a picture made brighter to the right": _brighter,
    "a convolution with one dead column": _dead_column,
    "a convolution of the mirrored picture": _mirror,
    TWICE: _every_second,
}


def spoiled(image, rows, columns, amount):
    """A layer that squares the pixels; for any picture but `image` some of its numbers are wrong,
    so that exactly these differ where a test compares.
    """

    def layer(picture):
        output = _square(picture)
        if not torch.equal(picture, image):
            output[rows, columns] += amount
        return output

    return layer
