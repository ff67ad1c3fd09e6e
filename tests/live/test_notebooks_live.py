"""Every notebook as a student opens it: nothing missing or complaining, and its widgets live.

What all the other cells do is nbval's; of these, only what a widget needs is run here.
"""

import ast
from pathlib import Path

import nbformat
import pytest

FILES = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
CELLS = "[...jupyterapp.shell.currentWidget.content.widgets].map(cell => cell.model)"
SLOW = "nbval-ignore-output"  # the tag of cells that train
RUN = """async (places) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  for (const place of places) {
    notebook.activeCellIndex = place;
    notebook.deselectAll();
    await jupyterapp.commands.execute('notebook:run-cell');
  }
}"""


def defined(tree):
    """Names that a cell gives a value at its top level."""
    names = set()
    for part in tree.body:
        if isinstance(part, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in part.names}
        elif isinstance(part, ast.FunctionDef | ast.ClassDef):
            names.add(part.name)
        else:
            stores = (n for n in ast.walk(part) if isinstance(n, ast.Name))
            names |= {n.id for n in stores if isinstance(n.ctx, ast.Store)}
    return names


def used(tree):
    """Names that stand in a cell."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def what_widgets_need(notebook):
    """(places of the cells that the widgets need, in order; how many cells make a widget).

    A widget shows an untrained network as well as a trained one: what takes long is left out.
    """
    trees = [
        (place, ast.parse(cell.source))
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and SLOW not in cell.metadata.get("tags", [])
    ]
    widgets = {
        alias.name
        for _, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers.widgets")
        for alias in node.names
        if alias.name[0].isupper()  # a class
    }
    makers = {
        place
        for place, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in widgets
    }
    places, wanted = set(), set()
    for place, tree in reversed(trees):
        if place in makers or wanted & defined(tree):
            places.add(place)
            wanted = (wanted - defined(tree)) | used(tree)
    return sorted(places), len(makers)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_notebook_opens_whole_and_its_widgets_come_to_life(lab, file):
    page = lab.open(file.stem)
    broken = page.evaluate(
        "[...document.querySelectorAll('.jp-Notebook img')]"
        ".filter(image => !image.complete || !image.naturalWidth).map(image => image.src)"
    )
    assert broken == []
    places, count = what_widgets_need(nbformat.read(file, as_version=4))
    page.set_default_timeout(300_000)
    page.evaluate(RUN, places)
    page.wait_for_function(f"document.querySelectorAll('.board').length === {count}")
    for board in page.locator(".board").all():
        assert board.bounding_box()["height"] > 100
    errors = page.evaluate(
        f"{CELLS}.filter(m => m.type === 'code').flatMap(m => m.outputs.toJSON())"
        ".filter(o => o.output_type === 'error' || o.name === 'stderr')"
    )
    assert errors == []
    page.close()
