"""The shape of a project's state in the HTTP contract."""

from __future__ import annotations

from msgspec import Struct

from kodkod.web.contract import ProjectInfo
from kodkod.web.feature_contract import FeatureInfo
from kodkod.web.job_contract import JobView
from kodkod.web.model_contract import ModelInfo
from kodkod.web.scheme_contract import SchemeInfo

__all__ = ["ProjectState"]


class ProjectState(Struct, frozen=True, kw_only=True):
    """What exists and what is computing: the project's state, the same for every member."""

    project: ProjectInfo
    schemes: list[SchemeInfo]
    features: list[FeatureInfo]
    models: list[ModelInfo]
    jobs: list[JobView]
