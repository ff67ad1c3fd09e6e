"""07.scale_bug: a network and digits of unknown scale; what tells which scale is right."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from helpers.exercises import Exercise, slip


def repair_factor(model, images, labels):
    """Return the factor, 1, 255 or 1/255, that brings images to the model's scale.

    images (N, 1, H, W), labels (N,); the model, in eval mode, gives logits (N, classes)
    and misreads some of these digits on every scale. It and the images stay unchanged.
    """
    losses = {}
    for factor in (1, 255, 1 / 255):
        with torch.no_grad():
            logits = model(factor * images)
        losses[factor] = F.cross_entropy(logits, labels).item()
    return min(losses, key=losses.get)


FACTORS = (1, 255, 1 / 255)


def _loss(logits, labels):
    return F.cross_entropy(logits, labels).item()


def weigh(
    model, images, labels, *, factors=FACTORS, score=_loss, applied=lambda factor: factor,
    choose=np.argmin, give=lambda factors, place, scores: factors[place],
):  # fmt: skip
    """score() of the logits on every scale; what choose() finds among them, as give() has it."""
    with torch.no_grad():
        scores = [score(model(applied(factor) * images), labels) for factor in factors]
    return give(factors, int(choose(scores)), scores)


def _accuracy(logits, labels):
    return (logits.argmax(1) == labels).float().mean().item()


def _confidence(logits, labels):
    return logits.softmax(1).max(1).values.mean().item()


def _gap(logits, labels):
    return abs(_confidence(logits, labels) - _accuracy(logits, labels))


def _median(logits, labels):
    return F.cross_entropy(logits, labels, reduction="none").median().item()


def _softmax_twice(logits, labels):
    return F.cross_entropy(logits.softmax(1), labels).item()


def _case(seed, known, given, classes=4, number=12, largest=1.0):
    """Digits on the scale `given` (1 or 255), a linear model that knows the scale `known`.

    Every sixth label is wrong, so that every scale has its errors.
    """
    draw = torch.Generator().manual_seed(seed)
    kinds = torch.randint(0, 5, (classes, 12), generator=draw).float() / 4
    labels = torch.arange(number) % classes
    noise = torch.randint(-1, 2, (number, 12), generator=draw).float() / 8
    images = (kinds[labels] + noise).clamp(0, largest)
    labels = torch.where(torch.arange(number) % 6 == 1, (labels + 1) % classes, labels)
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, classes)).eval().requires_grad_(False)
    middle = kinds.mean(0)
    model[1].weight.copy_(1.5 * (kinds - middle) / known)
    bias = torch.randint(-8, 9, (classes,), generator=draw).float() / 16
    model[1].bias.copy_(bias - 0.75 * ((kinds - middle) * (kinds + middle)).sum(1))
    return model, given * images.reshape(number, 1, 3, 4), labels


def _pixels_alone(model, images, labels):
    return 1 if images.max() <= 1 else 1 / 255


_SUREST = (
    "255 comes out each time. On the largest scale the network is surest, whether it is right or "
    "wrong: what grows with the logits says nothing about which scale is right. The labels have to "
    "have a say."
)
_WHICH = "Asked for is the factor by which the images are multiplied."

# fmt: off
SYMPTOMS = (
    slip("accuracy", "Your factor is the one with the best accuracy. That can be as good on a "
        "wrong scale, or better by chance. Look at what the wrong answers cost.", score=_accuracy,
        choose=np.argmax),
    slip("confidence", _SUREST, score=_confidence, choose=np.argmax),
    slip("raw-logits", _SUREST, score=F.nll_loss),
    slip("own-predictions", _SUREST, score=lambda x, y: _loss(x, x.argmax(1))),
    slip("least-confidence", "You take the scale on which the network is least sure of anything, "
        "right or wrong. That is modest, not right.", score=_confidence),
    slip("median", "The middle one of the losses does not notice the errors, and they are what "
        "makes a wrong scale dear. Take the mean over all digits.", score=_median),
    slip("last-factor", "1/255 comes out each time. Does the lowest loss so far move when a lower "
        "one is found? If not, the last factor wins.", choose=lambda scores: len(scores) - 1),
    slip("bounded", "On your measure a wrong answer costs about 1 at most, however sure it is, and "
        "the symptom is gone. That is so with probabilities in place of their logarithms, and with "
        "a cross-entropy that gets probabilities instead of logits.", score=_softmax_twice),
    slip("calibration", "You take the scale on which confidence and accuracy are nearest to each "
        "other. On a scale that is too small both may be low by accident.", score=_gap),
    slip("largest-loss", "That factor has the largest loss of the three. The right scale has the "
        "smallest.", choose=np.argmax),
)

SCALES = (
    slip("pixels-alone", "You look at the pixels alone and bring them to 0..1. But this is about "
        "what the model knows, and some models here were trained on 0..255.", wrong=_pixels_alone),
    slip("own-maximum", "You divide by the largest pixel. The scale of the model cannot be read "
        "off the images, and their largest pixel need be neither 1 nor 255.",
        wrong=lambda model, images, labels: 1 / images.max().item()),
    slip("nothing-to-repair", "Your factor is 1 each time: the images stay as they are.",
        wrong=lambda model, images, labels: 1),
    slip("never-larger", "255 is never your answer. A model that was trained on 0..255 may be "
        "shown pixels of 0..1, too.", factors=(1, 1 / 255)),
    slip("never-smaller", "1/255 is never your answer. Either you do not try it, or the factors "
        "work on top of each other, so that 1/255 only takes back the 255 before it. Multiply the "
        "given images each time.", factors=(1, 255)),
    slip("never-right", "1 is never your answer. The images may be right as they are.",
        factors=(255, 1 / 255)),
    slip("256", "A byte has 256 values, but the largest is 255.", factors=(1, 256, 1 / 256)),
)

GIVEN = (
    slip("inverse", f"That is the scale which the images have now. {_WHICH}",
        applied=lambda factor: 1 / factor),
    slip("loss-itself", f"That is what you compare the factors by, not a factor. {_WHICH}",
        give=lambda factors, place, scores: scores[place]),
    slip("place", f"That is the place of the factor in your list. {_WHICH}",
        give=lambda factors, place, scores: place),
    slip("cut-off", "1/255 became 0: `//` cuts fractions off. Divide with `/`.",
        after=lambda factor: factor // 1),
)
# fmt: on

EXERCISE = Exercise(
    name="07.scale_bug",
    title="Find the scale from its symptoms",
    difficulty=2,
    minutes=6,
    solution=repair_factor,
    walk=weigh,
    why="Accuracy may not notice the scale, and confidence only grows with it. The loss asks how "
    "sure the network is of what is true: too small a scale makes it unsure of everything, too "
    "large a one makes its errors dear. Without an error the largest scale would win.",
    hints=(
        "You have met three numbers: accuracy, confidence, loss. Which of them changed by more "
        "than a factor of a hundred, and to the worse, when the scale was wrong?",
        "Go through the three factors; for each compute `model(factor * images)` under "
        "`torch.no_grad()` and its `F.cross_entropy(logits, labels)`.",
        "`losses = {}`, then `for factor in (1, 255, 1 / 255):`, in it `losses[factor] = "
        "F.cross_entropy(model(factor * images), labels).item()`. One line is left: it returns "
        "the key of the smallest value, with `min` and `key=losses.get`.",
    ),
    cases=(
        _case(0, 1, 1),
        _case(1, 1, 255),
        _case(2, 255, 1),
        _case(3, 255, 255, classes=3),
        _case(4, 1, 255, classes=5, number=20, largest=0.75),
        _case(5, 255, 1, number=7, largest=0.75),
        _case(6, 255, 1, classes=2),
        _case(83, 1, 1, classes=3),
    ),
    slips=(*SYMPTOMS, *SCALES, *GIVEN),
)
