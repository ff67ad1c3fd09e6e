"""08.beat_the_baseline: a network of one's own against the lab's, in the same time, on one machine.

The check holds a heat: the lab's network takes a few steps, the contender as many as fit in the
same time (of the processor, so that other programs do not matter), and both read the same digits.
"""

import time

import torch
from torch import nn

from helpers.exercises import Exercise, slip
from helpers.mnist import load_mnist
from helpers.racing import (
    SETTINGS,
    TooSlow,
    entry,
    lead,
    reads,
    seconds_of_a_step,
    sprint,
)
from helpers.training import seed_everything

TRAINING, HELD_OUT, STEPS = 3200, 500, 8
AHEAD = 6  # standard deviations; other seeds of the lab's own network, as quick, come to 5
CLOCK = time.process_time


def lab():
    """The lab's network and its settings."""
    network = nn.Sequential(
        *(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(64 * 7 * 7, 10)),
    )
    nn.init.xavier_uniform_(network[-1].weight)
    return network, {}


def judge(contender):
    """None where the contender is ahead by more than chance gives; else a key or a sentence."""
    try:
        (model, settings), (twin, _) = _seeded(contender), _seeded(contender)
    except ValueError as error:
        return str(error)
    if model is twin or not {*map(id, model.parameters())}.isdisjoint(map(id, twin.parameters())):
        return "one-network"
    if not any(p.requires_grad for p in model.parameters()):
        return "nothing-to-learn"
    digits = load_mnist("train", "sample")
    images, labels = digits.images[:TRAINING], digits.labels[:TRAINING]
    held = digits.images[-HELD_OUT:], digits.labels[-HELD_OUT:]
    fault = _at_the_start(twin, held)
    if fault:
        return fault
    model_of_lab, settings_of_lab = _seeded(lab)
    try:
        ratio = _pace((model, settings), (model_of_lab, settings_of_lab), images, labels)
    except TooSlow:
        return "too-slow"
    steps = STEPS if 3 / 4 < ratio < 4 / 3 else max(1, round(STEPS * ratio))  # between is noise
    first = _sprint(model_of_lab, settings_of_lab, images, labels, STEPS)
    second = _sprint(model, settings, images, labels, steps)
    ahead = lead(reads(model, *held), reads(model_of_lab, *held))
    fault = None if ahead > AHEAD else _why_not_ahead(first, second, ahead)
    return "shift-too-far" if fault and settings["shift"] > 6 else fault


def _pace(ours, theirs, images, labels):
    """How many steps of `ours` fit in one of `theirs`; both are timed twice, in turns."""
    rounds = []
    for _ in range(2):
        their_step = seconds_of_a_step(*theirs, images, labels, CLOCK)
        our_step = seconds_of_a_step(*ours, images, labels, CLOCK, limit=STEPS * their_step)
        rounds.append((our_step, their_step))
    our_steps, their_steps = zip(*rounds, strict=True)
    return min(their_steps) / min(our_steps)


def _sprint(*entry_and_digits):
    seed_everything(0)
    return sprint(*entry_and_digits, CLOCK)


def _seeded(contender):
    seed_everything(0)
    return entry(contender)


@torch.no_grad()
def _at_the_start(model, held):
    """What can be said before the race."""
    images, labels = held
    try:
        logits = model.eval()(images[:4])
    except RuntimeError:
        return "does-not-fit"
    if tuple(logits.shape) != (4, 10):
        return f"For 4 digits {tuple(logits.shape)} comes out. Ten logits for each are (4, 10)."
    if (logits >= 0).all() and torch.allclose(logits.sum(1), torch.ones(4), atol=1e-4):
        return "softmax"
    share = reads(model, images[:100], labels[:100]).float().mean().item()
    return "already-trained" if share > 0.5 else None


def _why_not_ahead(first, second, ahead):
    if not second.loss < 2.6:
        return "rate-too-high"
    if second.digits < first.digits * 2 / 3:
        return "too-slow"
    if second.loss > 2.28:
        return "hardly-learned"
    return "behind" if ahead < -AHEAD else "level"


