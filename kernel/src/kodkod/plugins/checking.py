"""What a plugin and a spec must be to be let in. Each check answers with the reason against."""

from __future__ import annotations

import inspect
import re

import msgspec

from kodkod import api
from kodkod.api import API_VERSION, Component, ComponentSpec, Params, params_schema

__all__ = ["BASES", "against_api", "against_spec"]

BASES: dict[type[ComponentSpec], type[Component]] = {
    api.ImporterSpec: api.Importer,
    api.ExporterSpec: api.Exporter,
    api.SchemeTypeSpec: api.SchemeType,
    api.FeatureSpec: api.Feature,
    api.ModelSpec: api.Model,
    api.StrategySpec: api.Strategy,
    api.MetricSpec: api.Metric,
    api.SignInSpec: api.SignIn,
    api.RedirectSignInSpec: api.RedirectSignIn,
    api.JobSpec: api.Job,
    api.StoppingRuleSpec: api.StoppingRule,
    api.ProjectionSpec: api.Projection,
    api.TopicModelSpec: api.TopicModel,
    api.LabellerSpec: api.Labeller,
    api.EstimatorSpec: api.Estimator,
    api.AgreementSpec: api.Agreement,
    api.ConsensusSpec: api.Consensus,
    api.NotifierSpec: api.Notifier,
}
"""The class that a factory must derive from, by the class of its spec."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_FACTORY = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
_LONGEST_NAME = 64


def against_api(stated: object) -> str | None:
    """Tell why a plugin written for API version `stated` cannot be loaded, if it cannot."""
    if stated is None:
        return f'The module says no API version; add API = "{API_VERSION}".'
    match = re.fullmatch(r"(\d+)\.(\d+)", stated) if isinstance(stated, str) else None
    if match is None:
        return f'API is {stated!r}; write it as a string such as "{API_VERSION}".'
    major, minor = map(int, match.groups())
    kernel_major, kernel_minor = map(int, API_VERSION.split("."))
    if major != kernel_major:
        return (
            f"Written for API {stated}, and this is API {API_VERSION}; the plugin must be ported."
        )
    if minor > kernel_minor:
        return f"Written for API {stated}, and this is API {API_VERSION}; install a newer Kodkod."
    return None


def against_spec(spec: object) -> str | None:
    """Tell why `spec` cannot be registered, if it cannot."""
    if not isinstance(spec, ComponentSpec) or not isinstance(spec, tuple(BASES)):
        known = ", ".join(sorted(each.__name__ for each in BASES))
        return f"register_components gave a {type(spec).__name__}; it must be one of {known}."
    where = f"{spec.kind}/{spec.name}"
    for check in (_against_name, _against_params, _against_fields, _against_factory):
        reason = check(spec)
        if reason is not None:
            return f"{where}: {reason}"
    return None


def _against_name(spec: ComponentSpec) -> str | None:
    name: object = spec.name
    if isinstance(name, str) and len(name) <= _LONGEST_NAME and _SLUG.fullmatch(name):
        return None
    return (
        f"the name {name!r} is no slug; use lower-case letters, digits and single hyphens, "
        f"at most {_LONGEST_NAME} characters."
    )


def _against_params(spec: ComponentSpec) -> str | None:
    params: object = spec.params
    if not inspect.isclass(params) or not issubclass(params, Params):
        return f"params is {params!r}; it must be a subclass of kodkod.api.Params."
    try:
        params_schema(params)
    except (TypeError, NameError, ValueError) as error:
        return f"params {params.__name__} has no JSON Schema: {error}"
    return None


def _against_fields(spec: ComponentSpec) -> str | None:
    for field in msgspec.structs.fields(spec):
        if field.name == "params":
            continue
        try:
            msgspec.convert(getattr(spec, field.name), field.type)
        except msgspec.ValidationError as error:
            return f"{field.name}: {error}"
    if not spec.title.strip() or not spec.summary.strip():
        return "title and summary must say something; users choose by them."
    return None


def _against_factory(spec: ComponentSpec) -> str | None:
    if _FACTORY.fullmatch(spec.factory):
        return None
    return f"the factory {spec.factory!r} is not of the form 'package.module:Class'."
