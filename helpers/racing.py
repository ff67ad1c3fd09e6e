"""A race of two networks that get the same time on the same machine; judges no exercise."""

import copy
import math
import time
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F

from helpers.training import seed_everything

SETTINGS = {"batch": 100, "lr": 1e-3, "one_cycle": False, "shift": 0}


@dataclass(frozen=True)
class Run:
    """What a network did in its time: `right` is (N,) of bool, `loss` that of its last quarter."""

    model: torch.nn.Module
    digits: int  # seen in training, repeats counted
    seconds: float
    loss: float
    right: torch.Tensor = None


class TooSlow(Exception):
    """A single step takes longer than the whole race."""


def entry(contender):
    """What contender() gives, as (network, all settings); ValueError says what is not right."""
    given = contender()
    model, chosen = given if isinstance(given, tuple | list) and len(given) == 2 else (given, {})
    if not isinstance(model, torch.nn.Module):
        raise ValueError("Return a network and its settings, in this order: `network, {...}`.")
    if not isinstance(chosen, dict) or set(chosen) - set(SETTINGS):
        raise ValueError(f"The settings are a dictionary; it may name {', '.join(SETTINGS)}.")
    settings = SETTINGS | chosen
    if not (isinstance(settings["batch"], int) and settings["batch"] > 0 and settings["lr"] > 0):
        raise ValueError("`batch` is a whole number above 0, `lr` a number above 0.")
    return model, settings


def sprint(model, settings, images, labels, steps, clock=time.perf_counter):
    """Train for so many steps: a Run."""
    start = clock()
    losses = [loss.detach() for loss in _steps(model, settings, images, labels, steps)]
    taken = clock() - start
    last = torch.stack(losses[-max(1, steps // 4) :]).mean().item()
    return Run(model, steps * min(settings["batch"], len(images)), taken, last)


def seconds_of_a_step(model, settings, images, labels, clock=time.perf_counter, limit=math.inf):
    """The quickest of a few steps on a copy; TooSlow where one takes more than `limit`."""
    trial, taken, start = copy.deepcopy(model), [], clock()
    for _ in _steps(trial, settings, images, labels, 3):
        taken.append(clock() - start)
        if min(taken) > limit:
            raise TooSlow
        start = clock()
    return max(min(taken), 1e-6)


def _steps(model, settings, images, labels, steps):
    """Adam on random batches; with one_cycle the rate rises to lr and falls to nothing."""
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["lr"])
    size, order = min(settings["batch"], len(images)), torch.empty(0, dtype=torch.long)
    model.train()
    for step in range(steps):
        if len(order) < size:
            order = torch.randperm(len(images))
        batch, order = order[:size], order[size:]
        optimizer.param_groups[0]["lr"] = settings["lr"] * _share(settings, step / steps)
        loss = F.cross_entropy(model(_shifted(images[batch], settings["shift"])), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss


def _share(settings, part):
    """The rate as a share of lr when `part` of all steps is over."""
    if not settings["one_cycle"]:
        return 1.0
    return 0.04 + 0.96 * part / 0.3 if part < 0.3 else 0.5 + 0.5 * math.cos((part - 0.3) * 4.488)


def _shifted(x, most):
    """A batch moved by up to so many pixels; what leaves on one side comes in on the other."""
    if not most:
        return x
    rows, columns = torch.randint(-most, most + 1, (2,)).tolist()
    return torch.roll(x, (rows, columns), (2, 3))


@torch.no_grad()
def reads(model, images, labels):
    """Which digits a network reads right in eval mode, (N,) of bool."""
    model.eval()
    return torch.cat([model(x).argmax(1) for x in images.split(500)]) == labels


def lead(a, b):
    """How far `a` is ahead of `b`, in standard deviations of what chance gives.

    Only the digits count that one of the two reads and the other does not: by chance each of
    them is a coin.
    """
    only_a, only_b = (a & ~b).sum().item(), (b & ~a).sum().item()
    return (only_a - only_b) / max(1, only_a + only_b) ** 0.5


def race(contender, learning, held_out, seconds, seed=0):
    """Build a network, train it for `seconds`, read the held-out digits: a Run, said in one line.

    contender() -> network, settings; learning, held_out: (images, labels).
    """
    seed_everything(seed)
    model, settings = entry(contender)
    steps = max(1, int(seconds / seconds_of_a_step(model, settings, *learning)))
    run = sprint(model, settings, *learning, steps)
    run = replace(run, right=reads(model, *held_out))
    share, passes = 100 * run.right.float().mean().item(), run.digits / len(learning[1])
    print(
        f"{share:.2f} % of {len(run.right):,} digits read; "
        f"{passes:.1f} passes in {100 * run.seconds / seconds:.0f} % of its time"
    )
    return run
