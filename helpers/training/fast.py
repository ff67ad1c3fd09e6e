"""How training saves time without changing what is computed; every trick of it is here.

Whole tensors   A dataset that only reads from two tensors is not asked sample by sample: a batch
                is cut from them at once, on the device. The order comes from a DataLoader.
Channels last   On a CPU, oneDNN convolves and pools maps faster when the channels of a pixel lie
                side by side. Only the images are laid out so; maps follow their input, weights
                stay as they are. Sums run in another order, so results differ by rounding.
Pool, then ReLU max(relu(a), relu(b)) is relu(max(a, b)), to the bit and in the gradients: a ReLU
                before max-pooling is left out of the backward pass, one on a quarter of the
                pixels comes in. This too on a CPU only.
Fused Adam      One pass over the weights in place of a dozen; again, only rounding differs.
"""

import math
import zlib
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, Subset, TensorDataset

from helpers.mnist import Digits
from helpers.training.checks import check_pair, label_range

VIEWS = {torch.Tensor.view, torch.Tensor.view_as}
RELUS = {F.relu, torch.relu, torch.Tensor.relu}
POOLS = {F.max_pool2d, torch.max_pool2d}
RANDOM = {F.dropout, F.alpha_dropout, torch.rand_like, torch.randn_like, torch.bernoulli}


class Batch(NamedTuple):
    """Images (N, ...) and labels (N,) on the device; no label is below `low` or above `high`."""

    images: torch.Tensor
    labels: torch.Tensor
    low: int
    high: int


class Batches:
    """The batches of a dataset, on a device; the last may be smaller."""

    def __init__(self, dataset, batch_size, device):
        self.dataset, self.batch_size, self.device = dataset, batch_size, device
        self.tensors = _tensors(dataset)
        if self.tensors is not None:
            images, labels, chosen = self.tensors
            self.range = label_range(labels if chosen is None else labels[chosen])
            self.tensors = images.to(device), labels.to(device), chosen

    def __len__(self):
        return math.ceil(len(self.dataset) / self.batch_size)

    def shuffled(self):
        """All batches once, as DataLoader(dataset, batch_size, shuffle=True) orders them."""
        if self.tensors is None:
            return self._loaded(DataLoader(self.dataset, self.batch_size, shuffle=True))
        numbers = DataLoader(range(len(self.dataset)), self.batch_size, shuffle=True)
        return self._cut(torch.cat(list(numbers)))

    def in_order(self):
        """All batches once, first sample first; torch's random numbers do not move."""
        if self.tensors is None:
            # A loader without a generator of its own would take a number from torch's.
            generator = torch.Generator()
            return self._loaded(DataLoader(self.dataset, self.batch_size, generator=generator))
        return self._cut(torch.arange(len(self.dataset)))

    def checksum(self):
        """A number that tells these digits from others; None for a dataset without tensors."""
        if self.tensors is None:
            return None
        number = 0
        for tensor in self.tensors:
            if tensor is not None:
                flat = tensor.detach().cpu().contiguous().flatten().view(torch.uint8)
                number = zlib.crc32(flat.numpy(), number)
        return number

    def _cut(self, order):
        images, labels, chosen = self.tensors
        order = (order if chosen is None else chosen[order]).to(images.device)
        for index in order.split(self.batch_size):
            yield Batch(images[index], labels[index], *self.range)

    def _loaded(self, loader):
        for batch in loader:
            images, labels = check_pair(batch)
            limits = label_range(labels)  # read on the CPU, before they go to the device
            yield Batch(images.to(self.device), labels.to(self.device), *limits)


def _tensors(dataset):
    """Images, labels and which of them (None: all), if a dataset only reads from tensors.

    A class of its own may do anything in its __getitem__, so only these three are trusted.
    """
    if type(dataset) is Digits:
        return dataset.images, dataset.labels, None
    if type(dataset) is TensorDataset and len(dataset.tensors) == 2:
        return *dataset.tensors, None
    if type(dataset) is Subset and (whole := _tensors(dataset.dataset)) is not None:
        images, labels, chosen = whole
        numbers = torch.as_tensor(list(dataset.indices), dtype=torch.int64)
        return images, labels, numbers if chosen is None else chosen[numbers]
    return None


def forward(model, images):
    """The logits of a model for images (N, ...)."""
    wanted = images.device.type == "cpu" and images.dim() == 4 and images.is_floating_point()
    if not (wanted and torch.backends.mkldnn.is_available() and _is_eager(model)):
        return model(images)
    with _Fast():
        return model(images.to(memory_format=torch.channels_last))


def _is_eager(model):
    """Whether Python runs the model call by call: else `_Fast` sees nothing of it."""
    return not any(
        isinstance(part, torch.jit.ScriptModule) or hasattr(part, "_orig_mod")  # torch.compile
        for part in model.modules()
    )


class _Fast(TorchFunctionMode):
    """Sees every call of torch in a model's forward pass, and makes some of them otherwise."""

    def __init__(self):
        super().__init__()
        self.relu = None  # of the last ReLU: input, output, and how often each was changed

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if not args:
            return function(*args, **kwargs)
        if function in VIEWS:
            return self._view(function, *args, **kwargs)
        if function in RANDOM:
            return self._draw(function, *args, **kwargs)
        if function in RELUS:
            result = function(*args, **kwargs)
            self.relu = args[0], result, _versions(args[0], result)
            return result
        if function in POOLS and self._follows_relu(args[0]):
            return torch.relu(function(self.relu[0], *args[1:], **kwargs))
        return function(*args, **kwargs)

    def _view(self, function, maps, *args, **kwargs):
        """`view` cannot merge axes that do not lie in a row: there it gets a copy."""
        try:
            return function(maps, *args, **kwargs)
        except RuntimeError:
            return function(maps.contiguous(), *args, **kwargs)

    def _draw(self, function, maps, *args, **kwargs):
        """Numbers are drawn along the memory: in the usual layout a seed gives the usual ones."""
        usual = maps.contiguous()
        drawn = function(usual, *args, **kwargs)
        if usual is maps:
            return drawn
        if drawn is usual:  # it was changed in place
            return maps.copy_(drawn)
        return drawn.to(memory_format=torch.channels_last) if drawn.dim() == 4 else drawn

    def _follows_relu(self, maps):
        """Whether these are the untouched maps of the last ReLU, and nobody asks their gradient."""
        if self.relu is None or maps is not self.relu[1] or maps is self.relu[0]:
            return False
        asked = maps.retains_grad or maps._backward_hooks
        return not asked and self.relu[2] == _versions(*self.relu[:2])


def _versions(*tensors):
    """How often each was changed in place; no two answers are equal where torch does not count."""
    return [object() if tensor.is_inference() else tensor._version for tensor in tensors]


def adam(model, lr):
    """The Adam optimizer of a model's parameters."""
    parameters = list(model.parameters())
    fused = all(p.is_floating_point() and p.device.type in ("cpu", "cuda") for p in parameters)
    return torch.optim.Adam(parameters, lr=lr, fused=fused or None)
