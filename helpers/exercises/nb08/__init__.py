"""The exercises of notebook 08, in its order."""

ORDER = ("deep_cnn", "ablation_table", "batch_norm", "beat_the_baseline")
