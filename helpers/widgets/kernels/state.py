"""Nine weights on a photograph or a digit, and the result at once; how it looks is in `page`."""

import functools

import numpy as np
import torch
from matplotlib.cbook import get_sample_data
from PIL import Image

from helpers import figures
from helpers.cells import as_text, matrix
from helpers.widgets.front.board import Board, State
from helpers.widgets.front.fields import KernelFields
from helpers.widgets.front.shades import COLOURS, shades
from helpers.widgets.kernels.page import PRESETS, frame, page

SIDE = 180  # pixels of the photograph along each axis


def KernelLab(digit=None):
    """The live kernel on a photograph and, if given, on a `digit` (28, 28) of 0..1."""
    return Board(Lab(digit))


@functools.cache
def photograph():
    """Grace Hopper as matplotlib ships her: the head, grey, (180, 180) of 0..1."""
    with get_sample_data("grace_hopper.jpg") as file:
        head = Image.open(file).convert("L").crop((56, 10, 456, 410)).resize((SIDE, SIDE))
    return torch.from_numpy(np.asarray(head, dtype=np.float32) / 255)


class Lab(State):
    """The kernel, the picture it is laid on, and how the result is coloured."""

    label = "Kernel lab"

    def __init__(self, digit=None):
        self.pictures = {"photograph": photograph()}
        if digit is not None:
            self.pictures["digit"] = torch.from_numpy(matrix(digit).astype(np.float32))
            if min(self.pictures["digit"].shape) < 3:
                raise ValueError("The digit is smaller than a kernel of 3 by 3 pixels.")
        self.inputs = {k: frame(shades(v, False), k) for k, v in self.pictures.items()}
        self.chosen = "photograph"
        self.fields = KernelFields(PRESETS["identity"])
        self.same = False

    @property
    def result(self):
        """What the kernel makes of the picture: whole windows only.

        Nine shifted pictures, weighted and added, need no second thread as F.conv2d does;
        waiting for one on a busy machine takes longer than the arithmetic.
        """
        picture = self.pictures[self.chosen]
        height, width = (side - 2 for side in picture.shape)
        return sum(
            weight * picture[i : i + height, j : j + width]
            for i, row in enumerate(self.fields.kernel.tolist())
            for j, weight in enumerate(row)
        )

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
            scale = "grey as the input, clipped below 0 and above 1"
        smooth = "vanishes" if self.total == 0 else f"is multiplied by {as_text(self.total)}"
        kernel = f"Kernel: {self.preset}. Weights add up to {as_text(self.total)}"
        shown = f"{kernel}: a smooth patch {smooth}. Result in {scale}."
        return self.fields.trouble or shown

    def html(self):
        return page(self)

    def figure(self):
        lab, name = Lab(), "vertical edge"
        lab.pictures, lab.chosen = self.pictures, list(self.pictures)[-1]
        lab.fields.show(PRESETS[name])
        shown = [lab.pictures[lab.chosen], COLOURS[shades(lab.result, lab.signed)]]
        return figures.show_images(shown, [lab.chosen, name], size=1.6)
