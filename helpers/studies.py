"""Results of long runs, as `python course.py study NAME` keeps them; runs nothing."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "studies"


def read_study(name):
    """The study NAME as a dict: "rows" is a list, each with "row", "parameters" and "seeds".

    ValueError that lists what there is.
    """
    path = FOLDER / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json"))) or "none"
        raise ValueError(f"There is no study {name!r}. There are: {known}.")
    return json.loads(path.read_text(encoding="utf-8"))
