"""Advice on when to stop: reads what a guide has learnt, asks every rule, and keeps the answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import structlog

from kodkod.api import Advice, LearningHistory, StoppingRule, StoppingRuleSpec, StrategySpec
from kodkod.jobs.places import ProjectPlaces
from kodkod.plugins import PluginRegistry
from kodkod.project.guide import GuideConfig
from kodkod.project.learning_history import Recorded, learning_history
from kodkod.project.scheme import LiveScheme
from kodkod.store.beliefs import (
    Assessment,
    assessment_stamp,
    read_assessment,
    read_assessments,
    read_beliefs,
)
from kodkod.store.draws import FirstDraws, read_first_draws
from kodkod.store.projects import Project
from kodkod.web.stopping_contract import (
    EvidencePoint,
    EvidenceSeries,
    RuleAdvice,
    StoppingAdvice,
)

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["stopping_advice"]

_log = structlog.get_logger("kodkod.web")

_NO_GUIDE = (
    "The scheme {name!r} has no guide, and what the rules read is how a guide learns. Give it one "
    "(PUT {name}/guide), then annotate texts of at least two labels."
)
_NO_TABLE = (
    "The rules read labels of whole texts; values of a scheme of type {type!r} are something else."
)
_WAITING = "The guide has predicted nothing yet: annotate texts of at least two labels."

# An answer lives as long as the scheme is in memory, and until there is something new to say.
_answers: WeakKeyDictionary[LiveScheme, tuple[Any, asyncio.Task[StoppingAdvice]]] = (
    WeakKeyDictionary()
)


async def stopping_advice(
    services: Services, project: Project, scheme: LiveScheme
) -> StoppingAdvice:
    """Return the rules' advice as of the newest refresh and assessment, worked out once."""
    if scheme.guide is None:
        message = _NO_GUIDE.format(name=scheme.row.name)
        return StoppingAdvice(n_train=0, version=0, rules=[], message=message)
    home = ProjectPlaces.of(services.settings, project.slug).guide(scheme.row.id)
    stamp = await asyncio.to_thread(assessment_stamp, home)
    key = (
        scheme.guide.version,
        stamp,
        scheme.guide.config,
        scheme.coder.ids,
        scheme.coder.names,
        len(scheme.corpus),
    )
    there = _answers.get(scheme)
    if there is None or there[0] != key or _failed(there[1]):
        task = asyncio.get_running_loop().create_task(_work_out(services, scheme, home))
        there = _answers[scheme] = (key, task)
    # Whoever asked first may hang up; the others still wait.
    return await asyncio.shield(there[1])


def _failed(task: asyncio.Task[StoppingAdvice]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def _work_out(services: Services, scheme: LiveScheme, home: Path) -> StoppingAdvice:
    async with services.database.read() as connection:
        draws = await read_first_draws(connection, scheme.row.id)
    return await asyncio.to_thread(_ask_rules, services.registry, scheme, home, draws)


def _ask_rules(
    registry: PluginRegistry, scheme: LiveScheme, home: Path, draws: FirstDraws
) -> StoppingAdvice:
    predictions, guide = scheme.predictions, scheme.guide
    version = predictions.version if predictions else 0
    uniform = {
        each.spec.name
        for each in registry.components("strategy")
        if isinstance(each.spec, StrategySpec) and each.spec.uniform
    }
    history = learning_history(
        scheme.fold,
        scheme.coder,
        scheme.corpus.splits,
        predictions,
        Recorded(
            beliefs=read_beliefs(home),
            assessments=read_assessments(home),
            assessment=_assessment_of(guide.config, home) if guide else None,
            draws=draws,
        ),
        overlap=scheme.row.overlap,
        uniform=uniform,
        seed=[scheme.row.project_id, scheme.row.id, version],
    )
    n_train = predictions.n_train if predictions else 0
    if history is None:
        message = _NO_TABLE.format(type=scheme.row.type)
        return StoppingAdvice(n_train=n_train, version=version, rules=[], message=message)
    waiting = (guide.message if guide else "") or _WAITING
    return StoppingAdvice(
        n_train=n_train,
        version=version,
        rules=[
            _ask(registry, spec, history)
            for each in registry.components("stopping-rule")
            if isinstance(spec := each.spec, StoppingRuleSpec)
            and (not spec.scheme_types or scheme.row.type in spec.scheme_types)
        ],
        message="" if version else waiting,
    )


def _assessment_of(config: GuideConfig, home: Path) -> Assessment | None:
    """Return the newest assessment if it is of the guide as it is now."""
    found = read_assessment(home)
    if found is None:
        return None
    facts = found.facts
    mine = (config.model, config.params, list(config.features))
    return found if (facts.model, facts.params, facts.features) == mine else None


def _ask(registry: PluginRegistry, spec: StoppingRuleSpec, history: LearningHistory) -> RuleAdvice:
    try:
        rule = cast("StoppingRule[Any]", registry.build("stopping-rule", spec.name, {}))
        advice = rule.advise(history)
    except Exception as error:  # noqa: BLE001 - logged; one plugin's failure stays its own
        _log.exception("a stopping rule failed", rule=spec.name)
        advice = Advice(
            verdict="too-early",
            sentence=f"The rule failed ({type(error).__name__}: {error}); tell its author.",
        )
    return RuleAdvice(
        name=spec.name,
        title=spec.title,
        summary=spec.summary,
        verdict=advice.verdict,
        sentence=advice.sentence,
        evidence=[
            EvidenceSeries(
                name=series.name,
                unit=series.unit,
                threshold=series.threshold,
                points=[
                    EvidencePoint(x=point.x, y=point.y, low=point.low, high=point.high)
                    for point in series.points
                ],
            )
            for series in advice.evidence
        ],
        figures=advice.figures,
    )
