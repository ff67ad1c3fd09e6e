"""The training monitor: a training to watch and to stop."""

from helpers.widgets.monitor.monitor import TrainingMonitor

__all__ = ["TrainingMonitor"]
