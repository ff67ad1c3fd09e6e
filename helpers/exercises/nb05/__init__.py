"""The exercises of notebook 05, in its order."""

ORDER = ("pool_sizes", "max_pool2d", "avg_pool2d", "probe", "pixel_gradient")
