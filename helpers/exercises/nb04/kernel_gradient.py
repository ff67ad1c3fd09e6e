"""04.kernel_gradient: what one kernel hears from all windows of all images."""

import numpy as np
import torch

from helpers.example import IMAGE
from helpers.exercises import Exercise, slip
from helpers.exercises.slips import filled


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


def walk(
    images, upstream, *,
    size=lambda image, output: tuple(n - m + 1 for n, m in zip(image, output, strict=True)),
    place=lambda i, j: (i, j), meet=lambda met, upstream: (met * upstream).sum((-2, -1)),
    turn=lambda upstream: upstream, join=lambda gradients: gradients.sum(0),
):  # fmt: skip
    """meet() the pixels of one weight, which begin at place(), with the upstream numbers, image by
    image, then join() (N, kH, kW) over the images.
    """
    images, upstream = np.asarray(images, dtype=np.float64), np.asarray(upstream, dtype=np.float64)
    (height, width), upstream = upstream.shape[1:], turn(upstream)
    gradients = np.zeros((len(images), *size(images.shape[1:], upstream.shape[1:])))
    for i, j in np.ndindex(*gradients.shape[1:]):
        top, left = place(i, j)
        gradients[:, i, j] = meet(images[:, top : top + height, left : left + width], upstream)
    return join(gradients)


def _padded(images, upstream):
    down, across = (n - 1 for n in upstream.shape[1:])
    return np.pad(images, ((0, 0), (down, down), (across, across))), upstream


def _padded_by_one(images, upstream):
    return np.pad(images, ((0, 0), (1, 1), (1, 1))), upstream


def _added_up(images, upstream):
    return images.sum(0, keepdim=True), upstream.sum(0, keepdim=True)


def _first_row(gradient):
    gradient[1:] = 0


_SHAPE = "How large the kernel was follows from the sizes of image and output: H - H' + 1 rows."
_PADDED = (
    "The images are padded. The gradient of the *image* needs that; that of the kernel reads only "
    "pixels that were there."
)
_RETURN = "Look how far the return is indented."

# fmt: off
BATCH = (
    slip("not-summed-over-batch", "You have one gradient for each image. All images went through "
        "one kernel, so their gradients add up.", join=lambda gradients: gradients),
    slip("averaged-over-batch", "That is the mean over the images. If the loss is an average, its "
        "upstream gradient is divided already; here the gradients are added.",
        join=lambda gradients: gradients.mean(0)),
    slip("first-image-only", "Only the first image counts in your gradient. Every image of the "
        "batch used the kernel.", join=lambda gradients: gradients[0]),
    slip("last-image-only", "Only the last image counts in your gradient. Does each image replace "
        "what those before it gave, where it should be added?",
        join=lambda gradients: gradients[-1]),
    slip("batch-mixed", "Images and upstream gradients are added up before they are multiplied. "
        "Then one image's pixels meet another's gradient.", before=_added_up),
    slip("first-upstream-for-all", "Every image meets the upstream gradient of the first. Each has "
        "its own.", before=lambda images, upstream: (images, upstream[:1].expand_as(upstream))),
    slip("first-image-for-all", "Every upstream gradient meets the pixels of the first image. Each "
        "has its own.", before=lambda images, upstream: (images[:1].expand_as(images), upstream)),
)

