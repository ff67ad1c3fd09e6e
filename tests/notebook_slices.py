"""Which code cells of a notebook hang together through the names that they read and set. No test.

The unit is the top-level statement: an `if` or a `for` is one, with all that stands in it.
"""

import ast
import symtable

import nbformat


def reads_and_sets(statement):
    """The names that a top-level statement takes from outside, and those that it sets."""
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    symbols = table.get_symbols()
    sets = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    reads = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    if isinstance(statement, ast.For | ast.With):  # what a loop sets, it reads from itself
        reads -= sets
    return reads | _globals(table), sets


def _globals(table):
    """What functions, classes and comprehensions inside take from the notebook."""
    names = set()
    for inner in table.get_children():
        names |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global()}
        names |= _globals(inner)
    return names


def affected_by(cells, cell):
    """The code cells below `cell` in which a statement reads what comes from `cell`."""
    tainted = {name for statement in _statements(cell) for name in reads_and_sets(statement)[1]}
    affected = []
    for later in cells[cells.index(cell) + 1 :]:
        for statement in _statements(later):
            reads, sets = reads_and_sets(statement)
            if reads & tainted:
                tainted |= sets
                affected += [] if later in affected else [later]
            else:
                tainted -= sets
    return affected


def needed_for(cells, wanted):
    """The wanted code cells with the code cells above that set what they read, in order."""
    missing, needed = set(), []
    for cell in reversed(cells):
        statements = [reads_and_sets(statement) for statement in _statements(cell)]
        if cell not in wanted and not missing & {name for _, sets in statements for name in sets}:
            continue
        needed.insert(0, cell)
        for reads, sets in reversed(statements):
            missing = (missing - sets) | reads
    return needed


def notebook_of(cells):
    """A notebook of these cells, for `tools.execute.execute`."""
    return nbformat.v4.new_notebook(cells=cells)


def _statements(cell):
    return ast.parse(cell.source).body if cell.cell_type == "code" else []
