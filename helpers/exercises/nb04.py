"""The exercises of notebook 04; mistakes are in the other nb04 modules."""

import torch

from helpers.exercises import (
    Exercise,
    nb04_gradient,
    nb04_im2col,
    nb04_layers,
    nb04_matrix,
    nb04_shift,
)

__all__ = ["EXERCISES"]


def toeplitz(kernel, height, width):
    """The matrix that convolves a flat (height, width) image: (H'W', HW)."""
    kernel_height, kernel_width = kernel.shape
    rows, columns = height - kernel_height + 1, width - kernel_width + 1
    matrix = torch.zeros(rows * columns, height * width)
    for row in range(rows):
        for column in range(columns):
            weights = torch.zeros(height, width)
            weights[row : row + kernel_height, column : column + kernel_width] = kernel
            matrix[row * columns + column] = weights.flatten()
    return matrix


def im2col(image, kernel_height, kernel_width):
    """Every window as one row: (H, W) -> (H'W', kH kW), all in reading order."""
    rows = image.shape[0] - kernel_height + 1
    columns = image.shape[1] - kernel_width + 1
    windows = []
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + kernel_height, column : column + kernel_width]
            windows.append(window.flatten())
    return torch.stack(windows)


def kernel_gradient(images, upstream):
    """(N, H, W), (N, H', W') -> (kH, kW): what one kernel gets from the whole batch."""
    height, width = upstream.shape[1:]
    kernel_height = images.shape[1] - height + 1
    kernel_width = images.shape[2] - width + 1
    gradient = torch.zeros(kernel_height, kernel_width)
    for i in range(kernel_height):
        for j in range(kernel_width):
            met = images[:, i : i + height, j : j + width]
            gradient[i, j] = (met * upstream).sum()
    return gradient


def assert_equivariant(layer, image, shift, margin):
    """AssertionError unless `layer` lets the feature map move along with the image."""
    shifted_before = layer(torch.roll(image, shift, dims=1))
    shifted_after = torch.roll(layer(image), shift, dims=1)
    safe = slice(shift + margin, image.shape[1] - margin)
    assert torch.allclose(shifted_before[:, safe], shifted_after[:, safe])


def _stub(solution, line):
    """First line and docstring of a solution, and TODO in place of the rest."""
    return f'def {solution.__name__}({line}):\n    """{solution.__doc__}"""\n    return TODO'


