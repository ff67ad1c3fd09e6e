"""Training a classifier: device, seeds, fit, evaluate, checkpoints; no model and no data."""

import math
import os
import random
import time
from numbers import Integral
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader
from tqdm.auto import tqdm


def pick_device():
    """Choose the CUDA device if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def seed_everything(seed=777):
    """Seed the random numbers of Python, NumPy and torch (CUDA included)."""
    if not isinstance(seed, Integral) or not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed!r}; give a whole number from 0 to 2**32 - 1.")
    random.seed(int(seed))
    np.random.seed(int(seed))
    torch.manual_seed(int(seed))


def fit(
    model,
    dataset,
    epochs=15,
    batch_size=100,
    lr=1e-3,
    *,
    validation=None,
    device=None,
    checkpoint=None,
):
    """Train a classifier with Adam and cross-entropy; return the history, one dict an epoch.

    Keys: epoch (from 1), loss (mean over the samples, each measured just before its step; with
    equal batches this is the lab's mean over batches), seconds (training alone), val_loss and
    val_accuracy (None without `validation`). Batches come in the order of DataLoader(dataset,
    batch_size, shuffle=True); the last may be smaller. A model on the CPU is moved to `device`
    (None: `pick_device()`) and stays there, in train mode. `checkpoint` is a path, written at
    the end of every epoch; a call that finds it goes on from there, bit for bit on a CPU.
    Stop (Ctrl-C) ends training; the history then holds the finished epochs.
    """
    history = []
    try:
        fill(history, model, dataset, epochs, batch_size, lr, validation, device, checkpoint, tqdm)
    except KeyboardInterrupt:
        print(f"Stopped by hand. Finished epochs: {len(history)} of {epochs}.")
    return history


def fill(history, model, dataset, epochs, batch_size, lr, validation, device, checkpoint, bar):
    """What `fit` does, into `history`; it passes an interruption on. `bar` is used as tqdm is."""
    _check_count(epochs=epochs, batch_size=batch_size)
    _check_dataset("dataset", dataset)
    if validation is not None:
        _check_dataset("validation", validation)
    device = _move(model, device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    loader = DataLoader(dataset, batch_size, shuffle=True)
    saved = None if checkpoint is None else _Checkpoint(checkpoint, model, optimizer, loader, lr)
    history += [] if saved is None else saved.load(epochs)
    total = (epochs - len(history)) * len(loader)
    # disable=None: a bar in a notebook or a terminal, none in a log file
    with bar(total=total, unit="batch", leave=False, disable=None) as bar:
        _train(model, loader, optimizer, device, history, epochs, validation, saved, bar)


def evaluate(model, dataset, batch_size=1000):
    """Measure a classifier: mean cross-entropy, accuracy (0 to 1) and predictions (N,) on the CPU.

    Every sample counts the same, also in a smaller last batch. The model is in eval mode
    meanwhile and gets back the mode of each of its parts; torch's random numbers do not move.
    """
    _check_count(batch_size=batch_size)
    _check_dataset("dataset", dataset)
    device = _device_of(model)
    modes = [(module, module.training) for module in model.modules()]
    # A loader without a generator of its own would take a number from torch's.
    loader = DataLoader(dataset, batch_size, generator=torch.Generator())
    loss, right, predictions = 0.0, 0, []
    model.eval()
    try:
        with torch.no_grad():
            for batch in loader:
                images, labels = _pair(batch)
                logits = model(images.to(device))
                _check_labels(logits, labels)
                logits, labels = logits.cpu(), labels.cpu()
                loss += F.cross_entropy(logits, labels, reduction="sum").item()
                predictions.append(logits.argmax(dim=1))
                right += (predictions[-1] == labels).sum().item()
    finally:
        for module, mode in modes:
            module.training = mode
    return loss / len(dataset), right / len(dataset), torch.cat(predictions)


def _train(model, loader, optimizer, device, history, epochs, validation, saved, bar):
    """Train the epochs that the history lacks; print, append and save at the end of each."""
    for epoch in range(len(history) + 1, epochs + 1):
        bar.set_description(f"epoch {epoch}/{epochs}")
        loss, seconds = _train_epoch(model, loader, optimizer, device, bar)
        record = {"epoch": epoch, "loss": loss, "seconds": seconds}
        record |= {"val_loss": None, "val_accuracy": None}
        if validation is not None:
            record["val_loss"], record["val_accuracy"], _ = evaluate(model, validation)
        history.append(record)
        bar.write(_line(record))
        if saved is not None:
            saved.save(history)


def _train_epoch(model, loader, optimizer, device, bar):
    """One pass over the loader; the seconds are those of training alone."""
    model.train()
    total, start = 0.0, time.perf_counter()
    for batch in loader:
        images, labels = _pair(batch)
        optimizer.zero_grad()
        logits = model(images.to(device))
        _check_labels(logits, labels)
        loss = F.cross_entropy(logits, labels.to(device))
        cost = loss.item()
        if not math.isfinite(cost):
            raise ValueError(
                f"The loss became {cost}, so training stopped before this step. Use a lower "
                "lr (Adam's usual is 0.001), and see that the images hold no NaN or infinity."
            )
        loss.backward()
        optimizer.step()
        total += cost * len(labels)
        bar.set_postfix(loss=cost, refresh=False)
        bar.update()
    return total / len(loader.dataset), time.perf_counter() - start


def _line(record):
    line = f"epoch {record['epoch']:2d}  loss {record['loss']:.4f}"
    if record["val_loss"] is None:
        return line
    return (
        f"{line}  validation loss {record['val_loss']:.4f}  accuracy {record['val_accuracy']:.4f}"
    )


class _Checkpoint:
    """A training run on disk: whole or not there, and never another run's."""

    KEYS = {"epoch", "history", "settings", "model", "optimizer", "rng", "cuda_rng"}

    def __init__(self, path, model, optimizer, loader, lr):
        self.path, self.model, self.optimizer = Path(path), model, optimizer
        # What a resumed run must share with the first. The number of epochs may grow.
        self.settings = {
            "batch_size": loader.batch_size,
            "lr": float(lr),
            "samples": len(loader.dataset),
            "model": str(model),
            "weights": {name: list(value.shape) for name, value in model.state_dict().items()},
        }

    def load(self, epochs):
        """Put the stored state back, if there is one; return its history."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return []
        state = self._read()
        theirs = state["settings"]
        differ = [name for name in self.settings if theirs.get(name) != self.settings[name]]
        if differ:
            raise ValueError(
                f"The checkpoint {self.path} belongs to another run: not the same "
                f"{', '.join(differ)}. Give this run a path of its own, or delete the file."
            )
        history = state["history"]
        if len(history) > epochs:
            raise ValueError(
                f"The checkpoint {self.path} is already at epoch {len(history)}; you asked for "
                f"{epochs}. Ask for {len(history)} or more, or give another path."
            )
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["rng"])
        if state["cuda_rng"] and len(state["cuda_rng"]) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all(state["cuda_rng"])
        print(f"Going on from the checkpoint: {len(history)} of {epochs} epochs are done.")
        return history

    def _read(self):
        try:
            state = torch.load(self.path, map_location="cpu", weights_only=True)
            if set(state) != self.KEYS or state["epoch"] != len(state["history"]):
                raise ValueError("not written by fit")
        except Exception as error:
            raise ValueError(
                f"The checkpoint {self.path} cannot be read ({type(error).__name__}); it was left "
                "as it is. Give another path, or delete the file to start again."
            ) from error
        return state

    def save(self, history):
        """Replace the file in one step, so that a kill at any moment leaves a whole one."""
        state = {
            "epoch": len(history),
            "history": history,
            "settings": self.settings,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        part = self.path.with_name(self.path.name + ".part")
        try:
            with open(part, "wb") as file:
                torch.save(state, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, self.path)
        finally:
            part.unlink(missing_ok=True)


def _move(model, device):
    """Bring a model from the CPU to the wanted device; refuse to fetch it from elsewhere."""
    here = _device_of(model)
    if device is None:
        wanted = pick_device() if here.type == "cpu" else here
    else:
        wanted = torch.device(device)
    if here.type == "cpu":
        model.to(wanted)
        return wanted
    if wanted.type != here.type or wanted.index not in (None, here.index):
        raise ValueError(
            f"The model is on {here}, but training was asked to run on {wanted}. Move it first: "
            f'model.to("{wanted}"), or leave out device.'
        )
    return here


def _device_of(model):
    devices = {tensor.device for tensor in (*model.parameters(), *model.buffers())}
    if len(devices) > 1 or any(device.type == "meta" for device in devices):
        names = ", ".join(sorted(str(device) for device in devices))
        raise ValueError(f"The model lies on {names}; put all of it on one real device: model.to.")
    return devices.pop() if devices else torch.device("cpu")


def _check_count(**numbers):
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
            raise ValueError(f"{name} is {number!r}; give a whole number, at least 1.")


def _check_dataset(name, dataset):
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise TypeError(
            f"{name} is a {type(dataset).__name__}; give a torch Dataset with a length, such as "
            'load_mnist("train").'
        )
    if len(dataset) == 0:
        raise ValueError(f"{name} is empty; give at least one (image, label).")


def _pair(batch):
    if not isinstance(batch, (list, tuple)) or len(batch) != 2:
        raise ValueError("A sample of the dataset must be a pair (image, label).")
    return batch


def _check_labels(logits, labels):
    """Labels are checked where they are: on the CPU, before CUDA turns them into a riddle."""
    if logits.dim() != 2 or len(logits) != len(labels):
        raise ValueError(
            f"The model gives shape {tuple(logits.shape)} for {len(labels)} images; needed is "
            f"(N, classes) = ({len(labels)}, classes). See how the model flattens: keep axis 0."
        )
    if not isinstance(labels, torch.Tensor) or labels.dtype != torch.int64 or labels.dim() != 1:
        raise ValueError(
            f"Labels are {getattr(labels, 'dtype', type(labels).__name__)} of shape "
            f"{tuple(getattr(labels, 'shape', ()))}; needed are class numbers, one per image: "
            "int64 of shape (N,). Use labels.long()."
        )
    low, high = labels.min().item(), labels.max().item()
    if low < 0 or high >= logits.shape[1]:
        raise ValueError(
            f"Labels go from {low} to {high}, but the model gives {logits.shape[1]} logits: "
            f"labels must lie in 0..{logits.shape[1] - 1}."
        )
