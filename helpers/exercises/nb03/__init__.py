"""The exercises of notebook 03, in its order; calls.py holds what the four repairs share."""

ORDER = (
    "conv2d_nchw",
    "count_parameters",
    "trace_shapes",
    "repair_bytes",
    "repair_photo",
    "repair_digit",
    "repair_greys",
)
