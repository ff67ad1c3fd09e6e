"""Any object at all as plain data, and plain data as the solution would write it; judges nothing.

Plain data: None, bool, int, float, str, tuples and dicts of them, Array, and Odd for the rest.
What an answer gives may lie about itself (subclasses that are equal to everything, a __repr__ that
never ends), so it is converted once, inside the answer's time limit, and never touched again.
"""

import decimal
import fractions
import math
from dataclasses import dataclass

import numpy as np
import torch

LARGEST, DEEPEST = 2_000_000, 8  # numbers in an array or list; lists within lists


@dataclass(frozen=True, eq=False)
class Array:
    """Numbers with a shape, as float64; `kind` says what they came in ("torch.Tensor", ...)."""

    values: np.ndarray
    kind: str


@dataclass(frozen=True)
class Odd:
    """Something that is not plain data, in a learner's words."""

    what: str


def freeze(value, depth=0):
    """An object as plain data. It may raise or loop where the object does: call it guarded."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str, Array, Odd):
        return value
    if depth > DEEPEST:
        return Odd("a list that holds lists without end")
    if isinstance(value, torch.nn.Module):
        state = {name: freeze(tensor) for name, tensor in value.state_dict().items()}
        modes = {f"mode of {n or 'the model'}": m.training for n, m in value.named_modules()}
        return state | modes
    if isinstance(value, torch.Tensor):
        return _freeze_tensor(value)
    if isinstance(value, np.ndarray | np.generic):
        return _freeze_numpy(np.asarray(value), depth)
    for basic in (int, float):
        if isinstance(value, basic):
            return basic.__pos__(value)
    if isinstance(value, str):
        return str.__getitem__(value, slice(None))
    if isinstance(value, fractions.Fraction | decimal.Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dict):
        pairs = list(dict.items(value))[:LARGEST]
        return {freeze(k, depth + 1): freeze(v, depth + 1) for k, v in pairs}
    if isinstance(value, list | tuple | range):
        row = next(r for r in (list, tuple, range) if isinstance(value, r))
        if row.__len__(value) > LARGEST:
            return Odd(f"a {row.__name__} of {row.__len__(value)} values")
        return tuple(freeze(v, depth + 1) for v in row.__iter__(value))
    return Odd(_WORDS.get(kind.__name__, f"a {kind.__name__}"))


def _freeze_tensor(value):
    if value.device.type == "meta":
        return Odd("a tensor on the device meta, which has a shape and no numbers")
    if value.is_nested:
        return Odd("a nested tensor")
    with torch.no_grad():
        value = torch.Tensor.detach(value).cpu()
        if value.layout != torch.strided:
            value = value.to_dense()
        if value.is_quantized:
            value = value.dequantize()
        if value.numel() > LARGEST:
            return Odd(f"a tensor of {value.numel()} numbers")
        if value.is_complex():
            if value.imag.abs().max() > 1e-6:
                return Odd("a tensor of complex numbers")
            value = value.real
        if value.dtype == torch.bool and value.dim() == 0:
            return bool(value)
        return Array(value.double().numpy().copy(), "torch.Tensor")


def _freeze_numpy(value, depth):
    if value.size > LARGEST:
        return Odd(f"a numpy array of {value.size} numbers")
    if value.dtype.kind == "O":
        return freeze(value.tolist(), depth + 1)
    if value.dtype.kind == "c" and value.size and np.abs(value.imag).max() < 1e-6:
        value = value.real
    if value.dtype.kind not in "biuf":
        return value.item() if value.ndim == 0 and value.dtype.kind == "U" else Odd("a numpy array")
    if value.ndim == 0 and value.dtype.kind in "biu":
        return value.item()
    return Array(np.array(value, dtype=np.float64), "numpy array")


def conform(value, model):
    """Plain data as the model of it (the solution's) is written, where the numbers allow it."""
    if isinstance(model, Array):
        return _as_array(value)
    if isinstance(model, bool | str | None):
        is_flag = isinstance(model, bool) and isinstance(value, Array) and value.values.size == 1
        return bool(value.values.item()) if is_flag and value.values.item() in (0, 1) else value
    if isinstance(model, int | float):
        if isinstance(value, tuple) and len(value) == 1:
            value = value[0]
        if isinstance(value, Array) and value.values.size == 1:
            value = value.values.item()
        is_whole = isinstance(value, float) and value.is_integer() and isinstance(model, int)
        return int(value) if is_whole else value
    if isinstance(model, tuple):
        if isinstance(value, Array) and value.values.ndim and len(value.values) == len(model):
            value = tuple(_element(v, value.kind) for v in value.values)
        if isinstance(value, tuple) and len(value) == len(model):
            return tuple(conform(v, m) for v, m in zip(value, model, strict=True))
    if isinstance(model, dict) and isinstance(value, dict) and model.keys() == value.keys():
        return {key: conform(value[key], model[key]) for key in model}
    return value


def _element(value, kind):
    return Array(value, kind) if np.ndim(value) else float(value)


def _as_array(value):
    """Nested rows of numbers as an Array; anything else as it is."""
    if isinstance(value, bool | int | float):
        return Array(np.asarray(float(value)), "number") if _fits(value) else value
    if isinstance(value, tuple):
        rows = [_as_array(v) for v in value]
        shapes = {row.values.shape if isinstance(row, Array) else None for row in rows}
        if shapes == set() or (len(shapes) == 1 and None not in shapes):
            return Array(np.array([row.values for row in rows], dtype=np.float64), "list")
    return value


def _fits(number):
    return not isinstance(number, int) or abs(number) < 10**300


def thaw(value):
    """Plain data for code of the course: an Array as a float tensor, the rest as it is."""
    if isinstance(value, Array):
        return torch.tensor(value.values, dtype=torch.float32)
    if isinstance(value, tuple):
        return tuple(thaw(v) for v in value)
    return {k: thaw(v) for k, v in value.items()} if isinstance(value, dict) else value


_WORDS = {
    "function": "a function (are the brackets of a call missing?)",
    "builtin_function_or_method": "a function (are the brackets of a call missing?)",
    "method": "a function (are the brackets of a call missing?)",
    "ellipsis": "`...`",
    "generator": "a generator (list() or sum() makes its values)",
    "type": "a class (are the brackets of a call missing?)",
}


def kind_of(value):
    """What sort of thing plain data is, in a learner's words."""
    if isinstance(value, Odd):
        return value.what
    if isinstance(value, Array):
        if value.kind == "number":
            return "one number"
        return f"a {value.kind} of shape {value.values.shape}"
    if isinstance(value, tuple):
        return f"{len(value)} values"
    words = {type(None): "None", bool: f"{value}", int: "a whole number", float: "a number"}
    words |= {str: f"the text {text_of(value)}", dict: "a dictionary"}
    return words[type(value)]


def text_of(value, limit=600):
    """Plain data or an exception as short text."""
    if isinstance(value, BaseException):
        text = _error_text(value)
    elif isinstance(value, Array):
        text = _array_text(value.values)
    elif isinstance(value, tuple) and any(isinstance(v, Array) and v.values.ndim for v in value):
        lines = [f"value {i}: {text_of(v, 200)}" for i, v in enumerate(value[:40], 1)]
        text, limit = "\n".join([f"{len(value)} values", *lines]), 2000
    elif isinstance(value, tuple):
        inner = ", ".join(text_of(v, 60) for v in value[:40]) + (", ..." if len(value) > 40 else "")
        text = f"({inner}{',' if len(value) == 1 else ''})"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{k!r}: {text_of(v, 80)}" for k, v in value.items()) + "}"
    elif isinstance(value, Odd):
        text = value.what
    elif isinstance(value, float):
        text = f"{value:.6g}"
    elif isinstance(value, int) and not _fits(value):
        text = "a whole number of more than 300 digits"
    else:
        text = repr(value)
    return text if len(text) <= limit else text[:limit] + " ..."


def _error_text(error):
    try:
        words = f"{type(error).__name__}: {str(error)[:500]}"
    except BaseException:
        words = type(error).__name__
    return words.removesuffix(": ")


def _array_text(values):
    if values.ndim == 0:
        return f"{values.item():g}"
    if values.ndim <= 2 and values.size <= 64:
        rows = values.reshape(-1, values.shape[-1]) if values.size else []
        words = [[f"{round(float(number), 4):g}" for number in row] for row in rows]
        width = max([len(word) for row in words for word in row], default=0) + 2
        lines = ["".join(f"{word:>{width}}" for word in row) for row in words]
        return "\n".join([f"tensor {values.shape}", *lines])
    text = f"tensor {values.shape}"
    if values.ndim > 2 and values.size and math.prod(values.shape[-2:]) <= 64:
        plane = _array_text(values.reshape(-1, *values.shape[-2:])[0]).partition("\n")[2]
        text += f", its first plane:\n{plane}"
    return text
