"""The exercises of notebook 04, in its order; layers.py is what 04.equivariance tries tests on."""

ORDER = ("toeplitz", "im2col", "parameters", "kernel_gradient", "equivariance")
