"""Makes the tests: one for each component of a plugin and each check of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kodkod.api import ComponentSpec, ProjectArtefacts
from kodkod.plugins.checking import against_api, against_spec
from kodkod.testing.checks import Check, checks_for
from kodkod.testing.isolation import imported_by
from kodkod.testing.subject import ContractBrokenError, Subject, require

__all__ = ["contract_for"]

_IN_THE_WEB_PROCESS = (
    "consensus",
    "notifier",
    "scheme-type",
    "strategy",
    "sign-in",
    "stopping-rule",
)


def contract_for(
    plugin: str | ModuleType,
    *,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    expected_failures: Mapping[str, str] | None = None,
) -> Callable[..., None]:
    """Return a test that holds every component of `plugin` to the contract of its kind.

    `params` has, by component name, the params to test it with, where its defaults cannot be
    built (a model's folder); the fixture `contract_params` may add what is only known when
    tests run, and `contract_artefacts` gives the project that components may ask for.
    `expected_failures` gives, by test id (`model/knn-batch_of_one`), the reason why a check fails
    for now; it must fail.

        test_contract = contract_for("kodkod_schemes.plugin")
    """
    module = import_module(plugin) if isinstance(plugin, str) else plugin
    cases = list(_cases(module, params or {}, expected_failures or {}))

    @pytest.mark.parametrize(("spec", "check", "given"), cases)
    def test_contract(
        spec: ComponentSpec | None,
        check: Callable[..., None],
        given: Mapping[str, Any],
        tmp_path: Path,
        contract_params: Mapping[str, Mapping[str, Any]],
        contract_artefacts: ProjectArtefacts | None,
    ) -> None:
        if spec is None:
            check(module)
        else:
            known = {**given, **contract_params.get(spec.name, {})}
            check(Subject(module.__name__, spec, known, tmp_path, contract_artefacts))

    return test_contract


def _cases(
    module: ModuleType,
    params: Mapping[str, Mapping[str, Any]],
    expected_failures: Mapping[str, str],
) -> Iterator[Any]:
    left = dict(expected_failures)

    def case(spec: ComponentSpec | None, check: Check) -> Any:
        subject = f"{spec.kind}/{spec.name}" if spec else "plugin"
        name = f"{subject}-{check.__name__}"
        reason = left.pop(name, None)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        return pytest.param(
            spec, check, params.get(spec.name, {}) if spec else {}, id=name, marks=marks
        )

    for whole in (plugin_is_valid, importing_is_light):
        yield case(None, whole)
    for spec in _specs(module):
        for check in checks_for(spec):
            yield case(spec, check)
    if left:
        raise ContractBrokenError(f"expected_failures names no test: {', '.join(left)}")


def _specs(module: ModuleType) -> list[ComponentSpec]:
    declare = getattr(module, "register_components", None)
    return list(declare()) if declare else []


def plugin_is_valid(module: ModuleType) -> None:
    """The API version fits, every spec can be registered, and no name is there twice."""
    reason = against_api(getattr(module, "API", None))
    require(reason is None, str(reason))
    names: set[tuple[str, str]] = set()
    for spec in _specs(module):
        reason = against_spec(spec)
        require(reason is None, str(reason))
        require((spec.kind, spec.name) not in names, f"{spec.kind}/{spec.name} is declared twice")
        names.add((spec.kind, spec.name))


def importing_is_light(module: ModuleType) -> None:
    """Neither the module nor what runs in the web process imports an ML library."""
    if getattr(module, "__spec__", None) is None:
        pytest.skip("the module was made by a test and cannot be imported by name")
    factories = {
        spec.factory.partition(":")[0]
        for spec in _specs(module)
        if spec.kind in _IN_THE_WEB_PROCESS
    }
    heavy = imported_by([module.__name__, *sorted(factories)])
    require(not heavy, f"importing {module.__name__} imports {', '.join(heavy)}; do it lazily")
