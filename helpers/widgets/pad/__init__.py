"""The digit pad: a digit is drawn, and a network says what it makes of it."""

from helpers.widgets.pad.state import DigitPad, Pad

__all__ = ["DigitPad", "Pad"]
