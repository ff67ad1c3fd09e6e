"""The lab's recipe from several seeds, measured as notebook 07 asks; no other network."""

import copy
import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch.utils.data import TensorDataset

from helpers.training import Step, seed_everything, steps
from tools.study.networks import lab


@dataclass(frozen=True)
class LabRun:
    """The lab's fifteen epochs; the last `held_out` training digits are kept for validation."""

    held_out: int = 0
    epochs: int = 15

    def run(self, seed, digits, measured, say):
        """What one seed gives: a dict for the study's file."""
        seed_everything(seed)
        model = lab(pool_first=True)
        parts = [tuple(part.split(len(digits[1]) - self.held_out)) for part in digits]
        train_set = TensorDataset(parts[0][0], parts[1][0])
        validation = TensorDataset(parts[0][1], parts[1][1]) if self.held_out else None
        history, best, start = [], {}, time.process_time()
        for event in steps(model, train_set, self.epochs, validation=validation):
            if isinstance(event, Step):
                continue
            history.append(event)
            say(f"epoch {event['epoch']}, loss {event['loss']:.4f}")
            if validation is not None and event == min(history, key=lambda e: e["val_loss"]):
                best = {"best_epoch": event["epoch"], "weights": copy.deepcopy(model.state_dict())}
        seconds = time.process_time() - start
        result = {
            "seed": seed,
            "parameters": sum(p.numel() for p in model.parameters()),
            "seconds": round(seconds, 2),
            **_measured(model, *measured),
            **_measured(model, 255 * measured[0], measured[1], "_255"),
        }
        if best:
            model.load_state_dict(best.pop("weights"))
            result |= best | _measured(model, *measured, "_best")
            keys = ("loss", "val_loss", "val_accuracy")
            result["history"] = [
                {"epoch": event["epoch"]} | {key: round(event[key], 5) for key in keys}
                for event in history
            ]
        return result


@torch.no_grad()
def _measured(model, images, labels, ending=""):
    """Accuracy, loss and mean largest probability on these digits, in eval mode."""
    model.eval()
    logits = torch.cat([model(part) for part in images.split(1000)])
    values = {
        "accuracy": (logits.argmax(1) == labels).double().mean().item(),
        "loss": F.cross_entropy(logits, labels).item(),
        "confidence": logits.softmax(1).amax(1).mean().item(),
    }
    return {key + ending: round(value, 5) for key, value in values.items()}


ROWS = {
    "60,000 digits": LabRun(),
    "50,000 digits, 10,000 for validation": LabRun(held_out=10_000),
}
