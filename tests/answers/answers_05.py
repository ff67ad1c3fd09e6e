"""Right answers to the exercises of notebook 05 in different styles, and random arguments."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from helpers import arithmetic

INFINITY = float("inf")


def max_functional(image, kernel, stride=None, padding=0):
    return F.max_pool2d(image[None, None], kernel, stride, padding)[0, 0]


def max_module(image, kernel, stride=None, padding=0):
    return nn.MaxPool2d(kernel, stride=stride, padding=padding)(image[None])[0]


def max_unfold(image, kernel, stride=None, padding=0):
    stride = stride or kernel
    padded = F.pad(image, [padding] * 4, value=-INFINITY)
    return padded.unfold(0, kernel, stride).unfold(1, kernel, stride).amax(dim=(2, 3))


def max_rows_then_columns(image, kernel, stride=None, padding=0):
    step = kernel if stride is None else stride
    padded = F.pad(image, [padding] * 4, value=-1e9)
    rows = padded.unfold(0, kernel, step).max(dim=-1).values
    return rows.unfold(1, kernel, step).max(dim=-1).values


def max_replicated(image, kernel, stride=None, padding=0):
    """An edge pixel twice changes no maximum: the frame may repeat the edge."""
    stride = kernel if stride is None else stride
    padded = F.pad(image[None, None], [padding] * 4, mode="replicate")
    return F.max_pool2d(padded, kernel, stride)[0, 0]


def max_clipped(image, kernel, stride=None, padding=0):
    """Without a frame: the window is cut off where the image ends."""
    stride = kernel if stride is None else stride
    rows = range(-padding, image.shape[0] + padding - kernel + 1, stride)
    columns = range(-padding, image.shape[1] + padding - kernel + 1, stride)
    return torch.stack(
        [
            torch.stack(
                [
                    image[max(row, 0) : row + kernel, max(column, 0) : column + kernel].max()
                    for column in columns
                ]
            )
            for row in rows
        ]
    )


def max_numpy(image, kernel, stride=None, padding=0):
    stride = kernel if stride is None else stride
    padded = np.pad(image.numpy(), padding, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel))
    return torch.tensor(windows[::stride, ::stride].max(axis=(2, 3)), dtype=torch.float32)


def max_running(image, kernel, stride=None, padding=0):
    """All places of one window pixel at a time, then the stride."""
    stride = kernel if stride is None else stride
    padded = F.pad(image, (padding,) * 4, value=-INFINITY)
    rows, columns = (n - kernel + 1 for n in padded.shape)
    output = torch.full((rows, columns), -INFINITY)
    for i in range(kernel):
        for j in range(kernel):
            output = torch.maximum(output, padded[i : i + rows, j : j + columns])
    return output[::stride, ::stride]


def avg_functional(image, kernel, stride=None, padding=0, count_include_pad=True):
    settings = {"padding": padding, "count_include_pad": count_include_pad}
    return F.avg_pool2d(image[None, None], kernel, stride, **settings)[0, 0]


def avg_convolution(image, kernel, stride=None, padding=0, count_include_pad=True):
    stride = kernel if stride is None else stride
    ones, x = torch.ones(1, 1, kernel, kernel), image[None, None]
    total = F.conv2d(x, ones, stride=stride, padding=padding)
    real = F.conv2d(torch.ones_like(x), ones, stride=stride, padding=padding)
    return (total / (kernel**2 if count_include_pad else real))[0, 0]


def avg_unfold(image, kernel, stride=None, padding=0, count_include_pad=True):
    stride = stride or kernel
    padded = F.pad(image, [padding] * 4, value=0.0 if count_include_pad else float("nan"))
    windows = padded.unfold(0, kernel, stride).unfold(1, kernel, stride).flatten(2)
    return windows.nanmean(dim=-1)


def avg_clipped(image, kernel, stride=None, padding=0, count_include_pad=True):
    step = kernel if stride is None else stride
    tops = list(range(-padding, image.shape[0] + padding - kernel + 1, step))
    lefts = list(range(-padding, image.shape[1] + padding - kernel + 1, step))
    output = torch.empty(len(tops), len(lefts))
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            window = image[max(top, 0) : top + kernel, max(left, 0) : left + kernel]
            if count_include_pad:
                output[row, column] = window.sum() / kernel**2
            else:
                output[row, column] = window.mean()
    return output


def avg_numpy(image, kernel, stride=None, padding=0, count_include_pad=True):
    stride = kernel if stride is None else stride
    view = np.lib.stride_tricks.sliding_window_view
    total = view(np.pad(image.numpy(), padding), (kernel, kernel)).sum(axis=(2, 3))
    real = view(np.pad(np.ones(image.shape), padding), (kernel, kernel)).sum(axis=(2, 3))
    output = total / (kernel * kernel if count_include_pad else real)
    return torch.tensor(output[::stride, ::stride].copy(), dtype=torch.float32)


def avg_axis_by_axis(image, kernel, stride=None, padding=0, count_include_pad=True):
    """Sums along one axis, then along the other, as two small matrices."""
    stride = kernel if stride is None else stride

    def reads(n):
        starts = range(-padding, n + padding - kernel + 1, stride)
        return torch.tensor([[float(s <= i < s + kernel) for i in range(n)] for s in starts])

    down, right = (reads(n) for n in image.shape)
    count = down.sum(1)[:, None] * right.sum(1)[None, :]
    return down @ image @ right.T / (kernel**2 if count_include_pad else count)


PLAIN_SIZES = {
    "7, k=2": 3,
    "7, k=3, s=1": 5,
    "7, k=2, ceil_mode=True": 4,
    "7, k=2, p=1": 4,
    "14, k=2, p=1": 8,
    "7x7 with 128 channels, k=2, p=1, flattened": 2048,
}

RIGHT = {
    "05.max_pool2d": [
        max_functional,
        max_module,
        max_unfold,
        max_rows_then_columns,
        max_replicated,
        max_clipped,
        max_numpy,
        max_running,
        arithmetic.max_pool2d,
    ],
    "05.avg_pool2d": [
        avg_functional,
        avg_convolution,
        avg_unfold,
        avg_clipped,
        avg_numpy,
        avg_axis_by_axis,
        arithmetic.avg_pool2d,
    ],
    "05.pool_sizes": [PLAIN_SIZES, dict(reversed(PLAIN_SIZES.items()))],
    "05.probe": [
        [[-8, -4], [-2, -1]],
        [[-5.5, -3], [-4, -1]],
        ((-2, -1), (-3, -7)),
    ],
    "05.pixel_gradient": [
        [[0, 11, 0], [0, 0, 1000], [100, 0, 0]],
        torch.tensor([[0.0, 11, 0], [0, 0, 1000], [100, 0, 0]]).tolist(),
        ((0, 11, 0), (0, 0, 1000), (100, 0, 0)),
    ],
}


def _case(rng):
    kernel = rng.randint(1, 4)
    rows, columns = rng.randint(kernel, 9), rng.randint(kernel, 9)
    image = [[float(rng.randint(-9, 4)) for _ in range(columns)] for _ in range(rows)]
    stride = rng.choice([None, 1, 2, 3])
    return torch.tensor(image), kernel, stride, rng.randint(0, kernel // 2)


RANDOM = {
    "05.max_pool2d": _case,
    "05.avg_pool2d": lambda rng: (*_case(rng), rng.random() < 0.5),
}
