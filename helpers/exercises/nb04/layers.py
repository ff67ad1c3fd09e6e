"""Layers that keep or break shift equivariance, on which 04.equivariance tries a learner's test."""

import torch
from torch.nn import functional as F

from helpers.example import KERNEL

_EDGE = torch.tensor([[1.0, 0, -1], [2, 0, -3], [1, 1, -1]])
_WIDE = torch.tensor([[1.0, -2, 3, 0, 2]])


def _numbers(*shape):
    """Whole numbers -4..4, the same at each call."""
    return torch.randint(-4, 5, shape, generator=torch.Generator().manual_seed(4)).float()


def _convolve(image, kernel, bias=0):
    """Plain sums: for a picture this small they are faster than F.conv2d."""
    down, right = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = F.pad(image, (right, right, down, down))
    windows = padded.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return (windows * kernel).sum((2, 3)) + bias


def _convolution(image):
    return _convolve(image, KERNEL)


def _wide_kernel(image):
    return _convolve(image, _WIDE)


def _two_layers(image):
    return _convolve(torch.relu(_convolve(image, _EDGE, bias=3)), KERNEL, bias=-2)


def _maximum(image):
    return F.max_pool2d(image[None], 3, 1, 1)[0]


def _unchanged(image):
    return image.clone()


def _square(image):
    return image * image


def _dense(image):
    return (_numbers(image.numel(), image.numel()) @ image.flatten()).reshape(image.shape)


def _own_weights(image):
    windows = F.pad(image, (1, 1, 1, 1)).unfold(0, 3, 1).unfold(1, 3, 1)
    return (windows * _numbers(*windows.shape)).sum((2, 3))


def _own_biases(image):
    return _convolution(image) + torch.arange(image.shape[1]) ** 2


def _brighter(image):
    return image + 5 * torch.arange(image.shape[1])


def _darker(image):
    return image - 5 * torch.arange(image.shape[1])


def _spoiled_column(image):
    output = _convolution(image)
    output[:, image.shape[1] // 2] += 7
    return output


def _dead_column(image):
    output = _convolution(image)
    output[:, image.shape[1] // 2] = 0
    return output


def _always_seven(image):
    return torch.full_like(image, 7)


def _mirror(image):
    return _convolution(image).flip(1)


def _every_second(image):
    small = _convolution(image)[::2, ::2]
    return small.repeat_interleave(2, 0).repeat_interleave(2, 1)[: image.shape[0], : image.shape[1]]


TWICE = "a convolution with stride 2, every number repeated"
LAYERS = {
    "a convolution": _convolution,
    "a convolution with a kernel five pixels wide": _wide_kernel,
    "two convolutions with biases": _two_layers,
    "a 3x3 maximum": _maximum,
    "a layer that hands the picture on": _unchanged,
    "the square of each pixel": _square,
    "a layer that answers 7 to everything": _always_seven,
    "a dense layer": _dense,
    "a layer with weights of its own in every place": _own_weights,
    "a convolution with a bias of its own in every column": _own_biases,
    "a picture made brighter to the right": _brighter,
    "a picture made darker to the right": _darker,
    "a convolution with one spoiled column": _spoiled_column,
    "a convolution with one dead column": _dead_column,
    "a convolution of the mirrored picture": _mirror,
    TWICE: _every_second,
}
_MARGIN = {
    "a convolution with a kernel five pixels wide": 2,
    "two convolutions with biases": 2,
    "a layer that hands the picture on": 0,
    "the square of each pixel": 0,
    "a picture made brighter to the right": 0,
    "a picture made darker to the right": 0,
    TWICE: 2,
}


def case(name, shift, seed, height=6, width=12):
    """A random image and the other arguments of a test of that layer."""
    generator = torch.Generator().manual_seed(seed)
    image = torch.randint(-5, 6, (height, width), generator=generator).float()
    return name, image, shift, _MARGIN.get(name, 1)


def black(columns, shift):
    """A convolution, and an image some columns of which are black."""
    name, image, shift, margin = case("a convolution", shift, 30 + shift)
    image[:, columns] = 0
    return name, image, shift, margin


def striped(name, period, shift):
    """A layer, and an image whose columns come again after `period`, black where periods meet."""
    name, image, shift, margin = case(name, shift, 31)
    image[:, [0, period - 1]] = 0
    return name, image[:, :period].repeat(1, image.shape[1] // period), shift, margin


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
