"""Searching for a model's params within a budget of trials."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from kodkod.api import InvalidInputError, Params, Score, ScoreReport, decode_params
from kodkod.jobs.context import PartContext
from kodkod.jobs.judging import Judge, figure_of
from kodkod.project.teaching import Range, SearchPlan
from kodkod.project.validated import Searched, Trial

__all__ = ["check_space", "search_params"]

_OF_A_RANGE = 5
_MOST_IN_A_GRID = 100_000
_MOST_DRAWS = 50


def check_space(plan: SearchPlan, params: type[Params], given: Mapping[str, Any]) -> None:
    """Refuse a search over what the component does not have.

    Raises:
        InvalidParamsError: a name is unknown, or a value cannot be used.
        InvalidInputError: a range is empty, or the grid is too large to be laid out.
    """
    for name, values in plan.space.items():
        if isinstance(values, Range):
            _check_range(name, values)
            values = [_number(values, 0.0), _number(values, 1.0)]
        for value in values:
            decode_params(params, {**given, name: value})
    if plan.method == "grid" and _grid_size(plan) > _MOST_IN_A_GRID:
        raise InvalidInputError(
            f"The grid has {_grid_size(plan)} combinations; give fewer values, or use the method "
            "'random'.",
            field="search",
        )


def search_params(
    judge: Judge,
    plan: SearchPlan,
    given: Params,
    metric: str,
    seed: int,
    ctx: PartContext,
) -> Searched:
    """Try params one after the other; what a killed run had judged is not judged again.

    Each trial is reported as the metrics `trial`, its figure and `best`, the best so far.

    Raises:
        InvalidInputError: not one trial could be judged, or the metric has no such figure.
    """
    trials: list[Trial] = []
    figure, best = plan.figure, -math.inf
    planned = list(_trials(plan, given, np.random.default_rng([seed, len(plan.space)])))
    for place, tried in enumerate(planned):
        part = ctx.part(place / len(planned), (place + 1) / len(planned), f"trial-{place + 1}")
        part.progress(0.0, f"trial {place + 1} of {len(planned)}")
        began = time.monotonic()
        try:
            report = _judged(judge, plan, tried, part)
        except InvalidInputError as error:
            trials.append(_failed(tried, began, error.message))
            continue
        figure = figure_of(report, plan.figure)
        score = report.overall[figure]
        trials.append(Trial(params=tried, score=score, seconds=time.monotonic() - began))
        if score.value is not None:
            best = max(best, score.value)
            said = {"trial": place + 1.0, figure: score.value, f"best_{figure}": best}
            ctx.progress((place + 1) / len(planned), "", **said)
    scores = [-math.inf if each.score.value is None else each.score.value for each in trials]
    chosen = int(np.argmax(scores))
    if scores[chosen] == -math.inf:
        reason = next((each.message for each in trials if each.message), "no figure is defined")
        raise InvalidInputError(
            f"None of {len(trials)} trials could be judged: {reason}", field="search"
        )
    return Searched(metric=metric, figure=figure, chosen=chosen, trials=trials)


def _judged(
    judge: Judge, plan: SearchPlan, params: Mapping[str, Any], ctx: PartContext
) -> ScoreReport:
    if plan.judged_by == "share":
        return judge.by_share(params, plan.share, ctx)
    return judge.by_folds(params, plan.folds, ctx)


def _failed(params: dict[str, Any], began: float, message: str) -> Trial:
    seconds = time.monotonic() - began
    return Trial(params=params, score=Score(value=None), seconds=seconds, message=message)


def _trials(plan: SearchPlan, given: Params, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Yield the params to try, whole and each once, the given ones first."""
    seen: set[bytes] = set()
    drawn = _of_grid(plan, rng) if plan.method == "grid" else _at_random(plan, rng)
    for values in itertools.chain(({},), drawn):
        if len(seen) >= plan.trials:
            return
        tried = decode_params(type(given), {**msgspec.to_builtins(given), **values})
        key = msgspec.json.encode(tried, order="deterministic")
        if key not in seen:
            seen.add(key)
            yield msgspec.to_builtins(tried)


def _of_grid(plan: SearchPlan, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    axes = [_steps(values) for values in plan.space.values()]
    cells = [dict(zip(plan.space, cell, strict=True)) for cell in itertools.product(*axes)]
    if len(cells) <= plan.trials:
        yield from cells
        return
    for place in rng.permutation(len(cells)).tolist():
        yield cells[place]


def _at_random(plan: SearchPlan, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    # A small space is exhausted long before the budget: what comes again is not tried again.
    for _ in range(_MOST_DRAWS * plan.trials):
        yield {name: _drawn(values, rng) for name, values in plan.space.items()}


def _drawn(values: list[Any] | Range, rng: np.random.Generator) -> Any:
    if isinstance(values, Range):
        return _number(values, float(rng.random()))
    return values[int(rng.integers(len(values)))]


def _steps(values: list[Any] | Range) -> list[Any]:
    if not isinstance(values, Range):
        return values
    numbers = (_number(values, i / (_OF_A_RANGE - 1)) for i in range(_OF_A_RANGE))
    return list(dict.fromkeys(numbers))


def _grid_size(plan: SearchPlan) -> int:
    return math.prod(len(_steps(values)) for values in plan.space.values())


def _number(values: Range, share: float) -> float | int:
    if values.log:
        low, high = math.log(values.low), math.log(values.high)
        found = math.exp(low + share * (high - low))
    else:
        found = values.low + share * (values.high - values.low)
    found = min(max(found, values.low), values.high)
    return round(found) if values.whole else found


def _check_range(name: str, values: Range) -> None:
    if values.low > values.high or not math.isfinite(values.high - values.low):
        raise InvalidInputError(
            f"The range of {name!r} goes from {values.low} to {values.high}; give the smaller "
            "number as low, both finite.",
            field="search",
        )
    if values.log and values.low <= 0:
        raise InvalidInputError(
            f"The range of {name!r} is drawn in its logarithm, and begins at {values.low}; let "
            "it begin above 0.",
            field="search",
        )
