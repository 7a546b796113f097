"""The SDK's agreement: what is asked of the server, and the frames made of its answer."""

from __future__ import annotations

import pytest

from kodkod_sdk import Client

HALF = {"value": 0.5, "low": 0.25, "high": 0.75, "undefined": ""}
NONE = {"value": None, "low": None, "high": None, "undefined": "everybody said 'a'"}
REPORT = {
    "scheme": "tone",
    "component": "labels",
    "seq": 9,
    "labels": ["a", "b"],
    "coders": [
        {"name": "one", "machine": False, "n": 3},
        {"name": "two", "machine": False, "n": 3},
    ],
    "n": 3,
    "pairable": 3,
    "single": 0,
    "random_share": 1.0,
    "strategies": {"random": 3},
    "overall": {"alpha": HALF, "percent": NONE},
    "by_label": {"a": {"alpha": HALF}, "b": {"alpha": NONE}},
    "by_pair": [
        {
            "first": "one",
            "second": "two",
            "n": 3,
            "overall": {"alpha": HALF},
            "table": [[1, 2], [0, 4]],
            "by_label": None,
        }
    ],
    "coincidences": [[2.0, 2.0], [2.0, 8.0]],
    "over": [],
    "reading": "alpha is 0.50.",
    "notes": [],
}


def test_the_question_and_the_frames(loopback, answer):
    path = "/api/v1/projects/p/schemes/tone/agreement"
    query = "measures=alpha&measures=percent&split=all&over=week&positions=1&positions=2"
    loopback.lay(f"GET {path}?{query}&replicates=10", answer(200, REPORT))

    with Client(loopback.url, token="kk_x") as client:
        found = client.project("p").agreement(
            "tone", ["alpha", "percent"], over="week", positions=[1, 2], replicates=10
        )

    assert found.report.pairable == 3
    assert found.overall.rows() == [
        ("alpha", 0.5, 0.25, 0.75, ""),
        ("percent", None, None, None, "everybody said 'a'"),
    ]
    assert found.by_label["label"].to_list() == ["a", "b"]
    assert found.by_pair.row(0)[:5] == ("one", "two", 3, "alpha", 0.5)
    assert found.over.columns[:3] == ["start", "end", "pairable"]
    assert found.table("one", "two").rows() == [("a", 1, 2), ("b", 0, 4)]
    assert found.table("two", "one").rows() == [("a", 1, 0), ("b", 2, 4)]
    assert found.coincidences.rows() == [("a", 2.0, 2.0), ("b", 2.0, 8.0)]
    with pytest.raises(LookupError, match="one and three"):
        found.table("one", "three")
