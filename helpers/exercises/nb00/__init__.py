"""The exercise of notebook 00."""

ORDER = ("pixels",)
