"""Reads the bank of attempts: answers that were written from the notebooks' text alone.

A block begins with a line `### EXERCISE KIND: LABEL`, and `=> KEYS` may follow the label: the slip
(or two, joined by "+"; or several that would be just, separated by "|") that a check should name.
KIND is right, one (slip) or two (slips at once). What follows stands in place of the stub.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.signal import convolve2d

from helpers import arithmetic
from helpers.exercises import find

HEADER = re.compile(r"^### (\d\d\.\w+) (right|one|two): (.*?)(?: => (.*))?$", re.MULTILINE)


@dataclass(frozen=True)
class Attempt:
    """One answer as a learner wrote it, and what is known about it."""

    exercise: str
    kind: str
    label: str
    keys: str
    source: str

    def answer(self):
        """What the cell defines under the name that the check asks for."""
        scope = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "np": np, "math": math}
        scope |= {"arithmetic": arithmetic, "convolve2d": convolve2d}  # as notebook 01 imports it
        exec(compile(self.source, f"<{self.exercise}: {self.label}>", "exec"), scope)
        return scope[find(self.exercise).answer]


def load(folder=Path(__file__).parent):
    """Every attempt of the bank, file by file, in order."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        _, *parts = HEADER.split(path.read_text(encoding="utf-8"))
        for name, kind, label, keys, source in zip(*[iter(parts)] * 5, strict=True):
            found.append(Attempt(name, kind, label, keys or "", source.strip("\n")))
    return found
