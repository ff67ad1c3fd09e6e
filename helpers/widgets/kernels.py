"""Nine weights on a photograph or a digit, the result at once; how it is coloured is here too."""

import base64
import functools
import html
import io

import matplotlib
import numpy as np
import torch
from matplotlib.cbook import get_sample_data
from PIL import Image
from torch.nn import functional as F

from helpers import figures
from helpers.cells import as_array, as_text, matrix
from helpers.widgets.board import Board, State
from helpers.widgets.fields import KernelFields

SIDE = 180  # pixels of the photograph along each axis
SHOWN = 270  # pixels of the screen
PRESETS = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "vertical edge": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal edge": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "Laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}
COLOURS = (matplotlib.colormaps["RdBu_r"](np.arange(256)) * 255).round().astype(np.uint8)[:, :3]
GRAY_BAR = "linear-gradient(to right, black, white)"
COLOUR_BAR = (
    f"linear-gradient(to right, {', '.join(f'rgb{tuple(c)}' for c in COLOURS[::51].tolist())})"
)


def KernelLab(digit=None):  # noqa: N802
    """The live kernel on a photograph and, if given, on a `digit` (28, 28) of 0..1."""
    return Board(Lab(digit))


@functools.cache
def photograph():
    """Grace Hopper as matplotlib ships her: the head, gray, (180, 180) of 0..1."""
    with get_sample_data("grace_hopper.jpg") as file:
        head = Image.open(file).convert("L").crop((56, 10, 456, 410)).resize((SIDE, SIDE))
    return torch.from_numpy(np.asarray(head, dtype=np.float32) / 255)


def colour(values, signed):
    """Values as bytes: gray (H, W), clipped to 0..1, or colours (H, W, 3), zero white."""
    values = as_array(values)
    if not signed:
        return (values.clip(0, 1) * 255).round().astype(np.uint8)
    bound = float(np.abs(values).max()) or 1.0
    return COLOURS[((values / bound + 1) * 127.5).round().astype(int)]


def data_uri(pixels):
    """Bytes of pixels as a PNG that stands in a page."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="png", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


class Lab(State):
    """The kernel, the picture it is laid on, and how the result is coloured."""

    label = "Kernel lab"

    def __init__(self, digit=None):
        self.pictures = {"photograph": photograph()}
        if digit is not None:
            self.pictures["digit"] = torch.from_numpy(matrix(digit).astype(np.float32))
        for name, picture in self.pictures.items():
            if min(picture.shape) < 3:
                raise ValueError(f"The {name} is smaller than a kernel of 3 by 3 pixels.")
        self.chosen = "photograph"
        self.fields = KernelFields(PRESETS["identity"])
        self.same = False

    @property
    def result(self):
        """What the kernel makes of the picture: whole windows only."""
        kernel = self.fields.kernel.float()
        return F.conv2d(self.pictures[self.chosen][None, None], kernel[None, None])[0, 0]

    @property
    def total(self):
        """The sum of the weights, which is what a smooth patch is multiplied by."""
        return round(float(self.fields.kernel.sum()), 6) + 0.0

    @property
    def signed(self):
        """Whether zero is white: smooth patches vanish, so that the result has two signs."""
        return not self.same and self.total <= 0

    @property
    def preset(self):
        """Name of the kernel, if it has one."""
        for name, kernel in PRESETS.items():
            if torch.allclose(self.fields.kernel, torch.tensor(kernel, dtype=torch.float64)):
                return name
        return "your own"

    def handle(self, event):
        name, value = event["name"], event.get("value", "")
        if name.startswith("weight "):
            if event["type"] == "input":
                self.fields.type(name, value)
        elif name == "preset":
            self.fields.show(PRESETS[value])
        elif name == "picture":
            self.chosen = value
        elif name == "same":
            self.same = value == "true"

    def text(self):
        if self.signed:
            scale = "two colours, red above zero, white at zero, blue below"
        else:
            scale = "gray as the input, clipped below 0 and above 1"
        smooth = "vanishes" if self.total == 0 else f"is multiplied by {as_text(self.total)}"
        kernel = f"Kernel: {self.preset}. Weights add up to {as_text(self.total)}"
        shown = f"{kernel}: a smooth patch {smooth}. Result in {scale}."
        return self.fields.trouble or shown

    def html(self):
        source, result = self.pictures[self.chosen], self.result
        bad = " bad" if self.fields.trouble else ""
        return (
            f'<div class="row" role="group" aria-label="kernels">{self._presets()}</div>'
            f'<div class="columns">{_frame(colour(source, False), self.chosen, _bar(0, 1))}'
            f'<div><p class="caption">{self.preset}</p>{self.fields.html()}'
            f'<p class="caption">{self._switches()}</p></div>'
            f"{_frame(colour(result, self.signed), 'result', self._scale(result))}</div>"
            f'<p class="says{bad}">{html.escape(self.text())}</p>'
        )

    def _presets(self):
        return "".join(
            f'<button data-click="preset" data-value="{name}" '
            f'aria-pressed="{str(name == self.preset).lower()}">{name}</button>'
            for name in PRESETS
        )

    def _switches(self):
        same = " checked" if self.same else ""
        switch = f'<label><input type="checkbox" data-input="same"{same}> same colours</label>'
        if len(self.pictures) == 1:
            return switch
        options = "".join(
            f"<option{' selected' if name == self.chosen else ''}>{name}</option>"
            for name in self.pictures
        )
        return (
            f'{switch}<br><label>on the <select data-input="picture" value="{self.chosen}">'
            f"{options}</select></label>"
        )

    def _scale(self, result):
        if self.signed:
            bound = float(result.abs().max())
            return _bar(-bound, bound, COLOUR_BAR)
        outside = float(((result < -1e-6) | (result > 1 + 1e-6)).float().mean())
        return _bar(0, 1, note=f", {outside:.0%} clipped")

    def figure(self):
        names = ["blur", "sharpen", "vertical edge"]
        shown = [colour(self.pictures[self.chosen], False)]
        for name in names:
            lab = Lab()
            lab.pictures, lab.chosen = self.pictures, self.chosen
            lab.fields.show(PRESETS[name])
            shown.append(colour(lab.result, lab.signed))
        return figures.show_images(shown, [self.chosen, *names], size=2.1)


def _bar(low, high, gradient=GRAY_BAR, note=""):
    """What the colours mean: a strip between its two ends."""
    return (
        f'{as_text(low)} <span class="strip" style="background: {gradient}"></span> '
        f"{as_text(high)}{note}"
    )


def _frame(pixels, name, scale):
    """A picture of fixed size with its name above and its scale below."""
    smooth = "auto" if min(pixels.shape[:2]) > 60 else "pixelated"
    return (
        f'<div><p class="caption">{name}</p><img alt="{name}" width="{SHOWN}" height="{SHOWN}" '
        f'style="image-rendering: {smooth}" src="{data_uri(pixels)}">'
        f'<p class="caption">{scale}</p></div>'
    )
