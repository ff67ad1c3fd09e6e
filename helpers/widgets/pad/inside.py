"""What a network makes of one image, layer by layer; it leaves no trace in the network."""

import contextlib

import torch
from torch import nn

POOLS = (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)
LAYERS = (nn.Conv2d, nn.ReLU, *POOLS)
MOST = 6  # layers that there is room for


def look_inside(model, image):
    """Run `image` (H, W) through a network: (logits (10,), list of (name, maps (C, h, w))).

    Listed are the outputs of its convolutions, ReLUs and poolings in the order of the run; the
    ReLUs are left out where there are more than six. Mode, hooks and random numbers are as
    before afterwards. ValueError where the network does not give one row of ten finite logits.
    """
    found, modes = [], [(module, module.training) for module in model.modules()]
    hooks = [
        module.register_forward_hook(lambda layer, _, out: found.append((layer, _copy(out))))
        for module, _ in modes
        if isinstance(module, LAYERS)
    ]
    tensors = (*model.parameters(), *model.buffers())
    device = tensors[0].device if tensors else "cpu"
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]), _one_thread():
            logits = model(image[None, None].to(device))
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in modes:
            module.training = mode
    return _checked(logits), _chosen(found)


@contextlib.contextmanager
def _one_thread():
    """One image is quicker on one thread, by far where the machine is busy."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _copy(out):
    """The maps of the one image, out of reach of a later layer that works in place."""
    return out.detach()[0].to("cpu", copy=True)


def _checked(logits):
    if not torch.is_tensor(logits) or logits.shape != (1, 10):
        got = tuple(logits.shape) if torch.is_tensor(logits) else type(logits).__name__
        raise ValueError(f"for one digit the network gives {got}, not logits of shape (1, 10).")
    logits = logits.detach()[0].to("cpu", torch.float32, copy=True)
    if not logits.isfinite().all():
        raise ValueError("some logits are not finite: the network has been trained to pieces.")
    return logits


def _chosen(found):
    found = [(layer, maps) for layer, maps in found if maps.dim() == 3]
    if len(found) > MOST:
        found = [(layer, maps) for layer, maps in found if not isinstance(layer, nn.ReLU)]
    return [(type(layer).__name__, maps) for layer, maps in found[:MOST]]
