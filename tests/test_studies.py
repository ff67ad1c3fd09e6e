"""The long runs that are committed: complete, and a seed run again lies where its row says."""

from statistics import mean, median, stdev

import pytest

from helpers.mnist import load_mnist
from helpers.studies import read_study
from tools.study.rows import ROWS

STUDIES = {name: read_study(name) for name in ROWS}
KEYS = {"study", "command", "versions", "machine", "textbook_epoch_s", "rows"}
QUICK = ("sprint", "three convolutions, six tenths of an epoch")
LAB_EPOCHS = 15


@pytest.mark.parametrize("name", ROWS)
def test_a_study_says_what_it_is_and_has_the_rows_of_today(name):
    study = STUDIES[name]
    assert set(study) == KEYS and study["study"] == name
    assert [row["row"] for row in study["rows"]] == list(ROWS[name])
    for row in study["rows"]:
        seeds = [run["seed"] for run in row["seeds"]]
        assert seeds == list(range(len(seeds))) and len(seeds) >= 2
        assert all(0 < run["accuracy"] < 1 and run["seconds"] > 0 for run in row["seeds"])


@pytest.mark.parametrize(
    ("name", "accuracy", "share", "seeds"),
    [("sprint", 0.9879, 60, 5), ("t8", 0.994, 8, 5), ("best", 0.996, 1, 5), ("small", 0.994, 1, 3)],
)
def test_how_good_in_how_much_of_the_time_of_the_lab(name, accuracy, share, seeds):
    row = STUDIES[name]["rows"][0]
    part = median(LAB_EPOCHS * run["textbook_epoch_s"] / run["seconds"] for run in row["seeds"])
    reached = median(run["accuracy"] for run in row["seeds"])
    print(f"{name}: {reached:.4f} in T/{part:.1f}, {row['parameters']:,} parameters")
    assert len(row["seeds"]) >= seeds and reached >= accuracy and part >= share
    assert name != "small" or row["parameters"] < 8_000


@pytest.mark.slow
def test_a_seed_run_again_lies_within_the_spread_of_its_row(full_mnist):
    study, name = QUICK
    row = next(row for row in STUDIES[study]["rows"] if row["row"] == name)
    values = [run["accuracy"] for run in row["seeds"]]
    splits = [load_mnist(split) for split in ("train", "test")]
    digits, measured = [(split.images, split.labels) for split in splits]
    again = ROWS[study][name].run(0, digits, measured, lambda text: None)["accuracy"]
    print(f"again {again:.4f}, the row {mean(values):.4f} sd {stdev(values):.4f}")
    assert abs(again - mean(values)) < 4 * stdev(values)
