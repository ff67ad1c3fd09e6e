"""Differently written right answers to the exercise of notebook 00."""

RIGHT = {"00.pixels": [784, 28 * 28, 28**2]}
RANDOM = {}
