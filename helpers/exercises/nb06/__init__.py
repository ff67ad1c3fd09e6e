"""The exercises of notebook 06, in its order."""

ORDER = (
    "trace_shapes",
    "untrained_loss",
    "train_step",
    "reorder",
    "accuracy",
    "checkpoint",
    "bug_1",
    "bug_2",
    "bug_3",
    "bug_4",
)
