"""Walks over windows that go wrong, as learners write them; the messages are in nb01_conv2d."""

import torch
from torch.nn import functional as F


def slide(image, kernel, number=lambda window, kernel: (window * kernel).sum(), step=(1, 1)):
    """The right walk over the windows, with another `number` or another `step`."""
    (height, width), (k_height, k_width) = image.shape, kernel.shape
    tops = range(0, height - k_height + 1, step[0])
    lefts = range(0, width - k_width + 1, step[1])
    output = torch.zeros(len(tops), len(lefts))
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            window = image[top : top + k_height, left : left + k_width]
            output[row, column] = number(window, kernel)
    return output


def part(image, kernel, rows=0, columns=0):
    """The right numbers in an output with so many rows and columns more, or fewer."""
    right = slide(image, kernel)
    return F.pad(right, (0, columns, 0, rows))


def one_place_too_few(image, kernel):
    """`part` with both missing, as lists give it: no row at all is one axis."""
    right = slide(image, kernel)
    return torch.tensor(right[:-1, :-1].tolist())


def emptied(image, kernel, rows, columns):
    """The right size, but the last rows and columns were never computed."""
    output = slide(image, kernel)
    output[output.shape[0] - rows :] = 0
    output[:, output.shape[1] - columns :] = 0
    return output


def padded(image, kernel, top, left):
    """As if the image had zeros around it."""
    return slide(F.pad(image, (left, left, top, top)), kernel)


def padded_to_same(image, kernel):
    bottom, right = kernel.shape[0] - 1, kernel.shape[1] - 1
    left, top = right // 2, bottom // 2
    return slide(F.pad(image, (left, right - left, top, bottom - top)), kernel)


def every_pixel_slices(image, kernel):
    output = torch.zeros_like(image)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            output[row, column] = (window * kernel).sum()
    return output


def every_pixel_indices(image, kernel):
    output = torch.zeros_like(image)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    output[row, column] += image[row + i, column + j] * kernel[i, j]
    return output


def kernel_indices_swapped(image, kernel):
    output = torch.zeros_like(slide(image, kernel))
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    output[row, column] += image[row + i, column + j] * kernel[j, i]
    return output


def loops_swapped(image, kernel):
    output = torch.zeros_like(slide(image, kernel))
    for row in range(output.shape[1]):
        for column in range(output.shape[0]):
            window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            output[row, column] = (window * kernel).sum()
    return output


def square_image(image, kernel):
    size = image.shape[0]
    output = torch.zeros(size - kernel.shape[0] + 1, size - kernel.shape[1] + 1)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            output[row, column] = (window * kernel).sum()
    return output


def square_kernel(image, kernel):
    size = kernel.shape[0]
    output = torch.zeros(image.shape[0] - size + 1, image.shape[1] - size + 1)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            window = image[row : row + size, column : column + size]
            output[row, column] = (window * kernel).sum()
    return output


def three_by_three(image, kernel):
    output = torch.zeros(image.shape[0] - 2, image.shape[1] - 2)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            output[row, column] = (image[row : row + 3, column : column + 3] * kernel).sum()
    return output


def three_places(image, kernel, size=None):
    """The loops of the notebook's one row: range(3), whatever comes in."""
    height, width = size or kernel.shape
    output = torch.zeros(3, 3)
    for row in range(3):
        for column in range(3):
            window = image[row : row + height, column : column + width]
            output[row, column] = (window * kernel).sum()
    return output


def three_everywhere(image, kernel):
    return three_places(image, kernel, size=(3, 3))


def running_total(image, kernel):
    """The total is never set back: each number holds all windows before it."""
    right = slide(image, kernel)
    return right.flatten().cumsum(0).reshape(right.shape)


def first_window_only(image, kernel):
    output = torch.zeros_like(slide(image, kernel))
    output[0, 0] = (image[: kernel.shape[0], : kernel.shape[1]] * kernel).sum()
    return output


def first_row_only(image, kernel):
    output = slide(image, kernel)
    output[1:] = 0
    return output


def last_number_everywhere(image, kernel):
    right = slide(image, kernel)
    return torch.full_like(right, right[-1, -1].item())


def published(image, kernel):
    return torch.tensor([[12.0, 12, 17], [10, 17, 19], [9, 6, 14]])


def slide_sizes(image, kernel):
    """torch.zeros refuses a negative size, where `slide` would give an empty output."""
    torch.zeros(image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1)
    return slide(image, kernel)
