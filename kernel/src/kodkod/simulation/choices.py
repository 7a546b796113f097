"""The strategies of a plan, ready to use, or a word on why one cannot be simulated."""

from __future__ import annotations

from kodkod.api import InvalidInputError, StrategySpec
from kodkod.plugins import PluginRegistry
from kodkod.project.choice import Choice
from kodkod.project.choosing import choice_of
from kodkod.project.orders import check_type
from kodkod.simulation.corpus import LabelledCorpus
from kodkod.simulation.plan import Plan, StrategyChoice

__all__ = ["RANDOM", "choose_all"]

RANDOM = "random"


def choose_all(registry: PluginRegistry, plan: Plan, corpus: LabelledCorpus) -> list[Choice]:
    """Return the strategies in the plan's order, `random` in front if it was not asked for.

    Raises:
        NotFoundError: no such strategy is installed.
        InvalidInputError: one is named twice, is not for this corpus, or reads what a simulation
            does not have.
        InvalidParamsError: its params are wrong.
    """
    wanted = list(plan.strategies)
    if not any(each.name == RANDOM for each in wanted):
        wanted.insert(0, StrategyChoice(name=RANDOM))
    chosen: list[Choice] = []
    for each in wanted:
        one = choice_of(registry, each.name, each.params)
        check_type(one, corpus.scheme_type)
        for part in one.chain:
            _check(part.spec, corpus)
        if any(one.encoded() == other.encoded() for other in chosen):
            raise InvalidInputError(
                f"The strategy {each.name!r} is named twice with the same params; name it once.",
                field="strategies",
            )
        chosen.append(one)
    return chosen


def _check(spec: StrategySpec, corpus: LabelledCorpus) -> None:
    if "llm" in spec.needs:
        raise _unsuited(spec, "reads what an LLM says, and none is asked in a simulation")
    if "query" in (*spec.needs, *spec.uses):
        raise _unsuited(spec, "looks for what somebody asks for, and nobody asks in a simulation")
    if "embeddings" in spec.needs and corpus.embeddings is None:
        raise _unsuited(
            spec,
            "needs embeddings, and all features given are sparse; add a dense one, such as "
            "sentence embeddings",
        )


def _unsuited(spec: StrategySpec, why: str) -> InvalidInputError:
    return InvalidInputError(
        f"The strategy {spec.name!r} cannot be simulated here: it {why}. Leave it out.",
        field="strategies",
    )
