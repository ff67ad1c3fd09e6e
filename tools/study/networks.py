"""The networks that are compared, as a reader of notebook 08 would write them; trains nothing."""

import torch
from torch import nn


def lab(pool_first=False, activation=nn.ReLU, pool=nn.MaxPool2d, padding=1):
    """The lab's two-layer network; pooling before ReLU gives the same numbers in less time."""

    def block(inputs, outputs):
        conv = nn.Conv2d(inputs, outputs, 3, padding=padding)
        return [conv, pool(2), activation()] if pool_first else [conv, activation(), pool(2)]

    side = 7 if padding else 5
    linear = nn.Linear(64 * side * side, 10)
    nn.init.xavier_uniform_(linear.weight)
    return nn.Sequential(*block(1, 32), *block(32, 64), nn.Flatten(), linear)


def strided():
    """The lab's network with a stride of 2 in place of each pooling."""
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3, stride=2, padding=1), nn.ReLU()),
        *(nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.ReLU()),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 10),
    )


def perceptron(hidden=63):
    """No convolution: one hidden layer, as many parameters as the lab's network (50,095)."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def deep_lab(dropout=0.5):
    """The next lab: three convolutions, padding 1 in the last pooling, 4*4*128, 625, dropout.

    Pooling stands before ReLU: the same numbers, sooner.
    """

    def block(inputs, outputs, padding=0):
        return [
            nn.Conv2d(inputs, outputs, 3, padding=1),
            nn.MaxPool2d(2, padding=padding),
            nn.ReLU(),
        ]

    hidden, last = nn.Linear(4 * 4 * 128, 625), nn.Linear(625, 10)
    for layer in (hidden, last):
        nn.init.xavier_uniform_(layer.weight)
    return nn.Sequential(
        *(*block(1, 32), *block(32, 64), *block(64, 128, padding=1)),
        *(nn.Flatten(), hidden, nn.ReLU(), nn.Dropout(dropout), last),
    )


def normalised(*blocks):
    """Convolution, batch norm and ReLU once for each block, then one linear layer.

    A block is (channels, kernel, stride) or (channels, kernel, stride, pool), the pooling before
    the batch norm.
    """
    layers, inputs, side = [], 1, 28
    for channels, kernel, stride, *pool in blocks:
        padding = kernel // 2
        layers += [nn.Conv2d(inputs, channels, kernel, stride, padding, bias=False)]
        side = (side - 1) // stride + 1
        if pool:
            layers += [nn.MaxPool2d(*pool)]
            side //= pool[0]
        layers += [nn.BatchNorm2d(channels), nn.ReLU()]
        inputs = channels
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(inputs * side * side, 10))


class Committee(nn.Module):
    """Networks that answer together: the logarithm of the mean of their probabilities."""

    def __init__(self, members):
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, x):
        """(N, 1, 28, 28) -> (N, 10)."""
        return torch.stack([member(x).softmax(1) for member in self.members]).mean(0).log()
