"""The kernel lab: nine weights on a photograph or a digit, and the result at once."""

from helpers.widgets.kernels.state import KernelLab, Lab

__all__ = ["KernelLab", "Lab"]
