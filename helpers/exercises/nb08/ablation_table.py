"""08.ablation_table: five rows of results, and for each what they show against the baseline."""

from itertools import combinations
from statistics import fmean as mean
from statistics import stdev

from helpers.exercises import Exercise, slip

BASELINE = [98.70, 98.76, 98.81, 98.73, 98.75]
CHANGES = {
    "A": [98.72, 98.94, 98.69, 98.90, 98.80],
    "B": [98.84, 98.83, 98.86, 98.85, 98.84],
    "C": [98.31, 98.44, 98.37, 98.29, 98.40],
    "D": [98.50, 99.05, 98.45, 98.70, 98.55],
    "E": [98.84, 99.00],
}
_DATA = f"""# Per cent of the digits that are read right, one number for each seed
plain = {BASELINE}
changed = {{
"""
_DATA += "".join(
    f'    "{name}": [{", ".join(f"{value:.2f}" for value in row)}],\n'
    for name, row in CHANGES.items()
)
_DATA = _DATA.replace("98.7,", "98.70,") + "}\n"


def share_of_deals(a, b):
    """Share of all ways to deal the results of two rows anew that differ at least as much."""
    results, found = [*a, *b], abs(mean(a) - mean(b))
    rest = sum(results)
    deals = list(combinations(results, len(a)))
    as_far = [abs(mean(d) - (rest - sum(d)) / len(b)) >= found - 1e-9 for d in deals]
    return mean(as_far)


def verdicts(*, counts=mean, sure=lambda a, b: share_of_deals(a, b) < 0.01):
    """A verdict for each row: counts(row) is compared, if sure(row, baseline)."""
    return {
        name: ("better" if counts(row) > counts(BASELINE) else "worse")
        if sure(row, BASELINE)
        else "nothing"
        for name, row in CHANGES.items()
    }


def _far(a, b):
    return round(abs(mean(a) - mean(b)), 3) > 0.1


def _line(key, name, value, message):
    return slip(key, message, after=lambda found: found | {name: value})


_A = (
    "A: its mean is higher, but two of its five seeds are below most of the baseline's. Deal the "
    "ten results anew, and a gap as wide comes out often."
)
_B = (
    "B: the gap is small, but each of its five seeds is above each of the baseline's. Of 252 deals "
    "only two are as far apart, this one and its mirror image."
)
_C = "C: each of its five seeds is below each of the baseline's. That is more than chance gives."
_D = (
    "D: one seed is the best of the whole table, and the mean is lower than the baseline's. The "
    "other four are spread so widely that both may be chance."
)
_E = (
    "E: two seeds. With the baseline's five there are only 21 deals, so that even the rarest comes "
    "in 1 of 21, about 5 %: more seeds are needed."
)
_UPSIDE_DOWN = "Accuracy is better where it is higher."

# fmt: off
EXERCISE = Exercise(
    name="08.ablation_table",
    title="Read a table of results",
    difficulty=2,
    minutes=6,
    stub=_DATA + 'verdicts = {"A": TODO, "B": TODO, "C": TODO, "D": TODO, "E": TODO}',
    solution=_DATA + """verdicts = {
    "A": "nothing",
    "B": "better",
    "C": "worse",
    "D": "nothing",
    "E": "nothing",
}""",
    walk=verdicts,
    why="B is small and sure, C large and sure. A and D overlap with the baseline, and E has too "
    "few seeds for any gap to be sure. How large a gap is and how sure it is are two questions.",
    hints=(
        "Write the baseline's lowest and highest seed on paper, and under them those of each row. "
        "Which rows lie wholly above, or wholly below?",
        "With five seeds against five there are 252 deals. The most extreme gap comes in 2 of "
        "them, or 0.8 %. With two seeds against five there are 21 deals.",
        "`chance(changed['A'], plain)` is the share of deals that are as far apart. Below 0.01 the "
        "row is 'better' or 'worse' by its mean, otherwise 'nothing'. A gives 0.31, C gives 0.008, "
        "D gives 0.44, E gives 0.05: one line is left.",
    ),
    slips=(
        slip("by-the-mean", "You go by the means alone. No two rows have the same mean, so that "
            "every change would be a discovery; ask what chance gives.", sure=lambda a, b: True),
        slip("by-the-best-seed", "You go by the best seed of each row. The more a row is spread, "
            "the better its best seed: that rewards luck.", counts=max, sure=lambda a, b: True),
        slip("by-the-worst-seed", "You go by the worst seed of each row. The mean uses all of "
            "them.", counts=min, sure=lambda a, b: True),
        slip("by-size", "You call a gap real if it is wide. A narrow one can be sure, if the "
            "spread is narrower still, and a wide one can be chance.", sure=_far),
        slip("level-of-five-per-cent", _E, after=lambda found: found | {"E": "better"}),
        slip("all-nothing", "You say that no row shows anything. In two of them each seed lies on "
            "one side of each of the baseline's.", after=lambda found: dict.fromkeys(found,
            "nothing")),
        _line("a-better", "A", "better", _A),
        _line("a-worse", "A", "worse", _A),
        _line("b-nothing", "B", "nothing", _B),
        _line("b-worse", "B", "worse", _B),
        _line("c-nothing", "C", "nothing", _C),
        _line("c-better", "C", "better", f"{_C} {_UPSIDE_DOWN}"),
        _line("d-better", "D", "better", _D),
        _line("d-worse", "D", "worse", _D),
        _line("e-worse", "E", "worse", _E),
        slip("by-the-spread", "You call a row worse if its seeds lie further apart. What counts is "
            "where they lie; the spread says how sure that is.",
            after=lambda found: {name: "worse" if stdev(row) > stdev(BASELINE) else "better"
                for name, row in CHANGES.items()}),
        slip("upside-down", _UPSIDE_DOWN,
            after=lambda found: {name: {"better": "worse", "worse": "better"}.get(v, v)
                for name, v in found.items()}),
        slip("shows-nothing", 'The words are "better", "worse" and "nothing", to the letter.',
            after=lambda found: {name: {"nothing": "shows nothing"}.get(v, v)
                for name, v in found.items()}),
    ),
)
# fmt: on
