"""What is compared: the rows of each study, the first of them its baseline."""

from functools import partial

from torch import nn

from tools.study import networks as n
from tools.study import seeds
from tools.study.recipe import Recipe

CYCLE = {"one_cycle": True, "betas": (0.7, 0.9), "lr": 1e-2}
AFFINE = {"shift": 2.0, "turn": 8.0, "scale": 0.08}

POOL_FIRST = partial(n.lab, pool_first=True)
PAYS = {"batch": 128}
NORMALISED = partial(n.normalised, (32, 3, 1, 2), (64, 3, 1, 2))
SPRINT = partial(n.normalised, (16, 5, 2), (32, 3, 1, 2), (64, 3, 1, 2))
FOUR = partial(n.normalised, (16, 3, 1, 2), (32, 3, 1), (32, 3, 1, 2), (64, 3, 1))
STEEP = {**CYCLE, "lr": 2e-2}

ROWS = {
    "seeds": seeds.ROWS,
    "deep_lab": {
        "three convolutions, dropout 0.5": Recipe(n.deep_lab, epochs=2),
        "without dropout": Recipe(partial(n.deep_lab, dropout=0.0), epochs=2),
    },
    "ablations": {
        "the lab's network, one epoch": Recipe(n.lab),
        "no padding": Recipe(partial(n.lab, padding=0)),
        "average pooling": Recipe(partial(n.lab, pool=nn.AvgPool2d)),
        "stride 2 instead of pooling": Recipe(n.strided),
        "no ReLU": Recipe(partial(n.lab, activation=nn.Identity)),
        "no convolution, as many parameters": Recipe(n.perceptron),
        "pixels shuffled": Recipe(n.lab, shuffled=True),
        "pixels shuffled, no convolution": Recipe(n.perceptron, shuffled=True),
        "learning rate 0.0001": Recipe(n.lab, lr=1e-4),
        "learning rate 0.01": Recipe(n.lab, lr=1e-2),
    },
    "what_pays": {
        "the lab's network, one epoch, batch 128": Recipe(POOL_FIRST, **PAYS),
        "one-cycle": Recipe(POOL_FIRST, **CYCLE, **PAYS),
        "batch norm": Recipe(NORMALISED, **PAYS),
        "batch norm, one-cycle": Recipe(NORMALISED, **CYCLE, **PAYS),
        "and label smoothing 0.1": Recipe(NORMALISED, smoothing=0.1, **CYCLE, **PAYS),
        "and small affine shifts": Recipe(NORMALISED, **AFFINE, **CYCLE, **PAYS),
        "and five views at test time": Recipe(NORMALISED, views=5, **CYCLE, **PAYS),
    },
    "seconds": {
        "the listing": Recipe(n.lab, listing=True),
        "data in memory": Recipe(n.lab, quick_memory=False),
        "channels last, fused Adam": Recipe(n.lab),
        "pooling before ReLU": Recipe(POOL_FIRST),
        "batch 256": Recipe(POOL_FIRST, batch=256),
        "one-cycle to 0.01, betas 0.7 and 0.9": Recipe(POOL_FIRST, batch=256, **CYCLE),
        "batch norm, batch 128": Recipe(NORMALISED, batch=128, **CYCLE),
        "16 first kernels of 5 by 5 with stride 2": Recipe(SPRINT, batch=128, **STEEP),
        "six tenths of an epoch": Recipe(SPRINT, epochs=0.6, batch=128, **STEEP),
    },
    "sprint": {
        "three convolutions, six tenths of an epoch": Recipe(
            SPRINT, epochs=0.6, batch=128, **STEEP
        ),
    },
    "t8": {
        "four convolutions, two and a half epochs": Recipe(
            FOUR, epochs=2.5, batch=128, **CYCLE, **AFFINE
        ),
    },
    "best": {
        "a committee of three, six epochs each, five views": Recipe(
            FOUR, epochs=6, batch=128, members=3, views=5, **CYCLE, **AFFINE
        ),
        "four wider convolutions, ten epochs, five views": Recipe(
            partial(n.normalised, (24, 3, 1, 2), (48, 3, 1), (48, 3, 1, 2), (96, 3, 1)),
            epochs=10,
            batch=128,
            final=100,
            views=5,
            **CYCLE,
            **AFFINE,
        ),
    },
    "small": {
        "four convolutions of 12 to 16 channels, 16 epochs": Recipe(
            partial(n.normalised, (12, 5, 1, 2), (14, 3, 1), (16, 3, 1, 2), (16, 3, 1, 2)),
            epochs=16,
            batch=128,
            **CYCLE,
            **AFFINE,
        ),
    },
}
