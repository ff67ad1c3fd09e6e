"""Every notebook in a real JupyterLab: a clean copy, Run All, nothing missing or complaining."""

from pathlib import Path

import pytest

NOTEBOOKS = sorted(p.stem for p in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
WIDGETS = {"01": 2, "02": 2, "04": 1, "05": 1, "06": 2}
CELLS = "[...jupyterapp.shell.currentWidget.content.widgets].map(cell => cell.model)"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all(lab, name):
    page = lab.open(name)
    boards = page.locator(".board")
    assert boards.count() == WIDGETS.get(name[:2], 0)
    for number in range(boards.count()):
        assert boards.nth(number).bounding_box()["height"] > 100
    broken = page.evaluate(
        "[...document.querySelectorAll('.jp-Notebook img')]"
        ".filter(image => !image.complete || !image.naturalWidth).map(image => image.src)"
    )
    assert broken == []
    errors = page.evaluate(
        f"{CELLS}.filter(m => m.type === 'code').flatMap(m => m.outputs.toJSON())"
        ".filter(o => o.output_type === 'error' || o.name === 'stderr')"
    )
    assert errors == []
    assert lab.errors == []
    page.close()
