"""What a timing belongs to: the name of the processor."""

import platform
from pathlib import Path


def processor():
    """The processor's name, as the system knows it."""
    path = Path("/proc/cpuinfo")
    text = path.read_text() if path.exists() else ""
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.processor()
