"""What notebooks say in brackets about the sample is what their cells print on the sample."""

import re

import nbformat
import pytest

from helpers.mnist import load_mnist
from tests.notebook_slices import needed_for, notebook_of
from tools.execute import NOTEBOOKS, execute

WORDS = "none one two three four five six seven eight nine ten".split()


@pytest.fixture
def on_the_sample(monkeypatch):
    """Calls give the text of a notebook, and what the cells that hold `parts` print."""
    monkeypatch.setenv("MNIST_SOURCE", "sample")

    def run(number, *parts):
        cells = nbformat.read(next(NOTEBOOKS.glob(f"{number}_*.ipynb")), as_version=4).cells
        wanted = [cell for part in parts for cell in cells if part in cell.source]
        assert len(wanted) == len(parts)
        execute(notebook_of(needed_for(cells, wanted)), number)
        text = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
        printed = ["".join(o.get("text", "") for o in cell.outputs) for cell in wanted]
        return " ".join(text.split()), printed

    return run


def numbers(line):
    return [float(number) for number in re.findall(r"\d+\.\d+", line)]


def test_04_the_ink_of_the_first_two(on_the_sample):
    text, (ink, table) = on_the_sample("04", "columns with ink", "gaps(convolved, pixels")
    free = 27 - int(re.search(r"to (\d+) of 0 to 27", ink)[1])
    rows = [numbers(line) for line in table.splitlines()[1:]]
    first = next(shift for shift, (anywhere, _) in enumerate(rows) if anywhere)
    assert f"another 2, which leaves {WORDS[free]}.)" in text
    assert f"(from {WORDS[first]} on with the 2 of the sample)" in text
    assert not any(inside for _, inside in rows)


def test_05_what_a_shift_does_to_digits(on_the_sample):
    cells = "curves = {name: [change(", "percent_read(view, n):5.1f"
    text, (distances, percents) = on_the_sample("05", *cells)
    pixels, two, four, mean = [f"{numbers(line)[1]:.2f}" for line in distances.splitlines()]
    assert f"(with the sample {pixels}, {two} and {four})" in text
    assert mean == "0.00"

    rows = {line[:21].strip(): numbers(line) for line in percents.splitlines()[1:]}
    pixels, stride = rows["pixels"], rows["stride 2"]
    pools = [row for name, row in rows.items() if "pool" in name]
    assert f"the stride loses {WORDS[round(pixels[0] - stride[0])]} points" in text
    assert "pooling gains none" in text and max(row[0] for row in pools) <= pixels[0]
    assert max(pixels[2], stride[2]) < 0.75 * pixels[0] and "a third of all digits" in text
    overlapping, mean = rows["max-pool 3, stride 2"], rows["global average"]
    assert f"it reads 74 of 100 ({overlapping[2]:.0f})" in text
    assert max(row[4] for row in rows.values()) < 50
    assert f"reads 19 of 100 ({mean[0]:.0f}, and {mean[4]:.0f} at four pixels" in text


def test_06_how_the_sample_is_cut_into_batches(on_the_sample):
    text, (counts,) = on_the_sample("06", "counts = torch.bincount(train.labels)")
    assert counts.startswith(str([400] * 10)) and "(The sample has 400 of each" in text
    rest = len(load_mnist("test", "sample")) % 768
    assert f"(the 1,000 of the sample leave one of {rest})" in text
    assert f"each of {rest} as much as {WORDS[round(768 / rest)]})" in text
