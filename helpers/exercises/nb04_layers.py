"""Layers that keep or break shift equivariance, on which notebook 04 tries a learner's test."""

import torch
from torch.nn import functional as F

_KERNEL = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])
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
    return _convolve(image, _KERNEL)


def _wide_kernel(image):
    return _convolve(image, _WIDE)


def _two_layers(image):
    return _convolve(torch.relu(_convolve(image, _EDGE, bias=3)), _KERNEL, bias=-2)


def _maximum(image):
    return F.max_pool2d(image[None], 3, 1, 1)[0]


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


def _spoiled_second(image):
    output = _convolution(image)
    output[:, 1] += 7
    return output


def _spoiled_second_last(image):
    output = _convolution(image)
    output[:, -2] += 7
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


_TWICE = "a convolution with stride 2, every number repeated"
LAYERS = {
    "a convolution": _convolution,
    "a convolution with a kernel five pixels wide": _wide_kernel,
    "two convolutions with biases": _two_layers,
    "a 3x3 maximum": _maximum,
    "the square of each pixel": _square,
    "a layer that answers 7 to everything": _always_seven,
    "a dense layer": _dense,
    "a layer with weights of its own in every place": _own_weights,
    "a convolution with a bias of its own in every column": _own_biases,
    "a picture made brighter to the right": _brighter,
    "a convolution with one spoiled column": _spoiled_column,
    "a convolution with one dead column": _dead_column,
    "a convolution of the mirrored picture": _mirror,
    _TWICE: _every_second,
    "a picture made darker to the right": _darker,
    "a convolution whose second column is spoiled": _spoiled_second,
    "a convolution whose last column but one is spoiled": _spoiled_second_last,
}
MARGIN = {
    "a convolution with a kernel five pixels wide": 2,
    "two convolutions with biases": 2,
    "the square of each pixel": 0,
    "a picture made brighter to the right": 0,
    "a picture made darker to the right": 0,
    _TWICE: 2,
}


def case(name, shift, seed, height=6, width=12):
    """A random image and the other arguments of `observe`."""
    generator = torch.Generator().manual_seed(seed)
    image = torch.randint(-5, 6, (height, width), generator=generator).float()
    return name, image, shift, MARGIN.get(name, 1)


def _black(columns, shift):
    """A convolution, and an image some columns of which are black."""
    name, image, shift, margin = case("a convolution", shift, 30 + shift)
    image[:, columns] = 0
    return name, image, shift, margin


def _striped():
    name, image, shift, margin = _black([0], 1)
    return name, image[:, :2].repeat(1, 6), shift, margin


def observe(test, name, image, shift, margin):
    """Run a learner's test on one layer: does it pass, does it fail, or only say so?"""
    said, before, calls = f"{name}, shifted by {shift}: ", image.clone(), []

    def layer(picture):
        calls.append(picture)
        return LAYERS[name](picture)

    try:
        value = test(layer, image, shift, margin)
    except AssertionError:
        return said + "the test fails"
    if not calls:
        return said + "the test never calls the layer"
    if not torch.equal(image, before):
        return said + "the test changes the image"
    if isinstance(value, bool) and not value or torch.is_tensor(value) and not value.all():
        return said + "the test returns False and raises nothing"
    return said + "the test passes"


CASES = (
    *(case(name, 1 + seed % 3, seed) for seed, name in enumerate(LAYERS)),
    case(_TWICE, 1, 20),  # it keeps the promise at even shifts only
    _black([0, -1], 1),  # these tell apart which columns a test leaves out
    _black([0, -1], 3),
    _black([-2], 2),
    _striped(),  # to the left or to the right is the same here
)
