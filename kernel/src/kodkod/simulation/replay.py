"""One seed's replay of one strategy."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Need
from kodkod.project.choice import Choice
from kodkod.simulation.corpus import Division, LabelledCorpus
from kodkod.simulation.learner import Learner
from kodkod.simulation.pool import Known, drawn, order_of
from kodkod.simulation.scores import Scorer, certain

__all__ = ["Replay", "Trace"]

_MODEL, _STRATEGY, _ORDER = 1, 2, 3
"""Which stream of random numbers: what is drawn for one thing changes nothing of another."""


_PREDICTED: frozenset[Need] = frozenset({"probabilities", "committee", "held_out"})


class Trace(Struct, frozen=True):
    """The scores after each number of labels, and the processor seconds of each order."""

    scores: list[float]
    order_seconds: list[float]


class _Learnt(Struct, frozen=True):
    """What a model knows by now: `probabilities` is None where it could not be taught."""

    score: float
    probabilities: NDArray[np.float32] | None


class Replay:
    """One seed's texts, which every strategy of that seed shares, with what is learnt at first."""

    def __init__(
        self,
        corpus: LabelledCorpus,
        division: Division,
        learner: Learner,
        scorer: Scorer,
        seed: list[int],
    ) -> None:
        self._corpus, self._division = corpus, division
        self._learner, self._scorer = learner, scorer
        self._seed = seed
        self._tested = corpus.targets[division.test]
        self._targets = corpus.targets[division.train]
        self._embeddings = None if corpus.embeddings is None else corpus.embeddings[division.train]
        self._at_start: _Learnt | None = None

    def run(self, choice: Choice, batch: int, rounds: int, tell: Callable[[int], None]) -> Trace:
        """Let a strategy choose `batch` texts `rounds` times; `tell` hears the labels so far."""
        labelled = self._division.start
        tell(len(labelled))
        learnt = self._first()
        scores, seconds = [learnt.score], []
        for turn in range(rounds):
            # Its choices hang on no other strategy of the plan.
            seed = [*self._seed, turn, zlib.crc32(choice.encoded().encode())]
            rng = np.random.default_rng([*seed, _STRATEGY])
            may = np.ones(len(self._targets), dtype=np.bool_)
            may[labelled] = False
            known = self._known(choice, labelled, learnt, rng)
            if known is None:
                asked = drawn(rng.permutation(len(may)), may, batch, 0.0, rng)
            else:
                began = time.process_time()
                order = order_of(choice, known, [*seed, _ORDER])
                seconds.append(time.process_time() - began)
                asked = drawn(order, may, batch, choice.explore or 0.0, rng)
            labelled = np.sort(np.concatenate([labelled, asked]))
            tell(len(labelled))
            learnt = self._learn(labelled)
            scores.append(learnt.score)
        return Trace(scores, seconds)

    def whole(self) -> float:
        """Return the score of a model that was taught all texts to learn from."""
        return self._learn(np.arange(len(self._targets))).score

    def _first(self) -> _Learnt:
        if self._at_start is None:
            self._at_start = self._learn(self._division.start)
        return self._at_start

    def _learn(self, labelled: NDArray[np.int64]) -> _Learnt:
        division = self._division
        if not len(labelled):
            return _Learnt(0.0, None)
        taught = division.train[labelled]
        seed = int(np.random.default_rng([*self._seed, len(labelled), _MODEL]).integers(2**31))
        found = self._learner.predictions(taught, seed)
        if found is None:
            # Whoever has seen one value only expects it everywhere.
            same = np.repeat(self._targets[labelled[:1]], len(division.test), axis=0)
            guess = certain(same, len(self._corpus.labels))
            return _Learnt(self._scorer(self._tested, guess), None)
        return _Learnt(self._scorer(self._tested, found[division.test]), found[division.train])

    def _known(
        self,
        choice: Choice,
        labelled: NDArray[np.int64],
        learnt: _Learnt,
        rng: np.random.Generator,
    ) -> Known | None:
        """Return what the strategy is told, None if it cannot work with that yet."""
        train, reads = self._division.train, choice.reads
        committee = held_out = None
        if learnt.probabilities is not None and "committee" in reads:
            members = self._learner.committee(train[labelled], rng)
            committee = None if members is None else members[:, train]
        if learnt.probabilities is not None and "held_out" in reads:
            held_out = self._learner.held_out(train[labelled], rng)
        known = Known(
            n_rows=len(self._targets),
            labels=self._corpus.labels,
            multilabel=self._corpus.multilabel,
            labelled=labelled,
            targets=self._targets[labelled],
            embeddings=self._embeddings,
            probabilities=learnt.probabilities,
            committee=committee,
            held_out=held_out,
        )
        return known if all(known.has(need) for need in _PREDICTED & choice.needs) else None
