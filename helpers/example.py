"""The running example of notebooks 01 to 05, once; from Dumoulin & Visin (2016), all integers."""

import torch

IMAGE = torch.tensor(
    [[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])
OUTPUT = torch.tensor([[12.0, 12, 17], [10, 17, 19], [9, 6, 14]])  # stride 1, no padding
