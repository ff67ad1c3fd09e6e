"""Training a classifier: device, seeds, the loop, checkpoints; no model and no data.

`run` holds the loop; `fast` is how it saves time, `checkpoint` how it survives a kill, `checks`
what it refuses, `devices` where it computes.
"""

from helpers.training.devices import pick_device, seed_everything
from helpers.training.run import Step, evaluate, fit, steps

__all__ = ["Step", "evaluate", "fit", "pick_device", "seed_everything", "steps"]
