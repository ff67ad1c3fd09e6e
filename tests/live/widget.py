"""All widgets on one page, and one widget to be worked with."""

import time

MODEL = """
torch.manual_seed(5)
model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                      nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                      nn.Flatten(), nn.Linear(784, 10))
"""
CELLS = {
    "stepper": """
import torch
from torch import nn
from helpers.example import IMAGE, KERNEL
from helpers.widgets.stepper import ConvolutionStepper
ConvolutionStepper(IMAGE, KERNEL)
""",
    "kernels": """
from helpers.widgets.kernels import KernelLab
digit = torch.zeros(28, 28)
digit[4:7, 6:22] = digit[7:24, 17:20] = 1
KernelLab(digit)
""",
    "sizes": """
from helpers.widgets.sizes import SizeExplorer
SizeExplorer(8, 3, 2)
""",
    "views": """
from helpers.widgets.views import FiveViews
FiveViews(IMAGE, KERNEL)
""",
    "pooling": """
from helpers.widgets.pooling import PoolingStepper
PoolingStepper(IMAGE)
""",
    "pad": f"""
from helpers.widgets.pad import DigitPad
{MODEL}
DigitPad(model)
""",
    "monitor": """
from helpers.widgets.monitor import TrainingMonitor
pixels = torch.rand(3000, 1, 28, 28)
data = torch.utils.data.TensorDataset(pixels, torch.arange(3000) % 10)
few = torch.utils.data.Subset(data, range(200))
monitor = TrainingMonitor(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), data, 900,
                          validation=few)
monitor
""",
    "run": """
second = TrainingMonitor(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), data, 2)
display(second)
len(second.run())
""",
}


class Widget:
    """One board of the page: what it says, how tall its cell is, what can be done with it."""

    def __init__(self, page, name):
        self.page, self.selector = page, f"#board-{name}"
        self.board = page.locator(self.selector)
        self.cell = page.locator(".jp-Notebook .jp-Cell").nth(list(CELLS).index(name))
        self.height = self.tall()

    def tall(self):
        return self.cell.bounding_box()["height"]

    def button(self, name):
        return self.board.get_by_role("button", name=name, exact=True)

    def field(self, name):
        return self.board.locator(f'[data-input="{name}"]')

    def press(self, *keys):
        self.board.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def has_focus(self, inner=""):
        """Whether the board itself, or what `inner` selects in it, has the focus."""
        return self.page.evaluate("s => document.activeElement.matches(s)", self.selector + inner)

    def says(self, words, where=".says"):
        """Wait until the widget says so; nothing has jumped meanwhile."""
        self.board.locator(where, has_text=words).first.wait_for()
        assert self.tall() == self.height

    def shows(self, number, expected):
        """Wait until the cells of one matrix of the picture hold these texts."""
        deadline = time.monotonic() + 20
        while (found := self.grid(number)) != expected and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        assert found == expected and self.tall() == self.height

    def grid(self, number):
        """Texts in the cells of one matrix of the picture."""
        group = self.board.locator(f"svg > g:nth-of-type({number + 1})")
        return group.locator(":scope > g text").all_text_contents()
