"""Giving a scheme a guide."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from kodkod.api import InvalidInputError, ModelSpec, decode_params
from kodkod.project.choosing import choice_of
from kodkod.project.guide import GuideConfig
from kodkod.project.orders import check_type
from kodkod.project.scheme import LiveScheme
from kodkod.store import projects
from kodkod.store.projects import Project
from kodkod.web.making_schemes import tell_of_scheme
from kodkod.web.scheme_contract import NewGuide
from kodkod.web.services import Services

__all__ = ["make_guide"]


async def make_guide(
    services: Services, project: Project, scheme: LiveScheme, new: NewGuide, username: str
) -> None:
    """Give a scheme a guide, or another one, and let it learn from what is annotated.

    Raises:
        InvalidInputError: the model cannot guide this scheme, or a feature is missing.
    """
    config = await _config(services, project, scheme, new)
    await services.refresher.reset(project, scheme)
    async with services.database.write() as connection:
        await projects.change_scheme(connection, scheme.row.id, guide=msgspec.to_builtins(config))
    await tell_of_scheme(services, project, scheme.row.id, "scheme.changed", username)
    await services.refresher.refresh(project, scheme)


async def _config(
    services: Services, project: Project, scheme: LiveScheme, new: NewGuide
) -> GuideConfig:
    model = cast("ModelSpec", services.registry.spec("model", new.model))
    if not model.guide:
        raise InvalidInputError(
            f"The model {new.model!r} is too slow to be refreshed while people annotate.",
            field="model",
        )
    if scheme.row.type not in model.scheme_types:
        raise InvalidInputError(
            f"The model {new.model!r} cannot learn {scheme.row.type} schemes.", field="model"
        )
    chosen = choice_of(services.registry, new.strategy, new.strategy_params)
    cold = choice_of(services.registry, new.cold_start, new.cold_start_params)
    check_type(chosen, scheme.row.type)
    check_type(cold, scheme.row.type)
    if new.ensemble == 1:
        raise InvalidInputError("An ensemble has two members or more.", field="ensemble")
    await services.check_features(project, new.features)
    await services.residency.reload_artefacts(project.id)
    return GuideConfig(
        features=new.features,
        model=new.model,
        params=_plain(model.params, new.params),
        strategy=new.strategy,
        strategy_params=chosen.params,
        refresh_every=new.refresh_every,
        refresh_idle_seconds=new.refresh_idle_seconds,
        cold_start=new.cold_start,
        cold_start_params=cold.params,
        cold_labels=new.cold_labels,
        varied=new.varied,
        ensemble=new.ensemble,
    )


def _plain(params: type[Any], given: dict[str, Any]) -> dict[str, Any]:
    return msgspec.to_builtins(decode_params(params, given))
