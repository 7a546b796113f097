"""The simulation: every strategy, every seed, and what that comes to."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, InvalidParamsError, JobContext, Score
from kodkod.plugins import PluginRegistry
from kodkod.project.choice import Choice
from kodkod.simulation.choices import RANDOM, choose_all
from kodkod.simulation.corpus import LabelledCorpus, check_enough, divide
from kodkod.simulation.curves import area, interval, labels_needed
from kodkod.simulation.learner import Learner
from kodkod.simulation.plan import Plan
from kodkod.simulation.pool import Known, order_of
from kodkod.simulation.replay import Replay, Trace
from kodkod.simulation.report import SimulatedPoint, SimulatedStrategy
from kodkod.simulation.scores import Scorer, certain
from kodkod.simulation.telling import Telling

__all__ = ["Simulated", "simulate"]

_DIVISION, _REPLAY = 0, 1
_REHEARSED = 50


class Simulated(Struct, frozen=True, kw_only=True):
    """What came of a plan: the strategies in its order, and the score with all labelled."""

    strategies: list[SimulatedStrategy]
    whole: Score
    rounds: int
    n_test: int
    notes: list[str]


def simulate(
    corpus: LabelledCorpus, plan: Plan, registry: PluginRegistry, ctx: JobContext
) -> Simulated:
    """Replay a plan on a corpus. One plan on one corpus always comes to the same.

    All strategies of a seed start from the same texts and are tested on the same, so that their
    differences are paired. A strategy that cannot work before a model has learnt is drawn at
    random until then. Before there is any label the score is 0, and with one value seen that
    value is expected everywhere.

    Raises:
        NotFoundError: a strategy or model is not installed.
        InvalidInputError: the texts do not suffice, or a strategy cannot be simulated.
        InvalidParamsError: the params of a strategy or of the model are wrong.
        Cancelled: the context was asked to stop.
    """
    check_enough(corpus, plan)
    chosen = choose_all(registry, plan, corpus)
    scorer = Scorer(registry, plan.metric, corpus.labels)
    scorer.check(corpus.targets)
    rounds = min(plan.rounds, (corpus.n - corpus.n_test(plan) - plan.start) // plan.batch)
    telling = Telling(ctx, plan.seeds * (len(chosen) * (rounds + 1) + 1))
    learner = Learner(registry, plan, corpus, telling)
    from threadpoolctl import threadpool_limits  # knows of what is imported by now

    # Models of a few hundred texts are too small to share among threads.
    with threadpool_limits(1):
        _rehearse(chosen, corpus, plan)
        traces, whole = _replay_all(corpus, plan, chosen, rounds, learner, scorer, telling)
    points = [plan.start + turn * plan.batch for turn in range(rounds + 1)]
    areas = [[area(points, trace.scores) for trace in each] for each in traces]
    random = next(i for i, each in enumerate(chosen) if each.spec.name == RANDOM)
    gains = [
        None if i == random else interval(np.subtract(each, areas[random]))
        for i, each in enumerate(areas)
    ]
    return Simulated(
        strategies=[
            _summed_up(each, plan, points, of_each, interval(area_), gain)
            for each, of_each, area_, gain in zip(chosen, traces, areas, gains, strict=True)
        ],
        whole=interval(whole),
        rounds=rounds,
        n_test=corpus.n_test(plan),
        notes=_notes(plan, rounds),
    )


def _replay_all(
    corpus: LabelledCorpus,
    plan: Plan,
    chosen: list[Choice],
    rounds: int,
    learner: Learner,
    scorer: Scorer,
    telling: Telling,
) -> tuple[list[list[Trace]], list[float]]:
    """Return the traces of each strategy, a seed each, and each seed's score of the whole."""
    traces: list[list[Trace]] = [[] for _ in chosen]
    whole: list[float] = []
    for seed in range(plan.seeds):
        division = divide(corpus, plan, np.random.default_rng([plan.seed, seed, _DIVISION]))
        replay = Replay(corpus, division, learner, scorer, [plan.seed, seed, _REPLAY])
        of = f"seed {seed + 1} of {plan.seeds}"
        telling.begin(f"everything labelled, {of}, {len(division.train)} labels")
        whole.append(replay.whole())
        for each, of_each in zip(chosen, traces, strict=True):
            said = partial(_said, telling, f"{each.spec.name}, {of}")
            of_each.append(replay.run(each, plan.batch, rounds, said))
    return traces, whole


def _said(telling: Telling, what: str, n: int) -> None:
    telling.begin(f"{what}, {n} labels")


def _summed_up(
    chosen: Choice,
    plan: Plan,
    points: list[int],
    traces: list[Trace],
    area_: Score,
    gain: Score | None,
) -> SimulatedStrategy:
    by_seed = [trace.scores for trace in traces]
    at_points = [interval(scores) for scores in zip(*by_seed, strict=True)]
    needed = [] if plan.target is None else _needed(points, by_seed, plan.target)
    seconds = [each for trace in traces for each in trace.order_seconds]
    return SimulatedStrategy(
        name=chosen.spec.name,
        title=chosen.spec.title,
        params=chosen.params,
        points=[
            SimulatedPoint(n=n, mean=score.value or 0.0, low=score.low, high=score.high)
            for n, score in zip(points, at_points, strict=True)
        ],
        area=area_,
        gain=gain,
        labels_for_target=_not_below_zero(interval(needed)) if needed else None,
        reached=len(needed),
        order_ms=1000 * float(np.mean(seconds)) if seconds else 0.0,
        final=at_points[-1],
        by_seed=by_seed,
    )


def _needed(points: list[int], by_seed: list[list[float]], target: float) -> list[float]:
    found = (labels_needed(points, scores, target) for scores in by_seed)
    return [each for each in found if each is not None]


def _not_below_zero(score: Score) -> Score:
    return score if score.low is None else msgspec.structs.replace(score, low=max(score.low, 0.0))


def _notes(plan: Plan, rounds: int) -> list[str]:
    notes: list[str] = []
    if rounds < plan.rounds:
        notes.append(
            f"{rounds} rounds instead of {plan.rounds}: there are no more labelled texts to draw."
        )
    if plan.seeds == 1:
        notes.append("One seed has no interval: a difference may be chance.")
    return notes


def _rehearse(chosen: list[Choice], corpus: LabelledCorpus, plan: Plan) -> None:
    """Have each strategy order a few texts, so that wrong params show before the work begins."""
    n, k = min(corpus.n, _REHEARSED), len(corpus.labels)
    labelled = np.arange(min(n // 2, max(plan.start, 2)))
    probabilities = _flat(corpus, n)
    known = Known(
        n_rows=n,
        labels=corpus.labels,
        multilabel=corpus.multilabel,
        labelled=labelled,
        targets=corpus.targets[labelled],
        embeddings=None if corpus.embeddings is None else corpus.embeddings[:n],
        probabilities=probabilities,
        committee=np.stack([probabilities, certain(corpus.targets[:n], k)]),
        held_out=probabilities[labelled],
    )
    for each in chosen:
        try:
            order_of(each, known, [plan.seed])
        except InvalidInputError as error:
            raise InvalidParamsError(
                f"The strategy {each.spec.name!r}: {error.message}", field="strategies"
            ) from error


def _flat(corpus: LabelledCorpus, n: int) -> NDArray[Any]:
    """Return predictions that favour the true labels a little."""
    k = len(corpus.labels)
    even = 0.5 if corpus.multilabel else 1 / k
    truth = certain(corpus.targets[:n], k)
    return (0.9 * even + 0.1 * truth).astype(np.float32)
