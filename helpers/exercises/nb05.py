"""The exercises of notebook 05; the mistakes are in nb05_max, nb05_average and nb05_values."""

import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, nb05_average, nb05_max, nb05_values

__all__ = ["EXERCISES"]


def max_pool2d(image, kernel, stride=None, padding=0):
    """(H, W) -> (H', W'): the largest number of every window, padding never wins."""
    stride = kernel if stride is None else stride
    padded = F.pad(image, (padding,) * 4, value=float("-inf"))
    rows = (padded.shape[0] - kernel) // stride + 1
    columns = (padded.shape[1] - kernel) // stride + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            output[row, column] = padded[top : top + kernel, left : left + kernel].max()
    return output


def avg_pool2d(image, kernel, stride=None, padding=0, count_include_pad=True):
    """(H, W) -> (H', W'): the average of every window; padded zeros count, or not."""
    stride = kernel if stride is None else stride
    padded = F.pad(image, (padding,) * 4)
    real = F.pad(torch.ones_like(image), (padding,) * 4)
    rows = (padded.shape[0] - kernel) // stride + 1
    columns = (padded.shape[1] - kernel) // stride + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            here = slice(top, top + kernel), slice(left, left + kernel)
            count = kernel * kernel if count_include_pad else real[here].sum()
            output[row, column] = padded[here].sum() / count
    return output


_MAX_STUB = f'''def max_pool2d(image, kernel, stride=None, padding=0):
    """{max_pool2d.__doc__}"""
    return TODO'''
_AVG_STUB = f'''def avg_pool2d(image, kernel, stride=None, padding=0, count_include_pad=True):
    """{avg_pool2d.__doc__}"""
    return TODO'''
