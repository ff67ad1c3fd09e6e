"""Figures: no text on another, type of at least 11 points, what they show in words; images/."""

import ast
import base64
import io
import itertools
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from matplotlib.text import Text
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from helpers import arithmetic, figures
from helpers.example import IMAGE, KERNEL
from tools import images
from tools.execute import execute, smaller

ROOT = Path(__file__).parents[1]

SINGLE = torch.tensor([[-2.0]])
WIDE = torch.tensor([[0.25, -1.5, 3.0, 12.0], [100.0, 0.0, -7.125, 1.0]])
GRIDS = {
    "convolution": lambda: figures.show_convolution(IMAGE, KERNEL, 2, 2),
    "padded": lambda: figures.show_convolution(IMAGE, KERNEL, 0, 1, 2, 1),
    "one pixel": lambda: figures.show_convolution(SINGLE, SINGLE, 0, 0),
    "not square": lambda: figures.show_convolution(WIDE, WIDE[:1, :2], 1, 2),
    "three": lambda: figures.show_grids(
        (WIDE, "input", "a title wider than its grid"), "+", (SINGLE, "kernel", "long title"),
        "=", {"values": WIDE.numpy() + 1, "role": "gradient", "padding": 1, "shade": WIDE > 1},
        now=[(0, 0)],
    ),
    "five views": lambda: figures.show_five_views(IMAGE, KERNEL, 1, 2),
    "five views, not square": lambda: figures.show_five_views(IMAGE[:2], KERNEL[:1], 1, 2),
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
    "heat on a scale": lambda: figures.show_heatmap(IMAGE, "Read", "times", limits=(0, 9)),
    "one heat": lambda: figures.show_heatmap(SINGLE.numpy(), "One pixel", "times"),
    "large heat": lambda: figures.show_heatmap(torch.rand(28, 28), "Map", "probability"),
    "images": lambda: figures.show_images(torch.rand(5, 1, 6, 9), list("abcde"), columns=3),
    "long titles": lambda: figures.show_images([WIDE, SINGLE], ["a title too long for it", "b\nc"]),
    "signed": lambda: figures.show_images([WIDE, -WIDE], ["left", "right"], signed=True),
    "clipped": lambda: figures.show_images([WIDE], signed=True, limit=0.5),
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
        changed = IMAGE.clone()
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
    found = written(figures.show_convolution(IMAGE, KERNEL, 0, 0))
    assert "3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 12" in found
    found = written(figures.show_convolution(WIDE, WIDE[:1, :2], 1, 1))
    assert "0*0.25 + (-7.12)*(-1.5) ≈ 10.69" in found  # -7.125 shows as -7.12: not an equation
    outputs = arithmetic.conv2d(IMAGE, KERNEL).flatten().tolist()
    found = written(figures.show_convolution(IMAGE, KERNEL, 1, 1))
    assert {str(int(number)) for number in outputs} <= set(found)


def test_cells_outside_are_refused():
    with pytest.raises(ValueError, match="3 by 3"):
        figures.show_convolution(IMAGE, KERNEL, 3, 0)
    with pytest.raises(ValueError, match="one matrix"):
        figures.show_grids((torch.zeros(2, 3, 3), "input"))


@pytest.mark.parametrize("n, kernel, stride, padding, dilation", [(8, 3, 2, 0, 1), (9, 3, 1, 0, 2)])
def test_placements_are_counted(n, kernel, stride, padding, dilation):
    found = written(figures.show_placements(n, kernel, stride, padding, dilation))
    count = arithmetic.output_size(n, kernel, stride, padding, dilation)
    assert any(f"\n{count} places" in text for text in found)
    assert sum(text.startswith("output ") for text in found) == count
    assert ("hatched: never read (1)" in found) == (n == 8)


WORDS = {
    "convolution": "input, 5 by 5 (3 3 2 1 0 / 0 0 1 3 1 / 3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1), "
    "outlined: rows 2 to 4, columns 2 to 4; convolved with kernel, 3 by 3 (0 1 2 / 2 2 0 / 0 1 2); "
    "gives output, 3 by 3 (12 12 17 / 10 17 19 / 9 6 14), outlined: the 14 in row 2, column 2. "
    "2*0 + 2*1 + 3*2 + 0*2 + 2*2 + 2*0 + 0*0 + 0*1 + 1*2 = 14",
    "placements": "n = 8, kernel 3, stride 2, padding 1, dilation 1: 4 places. Output 0 reads "
    "padding, 0, 1; output 1 reads 1, 2, 3; output 2 reads 3, 4, 5; output 3 reads 5, 6, 7; "
    "hatched: never read (1): padding",
    "heat on a scale": "Read: times at each row and column, 5 by 5 (3 3 2 1 0 / 0 0 1 3 1 / "
    "3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1); colours from 0 to 9",
    "signed": "2 pictures, blue at -100, white at 0, red at 100: left (2 by 4 pixels, values -7.12 "
    "to 100); right (2 by 4 pixels, values -100 to 7.12)",
    "constant": "2 pictures: (2 by 3 pixels, values 0 to 0); (2 by 3 pixels, values 5 to 5)",
    "bytes": "A picture, in colour, 4 by 4 pixels, values 0.78 to 0.78",
    "log": "y against x, logarithmic scale; a: 1 at 1, 0.1 at 2, 0.01 at 5",
}


@pytest.mark.parametrize("name", WORDS)
def test_the_words_come_from_the_numbers(name):
    assert figures.alt_text((GRIDS | CHARTS)[name]()) == WORDS[name]


@pytest.mark.parametrize("name", GRIDS | CHARTS)
def test_every_figure_describes_itself(name):
    fig = (GRIDS | CHARTS)[name]()
    assert fig.get_label() and "tensor" not in fig.get_label() and "\n" not in fig.get_label()
    for ax in fig.axes:
        assert ax.get_title() == "" or " ".join(ax.get_title().split()) in fig.get_label()


def test_cells_that_are_no_block_are_named_one_by_one_or_row_by_row():
    fig = figures.show_grids({"values": IMAGE, "now": [(1, 2), (0, 4), (9, 9)]})
    assert figures.alt_text(fig).endswith(
        "outlined: the 0 in row 0, column 4; the 1 in row 1, column 2"
    )
    rim = torch.ones(3, 3).index_fill(0, torch.tensor([2]), 0).index_fill(1, torch.tensor([2]), 0)
    fig = figures.show_grids({"values": rim, "shade": rim == 0})
    there = "the 0 in row 0, column 2; the 0 in row 1, column 2; row 2, columns 0 to 2"
    assert figures.alt_text(fig).endswith(f"hatched: {there}")


def test_five_views_outline_the_same_number():
    words = figures.alt_text(figures.show_five_views(IMAGE, KERNEL, 1, 2))
    assert (
        "the 19 in row 1, column 2" in words
        and "the window 3 by 3 (1 3 1 / 2 2 3 / 0 2 2)" in words
    )
    assert words.count("row 5 of 9") == 2 and "columns 7, 8, 9, 12, 13, 14, 17, 18, 19" in words
    with pytest.raises(ValueError, match="3 by 3"):
        figures.show_five_views(IMAGE, KERNEL, 0, 3)


def test_compared_maps_share_a_scale():
    maps = [figures.show_heatmap(values, "", "", limits=(0, 9)) for values in (IMAGE, KERNEL)]
    one, other = (fig.axes[0].images[0] for fig in maps)
    assert one.get_clim() == other.get_clim() and one.cmap(one.norm(2)) == other.cmap(other.norm(2))
    clipped = figures.show_images([WIDE], signed=True, limit=0.5).axes[0].images[0]
    assert clipped.get_clim() == (-0.5, 0.5)


def test_a_figure_of_matplotlib_alone_is_described_from_its_axes():
    fig, (left, right) = plt.subplots(1, 2)
    left.bar([0, 1], [3, 4000])
    left.set(xlabel="digit", ylabel="how many", xlim=(-1, 2), ylim=(0, 5000))
    right.imshow(IMAGE.numpy())
    right.set_title("a\npicture")
    right.set_axis_off()
    told = "Picture: 2 bars of 3, 4,000; digit from -1 to 2; how many from 0 to 5,000. "
    assert figures.alt_text(fig) == told + "a picture: an image, 5 by 5"
    assert figures.describe("Two bars and a picture", fig) is fig
    assert figures.alt_text(fig) == "Two bars and a picture"
    assert figures.describe("none") is plt.gcf()


def test_a_notebook_stores_words_and_half_the_size_of_the_dots(tmp_path):
    sources = [
        "import matplotlib.pyplot as plt\nfrom helpers import figures",
        "figures.show_grids([[1, 2]])\nplt.show()",
        "plt.plot([1, 3], label='rising')\nplt.show()",
        "plt.plot([1, 3])\nfigures.describe('<up> & \"away\"')\nplt.show()",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    shown = [cell.outputs[0] for cell in execute(notebook, "words", tmp_path).cells[1:]]
    kept = [output.metadata["image/png"] for output in shown]
    assert kept[0].alt == "input, 1 by 2 (1 2)"
    assert kept[1].alt.startswith("Picture: line rising, 1 to 3; x from ")
    for output, words in zip(shown, kept, strict=True):
        dots = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).size
        assert (dots[0] // 2, dots[1] // 2) == (words.width, words.height)
    page, _ = HTMLExporter(
        template_name="alternative-text",
        extra_template_basedirs=[str(ROOT / "tools/lab/nbconvert/templates")],
    ).from_notebook_node(notebook)
    pictures = BeautifulSoup(page, "html.parser").select("img")
    assert [(one["alt"], one["width"]) for one in pictures] == [(w.alt, str(w.width)) for w in kept]


def test_a_committed_picture_has_fewer_colours_and_looks_the_same():
    for draw in (GRIDS["padded"], CHARTS["heat on a scale"], CHARTS["signed"]):
        data, _ = figures.picture(draw())
        packed = smaller(data)
        before, after = (
            Image.open(io.BytesIO(base64.b64decode(one))).convert("RGB") for one in (data, packed)
        )
        assert len(packed) < len(data) / 2 and before.size == after.size
        blurred = [np.asarray(one.reduce(8), int) for one in (before, after)]
        assert np.abs(blurred[0] - blurred[1]).max() < 16


def test_helpers_import_no_tools():
    for path in (ROOT / "helpers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "tools" for name in names), path
