"""The convolution stepper: a window that walks over an image and asks for sums."""

from helpers.widgets.stepper.state import ConvolutionStepper, Stepper

__all__ = ["ConvolutionStepper", "Stepper"]
