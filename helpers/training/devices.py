"""Where a training computes: devices, their random numbers and their memory."""

import random
from contextlib import contextmanager
from numbers import Integral

import numpy as np
import torch


def pick_device():
    """Choose the CUDA device if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def seed_everything(seed=777):
    """Seed the random numbers of Python, NumPy and torch (CUDA included)."""
    if not isinstance(seed, Integral) or not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed!r}; give a whole number from 0 to 2**32 - 1.")
    random.seed(int(seed))
    np.random.seed(int(seed))
    torch.manual_seed(int(seed))


def place(model, device):
    """Bring a model from the CPU to the wanted device; refuse to fetch it from elsewhere."""
    here = device_of(model)
    if device is None:
        wanted = pick_device() if here.type == "cpu" else here
    else:
        wanted = torch.device(device)
    if here.type == "cpu":
        with memory_advice():
            model.to(wanted)
        return wanted
    if wanted.type != here.type or wanted.index not in (None, here.index):
        raise ValueError(
            f"The model is on {here}, but training was asked to run on {wanted}. Move it first: "
            f'model.to("{wanted}"), or leave out device.'
        )
    return here


def device_of(model):
    """The one device that holds all of a model; without parameters, the CPU."""
    devices = {tensor.device for tensor in (*model.parameters(), *model.buffers())}
    if len(devices) > 1 or any(device.type == "meta" for device in devices):
        names = ", ".join(sorted(str(device) for device in devices))
        raise ValueError(f"The model lies on {names}; put all of it on one real device: model.to.")
    return devices.pop() if devices else torch.device("cpu")


def runs_ahead(device):
    """Whether Python goes on while the device computes, so that reading a number costs a wait."""
    return torch.device(device).type != "cpu"


@contextmanager
def memory_advice():
    """Say what helps when the GPU's memory is full."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise torch.OutOfMemoryError(
            "The memory of the GPU is full. Use a smaller batch_size, shut down other notebooks "
            "that use the GPU (they keep its memory until then), and restart this kernel."
        ) from error