SOLUTION = '''
def contender():
    """Return a new network, (N, 1, 28, 28) -> (N, 10), and its settings."""
    network = nn.Sequential(
        *(nn.Conv2d(1, 24, 5, padding=2), nn.MaxPool2d(2), nn.BatchNorm2d(24), nn.ReLU()),
        *(nn.Conv2d(24, 32, 3, padding=1), nn.MaxPool2d(2), nn.BatchNorm2d(32), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(32 * 7 * 7, 10)),
    )
    return network, {"batch": 50, "lr": 0.01, "one_cycle": True}
'''


def _with(**settings):
    return lambda: (lab()[0], settings)


def _wide():
    layers = [nn.Conv2d(1, 96, 7, padding=3), nn.Conv2d(96, 64, 5, padding=2), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 784, 10)), {}


def _same_network():
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    return lambda: (network, {})


def _trained():
    digits = load_mnist("train", "sample")
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    images, labels = digits.images[:TRAINING], digits.labels[:TRAINING]
    sprint(network, SETTINGS | {"lr": 0.01}, images, labels, 40)
    return network, {}


# fmt: off
EXERCISE = Exercise(
    name="08.beat_the_baseline",
    title="Beat the baseline in the same time",
    difficulty=3,
    minutes=15,
    solution=SOLUTION,
    why="Your network was ahead of the lab's by more than chance gives, in the time that the lab's "
    "took on your machine. Now let it run its minute: `race(contender, ...)`.",
    hints=(
        "Two things count: how many digits a network gets to see in its time, and what it learns "
        "from each. Where does the time of a step go, by the profile above?",
        "Pool before the ReLU, make the first layer narrower, take smaller batches, so that there "
        "are more steps, and a higher rate that falls at the end (`one_cycle`).",
        "`return network, {'batch': 50, 'lr': 0.01, 'one_cycle': True}`, and `nn.BatchNorm2d` "
        "after each pooling. The network is left: that of the lab, with 24 and 32 channels.",
    ),
    accepts=judge,
    slips=(
        slip("one-network", "The same network comes back from every call, so that one race would "
            "go on where the last ended. Build it inside the function.", _same_network()),
        slip("nothing-to-learn", "Your network has no weights that can be trained.",
            lambda: (nn.Sequential(nn.Flatten(), nn.AdaptiveAvgPool1d(10)), {})),
        slip("already-trained", "Before its first step your network reads more than half of the "
            "digits: it was trained before. Build a new one.", _trained),
        slip("does-not-fit", "A digit does not get through your network: one layer gives other "
            "sizes than the next one takes. Is it flattened before the linear layer, and how many "
            "numbers are left of it there?", lambda: (nn.Linear(784, 10), {})),
        slip("shift-too-far", "A `shift` is so many pixels, drawn for each batch. Past 6 of 28 "
            "half of a digit may leave on one side and come in on the other.",
            _with(shift=14)),
        slip("softmax", "Probabilities come out. The loss takes the softmax itself, and with two "
            "of them it cannot fall below 1.46.",
            lambda: (nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Softmax(1)), {})),
        slip("too-slow", "In the same time your network sees less than two thirds of the digits "
            "that the lab's sees: its steps are too dear. Make the first layers narrower, or pool "
            "earlier; very small batches are dear as well.", _wide),
        slip("rate-too-high", "The loss ends above that of a guess, 2.3. The rate is too high for "
            "this network.", _with(lr=1.0)),
        slip("hardly-learned", "The loss has hardly left 2.3. The rate is too low, or something "
            "keeps the gradients from the weights.", _with(lr=1e-8)),
        slip("behind", "In the same time the lab's network reads more of the held-out digits, by "
            "more than chance gives.", _with(lr=4e-4)),
        slip("level", "Your network and the lab's are level: a difference as small as theirs is "
            "what chance gives.", lab),
    ),
)
# fmt: on
