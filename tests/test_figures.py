"""Figures: images/ in step with the code, no text on another, type of at least 11 points."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from helpers import arithmetic, figures
from tools import images

SINGLE = torch.tensor([[-2.0]])
WIDE = torch.tensor([[0.25, -1.5, 3.0, 12.0], [100.0, 0.0, -7.125, 1.0]])
GRIDS = {
    "convolution": lambda: figures.show_convolution(images.IMAGE, images.KERNEL, 2, 2),
    "padded": lambda: figures.show_convolution(images.IMAGE, images.KERNEL, 0, 1, 2, 1),
    "one pixel": lambda: figures.show_convolution(SINGLE, SINGLE, 0, 0),
    "not square": lambda: figures.show_convolution(WIDE, WIDE[:1, :2], 1, 2),
    "three": lambda: figures.show_grids(
        (WIDE, "input", "a title wider than its grid"), "+", (SINGLE, "kernel", "long title"),
        "=", {"values": WIDE.numpy() + 1, "role": "gradient", "padding": 1, "shade": WIDE > 1},
        now=[(0, 0)],
    ),
    "matrix": lambda: figures.show_grids(
        (torch.eye(9, 25), "kernel", "matrix"), "*", (torch.arange(25)[:, None], "input", "pixels")
    ),
    "placements": lambda: figures.show_placements(8, 3, 2, 1),
    "dilated": lambda: figures.show_placements(9, 3, 1, 0, 2),
    "one placement": lambda: figures.show_placements(1, 1),
    "many placements": lambda: figures.show_placements(32, 5),
}  # fmt: skip
CHARTS = {
    "heat": lambda: figures.show_heatmap(WIDE, "Times read", "times"),
    "one heat": lambda: figures.show_heatmap(SINGLE.numpy(), "One pixel", "times"),
    "large heat": lambda: figures.show_heatmap(torch.rand(28, 28), "Map", "probability"),
    "images": lambda: figures.show_images(torch.rand(5, 1, 6, 9), list("abcde"), columns=3),
    "long titles": lambda: figures.show_images([WIDE, SINGLE], ["a title too long for it", "b\nc"]),
    "signed": lambda: figures.show_images([WIDE, -WIDE], ["left", "right"], signed=True),
    "constant": lambda: figures.show_images([np.zeros((2, 3)), np.full((2, 3), 5.0)]),
    "bytes": lambda: figures.show_images([np.full((4, 4, 3), 200, np.uint8)]),
    "curves": lambda: figures.show_curves({"ours": [0.2, 0.1], "b": torch.rand(2)}, "epoch", "y"),
    "log": lambda: figures.show_curves({"a": ([1, 2, 5], [1, 0.1, 0.01])}, "x", "y", log=True),
}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(fig):
    """Visible texts that are not empty, with their boxes in pixels."""
    fig.canvas.draw()
    found = [text for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
    ticks = {id(tick.label2) for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)
             for tick in axis.get_major_ticks()}  # fmt: skip
    return [(text, text.get_window_extent()) for text in found if id(text) not in ticks]


@pytest.mark.parametrize("name", GRIDS | CHARTS)
def test_every_figure_is_readable(name):
    before = dict(plt.rcParams)
    fig = (GRIDS | CHARTS)[name]()
    assert isinstance(fig, Figure)
    assert fig.get_figwidth() <= 9 and fig.dpi == 100
    assert fig.get_facecolor() == (1, 1, 1, 1)
    for text, _ in texts(fig):
        assert text.get_fontsize() >= 11, text
    assert dict(plt.rcParams) == before


@pytest.mark.parametrize("name", GRIDS)
def test_no_text_lies_on_another_or_outside(name):
    fig = GRIDS[name]()
    boxes = texts(fig)
    for (one, box), (other, other_box) in itertools.combinations(boxes, 2):
        width = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
        height = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
        assert width <= 0 or height <= 2, f"{one.get_text()!r} lies on {other.get_text()!r}"
    for text, box in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= fig.bbox.x1 and box.y1 <= fig.bbox.y1
        assert inside, f"{text.get_text()!r} is cut off"


@pytest.mark.parametrize("picture", images.PICTURES, ids=lambda picture: picture.__name__)
def test_images_are_in_step(picture, monkeypatch):
    path = images.FOLDER / f"{picture.__name__}.png"
    committed = Image.open(path)
    assert path.stat().st_size < 60_000
    assert images.difference(images.render(picture), committed) <= images.TOLERANCE
    if picture is not images.network:
        changed = images.IMAGE.clone()
        changed[0, 0] += 1  # one pixel of the running example: 4 where 3 was
        monkeypatch.setattr(images, "IMAGE", changed)
    else:
        monkeypatch.setitem(figures.COLOURS, "input", "#000000")
    assert images.difference(images.render(picture), committed) > images.TOLERANCE


def test_check_names_the_stale_picture(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(images, "PICTURES", [images.network])
    assert images.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(images, "FOLDER", tmp_path)
    assert images.main(["--check"]) == 1
    assert capsys.readouterr().out.count("\n") == 1
    assert images.main([]) == 0
    assert images.main(["--check"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["network.png"]


def test_grid_layout():
    assert figures.grid_layout([(5, 5), (3, 3), (1, 2)]) == [(0, 0), (6, 1), (10, 2)]
    assert figures.grid_layout([(2, 4), (2, 1)], gap=0.5) == [(0, 0), (4.5, 0)]
    assert figures.grid_layout([]) == []


def written(fig):
    return [text.get_text() for text, _ in texts(fig)]


def test_the_sum_is_written_out():
    found = written(figures.show_convolution(images.IMAGE, images.KERNEL, 0, 0))
    assert "3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 12" in found
    found = written(figures.show_convolution(WIDE, WIDE[:1, :2], 1, 1))
    assert "0*0.25 + (-7.12)*(-1.5) ≈ 10.69" in found  # -7.125 shows as -7.12: not an equation
    outputs = arithmetic.conv2d(images.IMAGE, images.KERNEL).flatten().tolist()
    found = written(figures.show_convolution(images.IMAGE, images.KERNEL, 1, 1))
    assert {str(int(number)) for number in outputs} <= set(found)


def test_cells_outside_are_refused():
    with pytest.raises(ValueError, match="3 by 3"):
        figures.show_convolution(images.IMAGE, images.KERNEL, 3, 0)
    with pytest.raises(ValueError, match="one matrix"):
        figures.show_grids((torch.zeros(2, 3, 3), "input"))


@pytest.mark.parametrize("n, kernel, stride, padding, dilation", [(8, 3, 2, 0, 1), (9, 3, 1, 0, 2)])
def test_placements_are_counted(n, kernel, stride, padding, dilation):
    found = written(figures.show_placements(n, kernel, stride, padding, dilation))
    count = arithmetic.output_size(n, kernel, stride, padding, dilation)
    assert any(f"\n{count} placements" in text for text in found)
    assert sum(text.startswith("output ") for text in found) == count
    assert ("hatched: never read (1)" in found) == (n == 8)
