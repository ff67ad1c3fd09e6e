"""How a measurement is summed up and printed; measures nothing."""

import statistics


def spread(values):
    """Median, least and most of some values."""
    figures = {"median": statistics.median(values), "least": min(values), "most": max(values)}
    return {name: round(value, 4) for name, value in figures.items()}


def lines(results, indent=""):
    """Nested results as lines of text."""
    for name, value in results.items():
        if isinstance(value, dict) and set(value) == {"median", "least", "most"}:
            least_to_most = f"({value['least']:g} to {value['most']:g})"
            yield f"{indent}{name:<44} {value['median']:g} {least_to_most}"
        elif isinstance(value, dict):
            yield f"{indent}{name}"
            yield from lines(value, indent + "    ")
        else:
            yield f"{indent}{name:<44} {value}"
