"""Facts about the full MNIST that no other file needs; skipped without it."""

import pytest
import torch

from helpers.mnist import load_mnist

# https://yann.lecun.com/exdb/mnist/ names 60,000 and 10,000; counts of the digits 0 to 9
COUNTS = {
    "train": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "test": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}


@pytest.mark.parametrize("split", COUNTS)
def test_the_full_mnist_has_the_known_counts(full_mnist, split):
    digits = load_mnist(split, "full")
    assert digits.images.shape == (sum(COUNTS[split]), 1, 28, 28)
    assert digits.images.dtype == torch.float32
    assert (digits.images.min(), digits.images.max()) == (0, 1)
    assert torch.bincount(digits.labels).tolist() == COUNTS[split]


def test_the_published_mean_and_deviation(full_mnist):
    images = load_mnist("train", "full").images.double()
    assert round(images.mean().item(), 4) == 0.1307  # the constants of torch's own MNIST example
    assert round(images.std().item(), 4) == 0.3081


def test_train_and_test_share_no_digit(full_mnist):
    train, test = (load_mnist(split, "full").images for split in ("train", "test"))
    seen = {image.numpy().tobytes() for image in train}
    assert not any(image.numpy().tobytes() in seen for image in test)


def test_the_source_is_the_one_asked_for(full_mnist):
    assert load_mnist("test").source != "sample"
