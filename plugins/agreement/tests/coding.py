"""Tables of values for tests."""

from __future__ import annotations

import numpy as np

from kodkod.api import AgreementReport, Coded, Span
from kodkod_agreement.one_label import OneLabel
from kodkod_agreement.params import LabelParams, PassageParams
from kodkod_agreement.passages import Passages

ALL = (
    "percent",
    "alpha",
    "alpha_ordinal",
    "alpha_interval",
    "cohen_kappa",
    "fleiss_kappa",
    "scott_pi",
    "ac1",
    "ac2",
)


def of_labels(
    values, k: int, positions=None, replicates: int = 0, weights="quadratic"
) -> AgreementReport:
    """Measure values `[n, coders]`, places among k labels, -1 for none."""
    values = np.asarray(values, dtype=np.int64)
    coded = Coded(
        labels=tuple(str(each + 1) for each in range(k)),
        coders=tuple(f"coder {each}" for each in range(values.shape[1])),
        values=values,
        positions=None if positions is None else np.asarray(positions, dtype=np.float64),
    )
    params = LabelParams(replicates=replicates, weights=weights)
    return OneLabel(params).measure(coded, ALL, np.random.default_rng(3))


def value_of(report: AgreementReport, name: str) -> float | None:
    return report.overall[name].value


def from_table(table) -> np.ndarray:
    """Return what two coders said of each text, from their contingency table."""
    cells = [[i, j] for i, line in enumerate(table) for j, n in enumerate(line) for _ in range(n)]
    return np.array(cells)


def random_values(seed: int, *, n: int = 60, coders: int = 3, k: int = 4, missing: float = 0.2):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, (n, 1))
    values = np.where(rng.random((n, coders)) < 0.6, truth, rng.integers(0, k, (n, coders)))
    values[rng.random(values.shape) < missing] = -1
    return values


def of_passages(spans, lengths, labels=("c", "k"), measures=None, **params) -> AgreementReport:
    coders = tuple(f"coder {each}" for each in range(len(spans[0])))
    coded = Coded(labels=labels, coders=coders, spans=spans, lengths=np.asarray(lengths))
    asked = measures or ("alpha_u", "gamma", "f1_exact", "f1_overlap")
    component = Passages(PassageParams(**{"replicates": 0, **params}))
    return component.measure(coded, asked, np.random.default_rng(5))


def krippendorff_2004() -> tuple[list[list[list[Span]]], list[int]]:
    """Return the example of Content Analysis (2004, p. 254): a continuum from 150 to 450."""
    first = [Span(75, 145, "c"), Span(220, 250, "c"), Span(30, 90, "k"), Span(150, 200, "k")]
    second = [
        Span(70, 150, "c"),
        Span(205, 225, "c"),
        Span(250, 270, "c"),
        Span(30, 90, "k"),
        Span(150, 200, "k"),
    ]
    return [[first, second]], [300]
