"""Right answers to the exercises of notebook 01, written in different ways; random arguments."""

import numpy as np
import torch
from scipy.signal import convolve2d, correlate2d
from torch.nn import functional as F


def conv_four_loops(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    output[row, column] += image[row + i, column + j] * kernel[i, j]
    return output


def conv_functional(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None]).squeeze(0).squeeze(0)


def conv_einsum(image, kernel):
    windows = image.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return torch.einsum("rcij,ij->rc", windows, kernel)


def conv_im2col(image, kernel):
    columns = F.unfold(image[None, None], kernel.shape)[0]
    return (kernel.flatten() @ columns).reshape(image.shape[0] - kernel.shape[0] + 1, -1)


def conv_shifted_images(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    output = torch.zeros(rows, columns)
    for i, weights in enumerate(kernel):
        for j, weight in enumerate(weights):
            output = output + weight * image[i : i + rows, j : j + columns]
    return output


def conv_numpy(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image.numpy(), tuple(kernel.shape))
    return torch.tensor((windows * kernel.numpy()).sum(axis=(2, 3)), dtype=torch.float32)


def conv_lists(image, kernel):
    pixels, weights = image.tolist(), kernel.tolist()

    def number(top, left):
        return sum(
            weight * pixels[top + i][left + j]
            for i, row in enumerate(weights)
            for j, weight in enumerate(row)
        )

    tops = range(len(pixels) - len(weights) + 1)
    lefts = range(len(pixels[0]) - len(weights[0]) + 1)
    return torch.tensor([[number(top, left) for left in lefts] for top in tops])


def conv_recursive(image, kernel):
    height, width = kernel.shape
    if image.shape[0] > height:
        return torch.cat(
            [conv_recursive(image[:height], kernel), conv_recursive(image[1:], kernel)]
        )
    if image.shape[1] > width:
        first = conv_recursive(image[:, :width], kernel)
        return torch.cat([first, conv_recursive(image[:, 1:], kernel)], dim=1)
    return (image * kernel).sum().reshape(1, 1)


def conv_scipy(image, kernel):
    return torch.from_numpy(correlate2d(image.numpy(), kernel.numpy(), mode="valid")).float()


def true_scipy(image, kernel):
    return torch.from_numpy(convolve2d(image.numpy(), kernel.numpy(), mode="valid")).float()


def true_two_quarter_turns(image, kernel):
    return conv_functional(image, torch.rot90(kernel, 2))


def true_flattened(image, kernel):
    return conv_einsum(image, kernel.flatten().flip(0).reshape(kernel.shape))


def true_loops(image, kernel):
    (height, width), (k_height, k_width) = image.shape, kernel.shape
    output = torch.zeros(height - k_height + 1, width - k_width + 1)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            for i in range(k_height):
                for j in range(k_width):
                    pixel = image[row + k_height - 1 - i, column + k_width - 1 - j]
                    output[row, column] += pixel * kernel[i, j]
    return output


def true_both_ends_turned(image, kernel):
    return conv_functional(image.flip((0, 1)), kernel).flip((0, 1))


def true_stamps(image, kernel):
    (height, width), (k_height, k_width) = image.shape, kernel.shape
    full = torch.zeros(height + k_height - 1, width + k_width - 1)
    for row in range(height):
        for column in range(width):
            full[row : row + k_height, column : column + k_width] += image[row, column] * kernel
    return full[k_height - 1 : height, k_width - 1 : width]


def true_transposed(image, kernel):
    (height, width), (k_height, k_width) = image.shape, kernel.shape
    full = F.conv_transpose2d(image[None, None], kernel[None, None])[0, 0]
    return full[k_height - 1 : height, k_width - 1 : width].clone()


def learn_optimizer(image, output):
    layer = torch.nn.Conv2d(1, 1, 3, bias=False)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.3)
    for _ in range(30):
        optimizer.zero_grad()
        F.mse_loss(layer(image[None, None])[0, 0], output).backward()
        optimizer.step()
    return layer.weight[0, 0]


