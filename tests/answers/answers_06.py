"""Differently written right answers to the exercises of notebook 06, and random cases for them."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def step_clears_first(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(model(x), y)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def step_clears_last(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def step_clears_between_logits_and_loss(model, optimizer, x, y):
    model.train()
    logits = model(x)
    model.zero_grad()
    loss = F.nll_loss(F.log_softmax(logits, dim=1), y)
    loss.backward()
    optimizer.step()
    return loss.detach().item()


def step_log_softmax_into_cross_entropy(model, optimizer, x, y):
    for parameter in model.parameters():
        parameter.grad = None
    loss = F.cross_entropy(model(x).log_softmax(dim=1), y)
    loss.backward()
    optimizer.step()
    return loss.tolist()


def step_spelled_out(model, optimizer, x, y):
    optimizer.zero_grad(set_to_none=False)
    logits = model(x)
    right = logits[torch.arange(len(y)), y]
    loss = (torch.logsumexp(logits, dim=1) - right).mean()
    torch.autograd.backward(loss)
    optimizer.step()
    return loss.item()


def step_with_autograd_grad(model, optimizer, x, y):
    parameters = list(model.parameters())
    loss = F.cross_entropy(model(x), y, reduction="sum") / len(y)
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()
    return loss.item()


def step_with_closure(model, optimizer, x, y):
    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        return loss

    return float(optimizer.step(closure).detach())


def accuracy_cat(logits_batches, label_batches):
    predictions = torch.cat([logits.argmax(dim=1) for logits in logits_batches])
    return (predictions == torch.cat(label_batches)).float().mean().item()


def accuracy_numpy(logits_batches, label_batches):
    logits = np.concatenate([batch.numpy() for batch in logits_batches])
    labels = np.concatenate([batch.numpy() for batch in label_batches])
    return float((logits.argmax(axis=-1) == labels).mean())


def accuracy_weighted(logits_batches, label_batches):
    total = sum(len(labels) for labels in label_batches)
    share = 0.0
    for logits, labels in zip(logits_batches, label_batches, strict=True):
        share += (logits.max(1)[1] == labels).double().mean().item() * len(labels) / total
    return share


def accuracy_digit_by_digit(logits_batches, label_batches):
    hits = []
    for logits, labels in zip(logits_batches, label_batches, strict=True):
        for row, label in zip(logits, labels, strict=True):
            hits.append(int(row.argmax()) == int(label))
    return sum(hits) / len(hits)


def accuracy_softmax(logits_batches, label_batches):
    wrong = seen = 0
    for i in range(len(label_batches)):
        predictions = logits_batches[i].softmax(dim=-1).argmax(-1)
        wrong += int((predictions != label_batches[i]).sum())
        seen += label_batches[i].shape[0]
    return 1 - wrong / seen


def accuracy_topk(logits_batches, label_batches):
    logits, labels = torch.vstack(logits_batches), torch.hstack(label_batches)
    hits = logits.topk(1, dim=1).indices.squeeze(1).eq(labels)
    return float(hits.sum() / hits.numel())


SHAPES = {
    "conv1": (100, 16, 24, 24),
    "pool1": (100, 16, 12, 12),
    "conv2": (100, 48, 10, 10),
    "pool2": (100, 48, 3, 3),
    "flatten": (100, 432),
}

RIGHT = {
    "06.trace_shapes": [
        SHAPES,
        {name: list(shape) for name, shape in SHAPES.items()},
        {name: torch.Size(shape) for name, shape in SHAPES.items()},
    ],
    "06.untrained_loss": [math.log(26), 3.26, 3.258, -math.log(1 / 26), np.log(26)],
    "06.train_step": [
        step_clears_first,
        step_clears_last,
        step_clears_between_logits_and_loss,
        step_log_softmax_into_cross_entropy,
        step_spelled_out,
        step_with_autograd_grad,
        step_with_closure,
    ],
    "06.accuracy": [
        accuracy_cat,
        accuracy_numpy,
        accuracy_weighted,
        accuracy_digit_by_digit,
        accuracy_softmax,
        accuracy_topk,
    ],
    "06.reorder": ["EHBFDGCAI", "EHBDFGCAI", "EHBDGFCAI", "EHBDGCAFI", "ehb f dgi ca", "EHBDGCAIF"],
    "06.bug_1": ["B", "C", "D", "F", "d"],
    "06.bug_2": ["B", "C", " c "],
    "06.bug_3": ["B", "b"],
    "06.bug_4": ["C", "c"],
    "06.checkpoint": ["ABCD", "DCBA", "a, b, c, d"],
}


def random_steps(rng):
    return rng.randrange(1000), rng.randint(1, 9), rng.randint(2, 6)


def random_batches(rng):
    classes = rng.randint(2, 6)
    sizes = [rng.randint(1, 6) for _ in range(rng.randint(1, 4))]
    logits = [
        torch.tensor([rng.sample(range(-9, 10), classes) for _ in range(size)]).float()
        for size in sizes
    ]
    labels = [torch.tensor([rng.randrange(classes) for _ in range(size)]) for size in sizes]
    return logits, labels


RANDOM = {"06.train_step": random_steps, "06.accuracy": random_batches}
