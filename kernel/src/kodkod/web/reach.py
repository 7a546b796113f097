"""What of a project is there for whoever asks: every list of what was made of schemes is of here.

`Project` says which schemes are hidden from the one whose request it came with. The live project
leaves those out itself; these do so of what is in the database. A test sees to it that no route
reads these tables past them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError
from kodkod.store.artefacts import FeatureRow, ModelRow, list_features, list_models
from kodkod.store.drawn_samples import DrawnSample, list_samples
from kodkod.store.projections import ProjectionRow, list_projections
from kodkod.store.projects import Project
from kodkod.store.prompts import PromptRow, list_prompts
from kodkod.store.topics import TopicsRow, list_topics

__all__ = [
    "check_feature_name",
    "check_model_name",
    "features_of",
    "maps_of",
    "models_of",
    "prompts_of",
    "samples_of",
    "topics_of",
]


class _Made(Protocol):
    @property
    def scheme_id(self) -> int | None: ...


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Made)


async def models_of(connection: AsyncConnection, project: Project) -> list[ModelRow]:
    """Return the models and labellings of the schemes that are there."""
    return _there(project, await list_models(connection, project.id))


async def prompts_of(connection: AsyncConnection, project: Project) -> list[PromptRow]:
    """Return the prompts for the schemes that are there."""
    return _there(project, await list_prompts(connection, project.id))


async def features_of(connection: AsyncConnection, project: Project) -> list[FeatureRow]:
    """Return the features, without those made of a hidden scheme's models."""
    return _there(project, await list_features(connection, project.id))


async def samples_of(connection: AsyncConnection, project: Project) -> list[DrawnSample]:
    """Return the drawn samples, without those whose strata are a hidden scheme's labels."""
    return _there(project, await list_samples(connection, project.id))


async def maps_of(connection: AsyncConnection, project: Project) -> list[ProjectionRow]:
    """Return the maps, without those of a feature made of a hidden scheme's models."""
    return _there(project, await list_projections(connection, project.id))


async def topics_of(connection: AsyncConnection, project: Project) -> list[TopicsRow]:
    """Return the topics, without those of a feature made of a hidden scheme's models."""
    return _there(project, await list_topics(connection, project.id))


async def check_model_name(connection: AsyncConnection, project: Project, name: str) -> None:
    """See that a model may have this name. That a hidden one has it cannot be kept from anybody.

    Raises:
        ConflictError: the name is taken.
    """
    _check_free(await list_models(connection, project.id), name, "model")


async def check_feature_name(connection: AsyncConnection, project: Project, name: str) -> None:
    """See that a feature may have this name; as with models, hidden ones count.

    Raises:
        ConflictError: the name is taken.
    """
    _check_free(await list_features(connection, project.id), name, "feature")


def _check_free(rows: Iterable[_Named], name: str, what: str) -> None:
    if any(row.name == name for row in rows):
        raise ConflictError(f"The project has a {what} {name!r} already.")


def _there(project: Project, rows: list[T]) -> list[T]:
    return [row for row in rows if row.scheme_id not in project.hidden]
