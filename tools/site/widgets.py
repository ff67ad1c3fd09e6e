"""Which widget a cell shows: its class and the call, read from the source and never run."""

import ast


def imported(notebook):
    """Names that a notebook's cells import from helpers.widgets."""
    names = set()
    for tree in map(_tree, notebook.cells):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "helpers.widgets"
            ):
                names |= {alias.asname or alias.name for alias in node.names}
    return names


def shown(cell, names):
    """Class name and source of the call of the widget that the cell makes, or None."""
    for node in ast.walk(_tree(cell)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names:
            return node.func.id, ast.unparse(node)
    return None


def _tree(cell):
    """The cell's syntax tree; an empty one for prose, and for code that is no Python."""
    try:
        return ast.parse(cell.source if cell.cell_type == "code" else "")
    except SyntaxError:
        return ast.parse("")
