"""04.im2col: every window as a row, and other orders in which windows can be laid out."""

import numpy as np
import torch

from helpers.example import IMAGE
from helpers.exercises import Exercise, slip, slips
from helpers.exercises.slips import all_round, framed, grid


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


def walk(
    image, kernel_height, kernel_width, *, order=lambda cut, rows, columns: cut,
    flat=np.ravel, join=np.stack, **places,
):  # fmt: skip
    """Cut out, lay flat(), join(); order() changes the list of windows."""
    image, size = np.asarray(image, dtype=np.float64), (kernel_height, kernel_width)
    sides, (rows, columns), windows = grid(image.shape, size, 1, 0, **places)
    padded = framed(image, sides)
    cut = [flat(padded[window]) for _, _, window in windows]
    return join(order(cut, rows, columns))


def _downwards(cut, rows, columns):
    return [cut[row * columns + column] for column in range(columns) for row in range(rows)]


def _flat_runs(image, kernel_height, kernel_width):
    """Walk along the flat image without a jump at the end of a row."""
    flat, (height, width) = np.asarray(image).ravel(), image.shape
    steps = [i * width + j for i in range(kernel_height) for j in range(kernel_width)]
    count = (height - kernel_height + 1) * (width - kernel_width + 1)
    return np.array([[flat[(start + s) % flat.size] for s in steps] for start in range(count)])


def _by_width(image, kernel_height, kernel_width):
    """Window (row, column) in line row * width + column, where there is such a line."""
    right = walk(image, kernel_height, kernel_width)
    wrong, columns = np.zeros_like(right), image.shape[1] - kernel_width + 1
    for place, window in enumerate(right):
        line = place // columns * image.shape[1] + place % columns
        if line < len(wrong):
            wrong[line] = window
    return wrong


def _dealt_out_anew(rows):
    rows = np.stack(rows)
    return rows.T.reshape(rows.shape)


_RETURN = "Look how far the return is indented."
_SIZES = "Height and width of the window are two numbers."

# fmt: off
LAYOUT = (
    slip("output-transposed", "Your windows stand as columns, the layout of `F.unfold`. Here one "
        "window is one row, so that the matrix times the flat kernel is the output.",
        join=lambda rows: np.stack(rows).T),
    slip("reshaped-not-transposed", "The shape is right but the numbers are dealt out anew: "
        "`reshape` keeps the reading order. To turn columns into rows, transpose.",
        join=_dealt_out_anew),
    slip("flattened", "All windows stand in one long row: `cat` joins end to end. "
        "`torch.stack` lays rows below each other.", join=np.concatenate),
    slip("extra-axis", "The batch axis that `F.unfold` wants is still there. Take its only "
        "sample: `[0]`.", join=lambda rows: np.stack(rows)[None]),
    slip("not-flattened", "Your windows are still two-dimensional. Lay each out as one row, in "
        "reading order.", flat=lambda window: window),
    slip("pixels-by-columns", "Each window is read downwards. The flat kernel is read row by row, "
        "so the window must be, too.", flat=lambda window: window.T.ravel()),
    slip("window-backwards", "Each of your windows is read backwards. Its first number is its top "
        "left pixel.", flat=lambda window: window.ravel()[::-1]),
    slip("windows-by-columns", "Your windows walk downwards first. Reading order goes to the right "
        "first.", order=_downwards),
    slip("lines-by-width", "The window for (row, column) stands in line `row * width + column`. An "
        "output row is shorter than an image row: count with the columns of the output.",
        wrong=_by_width),
    slip("returned-after-a-place", f"Only the first window came out. {_RETURN}",
        order=lambda cut, rows, columns: cut[:1]),
    slip("returned-after-a-row", f"Only the first row of windows came out. {_RETURN}",
        order=lambda cut, rows, columns: cut[:columns]),
    slip("first-window-everywhere", "Every row holds the first window. Begin a list of its own for "
        "each window.", order=lambda cut, rows, columns: cut[:1] * len(cut)),
    slip("last-window-everywhere", "Every row holds the last window. Each window needs a row of "
        "its own.", order=lambda cut, rows, columns: cut[-1:] * len(cut)),
)

PLACES = (
    *slips.FILL[:3],
    *slips.named(slips.WINDOW, "column-does-not-move", "row-does-not-move",
        "row-and-column-exchanged", "axes-swapped", "square-image", "square-output"),
    slip("side-by-side", "Your windows do not overlap. The next window begins one pixel further "
        "on.", steps=lambda stride, size: size),
    slip("height-and-width-exchanged", "Your windows are as wide as they should be high. "
        f"{_SIZES}", before=lambda image, height, width: (image, width, height)),
    slip("square-of-the-height", f"Your windows are squares, with the height for both. {_SIZES}",
        before=lambda image, height, width: (image, height, height)),
    slip("square-of-the-width", f"Your windows are squares, with the width for both. {_SIZES}",
        before=lambda image, height, width: (image, width, width)),
    slip("padded", "There are zeros around the image. Here the window stays on its pixels.",
        pads=lambda padding, size: all_round(1, size)),
    slip("no-jump", "You walk along the flat image and do not stop at the end of a row: some of "
        "your windows have their left part at one edge of the image and their right part at the "
        "other.", wrong=_flat_runs),
)
# fmt: on

_WIDE = torch.tensor([[2.0, -1, 3, 0, 1, 4], [1, 5, -3, 2, 6, -1], [-2, 4, 1, 7, 3, 2]])

EXERCISE = Exercise(
    name="04.im2col",
    title="Every window as a row",
    difficulty=2,
    minutes=5,
    solution=im2col,
    walk=walk,
    why="Output number n is row n times the flat kernel, so one matrix product makes all of "
    "them. The price is that most pixels are copied many times.",
    hints=(
        "For a 5x5 image and a 3x3 kernel the result is 9x9. Which pixels stand in its first "
        "row, and which in its second?",
        "Two loops over the output places, `image.shape[0] - kernel_height + 1` of them downwards; "
        "in each, cut out the window and `flatten` it.",
        "Begin with `windows = []`. Inside both loops: `windows.append(image[row : row + "
        "kernel_height, column : column + kernel_width].flatten())`. One line is left after them: "
        "`torch.stack` makes a matrix of a list of rows.",
    ),
    cases=(
        (IMAGE, 3, 3),
        (_WIDE, 2, 3),
        (_WIDE.T.contiguous(), 3, 2),
        (IMAGE[:4], 1, 2),
        (_WIDE[:, :4], 3, 4),
        (_WIDE[:2, :3], 1, 1),
    ),
    slips=(*LAYOUT, *PLACES),
)
