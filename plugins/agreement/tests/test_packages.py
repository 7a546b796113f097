"""The same figures as other packages give, on random tables."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as their_fleiss

from .coding import of_labels, random_values, value_of

seeds = st.integers(0, 10_000)


@given(seeds)
@settings(max_examples=25)
def test_alpha_is_that_of_krippendorff(seed):
    values = random_values(seed)
    report = of_labels(values, 4, positions=[1, 2, 4, 8])
    scaled = np.where(values < 0, np.nan, np.array([1, 2, 4, 8])[values])
    for level, name in (
        ("nominal", "alpha"),
        ("ordinal", "alpha_ordinal"),
        ("interval", "alpha_interval"),
    ):
        theirs = krippendorff.alpha(scaled.T, level_of_measurement=level, value_domain=[1, 2, 4, 8])
        assert value_of(report, name) == pytest.approx(theirs)


@given(seeds)
@settings(max_examples=25)
def test_kappas_are_those_of_statsmodels(seed):
    values = random_values(seed, missing=0)
    report = of_labels(values, 4)
    counts, _ = aggregate_raters(values, n_cat=4)
    assert value_of(report, "fleiss_kappa") == pytest.approx(their_fleiss(counts))
    for pair in report.by_pair:
        theirs = cohens_kappa(np.array(pair.table), return_results=False)
        assert pair.overall["cohen_kappa"].value == pytest.approx(theirs)
    kappas = [each.overall["cohen_kappa"].value for each in report.by_pair]
    assert value_of(report, "cohen_kappa") == pytest.approx(np.mean(kappas))


@pytest.mark.parametrize(
    ("weights", "ac2"),
    [("quadratic", 0.47495417), ("linear", 0.41485112), ("ordinal", 0.45515427)],
)
def test_gwet_and_fleiss_are_those_of_irrcac(weights, ac2):
    # Its release 0.4.4 asks for a scipy of 2024 and cannot be installed beside the rest, so these
    # are the figures that it gave of the same table, without its dependencies. It lets texts with
    # one coder say how common labels are; here they do not count.
    values = random_values(7)
    values = values[(values >= 0).sum(axis=1) >= 2]
    report = of_labels(values, 4, weights=weights)
    assert value_of(report, "ac1") == pytest.approx(0.35305368, abs=1e-7)
    assert value_of(report, "ac2") == pytest.approx(ac2, abs=1e-7)
    assert value_of(report, "fleiss_kappa") == pytest.approx(0.33981584, abs=1e-7)
