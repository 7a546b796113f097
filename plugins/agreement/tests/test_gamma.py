"""Alignments of least disorder, and gamma, beside pygamma-agreement."""

from __future__ import annotations

import logging
import warnings

import numpy as np
import pytest

from kodkod.api import Span
from kodkod_agreement.aligning import least_disorder

from .coding import krippendorff_2004, of_passages, value_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyannote.core import Segment
    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum
    from pygamma_agreement.sampler import ShuffleContinuumSampler

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def random_marks(rng, coders: int):
    marked = []
    for _ in range(coders):
        starts = rng.choice(80, rng.integers(1, 4), replace=False)
        lengths = rng.integers(3, 20, len(starts))
        labels = rng.integers(0, 3, len(starts))
        marked.append(np.stack([starts, starts + lengths, labels], axis=1).astype(float))
    return marked


def continuum_of(marked) -> Continuum:
    continuum = Continuum()
    for coder, marks in enumerate(marked):
        for start, end, label in marks:
            continuum.add(f"coder {coder}", Segment(start, end), str(int(label)))
    return continuum


@pytest.mark.parametrize("coders", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_alignment_is_as_good_as_theirs(coders, seed):
    marked = random_marks(np.random.default_rng([coders, seed]), coders)
    theirs = continuum_of(marked).get_best_alignment(CombinedCategoricalDissimilarity())
    mean = sum(map(len, marked)) / coders
    assert least_disorder(marked) / mean == pytest.approx(theirs.disorder, rel=1e-5)


def test_gamma_is_theirs_but_for_the_draws_of_chance():
    spans, lengths = krippendorff_2004()
    ours = of_passages(spans, lengths, gamma_samples=400)
    marks = [[(each.start, each.end, each.label == "k") for each in one] for one in spans[0]]
    theirs = continuum_of(marks).compute_gamma(
        CombinedCategoricalDissimilarity(), n_samples=200, sampler=ShuffleContinuumSampler()
    )
    # They keep the random shifts of two coders apart by half a passage, hence the tolerance.
    assert value_of(ours, "gamma") == pytest.approx(theirs.gamma, abs=0.12)


def test_more_texts_than_are_aligned_are_sampled_and_it_is_said():
    spans = [[[Span(0, 5, "c")], [Span(i % 3, 6, "c")]] for i in range(30)]
    report = of_passages(spans, [40] * 30, gamma_texts=10, gamma_samples=5, replicates=50)
    assert any("10 texts drawn at random from 30" in note for note in report.notes)
    assert report.overall["gamma"].low < report.overall["gamma"].value


def test_texts_with_too_many_alignments_are_left_out_and_it_is_said():
    many = [Span(3 * i, 3 * i + 2, "c") for i in range(40)]
    few = [Span(0, 4, "c")]
    report = of_passages([[many] * 3, [few] * 3], [200, 50], gamma_samples=3)
    assert any("leaves 1 texts out" in note for note in report.notes)
    assert value_of(report, "gamma") == pytest.approx(1)


def test_passages_nobody_marked_are_undefined():
    report = of_passages([[[], []]], [50])
    assert all(
        each.value is None and "Nobody marked" in each.undefined for each in report.overall.values()
    )