_IMAGE = torch.tensor(
    [[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
_KERNEL = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])
_UPSTREAM = torch.tensor([[0.0, 2, 0], [1, 0, -1], [0, 0, 2]])
_TALL = torch.tensor([[1.0, -2], [3, 5], [-4, 7]])
_FLAT = torch.tensor([[2.0, -1, 4], [1, 3, -5]])
_WIDE = torch.tensor([[2.0, -1, 3, 0, 1, 4], [1, 5, -3, 2, 6, -1], [-2, 4, 1, 7, 3, 2]])


def _batch(seed, *shape):
    """Whole numbers -4..5."""
    return torch.randint(-4, 6, shape, generator=torch.Generator().manual_seed(seed)).float()


EXERCISES = (
    Exercise(
        name="04.toeplitz",
        title="Build the matrix",
        difficulty=2,
        minutes=6,
        stub=_stub(toeplitz, "kernel, height, width"),
        solution=toeplitz,
        why="Each row is an image of zeros with the kernel laid where its window lies, read row "
        "by row. The loop never leaves the image, so nothing hangs over an edge.",
        hints=(
            "How many rows does the matrix have, and how many columns? One row is one output "
            "number, one column is one pixel.",
            "Make one row as you did above: `torch.zeros(height, width)`, the kernel written into "
            "the window of output (row, column), then `.flatten()`.",
            "Output (row, column) is number `row * columns + column` in reading order, where "
            "`columns` is how many numbers an output row has.",
        ),
        cases=(
            (_KERNEL, 5, 5),
            (_FLAT, 3, 5),
            (_TALL, 5, 4),
            (_KERNEL, 4, 6),
            (torch.tensor([[-3.0, 2]]), 2, 4),
        ),
        mistakes=nb04_matrix.TOEPLITZ,
    ),
    Exercise(
        name="04.im2col",
        title="Every window as a row",
        difficulty=2,
        minutes=5,
        stub=_stub(im2col, "image, kernel_height, kernel_width"),
        solution=im2col,
        why="Output number n is row n times the flat kernel, so one matrix product makes all of "
        "them. The price is that most pixels are copied many times.",
        hints=(
            "For a 5x5 image and a 3x3 kernel the result is 9x9. Which pixels stand in its first "
            "row, and which in its second?",
            "Two loops over the output places; in each, cut out the window and `flatten` it. "
            "`torch.stack` makes a matrix of a list of rows.",
            "The number of places downwards is `image.shape[0] - kernel_height + 1`.",
        ),
        cases=(
            (_IMAGE, 3, 3),
            (_WIDE, 2, 3),
            (_WIDE.T.contiguous(), 3, 2),
            (_IMAGE[:4], 1, 2),
            (_WIDE[:, :4], 3, 4),
        ),
        mistakes=nb04_im2col.IM2COL,
    ),
    Exercise(
        name="04.parameters",
        title="Dense against convolution",
        difficulty=1,
        minutes=4,
        stub="""# How many parameters, biases included?
second_layer = {
    "dense": TODO,
    "local": TODO,
    "shared": TODO,
}""",
        solution="""numbers_in, numbers_out = 32 * 14 * 14, 64 * 14 * 14
weights = 32 * 3 * 3
second_layer = {
    "dense": numbers_in * numbers_out + numbers_out,
    "local": numbers_out * (weights + 1),
    "shared": 64 * (weights + 1),
}""",
        why="78,688,512 become 3,625,216 because each number reads 288 of 6,272 numbers, and "
        "18,496 because the 196 places of a map use the same 288 weights and one bias.",
        hints=(
            "How many numbers go in, and how many come out? Channels times height times width.",
            "Take one output number. How many numbers does it read if it reads everything, and "
            "how many if it reads a 3x3 window of all 32 channels?",
            "Dense and local: (what one number reads + 1 bias) for each output number. Shared: "
            "the same, but once for each of the 64 feature maps.",
        ),
        accepts=nb04_gradient.judge_parameters,
        mistakes=nb04_gradient.PARAMETERS,
    ),
    Exercise(
        name="04.kernel_gradient",
        title="The gradient of a kernel, for a batch",
        difficulty=3,
        minutes=7,
        stub=_stub(kernel_gradient, "images, upstream"),
        solution=kernel_gradient,
        why="Weight (i, j) met pixel (row + i, column + j) in each window of each image, and its "
        "gradient adds up pixel times upstream over all these meetings.",
        hints=(
            "How large is the kernel? An output of H' rows came from H rows; invert H' = H - kH + "
            "1.",
            "Take weight (0, 0) and one image. Which pixels did it meet while the window walked "
            "over all its places? They form a block as large as the upstream gradient.",
            "The block of weight (i, j) is `images[:, i : i + H', j : j + W']`. Multiply it by "
            "`upstream` and add up everything, the images of the batch included.",
        ),
        cases=(
            (_IMAGE[None], _UPSTREAM[None]),
            (_batch(1, 2, 4, 6), _batch(2, 2, 3, 4)),
            (_batch(3, 3, 5, 4), _batch(4, 3, 3, 3)),
            (_batch(5, 2, 3, 4), _batch(6, 2, 1, 1)),
            (_batch(7, 2, 4, 7), _batch(8, 2, 2, 6)),
        ),
        mistakes=nb04_gradient.KERNEL_GRADIENT,
    ),
    Exercise(
        name="04.equivariance",
        title="A test that can fail",
        difficulty=3,
        minutes=7,
        stub=_stub(assert_equivariant, "layer, image, shift, margin"),
        solution=assert_equivariant,
        why="It passes the layers that use one rule in every place and fails those that do not. "
        "What the borders do is left out, on both sides.",
        hints=(
            "Two ways lead to a shifted feature map: shift the image and apply the layer, or apply "
            "the layer and shift the feature map. Compute both and compare.",
            "`torch.roll(image, shift, dims=1)` pushes to the right; what leaves at the right "
            "comes in at the left. These `shift` columns are wrong on purpose: leave them out.",
            "An output number up to `margin` columns beside a wrong column is wrong as well, and "
            "so is one up to `margin` columns from the padding at the right end.",
            "Columns `shift + margin` up to (not including) `width - margin` are safe. Then "
            "`assert torch.allclose(...)`.",
        ),
        cases=nb04_layers.CASES,
        observe=nb04_layers.observe,
        mistakes=nb04_shift.EQUIVARIANCE,
    ),
)
