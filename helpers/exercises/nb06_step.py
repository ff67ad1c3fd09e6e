"""Exercise of notebook 06: one training step, and what goes wrong in one."""

import torch
import torch.nn.functional as F
from torch import nn

from helpers.exercises import Exercise, Mistake


def train_step(model, optimizer, x, y):
    """Take one training step on one batch; return its loss as a float.

    x: (N, ...) inputs; y: (N,) class numbers; the loss is the mean cross-entropy.
    """
    logits = model(x)
    loss = F.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def _no_zero_grad(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def _wiped(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def _no_step(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def _no_backward(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def _softmax_first(model, optimizer, x, y):
    loss = F.cross_entropy(model(x).softmax(dim=1), y)
    return _finish(optimizer, loss).item()


def _summed(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y, reduction="sum")
    return _finish(optimizer, loss).item()


def _graph(model, optimizer, x, y):
    return _finish(optimizer, F.cross_entropy(model(x), y))


def _own_optimizer(model, optimizer, x, y):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    return _finish(optimizer, F.cross_entropy(model(x), y)).item()


def _loss_after(model, optimizer, x, y):
    _finish(optimizer, F.cross_entropy(model(x), y))
    return F.cross_entropy(model(x), y).item()


def _total_of_batch(model, optimizer, x, y):
    return _finish(optimizer, F.cross_entropy(model(x), y)).item() * len(y)


def _squared_error(model, optimizer, x, y):
    logits = model(x)
    return _finish(optimizer, F.mse_loss(logits, F.one_hot(y, logits.shape[1]).float())).item()


def _finish(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def _observe_steps(function, seed, size, classes):
    """Take three steps on a small model; see the losses, the weights, and why they did not move."""
    torch.manual_seed(seed)
    model = nn.Linear(4, classes)
    before = model.weight.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25, momentum=0.5)
    arrived = []
    model.weight.register_hook(lambda gradient: arrived.append(1))
    losses = []
    for _ in range(3):
        x = torch.randint(-3, 4, (size, 4)).float()
        y = torch.randint(0, classes, (size,))
        losses.append(function(model, optimizer, x, y))
    weights = model.weight.detach().clone()
    gradient = model.weight.grad
    if not torch.equal(before, weights):
        what = "the weights moved"
    elif not arrived:
        what = "the weights stand still: no gradient was ever computed"
    elif gradient is None or not gradient.any():
        what = "the weights stand still: their gradients were gone when the step came"
    else:
        what = "the weights stand still: their gradients are there and not used"
    return {
        "after three steps": what,
        "loss of step 1": losses[0],
        "loss of step 2": losses[1],
        "loss of step 3": losses[2],
        "weights after three steps": weights,
    }


TRAIN_STEP = Exercise(
    name="06.train_step",
    title="One training step",
    difficulty=2,
    minutes=5,
    stub='''
def train_step(model, optimizer, x, y):
    """Take one training step on one batch; return its loss as a float.

    x: (N, ...) inputs; y: (N,) class numbers; the loss is the mean cross-entropy.
    """
    return TODO
''',
    solution=train_step,
    why=(
        "Logits, loss, old gradients away, new gradients, one step. The loss is that of the "
        "weights before the step, and .item() takes the number out of its graph."
    ),
    hints=(
        "Five things happen: logits, loss, clear the gradients, compute the gradients, move the "
        "weights. All but the first two are calls on the optimizer or on the loss.",
        "F.cross_entropy(logits, y) wants raw logits and takes the mean by itself.",
        "optimizer.zero_grad(); loss.backward(); optimizer.step(); and .item() makes a float of "
        "the loss.",
    ),
    cases=((0, 5, 3), (1, 1, 4), (2, 8, 2), (3, 3, 5)),
    observe=_observe_steps,
    mistakes=(
        Mistake(
            "no-zero-grad",
            _no_zero_grad,
            "From the second step on, your gradients are too large: backward() adds to what is "
            "already there. Clear the old gradients once in every step.",
        ),
        Mistake(
            "gradients-wiped",
            _wiped,
            "You clear the gradients after backward() and before step(): the step then finds "
            "nothing to go by.",
        ),
        Mistake(
            "no-step",
            _no_step,
            "The gradients say where to go, but nothing moves the weights after backward(). That "
            "is the optimizer's work.",
        ),
        Mistake(
            "no-backward",
            _no_backward,
            "The optimizer takes its step without gradients. Something has to compute them from "
            "the loss first.",
        ),
        Mistake(
            "softmax-first",
            _softmax_first,
            "You make probabilities before the loss. Cross-entropy expects raw logits and does the "
            "softmax itself; twice is once too often.",
        ),
        Mistake(
            "summed",
            _summed,
            "You add up the losses of the batch. The mean is asked for: otherwise a larger batch "
            "takes a larger step.",
        ),
        Mistake(
            "tensor-returned",
            _graph,
            "You return the loss as a tensor. It may hold on to the whole graph of its batch, and "
            "memory fills up when you collect them. Return the number alone, as a float.",
        ),
        Mistake(
            "own-optimizer",
            _own_optimizer,
            "You make an optimizer of your own in every step. It forgets its memory of earlier "
            "steps each time. Use the one that you are given.",
        ),
        Mistake(
            "loss-after-step",
            _loss_after,
            "Your loss is that of the moved weights. The loss of a step is the one that its "
            "gradients came from, before the weights moved.",
        ),
        Mistake(
            "times-batch",
            _total_of_batch,
            "The weights move as they should, but you return the sum over the batch. Return the "
            "mean, as it comes from the loss.",
        ),
        Mistake(
            "squared-error",
            _squared_error,
            "You compare logits with ones and zeros by squared error. The loss here is "
            "cross-entropy.",
        ),
    ),
    rtol=1e-4,
)
