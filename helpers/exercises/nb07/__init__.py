"""The exercises of notebook 07, in its order."""

ORDER = ("scale_bug", "confusion_matrix", "occlusion_map", "centre_digit")