def learn_autograd(image, output):
    guess = torch.zeros(3, 3)
    for _ in range(30):
        guess = guess.detach().requires_grad_()
        loss = F.mse_loss(conv_einsum(image, guess), output)
        guess = guess - 0.3 * torch.autograd.grad(loss, guess)[0]
    return guess.detach()


def learn_slope_by_hand(image, output):
    guess = torch.zeros(3, 3)
    for _ in range(30):
        error = conv_einsum(image, guess) - output
        guess = guess - 0.3 * 2 * conv_einsum(image, error) / error.numel()
    return guess


def learn_summed_loss(image, output):
    guess = torch.zeros(3, 3, requires_grad=True)
    for _ in range(30):
        loss = ((conv_einsum(image, guess) - output) ** 2).sum()
        loss.backward()
        guess.data -= 0.3 / output.numel() * guess.grad
        guess.grad.zero_()
    return guess


def learn_until_still(image, output):
    guess = torch.zeros(3, 3, requires_grad=True)
    loss = torch.tensor(1.0)
    while loss > 1e-4:
        loss = F.mse_loss(conv_einsum(image, guess), output)
        (slope,) = torch.autograd.grad(loss, guess)
        with torch.no_grad():
            guess -= 0.3 * slope
    return guess.detach()


def learn_least_squares(image, output):
    windows = F.unfold(image[None, None], 3)[0].T
    return torch.linalg.lstsq(windows, output.reshape(-1, 1)).solution.reshape(3, 3)


def _matrix(rng, height, width, low=-4, high=5):
    return torch.tensor(
        [[float(rng.randint(low, high)) for _ in range(width)] for _ in range(height)]
    )


def draw_pair(rng):
    kernel = _matrix(rng, rng.randint(1, 4), rng.randint(1, 4))
    return _matrix(
        rng, kernel.shape[0] + rng.randint(0, 6), kernel.shape[1] + rng.randint(0, 6)
    ), kernel


def draw_lesson(rng):
    height, width = rng.randint(14, 18), rng.randint(14, 18)
    image = torch.tensor([[rng.choice((-1.0, 1.0)) for _ in range(width)] for _ in range(height)])
    return image, conv_functional(image, _matrix(rng, 3, 3, -3, 3))


RIGHT = {
    "01.third_number": [17, 17.0, torch.tensor(17.0), torch.tensor(17), 1 + 2 + 6 + 2 + 6],
    "01.conv2d": [
        conv_four_loops,
        conv_functional,
        conv_einsum,
        conv_im2col,
        conv_shifted_images,
        conv_numpy,
        conv_lists,
        conv_recursive,
        conv_scipy,
    ],
    "01.true_convolution": [
        true_scipy,
        true_two_quarter_turns,
        true_flattened,
        true_loops,
        true_both_ends_turned,
        true_stamps,
        true_transposed,
    ],
    "01.diagonal_kernel": [
        torch.eye(3) - 1 / 3,
        torch.tensor([[0, 0, -1], [0, 2, 0], [-1, 0, 0]]),
        torch.tensor([[1.0, 0, -1], [0, 0, 0], [-1, 0, 1]]),
        0.001 * torch.tensor([[2.0, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
        torch.tensor([[4.0, -1, -3], [-1, 2, -1], [-3, -1, 4]], requires_grad=True),
        (3 * torch.eye(3) - 1).double(),
    ],
    "01.learn_kernel": [
        learn_optimizer,
        learn_autograd,
        learn_slope_by_hand,
        learn_summed_loss,
        learn_until_still,
        learn_least_squares,
    ],
}
RANDOM = {
    "01.conv2d": draw_pair,
    "01.true_convolution": draw_pair,
    "01.learn_kernel": draw_lesson,
}
