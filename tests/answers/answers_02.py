"""Right answers to the exercises of notebook 02 in different styles, and random arguments."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def size_ceil(n, kernel, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel - 1) + 1
    return math.ceil((n + 2 * padding - reach + 1) / stride)


def size_stride_in_numerator(n, kernel, stride=1, padding=0, dilation=1):
    return (n + 2 * padding - dilation * (kernel - 1) - 1 + stride) // stride


def size_counted(n, kernel, stride=1, padding=0, dilation=1):
    count, start = 0, -padding
    while start + dilation * (kernel - 1) < n + padding:
        count, start = count + 1, start + stride
    return count


def size_range(n, kernel, stride=1, padding=0, dilation=1):
    return len(range(0, n + 2 * padding - dilation * (kernel - 1), stride))


def size_recursive(n, kernel, stride=1, padding=0, dilation=1):
    length = n + 2 * padding
    if dilation * (kernel - 1) + 1 > length:
        return 0
    return 1 + size_recursive(length - stride, kernel, stride, 0, dilation)


def size_math_floor(n, kernel, stride=1, padding=0, dilation=1):
    return math.floor((n + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)


def size_torch(n, kernel, stride=1, padding=0, dilation=1):
    row, weight = torch.zeros(1, 1, n), torch.zeros(1, 1, kernel)
    return F.conv1d(row, weight, None, stride, padding, dilation).shape[-1]


def same_half_kernel(kernel, dilation=1):
    return dilation * (kernel // 2)


def same_half_reach(kernel, dilation=1):
    return (dilation * (kernel - 1) + 1) // 2


def same_float(kernel, dilation=1):
    return int((kernel - 1) / 2 * dilation)


def same_gaps(kernel, dilation=1):
    middle = kernel // 2
    return sum(dilation for _ in range(middle))


def same_searched(kernel, dilation=1):
    padding = 0
    while 2 * padding - dilation * (kernel - 1) < 0:
        padding += 1
    return padding


def conv_functional(image, kernel, stride=1, padding=0, bias=0):
    output = F.conv2d(image[None, None], kernel[None, None], stride=stride, padding=padding)
    return output[0, 0] + bias


def conv_strided_slice(image, kernel, stride=1, padding=0, bias=0):
    height, width = image.shape
    padded = image.new_zeros(height + 2 * padding, width + 2 * padding)
    padded[padding : padding + height, padding : padding + width] = image
    rows, columns = (padded.shape[i] - kernel.shape[i] + 1 for i in (0, 1))
    output = torch.zeros(rows, columns)
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            output += kernel[i, j] * padded[i : i + rows, j : j + columns]
    return output[::stride, ::stride] + bias


def conv_unfold(image, kernel, stride=1, padding=0, bias=0):
    padded = F.pad(image, [padding] * 4)
    windows = padded.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("rcij,ij->rc", windows, kernel) + bias


def conv_im2col(image, kernel, stride=1, padding=0, bias=0):
    columns = F.unfold(image[None, None], tuple(kernel.shape), padding=padding, stride=stride)
    width = (image.shape[1] + 2 * padding - kernel.shape[1]) // stride + 1
    return (kernel.reshape(1, -1) @ columns[0]).reshape(-1, width) + bias


def conv_numpy(image, kernel, stride=1, padding=0, bias=0):
    padded, weights = np.pad(image.numpy(), padding), kernel.numpy()
    windows = np.lib.stride_tricks.sliding_window_view(padded, weights.shape)
    output = (windows[::stride, ::stride] * weights).sum(axis=(2, 3)) + bias
    return torch.tensor(output, dtype=torch.float32)


def conv_lists(image, kernel, stride=1, padding=0, bias=0):
    padded = F.pad(image, (padding,) * 4).tolist()
    (height, width), weights = kernel.shape, kernel.tolist()
    return torch.tensor(
        [
            [
                bias
                + sum(
                    weights[i][j] * padded[top + i][left + j]
                    for i in range(height)
                    for j in range(width)
                )
                for left in range(0, len(padded[0]) - width + 1, stride)
            ]
            for top in range(0, len(padded) - height + 1, stride)
        ],
        dtype=torch.float32,
    )


def conv_module(image, kernel, stride=1, padding=0, bias=0):
    layer = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding)
    with torch.no_grad():
        layer.weight.copy_(kernel)
        layer.bias.fill_(bias)
        return layer(image[None, None])[0, 0]


def field_from_output(layers):
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


def field_recursive(layers):
    if not layers:
        return 1
    (kernel, stride), *deeper = layers
    return (field_recursive(deeper) - 1) * stride + kernel


def field_pixels(layers):
    seen = {0}
    for kernel, stride in layers[::-1]:
        seen = {pixel * stride + i for pixel in seen for i in range(kernel)}
    return max(seen) - min(seen) + 1


def field_sum(layers):
    strides = [stride for _, stride in layers]
    return 1 + sum((k - 1) * math.prod(strides[:i]) for i, (k, _) in enumerate(layers))


def field_gradient(layers):
    pixels = torch.ones(1, 1, field_from_output(layers) + 40, requires_grad=True)
    output = pixels
    for kernel, stride in layers:
        output = F.conv1d(output, torch.ones(1, 1, kernel), stride=stride)
    output[0, 0, 0].backward()
    return int((pixels.grad != 0).sum())


RIGHT = {
    "02.output_size": [
        size_ceil,
        size_stride_in_numerator,
        size_counted,
        size_range,
        size_recursive,
        size_math_floor,
        size_torch,
    ],
    "02.same_padding": [
        same_half_kernel,
        same_half_reach,
        same_float,
        same_gaps,
        same_searched,
    ],
    "02.conv2d": [
        conv_functional,
        conv_strided_slice,
        conv_unfold,
        conv_im2col,
        conv_numpy,
        conv_lists,
        conv_module,
    ],
    "02.solve_settings": [
        {"32 -> 28": (5, 1, 0), "227 -> 55": (11, 4, 0), "28 -> 14 and 7 -> 4": (3, 2, 1)},
        {"32 -> 28": (7, 1, 1), "227 -> 55": (13, 4, 1), "28 -> 14 and 7 -> 4": (5, 2, 2)},
        {"32 -> 28": [9, 1, 2], "227 -> 55": [12, 4, 1], "28 -> 14 and 7 -> 4": [7, 2, 3]},
    ],
    "02.receptive_field": [
        field_from_output,
        field_recursive,
        field_pixels,
        field_sum,
        field_gradient,
    ],
}


def _integers(rng, rows, columns):
    return torch.tensor([[float(rng.randint(-5, 5)) for _ in range(columns)] for _ in range(rows)])


def random_size(rng):
    kernel, dilation, padding = rng.randint(1, 5), rng.randint(1, 3), rng.randint(0, 3)
    shortest = max(1, dilation * (kernel - 1) + 1 - 2 * padding)
    return rng.randint(shortest, shortest + 30), kernel, rng.randint(1, 4), padding, dilation


def random_conv2d(rng):
    kernel = _integers(rng, rng.randint(1, 3), rng.randint(1, 3))
    image = _integers(rng, rng.randint(3, 8), rng.randint(3, 8))
    return image, kernel, rng.randint(1, 3), rng.randint(0, 2), rng.randint(-3, 3)


def random_layers(rng):
    layers = []
    for _ in range(rng.randint(1, 4)):
        stride = rng.randint(1, 3)
        layers.append((rng.randint(stride, stride + 3), stride))
    return (layers,)


RANDOM = {
    "02.output_size": random_size,
    "02.same_padding": lambda rng: (2 * rng.randint(0, 6) + 1, rng.randint(1, 4)),
    "02.conv2d": random_conv2d,
    "02.receptive_field": random_layers,
}
