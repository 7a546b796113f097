"""Majority, Dawid and Skene, MACE: by hand, on planted truth, against crowd-kit."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import NoParams, Votes
from kodkod_consensus.dawid_skene import DawidSkene
from kodkod_consensus.mace import Mace
from kodkod_consensus.majority import Majority
from kodkod_consensus.params import DawidSkeneParams, MaceParams

SEED = 5


def votes_of(table: list[list[int | None]], n_labels: int) -> Votes:
    """Return votes from a line for each unit and a column for each coder."""
    said = [(u, c, v) for u, line in enumerate(table) for c, v in enumerate(line) if v is not None]
    units, coders, labels = (np.array(each, dtype=np.int64) for each in zip(*said, strict=True))
    return Votes(
        units=units,
        coders=coders,
        labels=labels,
        n_units=len(table),
        n_coders=len(table[0]),
        n_labels=n_labels,
    )


def planted(
    accuracy: list[float], n_units: int = 300, n_labels: int = 3
) -> tuple[Votes, np.ndarray]:
    rng = np.random.default_rng(SEED)
    truth = rng.integers(0, n_labels, n_units)
    table = [
        [int(t) if rng.random() < a else int(rng.integers(0, n_labels)) for a in accuracy]
        for t in truth
    ]
    return votes_of(table, n_labels), truth


def agree(consensus, votes: Votes):
    return consensus.agree(votes, np.random.default_rng(SEED))


def test_a_majority_is_counted_and_a_tie_is_said() -> None:
    votes = votes_of([[0, 0, 1], [0, 1, None], [2, 2, 2]], 3)
    agreed = agree(Majority(NoParams()), votes)
    assert agreed.probabilities[0].tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert agreed.tied.tolist() == [False, True, False]
    # The tied text tells nothing of a coder.
    assert agreed.competence.tolist() == [1, 1, 0.5]


def test_a_good_coder_outvotes_two_who_guess() -> None:
    """What weighing is for: the labels of a good coder against those of two at random."""
    votes, truth = planted([0.95, 0.9, 0.9, 0.05, 0.05, 0.05, 0.05])
    majority = agree(Majority(NoParams()), votes).probabilities.argmax(axis=1)
    for weighted in (DawidSkene(DawidSkeneParams()), Mace(MaceParams())):
        agreed = agree(weighted, votes)
        right = (agreed.probabilities.argmax(axis=1) == truth).mean()
        assert right > (majority == truth).mean()
        assert agreed.competence[:3].min() > agreed.competence[3:].max()


def test_mace_finds_how_often_coders_look() -> None:
    looks = [0.9, 0.7, 0.5, 0.2]
    votes, _ = planted(looks, n_units=2_000)
    agreed = agree(Mace(MaceParams()), votes)
    assert agreed.competence == pytest.approx(looks, abs=0.06)


@given(data=st.data())
@settings(max_examples=8)
def test_dawid_and_skene_is_that_of_crowd_kit(data: st.DataObject) -> None:
    from crowdkit.aggregation import DawidSkene as Reference

    accuracy = data.draw(st.lists(st.floats(0.5, 0.95), min_size=3, max_size=6))
    votes, _ = planted(accuracy, n_units=60)
    ours = agree(DawidSkene(DawidSkeneParams(iterations=10, tolerance=0, smoothing=0)), votes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Reference(n_iter=10, tol=-1).fit_predict_proba(frame_of(votes))
    table = theirs.reindex(index=range(votes.n_units), columns=range(votes.n_labels)).fillna(0)
    assert ours.probabilities == pytest.approx(table.to_numpy(), abs=1e-4)


def test_mace_finds_what_crowd_kit_finds() -> None:
    from crowdkit.aggregation import MACE as Reference

    votes, _ = planted([0.9, 0.8, 0.6, 0.3, 0.1], n_units=100)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = Reference(method="em", random_state=SEED, n_iter=50, n_restarts=3)
        theirs = reference.fit_predict(frame_of(votes))
    ours = agree(Mace(MaceParams()), votes).probabilities.argmax(axis=1)
    assert (ours == theirs.reindex(range(votes.n_units)).to_numpy()).mean() > 0.97


def frame_of(votes: Votes):
    import pandas as pd

    return pd.DataFrame({"task": votes.units, "worker": votes.coders, "label": votes.labels})


@given(data=st.data())
@settings(max_examples=40)
@pytest.mark.parametrize("consensus", [Majority(NoParams()), DawidSkene(DawidSkeneParams())])
def test_names_of_labels_do_not_matter(consensus, data: st.DataObject) -> None:
    line = st.lists(st.integers(0, 2), min_size=4, max_size=4)
    table = data.draw(st.lists(line, min_size=1, max_size=12))
    turned = [[(label + 1) % 3 for label in line] for line in table]
    one = agree(consensus, votes_of(table, 3)).probabilities
    other = agree(consensus, votes_of(turned, 3)).probabilities
    assert np.roll(one, 1, axis=1) == pytest.approx(other, abs=1e-6)