_IMAGE = torch.tensor(
    [[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
_WIDE = torch.tensor(
    [
        [2.0, -1, 3, 0, 1, 4, -2, 5, 1],
        [1, 5, -3, 2, 0, -1, 3, 2, 7],
        [-2, 4, 1, 6, 3, 2, 0, -4, 1],
        [3, 0, 2, -5, 1, 7, 2, 1, -3],
        [6, 1, -1, 2, 4, 0, 5, 3, 2],
        [2, 3, 8, 1, -6, 2, 1, 0, 4],
    ]
)
_NEGATIVE = -_WIDE.abs() - 1
_GRID = "\n".join(["    [TODO, TODO, TODO],"] * 3)

EXERCISES = (
    Exercise(
        name="05.pool_sizes",
        title="Sizes after pooling",
        difficulty=1,
        minutes=3,
        stub="# Pixels along one axis after the layer; in the last line: how many numbers in all\n"
        "pool_sizes = {\n" + "".join(f'    "{name}": TODO,\n' for name in nb05_values.SIZES) + "}",
        solution="""pool_sizes = {
    "7, k=2": (7 - 2) // 2 + 1,
    "7, k=3, s=1": (7 - 3) // 1 + 1,
    "7, k=2, ceil_mode=True": -(-(7 - 2) // 2) + 1,
    "7, k=2, p=1": (7 + 2 * 1 - 2) // 2 + 1,
    "14, k=2, p=1": (14 + 2 * 1 - 2) // 2 + 1,
    "7x7 with 128 channels, k=2, p=1, flattened": 4 * 4 * 128,
}""",
        why="It is the formula of notebook 02 with the kernel in place of a stride that is not "
        "given. 7 pixels with padding 1 give 4, so that 128 channels give 4*4*128 = 2048 numbers.",
        hints=(
            "Which stride does a pooling layer have if nobody gives one?",
            "Draw the seven pixels and push the window by hand. What is left at the end?",
            "Count rows, count columns, and ask whether pooling changes the number of channels.",
        ),
        accepts=nb05_values.judge_sizes,
        mistakes=nb05_values.POOL_SIZES,
    ),
    Exercise(
        name="05.max_pool2d",
        title="Max-pooling",
        difficulty=2,
        minutes=5,
        stub=_MAX_STUB,
        solution=max_pool2d,
        why="The walk is that of a convolution; only what happens in the window is new. -inf in "
        "the frame can never be the largest, so that a padded window answers with a real pixel.",
        hints=(
            "You have written this walk in notebook 02: pad, count, slide. What replaces the sum "
            "of products?",
            "Settle the stride first: `stride = kernel if stride is None else stride`.",
            "`F.pad(image, (padding,) * 4, value=...)` draws the frame. Which number loses against "
            "every other?",
            "Output (row, column) is the `.max()` of the window that begins at `row * stride`, "
            "`column * stride` of the padded image; rows and columns follow from its shape.",
        ),
        cases=(
            (_IMAGE, 3, 1),
            (_WIDE, 2),
            (_WIDE[:5, :8], 3),
            (_WIDE, 3, 2, 1),
            (_WIDE[:5, :8], 2, 3),
            (_WIDE, 4, 3, 2),
            (_NEGATIVE, 3, 2, 1),
            (_NEGATIVE[:4, :7], 2),
            (1000 * _NEGATIVE[:4, :6], 2, 2, 1),  # a frame of -1000 wins here
        ),
        mistakes=nb05_max.MAX_POOL2D,
    ),
    Exercise(
        name="05.avg_pool2d",
        title="Average pooling",
        difficulty=2,
        minutes=4,
        stub=_AVG_STUB,
        solution=avg_pool2d,
        why="The sum is the same either way, since the frame adds zeros. The flag decides the "
        "divisor only: the whole window, or the part of it that lies on the image.",
        hints=(
            "Start from your max_pool2d and change two things: the frame, and what happens in the "
            "window.",
            "Without padding every window is divided by kernel times kernel. With "
            "count_include_pad=True it stays so at the border too.",
            "For False you need to know how many pixels of a window are real. The value 0 does not "
            "tell you: the image has zeros too. What would a frame round an image of ones say?",
            "Pad `torch.ones_like(image)` with zeros as you pad the image. The sum of its window "
            "is the number of real pixels.",
        ),
        cases=(
            (_IMAGE, 3, 1),
            (_WIDE, 2),
            (_WIDE[:5, :7], 2),
            (_WIDE, 2, 1, 1),
            (_WIDE[:5, :8], 2, 3),
            (_WIDE, 4, 3, 2),
            (_WIDE, 4, 3, 2, False),
            (_WIDE[:5], 2, 2, 1, False),
            (_WIDE, 2, 2, 1, True),
        ),
        mistakes=nb05_average.AVG_POOL2D,
        rtol=1e-6,
    ),
    Exercise(
        name="05.probe",
        title="One number that gives the layer away",
        difficulty=3,
        minutes=4,
        stub="probe = [\n    [TODO, TODO],\n    [TODO, TODO],\n]",
        solution="probe = [\n    [-8.0, -4.0],\n    [-2.0, -1.0],\n]",
        why="All negative, so that a zero in the frame would win; the largest not top left; and no "
        "two of the five numbers alike. Ours gives -1, 0, -15/9, -15/4 and -8.",
        hints=(
            "Write down what each of the five answers to [[1, 5], [3, 4]]. Which two say the same?",
            "A frame of zeros shows only where a zero beats every pixel. What does that say about "
            "your numbers?",
            "Once all are negative: keep the largest away from the top left corner, and check that "
            "a ninth of the sum is not your largest number.",
        ),
        accepts=nb05_values.judge_probe,
        mistakes=nb05_values.PROBE,
    ),
    Exercise(
        name="05.pixel_gradient",
        title="Who gets the gradient?",
        difficulty=2,
        minutes=3,
        stub=f"pixel_gradient = [\n{_GRID}\n]",
        solution="""pixel_gradient = [
    [0.0, 1.0 + 10.0, 0.0],
    [0.0, 0.0, 1000.0],
    [100.0, 0.0, 0.0],
]""",
        why="Each window sends its number to one pixel, its first largest. The 4 in the top row "
        "wins two windows, one of them by a tie, and gets both; 1 + 10 + 100 + 1000 all arrive.",
        hints=(
            "Find the winner of each of the four windows first, and write down where it stands.",
            "One window has two winners. The cell with four fives shows which of them torch "
            "remembers.",
            "One pixel wins two windows. Check your answer: all nine numbers add up to 1111.",
        ),
        accepts=nb05_values.judge_gradient,
        mistakes=nb05_values.PIXEL_GRADIENT,
    ),
)
