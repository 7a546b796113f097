"""Params of the jobs that make maps and topics."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import field

from kodkod.api import Params, easy, medium, pro

__all__ = [
    "ExtendProjectionParams",
    "ExtendTopicsParams",
    "ProjectionParams",
    "TopicOperationParams",
    "TopicsParams",
]

_Slug = r"^[a-z0-9][a-z0-9_-]{0,62}$"
Seed = Annotated[int, pro("Start of every random choice", ge=0, le=2**31 - 1)]


class ProjectionParams(Params, frozen=True):
    """What to make a map of."""

    name: Annotated[str, easy("Name of the projection in its project", pattern=_Slug)]
    feature_id: Annotated[str, easy("Id of the feature whose vectors it shows")]
    component: Annotated[str, easy("Kind of projection")] = "pacmap"
    params: Annotated[dict[str, Any], easy("The kind's own params")] = field(default_factory=dict)
    split: Annotated[
        Literal["train", "valid", "test"] | None, medium("Only texts of this split")
    ] = None
    seed: Seed = 0


class ExtendProjectionParams(Params, frozen=True):
    """Which projection to bring up to its feature's rows."""

    projection_id: Annotated[str, easy("Id of the projection")]


class TopicsParams(Params, frozen=True):
    """What to find topics in."""

    name: Annotated[str, easy("Name of the topics in their project", pattern=_Slug)]
    feature_id: Annotated[str, easy("Id of the feature by whose vectors texts are grouped")]
    component: Annotated[str, easy("Kind of topic model")] = "bertopic"
    params: Annotated[dict[str, Any], easy("The kind's own params")] = field(default_factory=dict)
    seed: Seed = 0


class ExtendTopicsParams(Params, frozen=True):
    """Which topics to bring up to their feature's rows."""

    topics_id: Annotated[str, easy("Id of the topics")]


class TopicOperationParams(Params, frozen=True):
    """What to do to topics of `version`. Topics go by id."""

    topics_id: Annotated[str, easy("Id of the topics")]
    version: Annotated[int, easy("Version that it is done to", ge=1)]
    op: Annotated[Literal["merge", "split", "reduce-outliers"], easy("What to do")]
    ids: Annotated[tuple[int, ...], easy("Topics to merge, or the one to split")] = ()
    into: Annotated[int, easy("How many topics to make of the one", ge=2, le=50)] = 2
    seed: Seed = 0
