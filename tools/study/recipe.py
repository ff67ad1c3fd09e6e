"""One training run with every choice in one place; names no network and no study."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import ToTensor

from helpers.training import seed_everything
from tools.study.networks import Committee


@dataclass(frozen=True)
class Recipe:
    """What a row of a study is: a network and how it is trained.

    network: () -> model; one_cycle: the rate rises to `lr` and falls to `lr / final` in the end;
    shift: pixels, turn: degrees, scale: share, by which each picture is moved at random;
    shuffled: one fixed permutation of the pixels for all pictures; views: shifts averaged over
    at test time; listing: the loop as the lab writes it, a picture made and converted each time;
    members: so many networks, trained one after the other, whose probabilities are averaged.
    """

    network: Callable
    epochs: float = 1
    batch: int = 100
    lr: float = 1e-3
    betas: tuple = (0.9, 0.999)
    one_cycle: bool = False
    final: float = 1e4
    shift: float = 0.0
    turn: float = 0.0
    scale: float = 0.0
    smoothing: float = 0.0
    shuffled: bool = False
    views: int = 1
    quick_memory: bool = True  # channels last and fused Adam
    listing: bool = False
    members: int = 1

    def run(self, seed, digits, measured, say):
        """What one seed gives: a dict for the study's file; loss is the mean of the last steps."""
        model, seconds, losses = train(self, *digits, seed, say)
        result = {
            "seed": seed,
            "parameters": sum(p.numel() for p in model.parameters()),
            "accuracy": round(accuracy(self, model, *measured), 5),
            "seconds": round(seconds, 2),
            "loss": round(statistics.mean(losses[-100:]), 5),
        }
        if self.views > 1:
            one_view = replace(self, views=1)
            result["accuracy_one_view"] = round(accuracy(one_view, model, *measured), 5)
        return result


def train(recipe, images, labels, seed, say=lambda text: None):
    """Train on (N, 1, 28, 28) and (N,): (model, seconds of training alone, mean losses)."""
    if recipe.members > 1:
        alone = replace(recipe, members=1)
        seeds = range(seed * recipe.members, (seed + 1) * recipe.members)
        runs = [train(alone, images, labels, member, say) for member in seeds]
        models, seconds, losses = zip(*runs, strict=True)
        return Committee(models), sum(seconds), losses[-1]
    seed_everything(seed)
    model = recipe.network()
    if recipe.listing:
        start = time.process_time()
        losses = train_listing(model, images, labels, recipe.epochs)
        return model, time.process_time() - start, losses
    if recipe.quick_memory:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=recipe.lr, betas=recipe.betas, fused=recipe.quick_memory
    )
    steps = int(recipe.epochs * (len(images) // recipe.batch))
    schedule = _schedule(recipe, optimizer, steps)
    model.train()
    losses, start = [], time.process_time()
    for step, batch in enumerate(_batches(len(images), recipe.batch, steps)):
        x = _moved(recipe, _arranged(recipe, images[batch]))
        loss = F.cross_entropy(model(x), labels[batch], label_smoothing=recipe.smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if schedule:
            schedule.step()
        losses.append(loss.detach())
        if step % 100 == 99:
            say(f"step {step + 1} of {steps}, loss {loss.item():.4f}")
    return model, time.process_time() - start, torch.stack(losses).tolist()


class Listing(Dataset):
    """Pictures as torchvision's MNIST gives them: a PIL image made and converted each time."""

    def __init__(self, images, labels):
        self.pixels, self.labels = (images[:, 0] * 255).round().byte(), labels
        self.to_tensor = ToTensor()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        picture = Image.fromarray(self.pixels[index].numpy(), mode="L")
        return self.to_tensor(picture), int(self.labels[index])


def train_listing(model, images, labels, epochs=1):
    """The lab's loop: ToTensor a sample, a DataLoader without workers, batch 100, Adam."""
    loader = DataLoader(Listing(images, labels), batch_size=100, shuffle=True, drop_last=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses = []
    for _ in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def accuracy(recipe, model, images, labels):
    """Share of right answers in eval mode, averaged over shifted views where the recipe says so."""
    logits = predict(recipe, model, images)
    return (logits.argmax(1) == labels).double().mean().item()


@torch.no_grad()
def predict(recipe, model, images):
    """Mean of the log-probabilities over the views, (N, 10)."""
    model.eval()
    views = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)][: recipe.views]
    parts = []
    for chunk in images.split(1000):
        x = _arranged(recipe, chunk)
        rolled = [model(torch.roll(x, view, (2, 3))).log_softmax(1) for view in views]
        parts.append(torch.stack(rolled).mean(0))
    return torch.cat(parts)


def _batches(count, size, steps):
    """Indices of `steps` batches: a new order each epoch, the last and smaller batch left out."""
    while steps > 0:
        order = torch.randperm(count)
        yield from order.split(size)[: min(steps, count // size)]
        steps -= count // size


def _schedule(recipe, optimizer, steps):
    if not recipe.one_cycle:
        return None
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        recipe.lr,
        total_steps=steps,
        cycle_momentum=False,
        final_div_factor=recipe.final,
    )


def _arranged(recipe, x):
    """The pixels in another order, the same for all pictures, where the recipe says so."""
    if not recipe.shuffled:
        return x
    order = torch.randperm(784, generator=torch.Generator().manual_seed(0))
    return x.flatten(1)[:, order].reshape(x.shape)


def _moved(recipe, x):
    """Each picture shifted, turned and scaled at random, a little."""
    if not (recipe.shift or recipe.turn or recipe.scale):
        return x
    n = len(x)
    angle = torch.deg2rad((2 * torch.rand(n) - 1) * recipe.turn)
    size = 1 + (2 * torch.rand(n, 2) - 1) * recipe.scale
    shift = (2 * torch.rand(n, 2) - 1) * recipe.shift / 14
    cos, sin = torch.cos(angle), torch.sin(angle)
    rows = torch.stack([cos * size[:, 0], -sin * size[:, 0], shift[:, 0]], 1)
    columns = torch.stack([sin * size[:, 1], cos * size[:, 1], shift[:, 1]], 1)
    matrix = torch.stack([rows, columns], 1)
    where = F.affine_grid(matrix, x.shape, align_corners=False)
    return F.grid_sample(x, where, align_corners=False)
