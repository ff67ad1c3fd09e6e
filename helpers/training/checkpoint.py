"""A training run on disk: written whole, and read only by the run that it belongs to."""

import os
from pathlib import Path

import torch


class Checkpoint:
    """A training run on disk: whole or not there, and never another run's."""

    KEYS = {"epoch", "history", "settings", "model", "optimizer", "rng", "cuda_rng"}

    def __init__(self, path, model, optimizer, batches, lr):
        self.path, self.model, self.optimizer = Path(path), model, optimizer
        # What a resumed run must share with the first. The number of epochs may grow.
        self.settings = {
            "batch_size": batches.batch_size,
            "lr": float(lr),
            "samples": len(batches.dataset),
            "digits": batches.checksum(),
            "model": str(model),
            "weights": {name: list(value.shape) for name, value in model.state_dict().items()},
            "device": torch.device(batches.device).type,
            "threads": torch.get_num_threads(),  # sums that threads share are rounded otherwise
        }

    def load(self, epochs):
        """Put the stored state back, if there is one; return its history."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return []
        state = self._read()
        theirs = state["settings"]
        differ = [name for name in self.settings if theirs.get(name) != self.settings[name]]
        if differ:
            raise ValueError(
                f"The checkpoint {self.path} belongs to another run: not the same "
                f"{', '.join(differ)}. Give this run a path of its own, or delete the file."
                f"{self._remedy(theirs, differ)}"
            )
        history = state["history"]
        if len(history) > epochs:
            raise ValueError(
                f"The checkpoint {self.path} is already at epoch {len(history)}; you asked for "
                f"{epochs}. Ask for {len(history)} or more, or give another path."
            )
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["rng"])
        if state["cuda_rng"] and len(state["cuda_rng"]) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all(state["cuda_rng"])
        print(f"Going on from the checkpoint: {len(history)} of {epochs} epochs are done.")
        return history

    def _remedy(self, theirs, differ):
        """Only another number of threads can be put right without touching the run."""
        if differ != ["threads"] or "threads" not in theirs:
            return ""
        theirs = theirs["threads"]
        return f" To go on with it here, first call torch.set_num_threads({theirs})."

    def _read(self):
        try:
            state = torch.load(self.path, map_location="cpu", weights_only=True)
            if set(state) != self.KEYS or state["epoch"] != len(state["history"]):
                raise ValueError("not written by fit")
        except Exception as error:
            raise ValueError(
                f"The checkpoint {self.path} cannot be read ({type(error).__name__}); it was left "
                "as it is. Give another path, or delete the file to start again."
            ) from error
        return state

    def save(self, history):
        """Replace the file in one step, so that a kill at any moment leaves a whole one."""
        state = {
            "epoch": len(history),
            "history": history,
            "settings": self.settings,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        part = self.path.with_name(self.path.name + ".part")
        try:
            with open(part, "wb") as file:
                torch.save(state, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, self.path)
        finally:
            part.unlink(missing_ok=True)
