"""Times of training: the textbook's listing beside `fit`, in one run, round by round."""

import functools
import multiprocessing
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import torch
from torch.utils.data import TensorDataset

from helpers.mnist import load_mnist
from helpers.training import seed_everything, steps
from tools.bench.figures import spread
from tools.study.networks import lab
from tools.study.recipe import predict, train, train_listing
from tools.study.rows import ROWS

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000)


@functools.cache
def _training_digits(source):
    split = load_mnist("train", source)
    return split.images, split.labels


def epoch_of_the_listing(source):
    """(seconds, mean loss) of the lab's network as the textbook trains it, from seed 777."""
    images, labels = _training_digits(source)
    seed_everything(777)
    model = lab()
    start = time.perf_counter()
    losses = train_listing(model, images, labels)
    return time.perf_counter() - start, sum(losses) / len(losses)


def one_epoch(images, labels, pool_first=False):
    """(seconds, mean loss) of the lab's network over one epoch of `fit` from seed 777."""
    seed_everything(777)
    model = lab(pool_first=pool_first)
    start = time.perf_counter()
    *_, record = steps(model, TensorDataset(images, labels), epochs=1)
    return time.perf_counter() - start, record["loss"]


def against_the_listing(source, images, labels, rounds=5):
    """Seconds of an epoch three ways, in turn in every round, and how many times as fast.

    The listing has a process of its own, as its reader gives it one: beside `fit` it was slower.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        ways = {
            "listing": lambda: other.submit(epoch_of_the_listing, source).result(),
            "fit": lambda: one_epoch(images, labels),
            "fit, pooling before ReLU": lambda: one_epoch(images, labels, pool_first=True),
        }
        measured = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                measured[name].append(way())
    seconds = {name: [s for s, _ in values] for name, values in measured.items()}
    result = {"digits": len(labels), "rounds": rounds}
    for name, values in seconds.items():
        result[f"{name}, seconds"] = spread(values)
        result[f"{name}, loss of epoch 1"] = round(measured[name][0][1], 4)
    for name in list(ways)[1:]:
        ratios = [a / b for a, b in zip(seconds["listing"], seconds[name], strict=True)]
        result[f"{name}, times as fast"] = spread(ratios)
    return result


def by_size(images, labels):
    """Seconds of an epoch of `fit` for more and more digits; linear, if nothing is wrong."""
    sizes = [size for size in SIZES if size <= len(labels)]
    one_epoch(images[:1_000], labels[:1_000])
    return {
        f"{size} digits": round(one_epoch(images[:size], labels[:size])[0], 3) for size in sizes
    }


def sprint(digits, measured):
    """Seconds to the lab's accuracy: the study's shortest recipe, trained and measured once."""
    (recipe,) = ROWS["sprint"].values()
    start = time.perf_counter()
    model, _, _ = train(recipe, *digits, seed=0)
    seconds = time.perf_counter() - start
    right = predict(recipe, model, measured[0]).argmax(1) == measured[1]
    return {"seconds": round(seconds, 2), "accuracy": round(right.double().mean().item(), 4)}


def memory():
    """The most memory, in MB, that this process has had."""
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)


def machine():
    """What the figures belong to."""
    return {"torch": torch.__version__, "threads": torch.get_num_threads()}
