"""First-order mutants of a function: one operator, constant, name, argument or line changed."""

import ast
import copy

from helpers.exercises import find

OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Pow: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}

# Changes of a solution that leave it right: these words, by those, because.
_HARMLESS = {
    "01.true_convolution": [
        ("flip(0, 1)", "flip(1, 0)", "both axes are reversed"),
        ("[0, 0]", "[-1, 0]", "one picture: the first is the last"),
        ("[0, 0]", "[0, -1]", "one channel: the first is the last"),
    ],
    "01.learn_kernel": [
        ("range(30)", "range(29)", "it has settled by then"),
        ("range(30)", "range(31)", "it has settled by then"),
        ("[0, 0]", "[-1, 0]", "one picture: the first is the last"),
        ("[0, 0]", "[0, -1]", "one channel: the first is the last"),
    ],
    "04.equivariance": [
        (
            "allclose(shifted_before[:, safe], shifted_after[:, safe])",
            "allclose(shifted_after[:, safe], shifted_before[:, safe])",
            "equal is equal in either order",
        ),
        *(
            (f"{place}image.shape[1]", f"{place}{name}.shape[1]", "a map is as wide as its image")
            for place in ("zeros(", "margin:")
            for name in ("shifted_before", "shifted_after")
        ),
    ],
    "06.train_step": [
        ("optimizer.zero_grad", "model.zero_grad", "the optimizer holds every parameter"),
    ],
    "06.accuracy": [
        ("right, seen =", "seen, right =", "both are 0"),
        (", strict=True", "", "there are as many batches of labels as of logits"),
        ("strict=True", "strict=False", "there are as many batches of labels as of logits"),
        ("len(labels)", "len(logits)", "a row of logits has one label"),
    ],
    "08.deep_cnn": [
        (
            "nn.ReLU(), nn.Dropout(0.5)",
            "nn.Dropout(0.5), nn.ReLU()",
            "doubled or thrown away before or after the cut at 0",
        ),
        (
            "nn.ReLU(), nn.MaxPool2d(2, padding=padding)",
            "nn.MaxPool2d(2, padding=padding), nn.ReLU()",
            "the largest of four, cut at 0, is the largest of four that were cut",
        ),
    ],
    "08.batch_norm": [
        ("(0, 2, 3)", "(2, 0, 3)", "a mean over three axes does not mind their order"),
        ("(0, 2, 3)", "(0, 3, 2)", "a mean over three axes does not mind their order"),
        (", correction=1", "", "1 is what torch takes where nothing is said"),
    ],
    "07.scale_bug": [
        ("(1, 255, 1 / 255)", "(255, 1, 1 / 255)", "each of the three is tried"),
        ("(1, 255, 1 / 255)", "(1, 1 / 255, 255)", "each of the three is tried"),
    ],
    "07.confusion_matrix": [
        (", strict=True", "", "there are as many predictions as labels"),
        ("strict=True", "strict=False", "there are as many predictions as labels"),
    ],
    "07.occlusion_map": [
        ("covered[0, ", "covered[-1, ", "one channel: the first is the last"),
        ("(covered[None])[0]", "(covered[None])[-1]", "one picture: the first is the last"),
        ("softmax(dim=0)", "softmax(dim=-1)", "a row of logits has one axis"),
    ],
    "07.centre_digit": [
        ("image.shape[0] // 2", "rows.shape[0] // 2", "a number for each row"),
    ],
}


def _changed(name, changes):
    source = ast.unparse(ast.parse(find(name).solution_source))
    assert all(old in source for old, _, _ in changes), f"the solution of {name} reads otherwise"
    return {source.replace(old, new): why for old, new, why in changes}


EQUIVALENT = {name: _changed(name, changes) for name, changes in _HARMLESS.items()}


def mutants(source):
    """Pairs (text, code) of every first-order mutant of the source of a function."""
    tree, seen = ast.parse(source), {ast.unparse(ast.parse(source))}
    for place, node in enumerate(ast.walk(tree)):
        for change in _changes(node, tree):
            mutant = copy.deepcopy(tree)
            change(list(ast.walk(mutant))[place])
            text = ast.unparse(ast.fix_missing_locations(mutant))
            if text not in seen:
                seen.add(text)
                yield text, compile(text, "<mutant>", "exec")


def _changes(node, tree):
    """Functions that change a node of this sort in place."""
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        for other in OPERATORS.get(type(node.op), ()):
            yield lambda n, other=other: setattr(n, "op", other())
    if isinstance(node, ast.Compare):
        for other in OPERATORS.get(type(node.ops[0]), ()):
            yield lambda n, other=other: n.ops.__setitem__(0, other())
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in (node.value + 1, node.value - 1):
            yield lambda n, value=value: setattr(n, "value", value)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield lambda n: setattr(n, "value", not n.value)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for name in sorted(_local_names(tree) - {node.id}):
            if node.id in _local_names(tree):
                yield lambda n, name=name: setattr(n, "id", name)
    if isinstance(node, ast.Call | ast.Tuple):
        field = "args" if isinstance(node, ast.Call) else "elts"
        for i in range(len(getattr(node, field)) - 1):
            yield lambda n, i=i: _swap(getattr(n, field), i)
    if isinstance(node, ast.Call):
        for i in range(len(node.keywords)):
            yield lambda n, i=i: n.keywords.pop(i)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield lambda n: setattr(n, "op", ast.UAdd())
    for field in ("body", "orelse"):
        lines = getattr(node, field, None)
        if isinstance(lines, list):
            for i, line in enumerate(lines):
                is_docstring = isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
                if not is_docstring and not isinstance(line, ast.FunctionDef | ast.ClassDef):
                    yield lambda n, i=i, field=field: _drop(getattr(n, field), i)


def _local_names(tree):
    """Parameters and assigned names of the function."""
    found = {a.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for a in n.args}
    return found | {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }


def _swap(items, i):
    items[i], items[i + 1] = items[i + 1], items[i]


def _drop(lines, i):
    lines[i] = ast.Pass()
