"""Wrong gradients of a kernel and wrong parameter counts, as learners make them in notebook 04."""

import torch
from torch.nn import functional as F

from helpers.exercises import Mistake


def _per_image(images, upstream):
    """The right gradient of each image alone: (N, kH, kW)."""
    blocks = images.unfold(1, upstream.shape[1], 1).unfold(2, upstream.shape[2], 1)
    return (blocks * upstream[:, None, None]).sum((3, 4))


def _right(images, upstream):
    return _per_image(images, upstream).sum(0)


def _first_window(images, upstream):
    height, width = _right(images, upstream).shape
    return (images[:, :height, :width] * upstream[:, :1, :1]).sum(0)


def _kernel_as_large_as_output(images, upstream):
    height, width = upstream.shape[1:]
    gradient = torch.zeros(height, width)
    for i in range(height):
        for j in range(width):
            gradient[i, j] = (images[:, i : i + height, j : j + width] * upstream).sum()
    return gradient


def _three_by_three(images, upstream):
    height, width = upstream.shape[1:]
    gradient = torch.zeros(3, 3)
    for i in range(3):
        for j in range(3):
            gradient[i, j] = (images[:, i : i + height, j : j + width] * upstream).sum()
    return gradient


def _full(images, upstream):
    height, width = upstream.shape[1:]
    return _right(F.pad(images, (width - 1, width - 1, height - 1, height - 1)), upstream)


KERNEL_GRADIENT = (
    Mistake(
        "not-summed-over-batch",
        _per_image,
        "You have one gradient for each image. All images went through one kernel, so their "
        "gradients add up.",
    ),
    Mistake(
        "averaged-over-batch",
        lambda images, upstream: _per_image(images, upstream).mean(0),
        "You average over the images. If the loss is an average, its upstream gradient is "
        "divided already; here the gradients are added.",
    ),
    Mistake(
        "first-image-only",
        lambda images, upstream: _per_image(images, upstream)[0],
        "Only the first image counts in your gradient. Every image of the batch used the kernel.",
    ),
    Mistake(
        "last-image-only",
        lambda images, upstream: _per_image(images, upstream)[-1],
        "Only the last image counts in your gradient. Does each image replace what those before "
        "it gave, where it should be added?",
    ),
    Mistake(
        "batch-mixed",
        lambda images, upstream: _right(images.sum(0, keepdim=True), upstream.sum(0, keepdim=True)),
        "You add up images and upstream gradients before you multiply. Then one image's pixels "
        "meet another's gradient.",
    ),
    Mistake(
        "one-window",
        _first_window,
        "You use the first window alone. The kernel lay on every window, and each one adds its "
        "pixels times its own upstream number.",
    ),
    Mistake(
        "upstream-ignored",
        lambda images, upstream: _right(images, torch.ones_like(upstream)),
        "You add up the windows as they are. Each is weighted by the upstream number of its "
        "output, and with a negative one it counts the other way.",
    ),
    Mistake(
        "mean-over-windows",
        lambda images, upstream: _right(images, upstream) / upstream[0].numel(),
        "You divide by the number of windows. A shared weight collects the sum over all of them.",
    ),
    Mistake(
        "flipped",
        lambda images, upstream: _right(images, upstream).flip(0, 1),
        "Your gradient is turned by half a turn. Entry (0, 0) belongs to the weight at the top "
        "left, which never met the last row of the image.",
    ),
    Mistake(
        "upstream-flipped",
        lambda images, upstream: _right(images, upstream.flip(1, 2)),
        "You turn the upstream gradient. Nothing is flipped here: window (0, 0) belongs to "
        "upstream (0, 0). The flip belongs to the gradient of the *image*.",
    ),
    Mistake(
        "transposed",
        lambda images, upstream: _right(images, upstream).T,
        "Rows and columns of your gradient are exchanged. It has the shape of the kernel.",
    ),
    Mistake(
        "always-3x3",
        _three_by_three,
        "Your kernel is always 3x3. How large it was follows from the sizes of image and output.",
    ),
    Mistake(
        "size-of-output",
        _kernel_as_large_as_output,
        "You take the kernel to be as large as the output. In the running example both are "
        "3x3; in general the kernel has H - H' + 1 rows.",
    ),
    Mistake(
        "one-size-short",
        lambda images, upstream: _right(images, upstream)[:-1, :-1],
        "The last row and the last column are missing. How many places does an upstream of H' "
        "rows have on an image of H rows?",
    ),
    Mistake(
        "full",
        _full,
        "You padded. The gradient of the *image* needs that; that of the kernel reads only "
        "pixels that were there.",
    ),
    Mistake(
        "hard-coded",
        lambda images, upstream: torch.tensor([[9.0, 5, 8], [1, 5, 9], [4, 2, 4]]),
        "This is the gradient of the running example, whatever comes in.",
    ),
)


