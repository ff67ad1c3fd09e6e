"""Exercise 01.conv2d: the cases, the solution and the ways in which two loops go wrong."""

import torch

from helpers.exercises import Exercise, Mistake
from helpers.exercises import nb01_walks as walks


def conv2d(image, kernel):
    """Slide kernel over image, stride 1, no padding: (H, W), (kH, kW) -> (H', W')."""
    kernel_height, kernel_width = kernel.shape
    rows = image.shape[0] - kernel_height + 1
    columns = image.shape[1] - kernel_width + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + kernel_height, column : column + kernel_width]
            output[row, column] = (window * kernel).sum()
    return output


def numbers(height, width, seed):
    """A matrix of small whole numbers, negative ones among them, the same on every machine."""
    i = torch.arange(height * width)
    return ((seed + 7 * i + 3 * i * i) % 11 - 4).float().reshape(height, width)


IMAGE = torch.tensor(
    [[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])
CASES = (
    (IMAGE, KERNEL),
    (numbers(4, 7, 1), numbers(3, 3, 5)),
    (numbers(7, 4, 2), numbers(2, 2, 3)),
    (numbers(5, 6, 3), numbers(2, 3, 4)),
    (numbers(6, 5, 4), numbers(3, 2, 1)),
    (numbers(3, 4, 5), numbers(3, 4, 6)),
    (numbers(3, 5, 6), torch.tensor([[-2.0]])),
)


_TURNED = (
    "The top left weight lies on the top left pixel of the window, and so on; nothing is turned."
)
_TRANSPOSED = (
    "Rows and columns of the kernel are exchanged: weight (i, j) belongs on pixel (i, j) of the "
    "window, row first in both."
)
_EDGE = (
    "Your window runs over the edge of the image. It has a place only where all of it lies on "
    "pixels: count those places, they are fewer than there are pixels."
)
_THREE = (
    "Your loops run three times, whatever comes in. A window of 3 has three places in a row of 5 "
    "only: work both counts out from the shapes of image and kernel."
)
_COUNT = "Count the places of a window of 3 in a row of 5: it may start at 0, 1 and 2."

MISTAKES = (
    Mistake(
        "published-output",
        walks.published,
        "That is the output of the running example, whatever goes in. Compute it from the image "
        "and the kernel that the function is given.",
    ),
    Mistake(
        "kernel-flipped",
        lambda image, kernel: walks.slide(image, kernel.flip(0, 1)),
        f"Your kernel is turned by half a turn, which is another operation. {_TURNED}",
    ),
    Mistake(
        "kernel-upside-down",
        lambda image, kernel: walks.slide(image, kernel.flip(0)),
        f"Your kernel stands upside down: its last row lies on the first row of pixels. {_TURNED}",
    ),
    Mistake(
        "kernel-mirrored",
        lambda image, kernel: walks.slide(image, kernel.flip(1)),
        f"Your kernel is mirrored: its last column lies on the first column of pixels. {_TURNED}",
    ),
    Mistake(
        "kernel-transposed",
        lambda image, kernel: walks.slide(
            image, kernel, lambda window, kernel: (window * kernel.T).sum()
        ),
        _TRANSPOSED,
    ),
    Mistake("kernel-indices-swapped", walks.kernel_indices_swapped, _TRANSPOSED),
    Mistake(
        "last-row-and-column-missing",
        lambda image, kernel: walks.part(image, kernel, -1, -1),
        f"The last row and the last column are missing. {_COUNT}",
    ),
    Mistake(
        "one-place-too-few",
        walks.one_place_too_few,
        f"The last row and the last column are missing. {_COUNT}",
    ),
    Mistake(
        "last-row-missing",
        lambda image, kernel: walks.part(image, kernel, rows=-1),
        f"The last row is missing, the columns are all there. {_COUNT}",
    ),
    Mistake(
        "last-column-missing",
        lambda image, kernel: walks.part(image, kernel, columns=-1),
        f"The last column is missing, the rows are all there. {_COUNT}",
    ),
    Mistake(
        "loops-end-early",
        lambda image, kernel: walks.emptied(image, kernel, 1, 1),
        "The size is right, but the last row and column were never filled: the loops end one "
        "window early. range(n) already leaves out n.",
    ),
    Mistake(
        "one-too-many",
        lambda image, kernel: walks.part(image, kernel, 1, 1),
        f"One row and one column too many, which no window has filled. {_COUNT}",
    ),
    Mistake(
        "size-of-the-image",
        lambda image, kernel: walks.part(image, kernel, kernel.shape[0] - 1, kernel.shape[1] - 1),
        "Your output has the size of the image, and no window fills what is left over. It has one "
        "number for each place of the window.",
    ),
    Mistake("over-the-edge", walks.every_pixel_slices, _EDGE),
    Mistake("over-the-edge-by-index", walks.every_pixel_indices, _EDGE),
    Mistake(
        "output-transposed",
        lambda image, kernel: walks.slide(image, kernel).T,
        "The numbers are right, but rows and columns of the output are exchanged: moving the "
        "window down must move you down in the output.",
    ),
    Mistake(
        "loops-swapped",
        walks.loops_swapped,
        "The loop over rows runs as often as there are columns, and the other way round. With a "
        "square output nobody notices.",
    ),
    Mistake(
        "square-image",
        walks.square_image,
        "You took the image for a square. Its height and its width are two numbers.",
    ),
    Mistake(
        "square-kernel",
        walks.square_kernel,
        "You took the kernel for a square. Its height and its width are two numbers.",
    ),
    Mistake(
        "three-by-three",
        walks.three_by_three,
        "Your window is always 3 by 3. It must have the size of the kernel that is given.",
    ),
    Mistake("always-three-places", walks.three_places, _THREE),
    Mistake("always-three-by-three", walks.three_everywhere, _THREE),
    Mistake(
        "mean",
        lambda image, kernel: walks.slide(
            image, kernel, lambda window, kernel: (window * kernel).mean()
        ),
        "You averaged the products. They are added; nothing is divided.",
    ),
    Mistake(
        "divided-by-the-weights",
        lambda image, kernel: walks.slide(image, kernel) / kernel.sum(),
        "You divided by the sum of the weights, as a weighted average does. Here nothing is "
        "divided: a kernel may add up to anything, zero included.",
    ),
    Mistake(
        "largest-product",
        lambda image, kernel: walks.slide(
            image, kernel, lambda window, kernel: (window * kernel).max()
        ),
        "You kept the largest product. All of them are added.",
    ),
    Mistake(
        "added-not-multiplied",
        lambda image, kernel: walks.slide(
            image, kernel, lambda window, kernel: (window + kernel).sum()
        ),
        "You added pixel and weight. Each pixel is multiplied by the weight that lies on it.",
    ),
    Mistake(
        "sums-multiplied",
        lambda image, kernel: walks.slide(image, kernel, lambda w, kernel: w.sum() * kernel.sum()),
        "You added first and multiplied then. So every pixel gets the same weight, and the kernel "
        "could as well be one number.",
    ),
    Mistake(
        "matrix-product",
        lambda image, kernel: walks.slide(
            image, kernel, lambda window, kernel: (window @ kernel).sum()
        ),
        "`@` is the matrix product, rows times columns. Here each pixel meets one weight only, "
        "the one that lies on it.",
    ),
    Mistake(
        "total-not-reset",
        walks.running_total,
        "Each number still holds the windows before it. Every window starts from zero.",
    ),
    Mistake(
        "total-reset-once-a-row",
        lambda image, kernel: walks.slide(image, kernel).cumsum(1),
        "Within a row each number still holds the windows to its left. Every window starts from "
        "zero, not every row.",
    ),
    Mistake(
        "last-number-everywhere",
        walks.last_number_everywhere,
        "All cells hold the number of the last window. Write each number into its own cell.",
    ),
    Mistake(
        "one-number",
        lambda image, kernel: (image[: kernel.shape[0], : kernel.shape[1]] * kernel).sum(),
        "One number came out, that of the window at the top left. Return after both loops, and "
        "return the whole output.",
    ),
    Mistake(
        "returned-in-the-inner-loop",
        walks.first_window_only,
        "Only the first cell is filled: the function returned after one window. Look how far the "
        "return is indented.",
    ),
    Mistake(
        "returned-in-the-outer-loop",
        walks.first_row_only,
        "Only the first row is filled: the function returned after one row. Look how far the "
        "return is indented.",
    ),
    Mistake(
        "axes-left",
        lambda image, kernel: walks.slide(image, kernel)[None, None],
        "The numbers are right, but the output has four axes. It has rows and columns only.",
    ),
    Mistake(
        "windows-do-not-overlap",
        lambda image, kernel: walks.slide(image, kernel, step=tuple(kernel.shape)),
        "Your window jumps by its own size. It moves one pixel at a time, so that windows overlap.",
    ),
    Mistake(
        "padded-to-the-same-size",
        walks.padded_to_same,
        "You put zeros around the image, and so the output is as large as the image. Here the "
        "window stays on real pixels.",
    ),
    Mistake(
        "padded-by-one",
        lambda image, kernel: walks.padded(image, kernel, 1, 1),
        "You put a ring of zeros around the image. Here the window stays on real pixels.",
    ),
    Mistake(
        "every-overlap",
        lambda image, kernel: walks.padded(image, kernel, kernel.shape[0] - 1, kernel.shape[1] - 1),
        "You count every place where window and image touch at all. Here the whole window has to "
        "lie on pixels.",
    ),
    Mistake(
        "image-and-kernel-exchanged",
        lambda image, kernel: walks.slide_sizes(kernel, image),
        "You slide the image over the kernel. The small one moves: subtract the kernel's size "
        "from the image's.",
    ),
)


CONV2D = Exercise(
    name="01.conv2d",
    title="The whole output with two loops",
    difficulty=2,
    minutes=7,
    stub='''
def conv2d(image, kernel):
    """Slide kernel over image, stride 1, no padding: (H, W), (kH, kW) -> (H', W')."""
    return TODO
''',
    solution=conv2d,
    why="A window of height kH may start in rows 0 to H - kH: that is H - kH + 1 places, and the "
    "same holds for columns. In each place one number comes out, as many products added as the "
    "kernel has weights.",
    hints=(
        "Start from the output: how many numbers does it have, and which pixels does the number "
        "in (row, column) read? Each of them is the exercise before, with another window.",
        "Make torch.zeros of the output's size first: a window of kH rows has H - kH + 1 places "
        "in H rows. One loop runs over the rows of the output, one inside it over its columns. "
        "The window of cell (row, column) begins at pixel (row, column).",
        "Inside the loops: window = image[row : row + kernel.shape[0], column : column + "
        "kernel.shape[1]], then output[row, column] = (window * kernel).sum(). The return "
        "stands outside both loops.",
    ),
    cases=CASES,
    mistakes=MISTAKES,
)
