"""Right answers to the exercises of notebook 03 in different styles, and random arguments."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from helpers import arithmetic
from helpers.exercises.nb03.calls import byte_pixels, whole_layer, whole_pixels


def _plus(output, bias):
    return output if bias is None else output + bias[:, None, None]


def conv_functional(x, weight, bias=None, stride=1, padding=0):
    return F.conv2d(x, weight, bias, stride, padding)


def conv_seven_loops(x, weight, bias=None, stride=1, padding=0):
    x = F.pad(x, (padding,) * 4)
    rows, columns = ((x.shape[a] - weight.shape[a]) // stride + 1 for a in (2, 3))
    output = torch.zeros(x.shape[0], weight.shape[0], rows, columns)
    for n in range(x.shape[0]):
        for o in range(weight.shape[0]):
            for row in range(rows):
                for column in range(columns):
                    total = 0 if bias is None else bias[o]
                    for c in range(weight.shape[1]):
                        for i in range(weight.shape[2]):
                            for j in range(weight.shape[3]):
                                pixel = x[n, c, row * stride + i, column * stride + j]
                                total = total + pixel * weight[o, c, i, j]
                    output[n, o, row, column] = total
    return output


def conv_by_channel(x, weight, bias=None, stride=1, padding=0):
    bias = torch.zeros(len(weight)) if bias is None else bias
    return torch.stack(
        [
            torch.stack(
                [
                    sum(
                        arithmetic.conv2d(image, kernel, stride, padding)
                        for image, kernel in zip(sample, filter_, strict=True)
                    )
                    + b
                    for filter_, b in zip(weight, bias, strict=True)
                ]
            )
            for sample in x
        ]
    )


def conv_einsum(x, weight, bias=None, stride=1, padding=0):
    padded = F.pad(x, [padding] * 4)
    windows = padded.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    return _plus(torch.einsum("ncrsij,ocij->nors", windows, weight), bias)


def conv_im2col(x, weight, bias=None, stride=1, padding=0):
    columns = F.unfold(x, tuple(weight.shape[2:]), padding=padding, stride=stride)
    width = (x.shape[3] + 2 * padding - weight.shape[3]) // stride + 1
    output = weight.flatten(1) @ columns
    return _plus(output.reshape(len(x), len(weight), -1, width), bias)


def conv_shifts(x, weight, bias=None, stride=1, padding=0):
    padded, (height, width) = F.pad(x, (padding,) * 4), weight.shape[2:]
    rows, columns = padded.shape[2] - height + 1, padded.shape[3] - width + 1
    output = torch.zeros(len(x), len(weight), rows, columns)
    for i in range(height):
        for j in range(width):
            shifted = padded[:, :, i : i + rows, j : j + columns]
            output += torch.einsum("nchw,oc->nohw", shifted, weight[:, :, i, j])
    return _plus(output[:, :, ::stride, ::stride], bias)


def conv_numpy(x, weight, bias=None, stride=1, padding=0):
    frame = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    padded = np.pad(x.numpy(), frame)
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))
    output = np.tensordot(windows[:, :, ::stride, ::stride], weight.numpy(), ([1, 4, 5], [1, 2, 3]))
    output = output.transpose(0, 3, 1, 2)
    if bias is not None:
        output = output + bias.numpy().reshape(1, -1, 1, 1)
    return torch.tensor(output, dtype=torch.float32)


def conv_module(x, weight, bias=None, stride=1, padding=0):
    filters, channels, height, width = weight.shape
    has_bias = bias is not None
    layer = nn.Conv2d(channels, filters, (height, width), stride, padding, bias=has_bias)
    layer.weight = nn.Parameter(weight)
    if has_bias:
        layer.bias = nn.Parameter(bias)
    return layer(x)


def digit_unsqueezed(digit, conv):
    return conv(digit.unsqueeze(0).unsqueeze(0))


def digit_reshaped(digit, conv):
    return conv(digit.reshape(1, 1, *digit.shape))


def digit_batched_after(digit, conv):
    return conv(digit[None])[None]


def digit_stacked(digit, conv):
    return torch.stack([conv(torch.stack([digit]))])


def digit_functional(digit, conv):
    return F.conv2d(digit.view(1, 1, *digit.shape), conv.weight, conv.bias)


def greys_unsqueezed(greys, conv):
    return conv(greys.unsqueeze(1))


def greys_reshaped(greys, conv):
    n, height, width = greys.shape
    return conv(greys.reshape(n, 1, height, width))


def greys_one_by_one(greys, conv):
    return torch.stack([conv(grey[None]) for grey in greys])


def greys_concatenated(greys, conv):
    return torch.cat([conv(grey[None, None]) for grey in greys], dim=0)


def greys_functional(greys, conv):
    return F.conv2d(torch.stack([greys], dim=1), conv.weight, conv.bias)


def photo_moved(photo, conv):
    return conv(photo.movedim(-1, 0).unsqueeze(0))


def photo_batched_first(photo, conv):
    return conv(photo[None].permute(0, 3, 1, 2))


def photo_transposed_twice(photo, conv):
    return conv(photo.transpose(0, 2).transpose(1, 2)[None])


def photo_stacked(photo, conv):
    return conv(torch.stack([photo[:, :, c] for c in range(3)]).unsqueeze(0))


def photo_numpy(photo, conv):
    return conv(torch.from_numpy(photo.numpy().transpose(2, 0, 1).copy())).unsqueeze(0)


def photo_einsum(photo, conv):
    return conv(torch.einsum("hwc->chw", photo)[None])


def bytes_float(pixels, conv):
    return conv(pixels.float() / 255)


def bytes_to(pixels, conv):
    return conv(pixels.to(torch.float32).div(255.0))


def bytes_multiplied(pixels, conv):
    return conv(pixels * (1 / 255))


def bytes_functional(pixels, conv):
    return F.conv2d(pixels.type(torch.float) / 255, conv.weight, conv.bias)


def bytes_double(pixels, conv):
    return conv((pixels.double() / 255).float())


def bytes_weights_scaled(pixels, conv):
    return F.conv2d(pixels.float(), conv.weight / 255, conv.bias)


RIGHT = {
    "03.conv2d_nchw": [
        conv_functional,
        conv_seven_loops,
        conv_by_channel,
        conv_einsum,
        conv_im2col,
        conv_shifts,
        conv_numpy,
        conv_module,
    ],
    "03.count_parameters": [
        {"conv1": 320, "conv2": 18_496, "linear": 31_370, "all": 50_186},
        {"all": 50_186, "linear": 31_370, "conv2": 18_496, "conv1": 320},
    ],
    "03.trace_shapes": [
        [(8, 16, 28, 44), (8, 16, 10, 15), (8, 24, 10, 15), (8, 4, 8, 11)],
        [torch.Size(s) for s in ((8, 16, 28, 44), (8, 16, 10, 15), (8, 24, 10, 15), (8, 4, 8, 11))],
        ([8, 16, 28, 44], [8, 16, 10, 15], [8, 24, 10, 15], [8, 4, 8, 11]),
    ],
    "03.repair_digit": [
        digit_unsqueezed,
        digit_reshaped,
        digit_batched_after,
        digit_stacked,
        digit_functional,
    ],
    "03.repair_greys": [
        greys_unsqueezed,
        greys_reshaped,
        greys_one_by_one,
        greys_concatenated,
        greys_functional,
    ],
    "03.repair_photo": [
        photo_moved,
        photo_batched_first,
        photo_transposed_twice,
        photo_stacked,
        photo_numpy,
        photo_einsum,
    ],
    "03.repair_bytes": [
        bytes_float,
        bytes_to,
        bytes_multiplied,
        bytes_functional,
        bytes_double,
        bytes_weights_scaled,
    ],
}


def _integers(rng, *shape):
    numbers = [float(rng.randint(-5, 5)) for _ in range(int(np.prod(shape)))]
    return torch.tensor(numbers).reshape(shape)


def random_nchw(rng):
    channels, filters = rng.randint(1, 3), rng.randint(1, 3)
    weight = _integers(rng, filters, channels, rng.randint(1, 3), rng.randint(1, 3))
    x = _integers(rng, rng.randint(1, 3), channels, rng.randint(3, 5), rng.randint(3, 5))
    bias = _integers(rng, filters) if rng.random() < 0.7 else None
    return x, weight, bias, rng.randint(1, 3), rng.randint(0, 2)


def _layer(rng, channels):
    kernel = (rng.randint(1, 3), rng.randint(1, 3))
    return whole_layer(channels, rng.randint(1, 4), kernel, seed=rng.randint(0, 999))


def _pixels(rng, *shape):
    return whole_pixels(*shape, seed=rng.randint(0, 999))


def _size(rng):
    return rng.randint(3, 7), rng.randint(3, 7)


def random_bytes(rng):
    channels = rng.randint(1, 3)
    pixels = byte_pixels(rng.randint(1, 3), channels, *_size(rng), seed=rng.randint(0, 999))
    return pixels, _layer(rng, channels)


RANDOM = {
    "03.conv2d_nchw": random_nchw,
    "03.repair_digit": lambda rng: (_pixels(rng, *_size(rng)), _layer(rng, 1)),
    "03.repair_greys": lambda rng: (_pixels(rng, rng.randint(1, 4), *_size(rng)), _layer(rng, 1)),
    "03.repair_photo": lambda rng: (_pixels(rng, *_size(rng), 3), _layer(rng, 3)),
    "03.repair_bytes": random_bytes,
}
