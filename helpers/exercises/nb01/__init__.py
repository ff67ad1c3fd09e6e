"""The exercises of notebook 01, in its order."""

ORDER = ("third_number", "conv2d", "true_convolution", "diagonal_kernel", "learn_kernel")
