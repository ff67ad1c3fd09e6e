"""The pooling stepper: a window that keeps the largest number, or the average."""

from helpers.widgets.pooling.state import Pooling, PoolingStepper

__all__ = ["Pooling", "PoolingStepper"]