def _layer(c_in=32, c_out=64, side=14, out=14, *, biases=None, bias=1):
    """Parameters of the three layers; `biases`: how many dense and local have in all."""
    outputs = c_out * out * out
    biases = outputs if biases is None else biases
    return {
        "dense": c_in * side * side * outputs + biases * bias,
        "local": outputs * c_in * 9 + biases * bias,
        "shared": c_out * (c_in * 9 + bias),
    }


def _bias_per_place():
    return _layer() | {"shared": 64 * 32 * 9 + 64 * 14 * 14}


def _one_bias_a_layer():
    return {name: count + 1 for name, count in _layer(bias=0).items()}


def _one_kernel_for_all_maps():
    return _layer() | {"shared": 32 * 9 + 1}


PARAMETERS = (
    Mistake(
        "biases-forgotten",
        lambda: _layer(bias=0),
        "The biases are missing. Every output number has one; in the shared layer all numbers "
        "of a feature map have it in common.",
    ),
    Mistake(
        "input-channels-forgotten",
        lambda: _layer(c_in=1),
        "There are 32 channels going in, and every weight reads one of them: a 3x3 window has "
        "32 * 9 pixels.",
    ),
    Mistake(
        "output-channels-forgotten",
        lambda: _layer(c_out=1),
        "You count one feature map. The layer makes 64, each with weights of its own.",
    ),
    Mistake(
        "channels-forgotten",
        lambda: _layer(1, 1),
        "You count one plane of 14x14 numbers in and one out. There are 32 in and 64 out.",
    ),
    Mistake(
        "first-layer",
        lambda: _layer(1, 32, 28, 28),
        "These are the numbers of the first layer, counted above. The second reads 32 channels "
        "of 14x14.",
    ),
    Mistake(
        "not-pooled",
        lambda: _layer(side=28, out=28),
        "You count with 28x28. Pooling has halved the size: the second layer reads 14x14.",
    ),
    Mistake(
        "no-padding",
        lambda: _layer(out=12),
        "You count 12x12 outputs. With padding 1 a 3x3 kernel keeps the size.",
    ),
    Mistake(
        "bias-per-feature-map",
        lambda: _layer(biases=64),
        "Where nothing is shared, no bias is: dense and local have one for every output number.",
    ),
    Mistake(
        "one-bias-a-layer",
        _one_bias_a_layer,
        "One bias for a whole layer is too few: one for every output number, or, where it is "
        "shared, one for every feature map.",
    ),
    Mistake(
        "bias-per-place",
        _bias_per_place,
        "Sharing takes in the bias: one for each feature map, not one for each of its numbers.",
    ),
    Mistake(
        "one-kernel-for-all-maps",
        _one_kernel_for_all_maps,
        "Weights are shared over the places of one feature map, not between maps: 64 maps, 64 "
        "kernels.",
    ),
)


def judge_parameters(answer):
    """None where all three counts are right; else the key of a mistake or a sentence."""
    right = _layer()
    if not isinstance(answer, dict) or answer.keys() != right.keys():
        return f"Keep the dictionary with its keys {', '.join(map(repr, right))}."
    if answer == right:
        return None
    for mistake in PARAMETERS:
        if mistake.wrong() == answer:
            return mistake.key
    wrong = next(name for name in right if answer[name] != right[name])
    keys = [mistake.key for mistake in PARAMETERS if mistake.wrong()[wrong] == answer[wrong]]
    sentence = f'"{wrong}": {answer[wrong]:,} is not it yet. Weights of one output number first.'
    return keys[0] if keys else sentence
