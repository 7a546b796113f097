"""Worked examples from the papers that the coefficients are from."""

from __future__ import annotations

import numpy as np
import pytest

from kodkod_agreement.label_sets import jaccard, masi

from .coding import from_table, krippendorff_2004, of_labels, of_passages, value_of

# Krippendorff (2011), section C: 4 observers, 12 units; 0: nothing said.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
).T

# Fleiss (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
FLEISS = """0 0 0 6 0;0 3 0 0 3;0 1 4 0 1;0 0 0 0 6;0 3 0 3 0;2 0 4 0 0;0 0 4 0 2;
2 0 3 1 0;2 0 0 4 0;0 0 0 0 6;1 0 0 5 0;1 1 0 4 0;0 3 3 0 0;1 0 0 5 0;
0 2 0 3 1;0 0 5 0 1;3 0 0 1 2;5 1 0 0 0;0 2 0 4 0;1 0 2 0 3;0 0 0 0 6;
0 1 0 5 0;0 2 0 1 3;2 0 0 4 0;1 0 0 4 1;0 5 0 1 0;4 0 0 0 2;0 2 0 4 0;
1 0 5 0 0;0 0 0 0 6"""


def test_krippendorff_2011_four_observers_with_missing_data():
    report = of_labels(KRIPPENDORFF - 1, 5, positions=[1, 2, 3, 4, 5])
    assert report.n == 12
    assert report.pairable == 11
    assert value_of(report, "alpha") == pytest.approx(0.743, abs=5e-4)
    assert value_of(report, "alpha_ordinal") == pytest.approx(0.815, abs=5e-4)
    assert value_of(report, "alpha_interval") == pytest.approx(0.849, abs=5e-4)
    # The coincidence matrix of the paper, whose lines sum to the values' frequencies.
    assert np.round(report.coincidences, 3).tolist() == [
        [7, 1.333, 0.333, 0.333, 0],
        [1.333, 10, 1.333, 0.333, 0],
        [0.333, 1.333, 8, 0.333, 0],
        [0.333, 0.333, 0.333, 4, 0],
        [0, 0, 0, 0, 3],
    ]


def test_fleiss_1971():
    counts = [[int(n) for n in line.split()] for line in FLEISS.replace("\n", "").split(";")]
    values = [[label for label, n in enumerate(line) for _ in range(n)] for line in counts]
    report = of_labels(values, 5)
    assert value_of(report, "percent") == pytest.approx(0.5556, abs=5e-4)
    assert value_of(report, "fleiss_kappa") == pytest.approx(0.430, abs=5e-4)


def test_cohen_1960():
    # Table 1: proportions of 200 patients by two judges.
    report = of_labels(from_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]]), 3)
    assert value_of(report, "percent") == pytest.approx(0.70)
    assert value_of(report, "cohen_kappa") == pytest.approx(0.492, abs=5e-4)


def test_artstein_and_poesio_2008():
    # Tables 1 and 2: two coders of 100 utterances, statements and requests.
    report = of_labels(from_table([[20, 20], [10, 50]]), 2)
    assert value_of(report, "percent") == pytest.approx(0.7)
    assert value_of(report, "scott_pi") == pytest.approx((0.7 - 0.545) / (1 - 0.545))
    assert value_of(report, "cohen_kappa") == pytest.approx((0.7 - 0.54) / (1 - 0.54))


def test_prevalence_does_not_pull_ac1_down():
    # 118 of 125 texts said to be positive by both: kappa falls below 0, AC1 does not.
    report = of_labels(from_table([[118, 5], [2, 0]]), 2)
    assert value_of(report, "cohen_kappa") == pytest.approx(-0.0234, abs=5e-4)
    assert value_of(report, "ac1") == pytest.approx(0.9408, abs=5e-4)


def test_passonneau_2006_distances():
    sets = np.array(
        [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]], np.uint8
    )
    apart = masi(sets)
    assert apart[0, 0] == 0
    assert apart[0, 1] == pytest.approx(1 - 2 / 3 * 2 / 3)  # one holds the other
    assert apart[0, 2] == pytest.approx(1 - 1 / 3 * 1 / 3)  # they overlap
    assert apart[0, 3] == 1  # nothing in common
    assert apart[0, 4] == 1
    assert apart[4, 4] == 0
    assert jaccard(sets)[0, 1] == pytest.approx(1 / 3)


def test_krippendorff_2004_unitizing():
    report = of_passages(*krippendorff_2004(), gamma_samples=2)
    assert report.by_label["c"]["alpha_u"].value == pytest.approx(0.7286, abs=1e-4)
    assert report.by_label["k"]["alpha_u"].value == pytest.approx(1)
    assert value_of(report, "alpha_u") == pytest.approx(0.859, abs=5e-4)


def test_krippendorff_1995_unitizing():
    # Label A of the figure on p. 57, on 24 characters, and drawn out to many: D_e then tends to
    # what the paper has for a continuous line.
    from kodkod.api import Span

    stretch = 50_000
    first, second = [(2, 10), (14, 20)], [(4, 8), (15, 17)]
    spans = [[[Span(a * stretch, b * stretch, "c") for a, b in each] for each in (first, second)]]
    report = of_passages(spans, [24 * stretch], measures=("alpha_u",))
    assert report.by_label["c"]["alpha_u"].value == pytest.approx(0.553, abs=5e-4)
