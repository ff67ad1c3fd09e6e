"""06.train_step: logits, loss, old gradients away, new gradients, one step."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from helpers.exercises import Exercise, slip


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


class _Network(nn.Sequential):
    """A linear layer whose logits are halved in eval mode, as a layer with two modes may do."""

    def forward(self, x):
        logits = super().forward(x)
        return logits if self.training else logits / 2


_STOPS = {  # words of an error: what it says about the step
    "does not require grad": "no graph",
    "no attribute 'backward'": "no graph",
    "not implemented for 'Long'": "logits and labels do not fit",
    "target with class probabilities": "logits and labels do not fit",
    "multi-target not supported": "logits and labels do not fit",
}


SEEN = (
    "after two steps", "loss of step 1", "loss of step 2", "the loss is",
    "weights after two steps", "biases after two steps",
)  # fmt: skip


def two_steps(function, seed, size, classes):
    """Two steps of a small model: the losses, the weights, and why they did not move."""
    torch.manual_seed(seed)
    model = _Network(nn.Linear(4, classes))
    weight, arrived, stepped, losses = model[0].weight, [], [], []
    before = weight.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25, momentum=0.5)
    weight.register_hook(lambda gradient: arrived.append(1))
    optimizer.register_step_post_hook(lambda *_: stepped.append(1))
    seen = dict.fromkeys(SEEN)
    for _ in range(2):
        x = torch.randint(-3, 4, (size, 4)).float()
        y = torch.randint(0, classes, (size,))
        try:
            losses.append(function(model, optimizer, x, y))
        except (RuntimeError, AttributeError) as error:
            found = [what for words, what in _STOPS.items() if words in str(error)]
            if found:
                return seen | {"after two steps": found[0]}
            raise
    seen["the loss is"] = _kind(losses[0])
    moved = not torch.equal(before, weight.detach())
    if moved and not stepped:
        return seen | {"after two steps": "the weights moved, and not by the optimizer"}
    moves = "the weights moved" if moved else _why_not(weight, arrived, stepped)
    weights, biases = weight.detach().clone(), model[0].bias.detach().clone()
    return dict(zip(SEEN, (moves, *losses, seen["the loss is"], weights, biases), strict=True))


def _why_not(weight, arrived, stepped):
    if not arrived:
        return "the weights stand still: no gradient was ever computed"
    if not stepped:
        return "the weights stand still: the optimizer took no step"
    if weight.grad is None or not weight.grad.any():
        return "the weights stand still: their gradients were gone when the step came"
    return "the weights stand still: their gradients are there and not used"


def _kind(loss):
    if isinstance(loss, torch.Tensor):
        return "a tensor with its graph" if loss.requires_grad else "a tensor without a graph"
    return "a number" if isinstance(loss, int | float | np.number) else type(loss).__name__


def _nothing(*_):
    pass


def step(
    model, optimizer, x, y, *, first=_nothing, logits=lambda x: x, loss=F.cross_entropy,
    clear="before", backward=torch.Tensor.backward, early=False,
    move=lambda optimizer, model: optimizer.step(),
    gives=lambda value, again: value.item(),
):  # fmt: skip
    """One step; clear is "before" backward(), "between" it and the move, or "never"."""
    first(model)
    value = loss(logits(model(x)), y)
    if clear == "before":
        optimizer.zero_grad()
    if early:
        move(optimizer, model)
    backward(value)
    if clear == "between":
        optimizer.zero_grad()
    if not early:
        move(optimizer, model)
    return gives(value, lambda: loss(logits(model(x)), y))


def _one_by_one(model, optimizer, x, y):
    return [step(model, optimizer, x[i : i + 1], y[i : i + 1]) for i in range(len(y))][-1]


def _by_hand(optimizer, model):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= 0.1 * parameter.grad


def _squared(logits, y):
    return F.mse_loss(logits, F.one_hot(y, logits.shape[1]).float())


_EARLY = (
    "The step comes before `backward()`, so it goes by no gradients at all, or by those of the "
    "batch before."
)
_SOFTMAX = "Cross-entropy expects raw logits and does the softmax itself; twice is once too often."
_AXIS = (
    "Along axis 0 the digits of the batch compete with each other. `F.cross_entropy` wants the "
    "logits as they are."
)


EXERCISE = Exercise(
    name="06.train_step",
    title="One training step",
    difficulty=2,
    minutes=5,
    solution=train_step,
    walk=step,
    why="Logits, loss, old gradients away, new gradients, one step. The loss is that of the "
    "weights before the step, and `.item()` takes the number out of its graph.",
    hints=(
        "Five things happen: logits, loss, clear the gradients, compute the gradients, move the "
        "weights. All but the first two are calls on the optimizer or on the loss.",
        "`F.cross_entropy(logits, y)` wants raw logits and takes the mean by itself.",
        "`logits = model(x)`, `loss = F.cross_entropy(logits, y)`, `optimizer.zero_grad()`, one "
        "line that computes the gradients, `optimizer.step()`, `return loss.item()`.",
    ),
    cases=((0, 5, 3), (1, 1, 4), (2, 8, 2), (3, 3, 5)),
    observe=two_steps,
    slips=(
        slip(
            "no-zero-grad",
            "From the second step on, the gradients are too large: `backward()` adds to what is "
            "already there. Clear the old gradients once in every step.",
            clear="never",
        ),
        slip(
            "gradients-wiped",
            "The gradients are cleared after `backward()` and before `step()`: the step then finds "
            "nothing to go by.",
            clear="between",
        ),
        slip(
            "no-backward",
            "The optimizer takes its step without gradients. Something has to compute them from "
            "the loss first (a call has brackets).",
            backward=_nothing,
        ),
        slip("step-before-backward", _EARLY, early=True),
        slip("step-before-backward-uncleared", _EARLY, early=True, clear="never"),
        slip(
            "no-graph",
            "The loss does not know where it came from: after `no_grad()`, `detach()` or `item()` "
            "there is no way back for `backward()`.",
            logits=torch.Tensor.detach,
        ),
        slip(
            "eval-mode",
            "The model computes in eval mode here, as for measuring. A step is training: leave the "
            "mode alone, or call `model.train()`.",
            first=nn.Module.eval,
        ),
        slip(
            "no-step",
            "The gradients say where to go, but nothing moves the weights after `backward()`. That "
            "is the optimizer's work (a call has brackets).",
            move=_nothing,
        ),
        slip(
            "one-by-one",
            "The weights move once for every digit. One batch, one loss, one step.",
            wrong=_one_by_one,
        ),
        slip("softmax-first", _SOFTMAX, logits=lambda x: x.softmax(1)),
        slip("softmax-axis-0", _AXIS, logits=lambda x: x.softmax(0)),
        slip("log-softmax-axis-0", _AXIS, logits=lambda x: x.log_softmax(0)),
        slip("nll-axis-0", _AXIS, loss=lambda x, y: F.nll_loss(x.log_softmax(0), y)),
        slip(
            "nll-of-logits",
            "`nll_loss` wants logarithms of probabilities. Logits go into `F.cross_entropy`.",
            loss=F.nll_loss,
        ),
        slip(
            "uphill",
            "The weights climb: a step goes against the gradient of the loss, not of its negative.",
            loss=lambda x, y: -F.cross_entropy(x, y),
        ),
        slip(
            "squared-error",
            "Logits are compared with ones and zeros by squared error. The loss here is "
            "cross-entropy.",
            loss=_squared,
        ),
        slip(
            "summed",
            "The losses of the batch are added up. The mean is asked for: otherwise a larger batch "
            "takes a larger step.",
            loss=lambda x, y: F.cross_entropy(x, y, reduction="sum"),
        ),
        slip(
            "divided-by-batch",
            "`F.cross_entropy` takes the mean over the batch already; dividing again is too much.",
            loss=lambda x, y: F.cross_entropy(x, y) / len(y),
        ),
        slip(
            "logits-and-labels",
            "`F.cross_entropy` takes logits (N, classes) first and class numbers (N,) second. Here "
            "it got something else: labels or an argmax come first, or the labels are one-hot.",
            logits=lambda x: x.argmax(1),
        ),
        slip(
            "own-optimizer",
            "The weights are not moved by the optimizer that you are given. It knows its step "
            "size, and its memory of earlier steps gets lost with every new one.",
            move=_by_hand,
        ),
        slip(
            "tensor-returned",
            "The loss comes back as a tensor. It holds on to the whole graph of its batch, and "
            "memory fills up when you collect them. Return the number alone: `loss.item()`.",
            gives=lambda value, again: value,
        ),
        slip(
            "detached-tensor-returned",
            "The loss comes back as a tensor, without its graph, but a tensor. Asked for is a "
            "Python number: `loss.item()`.",
            gives=lambda value, again: value.detach(),
        ),
        slip(
            "loss-after-step",
            "Your loss is that of the moved weights. The loss of a step is the one that its "
            "gradients came from, before the weights moved.",
            gives=lambda value, again: again().item(),
        ),
        slip(
            "nothing-returned", "Nothing comes back. Return the loss as a number.", gives=_nothing
        ),
    ),
    rtol=1e-4,
)
