"""What training and measuring refuse, said in the reader's words."""

import math
from numbers import Integral

import torch


def check_count(**numbers):
    """Whole numbers from 1 on."""
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
            raise ValueError(f"{name} is {number!r}; give a whole number, at least 1.")


def check_dataset(name, dataset):
    """A map-style torch Dataset that is not empty."""
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise TypeError(
            f"{name} is a {type(dataset).__name__}; give a torch Dataset with a length, such as "
            'load_mnist("train").'
        )
    if len(dataset) == 0:
        raise ValueError(f"{name} is empty; give at least one (image, label).")


def check_pair(batch):
    """A batch made of pairs (image, label); returned as it is."""
    if not isinstance(batch, (list, tuple)) or len(batch) != 2:
        raise ValueError("A sample of the dataset must be a pair (image, label).")
    return batch


def label_range(labels):
    """Lowest and highest of the class numbers (N,); other labels are refused."""
    if not isinstance(labels, torch.Tensor) or labels.dtype != torch.int64 or labels.dim() != 1:
        raise ValueError(
            f"Labels are {getattr(labels, 'dtype', type(labels).__name__)} of shape "
            f"{tuple(getattr(labels, 'shape', ()))}; needed are class numbers, one per image: "
            "int64 of shape (N,). Use labels.long()."
        )
    return labels.min().item(), labels.max().item()


def check_logits(logits, batch):
    """Logits (N, classes) for the batch. A label too high would be a riddle from CUDA later."""
    count = len(batch.labels)
    if logits.dim() != 2 or len(logits) != count:
        raise ValueError(
            f"The model gives shape {tuple(logits.shape)} for {count} images; needed is "
            f"(N, classes) = ({count}, classes). See how the model flattens: keep axis 0."
        )
    if batch.low < 0 or batch.high >= logits.shape[1]:
        raise ValueError(
            f"Labels go from {batch.low} to {batch.high}, but the model gives {logits.shape[1]} "
            f"logits: labels must lie in 0..{logits.shape[1] - 1}."
        )


def check_finite(loss, when):
    """A loss that is neither NaN nor infinite; `when` says where training stopped."""
    if not math.isfinite(loss):
        raise ValueError(
            f"The loss became {loss}, so training stopped {when}. Use a lower lr (Adam's usual is "
            "0.001), and see that the images hold no NaN or infinity."
        )
