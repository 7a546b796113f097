"""Columns of a model's predictions against the labels of now."""

from __future__ import annotations

import numpy as np
import pytest

from kodkod.jobs.coding import Coding
from kodkod.jobs.scoring import align_columns
from kodkod.store.database import now
from kodkod.store.projects import Label, Scheme


def coding(ids: list[int], merged: dict[int, int | None]) -> Coding:
    scheme = Scheme(
        id=1,
        project_id=1,
        name="s",
        type="t",
        params={},
        codebook="",
        overlap=1,
        guide=None,
        created_at=now(),
        labels=[Label(id=id_, name=str(id_)) for id_ in ids],
    )
    rows = np.zeros(0, dtype=np.int64)
    return Coding(scheme=scheme, scheme_type=None, rows=rows, values=[], merged=merged, seq=0)


P = np.array([[0.5, 0.3, 0.2]], dtype=np.float32)


@pytest.mark.parametrize(
    ("ids", "merged", "single", "expected"),
    [
        ([1, 2, 3], {}, True, [0.5, 0.3, 0.2]),
        ([3, 1, 2], {}, True, [0.2, 0.5, 0.3]),
        ([1, 2, 3, 9], {}, True, [0.5, 0.3, 0.2, 0.0]),
        ([1, 2], {3: 2}, True, [0.5, 0.5]),
        ([1, 2], {3: None}, True, [0.625, 0.375]),
        ([1], {3: 2, 2: 1}, True, [1.0]),
        ([1, 2], {3: 2}, False, [0.5, 0.3]),
        ([1, 2], {3: None}, False, [0.5, 0.3]),
    ],
)
def test_columns_follow_the_labels(ids, merged, single, expected):
    found = align_columns(P, [1, 2, 3], coding(ids, merged), single=single)

    np.testing.assert_allclose(found, [expected], rtol=1e-6)
