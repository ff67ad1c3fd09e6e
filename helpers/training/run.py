"""The training loop: as a generator of events, as `fit`, and the measuring of what it made."""

import time
from typing import NamedTuple

import torch
import torch.nn.functional as F
from tqdm.auto import tqdm

from helpers.training.checkpoint import Checkpoint
from helpers.training.checks import check_count, check_dataset, check_finite, check_logits
from helpers.training.devices import device_of, memory_advice, place, runs_ahead
from helpers.training.fast import Batches, adam, forward


class Step(NamedTuple):
    """A step that was taken: on batch `batch` of `batches` in an epoch, both counted from 1.

    `loss` is a tensor () on the model's device, measured just before the step. Reading it
    (`loss.item()`) makes Python wait for a GPU: do that seldom.
    """

    epoch: int
    batch: int
    batches: int
    loss: torch.Tensor


def steps(
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
    """Train as `fit` does, one event at a time: a `Step` after each batch, a record (a dict, as
    in the history of `fit`) after each epoch.

    Nothing is trained between two events: leave the loop, and training has stopped; go on with
    the same iterator, and it goes on. The records of a checkpoint come first, before any Step.
    """
    check_count(epochs=epochs, batch_size=batch_size)
    check_dataset("dataset", dataset)
    if validation is not None:
        check_dataset("validation", validation)
    device = place(model, device)
    optimizer = adam(model, lr)
    with memory_advice():
        batches = Batches(dataset, batch_size, device)
    saved = None if checkpoint is None else Checkpoint(checkpoint, model, optimizer, batches, lr)
    history = [] if saved is None else saved.load(epochs)
    yield from list(history)
    for epoch in range(len(history) + 1, epochs + 1):
        loss, seconds = yield from _epoch(model, batches, optimizer, epoch)
        record = {"epoch": epoch, "loss": loss, "seconds": seconds}
        record |= {"val_loss": None, "val_accuracy": None}
        if validation is not None:
            record["val_loss"], record["val_accuracy"], _ = evaluate(model, validation)
        history.append(record)
        try:
            if saved is not None:
                saved.save(history)
        finally:
            yield record  # a finished epoch counts, also where saving it failed


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
    Stop (Ctrl-C) ends training; the history then holds the finished epochs. A loss that is NaN
    or infinite is an error: on a CPU before the step that it would spoil, on a GPU at the end of
    the epoch.
    """
    options = {"validation": validation, "device": device, "checkpoint": checkpoint}
    history, begun = [], False
    try:
        # disable=None: a bar in a notebook or a terminal, none in a log file
        with tqdm(unit="batch", leave=False, disable=None, delay=0.5) as bar:
            for event in steps(model, dataset, epochs, batch_size, lr, **options):
                if not isinstance(event, Step):
                    history.append(event)
                    if begun:
                        bar.write(_line(event))
                    continue
                if not begun:
                    begun = True
                    bar.reset(total=(epochs - len(history)) * event.batches)
                _show(bar, event, epochs)
    except KeyboardInterrupt:
        print(f"Stopped by hand. Finished epochs: {len(history)} of {epochs}.")
    return history


def evaluate(model, dataset, batch_size=1000):
    """Measure a classifier: mean cross-entropy, accuracy (0 to 1) and predictions (N,) on the CPU.

    Every sample counts the same, also in a smaller last batch. The model is in eval mode
    meanwhile and gets back the mode of each of its parts; torch's random numbers do not move.
    """
    check_count(batch_size=batch_size)
    check_dataset("dataset", dataset)
    with memory_advice():
        batches = Batches(dataset, batch_size, device_of(model))
    modes = [(module, module.training) for module in model.modules()]
    losses, right, predictions = [], [], []
    model.eval()
    try:
        with torch.no_grad(), memory_advice():
            for batch in batches.in_order():
                logits = forward(model, batch.images)
                check_logits(logits, batch)
                losses.append(F.cross_entropy(logits, batch.labels, reduction="sum"))
                predictions.append(logits.argmax(dim=1))
                right.append((predictions[-1] == batch.labels).sum())
    finally:
        for module, mode in modes:
            module.training = mode
    loss, right = sum(torch.stack(losses).tolist()), sum(torch.stack(right).tolist())
    return loss / len(dataset), right / len(dataset), torch.cat(predictions).cpu()


def _epoch(model, batches, optimizer, epoch):
    """One pass over the batches, yielding its Steps; returns mean loss and seconds of training."""
    losses, sizes, seconds = [], [], 0.0
    start = time.perf_counter()
    for batch in batches.shuffled():
        losses.append(_step(model, batch, optimizer))
        sizes.append(len(batch.labels))
        seconds += time.perf_counter() - start
        yield Step(epoch, len(losses), len(batches), losses[-1])
        start = time.perf_counter()
    total = 0.0
    for loss, size in zip(torch.stack(losses).tolist(), sizes, strict=True):
        check_finite(loss, "at the end of this epoch; the weights are spoiled")
        total += loss * size
    return total / sum(sizes), seconds + time.perf_counter() - start


def _step(model, batch, optimizer):
    """The five lines of training; returns the batch's loss, a tensor ()."""
    model.train()
    optimizer.zero_grad()
    with memory_advice():
        logits = forward(model, batch.images)
        check_logits(logits, batch)
        loss = F.cross_entropy(logits, batch.labels)
        if not runs_ahead(loss.device):
            check_finite(loss.item(), "before this step")
        loss.backward()
        optimizer.step()
    return loss.detach()


def _show(bar, step, epochs):
    """Count a step in the progress bar; its loss is read only when the bar is drawn."""
    if step.batch == 1:
        bar.set_description(f"epoch {step.epoch}/{epochs}", refresh=False)
    if bar.update():
        bar.set_postfix(loss=step.loss.item(), refresh=False)


def _line(record):
    line = f"epoch {record['epoch']:2d}  loss {record['loss']:.4f}"
    if record["val_loss"] is None:
        return line
    return (
        f"{line}  validation loss {record['val_loss']:.4f}  accuracy {record['val_accuracy']:.4f}"
    )
