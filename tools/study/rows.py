"""What is compared: the rows of each study, the first of them its baseline."""

from functools import partial

from torch import nn

from tools.study import networks as n
from tools.study.recipe import Recipe

CYCLE = {"one_cycle": True, "betas": (0.7, 0.9)}
AFFINE = {"shift": 2.0, "turn": 8.0, "scale": 0.08}

LAB = Recipe(n.lab, epochs=15)
THREE = {"epochs": 3}
NORMALISED = partial(n.normalised, 32, 64)
NORM = {"batch": 50, "lr": 1e-2, "one_cycle": True}

ROWS = {
    "seeds": {"the lab's recipe": Recipe(partial(n.lab, pool_first=True), epochs=15)},
    "deep_lab": {
        "three convolutions, dropout 0.5": Recipe(n.deep_lab, epochs=15),
        "without dropout": Recipe(partial(n.deep_lab, dropout=0.0), epochs=15),
    },
    "ablations": {
        "the lab's network, three epochs": Recipe(n.lab, **THREE),
        "no padding": Recipe(partial(n.lab, padding=0), **THREE),
        "average pooling": Recipe(partial(n.lab, pool=nn.AvgPool2d), **THREE),
        "stride 2 instead of pooling": Recipe(n.strided, **THREE),
        "no ReLU": Recipe(partial(n.lab, activation=nn.Identity), **THREE),
        "no convolution, as many parameters": Recipe(n.perceptron, **THREE),
        "pixels shuffled": Recipe(n.lab, shuffled=True, **THREE),
        "pixels shuffled, no convolution": Recipe(n.perceptron, shuffled=True, **THREE),
        "learning rate 0.0001": Recipe(n.lab, lr=1e-4, **THREE),
        "learning rate 0.01": Recipe(n.lab, lr=1e-2, **THREE),
    },
    "what_pays": {
        "the lab's network, three epochs": Recipe(n.lab, **THREE),
        "one-cycle": Recipe(n.lab, one_cycle=True, lr=3e-3, **THREE),
        "batch norm": Recipe(NORMALISED, **THREE),
        "batch norm, one-cycle": Recipe(NORMALISED, **NORM, **THREE),
        "batch norm, one-cycle, label smoothing": Recipe(
            NORMALISED, smoothing=0.1, **NORM, **THREE
        ),
        "batch norm, one-cycle, affine shifts": Recipe(NORMALISED, **AFFINE, **NORM, **THREE),
        "batch norm, one-cycle, five views at test time": Recipe(
            NORMALISED, views=5, **NORM, **THREE
        ),
    },
    "seconds": {
        "data in memory, batch 100": Recipe(n.lab, quick_memory=False),
        "channels last, fused Adam": Recipe(n.lab),
        "pooling before ReLU": Recipe(partial(n.lab, pool_first=True)),
        "batch 256": Recipe(partial(n.lab, pool_first=True), batch=256),
        "one-cycle to 0.01": Recipe(
            partial(n.lab, pool_first=True), batch=256, lr=1e-2, one_cycle=True
        ),
        "betas 0.7 and 0.9": Recipe(partial(n.lab, pool_first=True), batch=256, lr=1e-2, **CYCLE),
        "24 first kernels of 5 by 5": Recipe(n.quick, batch=256, lr=1e-2, **CYCLE),
        "half an epoch, batch 128": Recipe(n.quick, epochs=0.5, batch=128, lr=1e-2, **CYCLE),
    },
    "t8": {
        "two convolutions, batch norm, three epochs": Recipe(
            partial(n.normalised, 24, 48, kernel=5), epochs=4, batch=100, lr=1e-2, **CYCLE, **AFFINE
        ),
    },
    "best": {
        "four convolutions, batch norm, affine shifts": Recipe(
            partial(n.normalised, 24, 32, 48, 64, pool_after=(1, 3)),
            epochs=10,
            batch=100,
            lr=1e-2,
            final=1e3,
            **CYCLE,
            **AFFINE,
        ),
    },
    "small": {
        "five convolutions of 10 to 16 channels": Recipe(
            partial(n.tiny, 10, 12, 14, 16, 16),
            epochs=16,
            batch=128,
            lr=1e-2,
            one_cycle=True,
            **AFFINE,
        ),
    },
}
