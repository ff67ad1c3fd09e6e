"""The exercises of notebook 02, in its order."""

ORDER = ("output_size", "conv2d", "same_padding", "solve_settings", "receptive_field")
