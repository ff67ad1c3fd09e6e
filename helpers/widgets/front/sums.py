"""The products of a window and their sum, written out; when a typed sum counts as right."""

import math

import torch

from helpers.cells import as_text


def is_right(number, total):
    """Whether a typed number is the sum, perhaps rounded to two decimals."""
    return abs(number - total) <= 0.0051


def sum_lines(window, kernel, total=None):
    """Products row by row, and the sum in the last line (without `total`: a question mark)."""
    lines = []
    for pixels, weights in zip(window.tolist(), kernel.tolist(), strict=True):
        pairs = zip(pixels, weights, strict=True)
        lines.append(" + ".join(f"{_factor(pixel)}*{_factor(weight)}" for pixel, weight in pairs))
    values = torch.cat([window.flatten(), kernel.flatten(), (window * kernel).sum()[None]])
    exact = all(math.isclose(float(as_text(v)), v, rel_tol=1e-6) for v in values.tolist())
    end = "?" if total is None else as_text(total)
    lines[-1] += f" {'=' if exact else '≈'} {end}"
    return lines


def _factor(value):
    return f"({as_text(value)})" if value < 0 else as_text(value)
