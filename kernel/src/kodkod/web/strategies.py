"""Which strategy a request means."""

from __future__ import annotations

import msgspec

from kodkod.api import NotFoundError
from kodkod.plugins import PluginRegistry
from kodkod.project.choice import Choice
from kodkod.project.choosing import choice_of
from kodkod.project.query import NextQuery
from kodkod.project.scheme import LiveScheme

__all__ = ["choose", "is_cold"]

_RANDOM = "random"
_VARIED = "varied"


def choose(registry: PluginRegistry, scheme: LiveScheme, query: NextQuery) -> Choice:
    """Return the strategy of a request: the one asked for, or the guide's, or random.

    A drawn sample's texts come at random, in the order of the draw, also where there is a guide,
    and texts that somebody has picked in their order.
    A guide that is cold yet has its own for the beginning. In the pool, near copies of earlier
    texts are pushed back where there are vectors to compare texts by.

    Raises:
        NotFoundError: no such strategy is installed.
        InvalidParamsError: its params are wrong.
    """
    if query.strategy is not None:
        choice = choice_of(registry, query.strategy, query.params)
    elif query.filter.drawn_sample is not None or query.filter.rows is not None:
        choice = choice_of(registry, _RANDOM, {})
    else:
        choice = _by_guide(registry, scheme)
    return _varied(registry, scheme, choice) if query.sample.kind == "untagged" else choice


def is_cold(scheme: LiveScheme) -> bool:
    """Tell whether a scheme's guide still waits for labels to learn from."""
    return scheme.guide is not None and (scheme.predictions is None or bool(scheme.missing()))


def _by_guide(registry: PluginRegistry, scheme: LiveScheme) -> Choice:
    guide = scheme.guide
    if guide is None:
        return choice_of(registry, _RANDOM, {})
    config = guide.config
    if not is_cold(scheme):
        return choice_of(registry, config.strategy, config.strategy_params)
    cold = choice_of(registry, config.cold_start, config.cold_start_params)
    known = scheme.knowledge()
    if all(known.has(need) for need in cold.needs - {"candidates"}):
        return cold
    return choice_of(registry, _RANDOM, {})


def _varied(registry: PluginRegistry, scheme: LiveScheme, choice: Choice) -> Choice:
    """Push near copies back, inside a mix, whose draws must stay what it says."""
    wanted = scheme.guide is None or scheme.guide.config.varied
    plain = not choice.reads
    already = any(each.spec.name == _VARIED for each in choice.chain)
    if scheme.vectors is None or not wanted or plain or already:
        return choice
    if choice.explore is not None and choice.base is not None:
        inner = _varied(registry, scheme, choice.base)
        return msgspec.structs.replace(choice, base=inner)
    # What it says that it wraps is of no account: it is given what is asked for.
    try:
        wrapper = choice_of(registry, _VARIED, {"base": _RANDOM})
    except NotFoundError:
        return choice  # The plugin that has it is not installed here.
    return msgspec.structs.replace(wrapper, base=choice, asked=choice.name)