MEETINGS = (
    slip("upstream-ignored", "The windows are added up as they are. Each is weighted by the "
        "upstream number of its output, and with a negative one it counts the other way.",
        meet=lambda met, upstream: met.sum((-2, -1))),
    slip("pixels-ignored", "The upstream numbers are added up as they are: that is the gradient of "
        "a bias. Each is multiplied by the pixel that the weight met there.",
        meet=lambda met, upstream: upstream.sum((-2, -1))),
    slip("mean-over-windows", "What comes from the windows is divided by their number. A shared "
        "weight collects the sum over all of them.",
        meet=lambda met, upstream: (met * upstream).mean((-2, -1))),
    slip("mean-over-all", "That is a mean over images and windows. What they give is added, and "
        "nothing is divided.", meet=lambda met, upstream: (met * upstream).mean((-2, -1)),
        join=lambda gradients: gradients.mean(0)),
    slip("sums-multiplied", "Pixels and upstream numbers are added first and multiplied then. Each "
        "window has its own upstream number.",
        meet=lambda met, upstream: met.sum((-2, -1)) * upstream.sum((-2, -1))),
    slip("last-window-only", "Only the last window of the last image is left: it has replaced "
        "those before it. What they give is added.",
        meet=lambda met, upstream: met[:, -1, -1] * upstream[:, -1, -1],
        join=lambda gradients: gradients[-1]),
    slip("window-does-not-move", "Every weight meets the same pixels, those at the output places. "
        "Weight (i, j) met pixel (row + i, column + j).", place=lambda i, j: (0, 0)),
    slip("doubled", "Your gradient is twice too large. The slope of the square is in `upstream` "
        "already.", meet=lambda met, upstream: 2 * (met * upstream).sum((-2, -1))),
    slip("signs-only", "Only the signs of the upstream numbers are left. How far each output "
        "should move counts, too.", turn=np.sign),
    slip("upstream-flipped", "The upstream gradient is turned. Nothing is flipped here: window (0, "
        "0) belongs to upstream (0, 0). The flip belongs to the gradient of the *image*.",
        turn=lambda upstream: upstream[:, ::-1, ::-1]),
    slip("upstream-transposed", "Rows and columns of the upstream gradient are exchanged.",
        turn=lambda upstream: upstream.swapaxes(1, 2)),
)

SHAPE = (
    slip("flipped", "Your gradient is turned by half a turn. Entry (0, 0) belongs to the weight at "
        "the top left, which never met the last row of the image.",
        after=lambda gradient: np.flip(gradient, (-2, -1))),
    slip("output-transposed", "Rows and columns of your gradient are exchanged. It has the shape "
        "of the kernel.", after=lambda gradient: gradient.swapaxes(-1, -2)),
    slip("size-of-output", "You take the kernel to be as large as the output, as in the running "
        f"example. {_SHAPE}", size=lambda image, output: output),
    slip("one-size-short", "The last row and the last column are missing. How many places does an "
        "upstream of H' rows have on an image of H rows?",
        size=lambda image, output: tuple(n - m for n, m in zip(image, output, strict=True))),
    slip("square-kernel", f"You took the kernel for a square. {_SHAPE} Columns likewise.",
        size=lambda image, output: (image[0] - output[0] + 1,) * 2),
    slip("padded", _PADDED, before=_padded),
    slip("padded-by-one", _PADDED, before=_padded_by_one),
    slip("returned-after-a-row", f"Only the first row of the kernel has its gradient. {_RETURN}",
        after=filled(_first_row)),
)
# fmt: on


def _batch(seed, *shape):
    """Whole numbers -4..5."""
    return torch.randint(-4, 6, shape, generator=torch.Generator().manual_seed(seed)).float()


EXERCISE = Exercise(
    name="04.kernel_gradient",
    title="The gradient of a kernel, for a batch",
    difficulty=3,
    minutes=7,
    solution=kernel_gradient,
    walk=walk,
    why="Weight (i, j) met pixel (row + i, column + j) in each window of each image, and its "
    "gradient adds up pixel times upstream over all these meetings.",
    hints=(
        "How large is the kernel? An output of H' rows came from H rows; invert H' = H - kH + 1.",
        "Take weight (0, 0) and one image. Which pixels did it meet while the window walked "
        "over all its places? They form a block as large as the upstream gradient.",
        "The block of weight (i, j) is `images[:, i : i + H', j : j + W']`, with H' and W' from "
        "`upstream.shape`.",
        "`gradient = torch.zeros(kernel_height, kernel_width)`, two loops over i and j, and in "
        "them `met = images[:, i : i + height, j : j + width]`. One line is left: `gradient[i, j]` "
        "is what comes of `met` and `upstream`, the images added up with all the rest.",
    ),
    cases=(
        (IMAGE[None], torch.tensor([[[0.0, 2, 0], [1, 0, -1], [0, 0, 2]]])),
        (_batch(1, 2, 4, 6), _batch(2, 2, 3, 4)),
        (_batch(3, 3, 5, 4), _batch(4, 3, 3, 3)),
        (_batch(5, 2, 3, 4), _batch(6, 2, 1, 1)),
        (_batch(7, 2, 4, 7), _batch(8, 2, 2, 6)),
    ),
    slips=(*BATCH, *MEETINGS, *SHAPE),
)
