"""Notebook 08 stands on its studies: batch norm by hand is torch's, and its sentences hold."""

from statistics import mean

import pytest
import torch
import torch.nn.functional as F
from scipy.stats import ttest_ind

from helpers.exercises.nb08.ablation_table import BASELINE, CHANGES, share_of_deals
from helpers.exercises.nb08.batch_norm import CASES, batch_norm
from helpers.racing import lead
from helpers.studies import read_study

CLAIMS = {  # study, row, the row that it is held against, what notebook 08 says of it
    ("deep_lab", "without dropout", None): "nothing",
    ("ablations", "no padding", None): "nothing",
    ("ablations", "average pooling", None): "worse",
    ("ablations", "no ReLU", None): "nothing",
    ("ablations", "stride 2 instead of pooling", None): "worse",
    ("ablations", "no convolution, as many parameters", None): "worse",
    ("ablations", "pixels shuffled", None): "worse",
    (
        "ablations",
        "pixels shuffled, no convolution",
        "no convolution, as many parameters",
    ): "nothing",
    ("ablations", "learning rate 0.0001", None): "worse",
    ("ablations", "learning rate 0.01", None): "nothing",
    ("what_pays", "one-cycle", None): "better",
    ("what_pays", "batch norm", None): "better",
    ("what_pays", "batch norm, one-cycle", None): "better",
    ("what_pays", "batch norm, one-cycle", "one-cycle"): "nothing",
    ("what_pays", "and label smoothing 0.1", "batch norm, one-cycle"): "better",
    ("what_pays", "and small affine shifts", "batch norm, one-cycle"): "nothing",
    ("what_pays", "and five views at test time", "batch norm, one-cycle"): "nothing",
    ("seconds", "data in memory", "the listing"): "nothing",
    ("seconds", "channels last, fused Adam", "data in memory"): "nothing",
    ("seconds", "pooling before ReLU", "channels last, fused Adam"): "nothing",
    ("seconds", "batch 256", "pooling before ReLU"): "worse",
    ("seconds", "one-cycle to 0.01, betas 0.7 and 0.9", "batch 256"): "better",
    (
        "seconds",
        "batch norm, batch 128",
        "one-cycle to 0.01, betas 0.7 and 0.9",
    ): "nothing",
    (
        "seconds",
        "16 first kernels of 5 by 5 with stride 2",
        "batch norm, batch 128",
    ): "nothing",
    (
        "seconds",
        "six tenths of an epoch",
        "16 first kernels of 5 by 5 with stride 2",
    ): "worse",
}


def verdict(a, b):
    """Better, worse or nothing: Welch's t test at the level of 0.01."""
    if ttest_ind(a, b, equal_var=False).pvalue >= 0.01:
        return "nothing"
    return "better" if mean(a) > mean(b) else "worse"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim[0]}-{claim[1]}")
def test_what_08_says_of_a_row_is_what_its_seeds_say(claim):
    study, name, other = claim
    rows = {r["row"]: [s["accuracy"] for s in r["seeds"]] for r in read_study(study)["rows"]}
    assert verdict(rows[name], rows[other or next(iter(rows))]) == CLAIMS[claim]


def test_two_labs_are_not_told_apart():
    """What 08 says of the deeper network after two epochs and the lab's after fifteen."""
    deeper, before = (read_study(name)["rows"][0]["seeds"] for name in ("deep_lab", "seeds"))
    assert verdict(*([run["accuracy"] for run in row] for row in (deeper, before))) == "nothing"


@pytest.mark.parametrize("name", CHANGES)
def test_cards_and_welch_agree_on_the_table_of_the_exercise(name):
    row = CHANGES[name]
    by_cards = share_of_deals(row, BASELINE) < 0.01
    assert by_cards == (verdict(row, BASELINE) != "nothing")


@pytest.mark.parametrize("case", CASES)
def test_batch_norm_by_hand_is_that_of_torch(case):
    x, gamma, beta, mean_of_torch, var_of_torch, training, momentum, eps = case
    by_hand = batch_norm(*case)
    kept = mean_of_torch.clone(), var_of_torch.clone()
    y = F.batch_norm(x, *kept, gamma, beta, training, momentum, eps)
    for ours, theirs in zip(by_hand, (y, *kept), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_lead_counts_only_what_one_of_two_reads():
    a = torch.tensor([True] * 9 + [False] * 1 + [True] * 90)
    b = torch.tensor([False] * 9 + [True] * 1 + [True] * 90)
    assert lead(a, b) == pytest.approx((9 - 1) / 10**0.5)
    assert lead(b, a) == -lead(a, b) and lead(a, a) == 0
