"""How a drawing becomes 28 by 28 pixels, as MNIST's were made; nothing here knows a model."""

import numpy as np
import torch
from PIL import Image

from helpers.cells import as_array

SIDE, BOX, MIDDLE = 28, 20, 14  # pixels: the image, the digit, the index of the centre of mass


def centre_like_mnist(drawing):
    """Scale and centre a drawing, (H, W) of 0..1 on black, as MNIST's digits were: (28, 28).

    The longer side of what is drawn becomes 20 pixels, the other keeps its proportion, edges
    become gray; then the centre of mass is put on the middle of the image, pixel (14, 14), to
    the nearest whole pixel. Of an empty drawing an empty image is made.
    Source: Y. LeCun, C. Cortes, C. Burges, *The MNIST database of handwritten digits*,
    yann.lecun.com/exdb/mnist. In the published files, the longer side is 20 in every digit and
    the centre of mass lies within half a pixel of 14.
    """
    ink = _pixels(drawing)
    rows, columns = ink.any(axis=1).nonzero()[0], ink.any(axis=0).nonzero()[0]
    if not len(rows):
        return torch.zeros(SIDE, SIDE)
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    longer = max(ink.shape)
    small = _resize(ink, *(max(1, round(side * BOX / longer)) for side in ink.shape))
    mass = small.sum()
    corner = [_offset(small.sum(axis=1) / mass), _offset(small.sum(axis=0) / mass)]
    # On a field so large that no shift leaves it; a digit of 20 pixels may reach over 28.
    field = np.zeros((3 * SIDE, 3 * SIDE), dtype=np.float32)
    top, left = (SIDE + start for start in corner)
    field[top : top + small.shape[0], left : left + small.shape[1]] = small
    return torch.from_numpy(field[SIDE : 2 * SIDE, SIDE : 2 * SIDE].copy())


def shrink(drawing):
    """The whole drawing, (H, W) of 0..1, brought to (28, 28) as it lies there: not centred."""
    return torch.from_numpy(_resize(_pixels(drawing), SIDE, SIDE))


def _pixels(drawing):
    drawing = as_array(drawing).astype(np.float32)
    if drawing.ndim != 2 or not drawing.size:
        raise ValueError(
            f"The drawing has shape {drawing.shape}; give one image (H, W), 0 where "
            "nothing is drawn and 1 where the pen went."
        )
    if not np.isfinite(drawing).all() or drawing.min() < 0:
        raise ValueError("The drawing must hold numbers from 0 (paper) to 1 (ink) alone.")
    return drawing


def _resize(pixels, height, width):
    """Means over the area of each new pixel; where the image grows, values in between."""
    grows = height > pixels.shape[0] or width > pixels.shape[1]
    how = Image.Resampling.BILINEAR if grows else Image.Resampling.BOX
    return np.array(Image.fromarray(pixels).resize((width, height), how))


def _offset(profile):
    """Where a digit begins along an axis, so that its centre of mass lies on the middle."""
    return MIDDLE - round(float((profile * np.arange(len(profile))).sum()))
