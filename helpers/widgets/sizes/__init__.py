"""The size explorer: every place of a kernel along one axis, counted and calculated."""

from helpers.widgets.sizes.state import SizeExplorer, Sizes

__all__ = ["SizeExplorer", "Sizes"]
