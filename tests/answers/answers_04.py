"""Right answers to the exercises of notebook 04 in different styles, and random arguments."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from helpers.exercises.nb04 import layers


def toeplitz_impulses(kernel, height, width):
    """Column n is what the convolution makes of an image with a single 1, in pixel n."""
    pixels = torch.eye(height * width).reshape(-1, 1, height, width)
    return F.conv2d(pixels, kernel[None, None]).flatten(1).T


def toeplitz_index(kernel, height, width):
    rows, columns = height - kernel.shape[0] + 1, width - kernel.shape[1] + 1
    matrix = torch.zeros(rows * columns, height * width)
    for place in range(rows * columns):
        row, column = divmod(place, columns)
        for i in range(kernel.shape[0]):
            for j in range(kernel.shape[1]):
                matrix[place, (row + i) * width + column + j] = kernel[i, j]
    return matrix


def toeplitz_pad(kernel, height, width):
    below, right = height - kernel.shape[0], width - kernel.shape[1]
    rows = [
        F.pad(kernel, (column, right - column, row, below - row)).flatten()
        for row in range(below + 1)
        for column in range(right + 1)
    ]
    return torch.stack(rows)


def toeplitz_kron(kernel, height, width):
    """One band for each kernel row, put where that row lies."""
    rows, columns = height - kernel.shape[0] + 1, width - kernel.shape[1] + 1
    matrix = torch.zeros(rows * columns, height * width)
    for i, weights in enumerate(kernel):
        band = sum(w * torch.eye(columns, width).roll(j, 1) for j, w in enumerate(weights))
        down = torch.eye(rows, height).roll(i, 1)
        matrix += torch.kron(down, band)
    return matrix


def toeplitz_roll(kernel, height, width):
    first = torch.zeros(height, width)
    first[: kernel.shape[0], : kernel.shape[1]] = kernel
    starts = [
        row * width + column
        for row in range(height - kernel.shape[0] + 1)
        for column in range(width - kernel.shape[1] + 1)
    ]
    return torch.stack([first.flatten().roll(start) for start in starts])


def toeplitz_autograd(kernel, height, width):
    image = torch.zeros(height, width, requires_grad=True)
    output = F.conv2d(image[None, None], kernel[None, None]).flatten()
    rows = [torch.autograd.grad(number, image, retain_graph=True)[0] for number in output]
    return torch.stack(rows).flatten(1)


def toeplitz_lists(kernel, height, width):
    (kernel_height, kernel_width), weights = kernel.shape, kernel.tolist()

    def weight(i, j):
        return weights[i][j] if 0 <= i < kernel_height and 0 <= j < kernel_width else 0.0

    return torch.tensor(
        [
            [weight(y - row, x - column) for y in range(height) for x in range(width)]
            for row in range(height - kernel_height + 1)
            for column in range(width - kernel_width + 1)
        ]
    )


def im2col_unfold(image, kernel_height, kernel_width):
    return F.unfold(image[None, None], (kernel_height, kernel_width))[0].T


def im2col_tensor_unfold(image, kernel_height, kernel_width):
    windows = image.unfold(0, kernel_height, 1).unfold(1, kernel_width, 1)
    return windows.reshape(-1, kernel_height * kernel_width)


def im2col_slices(image, kernel_height, kernel_width):
    rows = image.shape[0] - kernel_height + 1
    columns = image.shape[1] - kernel_width + 1
    patches = torch.zeros(rows * columns, kernel_height * kernel_width)
    for i in range(kernel_height):
        for j in range(kernel_width):
            met = image[i : i + rows, j : j + columns]
            patches[:, i * kernel_width + j] = met.flatten()
    return patches


def im2col_index(image, kernel_height, kernel_width):
    height, width = image.shape
    pixels = torch.arange(height * width).reshape(height, width)
    starts = pixels[: height - kernel_height + 1, : width - kernel_width + 1].reshape(-1, 1)
    return image.flatten()[starts + pixels[:kernel_height, :kernel_width].reshape(1, -1)]


def im2col_numpy(image, kernel_height, kernel_width):
    shape = (kernel_height, kernel_width)
    windows = np.lib.stride_tricks.sliding_window_view(image.numpy(), shape)
    flat = windows.reshape(-1, kernel_height * kernel_width)
    return torch.tensor(flat, dtype=torch.float32)


def im2col_identity(image, kernel_height, kernel_width):
    size = kernel_height * kernel_width
    pickers = torch.eye(size).reshape(size, 1, kernel_height, kernel_width)
    return F.conv2d(image[None, None], pickers)[0].flatten(1).T


def gradient_autograd(images, upstream):
    height = images.shape[1] - upstream.shape[1] + 1
    width = images.shape[2] - upstream.shape[2] + 1
    kernel = torch.zeros(1, 1, height, width, requires_grad=True)
    F.conv2d(images[:, None], kernel).backward(upstream[:, None])
    return kernel.grad[0, 0]


def gradient_batch_as_channels(images, upstream):
    return F.conv2d(images[None], upstream[None])[0, 0]


def gradient_windows(images, upstream):
    """Each window, weighted by its upstream number."""
    count, rows, columns = upstream.shape
    height, width = images.shape[1] - rows + 1, images.shape[2] - columns + 1
    gradient = torch.zeros(height, width)
    for n in range(count):
        for row in range(rows):
            for column in range(columns):
                window = images[n, row : row + height, column : column + width]
                gradient = gradient + upstream[n, row, column] * window
    return gradient


def gradient_einsum(images, upstream):
    windows = images.unfold(1, upstream.shape[1], 1).unfold(2, upstream.shape[2], 1)
    return torch.einsum("nijrc,nrc->ij", windows, upstream)


def gradient_im2col(images, upstream):
    height = images.shape[1] - upstream.shape[1] + 1
    width = images.shape[2] - upstream.shape[2] + 1
    columns = F.unfold(images[:, None], (height, width))
    return (columns @ upstream.flatten(1)[:, :, None]).sum(0).reshape(height, width)


def gradient_numpy(images, upstream):
    shape = tuple(upstream.shape[1:])
    windows = np.lib.stride_tricks.sliding_window_view(images.numpy(), shape, axis=(1, 2))
    total = np.tensordot(windows, upstream.numpy(), axes=([0, 3, 4], [0, 1, 2]))
    return torch.tensor(total, dtype=torch.float32)


def gradient_torch(images, upstream):
    size = [a - b + 1 for a, b in zip(images.shape[1:], upstream.shape[1:], strict=True)]
    shape = (1, 1, *size)
    return nn.grad.conv2d_weight(images[:, None], shape, upstream[:, None])[0, 0]


def equivariant_zeros(layer, image, shift, margin):
    """Black comes in at the left, in the image as in the feature map."""
    width = image.shape[1]
    before = layer(F.pad(image, (shift, 0))[:, :width])
    after = F.pad(layer(image), (shift, 0))[:, :width]
    safe = (slice(None), slice(shift + margin, width - margin))
    assert torch.equal(before[safe], after[safe])


def equivariant_assert_close(layer, image, shift, margin):
    first = layer(image.roll(shift, 1))[:, shift + margin : image.shape[1] - margin]
    second = layer(image)[:, margin : image.shape[1] - margin - shift]
    torch.testing.assert_close(first, second)


def equivariant_loop(layer, image, shift, margin):
    moved, output = layer(torch.roll(image, shift, dims=1)), layer(image)
    for row in range(image.shape[0]):
        for column in range(shift + margin, image.shape[1] - margin):
            assert abs(moved[row, column] - output[row, column - shift]) < 1e-4


def equivariant_difference(layer, image, shift, margin):
    difference = layer(image.roll(shift, 1)) - layer(image).roll(shift, 1)
    difference[:, : shift + margin] = 0
    difference[:, image.shape[1] - margin :] = 0
    assert difference.abs().max() < 1e-4, "the feature map does not move along"
    return True


def equivariant_numpy(layer, image, shift, margin):
    before = layer(torch.from_numpy(np.roll(image.numpy(), shift, axis=1))).numpy()
    after = np.roll(layer(image).numpy(), shift, axis=1)
    end = image.shape[1] - margin
    np.testing.assert_allclose(before[:, shift + margin : end], after[:, shift + margin : end])


RIGHT = {
    "04.toeplitz": [
        toeplitz_impulses,
        toeplitz_index,
        toeplitz_pad,
        toeplitz_kron,
        toeplitz_roll,
        toeplitz_autograd,
        toeplitz_lists,
    ],
    "04.im2col": [
        im2col_unfold,
        im2col_tensor_unfold,
        im2col_slices,
        im2col_index,
        im2col_numpy,
        im2col_identity,
    ],
    "04.parameters": [
        {"dense": 78_688_512, "local": 3_625_216, "shared": 18_496},
        {
            "dense": sum(p.numel() for p in nn.Linear(6272, 12544, device="meta").parameters()),
            "local": 64 * 14 * 14 * (32 * 9 + 1),
            "shared": sum(p.numel() for p in nn.Conv2d(32, 64, 3).parameters()),
        },
    ],
    "04.kernel_gradient": [
        gradient_autograd,
        gradient_batch_as_channels,
        gradient_windows,
        gradient_einsum,
        gradient_im2col,
        gradient_numpy,
        gradient_torch,
    ],
    "04.equivariance": [
        equivariant_zeros,
        equivariant_assert_close,
        equivariant_loop,
        equivariant_difference,
        equivariant_numpy,
    ],
}


def _integers(rng, *shape):
    generator = torch.Generator().manual_seed(rng.randrange(2**32))
    return torch.randint(-5, 6, shape, generator=generator).float()


def random_toeplitz(rng):
    kernel = _integers(rng, rng.randint(1, 3), rng.randint(1, 3))
    return kernel, rng.randint(3, 6), rng.randint(3, 6)


def random_im2col(rng):
    image = _integers(rng, rng.randint(3, 7), rng.randint(3, 7))
    return image, rng.randint(1, 3), rng.randint(1, 3)


def random_gradient(rng):
    count, height, width = rng.randint(1, 3), rng.randint(3, 6), rng.randint(3, 6)
    upstream = _integers(rng, count, rng.randint(1, height), rng.randint(1, width))
    return _integers(rng, count, height, width), upstream


def random_layer(rng):
    name = rng.choice(list(layers.LAYERS))
    return layers.case(
        name, rng.randint(1, 3), rng.randrange(2**32), rng.randint(5, 8), rng.randint(11, 14)
    )


RANDOM = {
    "04.toeplitz": random_toeplitz,
    "04.im2col": random_im2col,
    "04.kernel_gradient": random_gradient,
    "04.equivariance": random_layer,
}
