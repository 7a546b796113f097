"""Beliefs and assessments on disk: bounded, in order, and whole after a kill."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from kodkod.api import Belief, CurvePoint, HeldOut, Score
from kodkod.store.beliefs import (
    KEPT_LINES,
    Assessment,
    AssessmentFacts,
    append_assessment,
    append_belief,
    assessment_stamp,
    read_assessment,
    read_assessments,
    read_beliefs,
    write_assessment,
)


def belief(version: int, **more) -> Belief:
    known = {
        "version": version,
        "trained_at_seq": 3 * version,
        "n_train": 10 * version,
        "at": datetime(2026, 5, 1, tzinfo=UTC),
        "label_ids": (4, 7),
        "share": (0.25, 0.75),
        "uncertainty": 0.5,
        "kappa": 0.9,
        "flows": ((4, 7, 12),),
    }
    return Belief(**{**known, **more})


def held_out(seq: int, value: float = 0.5) -> HeldOut:
    return HeldOut(n_train=seq, trained_at_seq=seq, score=Score(value=value, low=0.4, high=0.6))


def test_what_is_appended_comes_back_in_order(tmp_path):
    assert read_beliefs(tmp_path / "none") == []
    assert read_assessments(tmp_path / "none") == []
    home = tmp_path / "guides" / "1"
    for version in (1, 2, 3):
        append_belief(home, belief(version))
        append_assessment(home, held_out(version))
    assert read_beliefs(home) == [belief(1), belief(2), belief(3)]
    assert read_assessments(home) == [held_out(1), held_out(2), held_out(3)]


def test_a_job_that_runs_twice_leaves_one(tmp_path):
    for _ in range(2):
        append_belief(tmp_path, belief(1))
        append_assessment(tmp_path, held_out(8, 0.1))
    append_belief(tmp_path, belief(1, kappa=0.1))
    append_assessment(tmp_path, held_out(8, 0.2))
    assert read_beliefs(tmp_path) == [belief(1, kappa=0.1)]
    assert read_assessments(tmp_path) == [held_out(8, 0.2)]


def test_the_file_is_bounded(tmp_path):
    lines = [msgspec.json.encode(belief(version)) + b"\n" for version in range(1, KEPT_LINES + 1)]
    (tmp_path / "beliefs.jsonl").write_bytes(b"".join(lines))
    for version in (KEPT_LINES + 1, KEPT_LINES + 2):
        append_belief(tmp_path, belief(version))
    kept = read_beliefs(tmp_path)
    assert [each.version for each in kept] == list(range(3, KEPT_LINES + 3))
    assert (tmp_path / "beliefs.jsonl").read_bytes().count(b"\n") == KEPT_LINES
    assert [path.name for path in tmp_path.iterdir()] == ["beliefs.jsonl"]


@pytest.mark.parametrize("torn", range(1, 60, 7))
def test_a_line_torn_by_a_kill_costs_itself_and_no_other(tmp_path, torn):
    append_belief(tmp_path, belief(1))
    append_belief(tmp_path, belief(2))
    path = tmp_path / "beliefs.jsonl"
    path.write_bytes(path.read_bytes()[:-torn])

    assert read_beliefs(tmp_path)[0] == belief(1)
    append_belief(tmp_path, belief(3))

    versions = [each.version for each in read_beliefs(tmp_path)]
    # Without its newline alone, the line is still whole.
    assert versions == ([1, 2, 3] if torn == 1 else [1, 3])


def assessment(n: int = 3) -> Assessment:
    facts = AssessmentFacts(
        held_out=held_out(12),
        curve=[CurvePoint(n=8, score=Score(value=0.3), replicates=(0.2, 0.4))],
        label_ids=[4, 7],
        model="logistic",
        params={"cost": 2.0},
        features=["minilm"],
        seed=5,
    )
    return Assessment(facts, np.arange(n), np.full((n, 2), 0.5, dtype=np.float32))


def test_an_assessment_takes_the_place_of_the_one_before(tmp_path):
    assert read_assessment(tmp_path) is None
    assert assessment_stamp(tmp_path) == 0
    write_assessment(tmp_path, assessment(3))
    first = assessment_stamp(tmp_path)
    write_assessment(tmp_path, assessment(5))

    found = read_assessment(tmp_path)

    assert found is not None
    assert found.facts == assessment().facts
    np.testing.assert_array_equal(found.rows, np.arange(5))
    np.testing.assert_array_equal(found.held_out, np.full((5, 2), 0.5, dtype=np.float32))
    assert assessment_stamp(tmp_path) != first > 0


@pytest.mark.parametrize("name", ["assessment.json", "rows.npy", "held_out.npy"])
def test_a_damaged_assessment_is_none(tmp_path, name):
    write_assessment(tmp_path, assessment())
    path = tmp_path / "assessment" / name
    path.write_bytes(path.read_bytes()[:10])
    assert read_assessment(tmp_path) is None
    path.unlink()
    assert read_assessment(tmp_path) is None


def test_an_assessment_of_another_shape_is_none(tmp_path):
    write_assessment(tmp_path, assessment())
    np.save(tmp_path / "assessment" / "rows.npy", np.arange(9))
    assert read_assessment(tmp_path) is None
