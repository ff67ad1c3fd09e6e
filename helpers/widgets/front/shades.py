"""Matrices as small coloured pictures inside a page, and the strip that says what colours mean."""

import base64
import io

import matplotlib
import numpy as np
from PIL import Image

from helpers.cells import as_array, as_text

COLOURS = (matplotlib.colormaps["RdBu_r"](np.arange(256)) * 255).round().astype(np.uint8)[:, :3]
GRAY_STRIP = "linear-gradient(to right, black, white)"
COLOUR_STRIP = (
    f"linear-gradient(to right, {', '.join(f'rgb{tuple(c)}' for c in COLOURS[::51].tolist())})"
)


def shades(values, signed):
    """Values as bytes: gray, clipped to 0..1, or places in COLOURS, zero in the middle."""
    values = as_array(values)
    if signed:
        values = values / (2 * float(np.abs(values).max()) or 1) + 0.5
    return (values.clip(0, 1) * 255).round().astype(np.uint8)


def data_uri(pixels, signed=False):
    """Bytes of pixels as a PNG that stands in a page."""
    file, image = io.BytesIO(), Image.fromarray(pixels)
    if signed:
        image.putpalette(COLOURS.tobytes())
    image.save(file, format="png", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def strip(low, high, gradient=GRAY_STRIP, note=""):
    """What the colours mean: a strip between its two ends."""
    return (
        f'{as_text(low)} <span class="strip" style="background: {gradient}"></span> '
        f"{as_text(high)}{note}"
    )
