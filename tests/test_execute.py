"""tools.execute: the same bytes again, on the full MNIST, whole or not at all."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import execute as tool

PLOT = "import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()"
SLIDER = "import ipywidgets\n\nipywidgets.IntSlider()"
BAR = "from tqdm.auto import tqdm\n\nfor _ in tqdm(range(3), disable=None):\n    print('x')"
BOARD = """
import matplotlib.pyplot as plt
from helpers.widgets.front.board import Board, State

class Picture(State):
    label = "Picture"
    html = lambda self: ""
    text = lambda self: "a sentence"
    figure = lambda self: plt.figure(figsize=(1, 1))

Board(Picture())
"""
KERNEL = "import os, sys\n\nprint(sys.executable, os.path.basename(os.getcwd()))"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of notebooks, and MNIST_SOURCE as a maintainer has it: not set."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(tool, "NOTEBOOKS", folder)
    monkeypatch.setenv("MNIST_SOURCE", "full")
    return folder


def put(folder, name, *sources):
    """Write a notebook that was never run."""
    tool.write(new_notebook(cells=[new_code_cell(text) for text in sources]), folder / name)
    return folder / name


def test_it_writes_the_same_bytes_again(folder):
    path = put(folder, "00_a.ipynb", "print('ü')", PLOT, SLIDER, KERNEL)
    tool.main(["00"])
    first = path.read_bytes()
    tool.main([str(path)])
    assert path.read_bytes() == first
    assert first.endswith(b"}\n") and "ü".encode() in first and b"\r" not in first
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata == tool.METADATA
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3, 4]
    assert b"widget-view" not in first and b"image/png" in first
    assert all(set(cell.metadata) == set() for cell in notebook.cells)  # no times
    assert list(folder.iterdir()) == [path]


def test_of_a_widget_its_picture_stays_and_of_a_progress_bar_nothing():
    cells = [new_code_cell(source) for source in (BAR, SLIDER, BOARD)]
    bar, slider, board = tool.execute(new_notebook(cells=cells), "a").cells
    assert [output.output_type for output in bar.outputs] == ["stream"]
    assert slider.outputs == []
    assert set(board.outputs[0].data) == {"text/plain", "image/png"}
    assert board.outputs[0].data["text/plain"] == "Picture: a sentence"
    assert board.outputs[0].metadata == {"image/png": {"alt": "An empty figure"}}


def test_it_runs_this_interpreter_in_the_folder_of_the_notebooks(folder):
    notebook = tool.execute(new_notebook(cells=[new_code_cell(KERNEL)]), "a", folder)
    assert notebook.cells[0].outputs[0].text == f"{tool.sys.executable} notebooks\n"


def test_a_notebook_that_raises_is_named_and_not_written(folder):
    path = put(folder, "00_a.ipynb", "x = 1", "x / 0")
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match=r"00_a.ipynb, code cell 2 \(id .*ZeroDivisionError"):
        tool.main([])
    assert path.read_bytes() == before


def test_outputs_of_the_sample_are_refused(folder, monkeypatch):
    path = put(folder, "00_a.ipynb", "1 + 1")
    before = path.read_bytes()
    monkeypatch.setenv("MNIST_SOURCE", "sample")
    with pytest.raises(SystemExit, match="MNIST_SOURCE is 'sample'"):
        tool.main([])
    assert path.read_bytes() == before


def test_an_unknown_name_says_what_there_is(folder):
    put(folder, "00_a.ipynb", "1 + 1")
    for name in ("0", "00", "00_a", "notebooks/00_a.ipynb"):
        assert [path.stem for path in tool.find([name])] == ["00_a"]
    with pytest.raises(SystemExit, match="07. There are: 00_a"):
        tool.main(["00", "07"])


@pytest.mark.parametrize("words", [[], ["--check"]])
def test_a_notebook_elsewhere_is_refused_and_ours_is_not_touched(folder, words):
    ours = put(folder, "00_a.ipynb", "1 + 1")
    (folder.parent / "submissions" / "ana").mkdir(parents=True)
    theirs = put(folder.parent / "submissions" / "ana", "00_a.ipynb", "1 + 1")
    before = ours.read_bytes(), theirs.read_bytes()
    for name in (str(theirs), "submissions/ana/00_a.ipynb", "notebooks/../00_a.ipynb"):
        with pytest.raises(SystemExit, match="is not in .*notebooks: only notebooks there"):
            tool.main([*words, name])
    assert (ours.read_bytes(), theirs.read_bytes()) == before


def test_check_compares_writes_nothing_and_tells(folder, capfd):
    paths = [put(folder, f"0{n}_a.ipynb", f"{n} + {n}") for n in range(3)]
    tool.main(["00", "01"])
    text = paths[1].read_text(encoding="utf-8").replace('"2"', '"3"')  # not 1 + 1
    paths[1].write_text(text, encoding="utf-8")
    before = [path.read_bytes() for path in paths]
    assert tool.main(["--check", "00", "01"]) == 1
    out = capfd.readouterr().out
    assert "1 failed, 1 passed" in out and "1 + 1" in out and "0 + 0" not in out
    assert [path.read_bytes() for path in paths] == before
