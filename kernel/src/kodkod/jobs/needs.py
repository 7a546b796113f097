"""What a job needs that it runs: a process of its own, a graphics card, so much of its memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, cast

from msgspec import Struct

from kodkod.api import ComponentSpec, PluginError, decode_params

__all__ = ["Needs", "needs_of", "subject_of"]


class Needs(Struct, frozen=True, kw_only=True):
    """`gpu_mb` is the memory of a card that the job takes; None where its author does not say.

    `grace` is how many seconds it may go on after it was asked to stop.
    """

    heavy: bool = False
    gpu: bool = False
    gpu_mb: int | None = None
    grace: float = 0.0

    def __or__(self, other: Needs) -> Needs:
        """Return what either needs."""
        return Needs(
            heavy=self.heavy or other.heavy,
            gpu=self.gpu or other.gpu,
            gpu_mb=max((mb for mb in (self.gpu_mb, other.gpu_mb) if mb is not None), default=None),
            grace=max(self.grace, other.grace),
        )


def needs_of(spec: ComponentSpec, raw_params: Mapping[str, Any]) -> Needs:
    """Return what a component needs with these params.

    Raises:
        InvalidParamsError: the params are not acceptable.
        PluginError: the spec's estimate cannot be imported or does not give a number.
    """
    resources = spec.resources
    gpu_mb = None
    if resources.gpu and resources.gpu_need is not None:
        gpu_mb = _estimate(resources.gpu_need, decode_params(spec.params, raw_params))
    return Needs(
        heavy=resources.heavy,
        gpu=resources.gpu,
        gpu_mb=gpu_mb,
        grace=resources.grace_seconds,
    )


def subject_of(component: str, params: Mapping[str, Any]) -> str:
    """Name what a job is of, so that like jobs are known: component and, if any, its model."""
    model = params.get("model")
    return f"{component}: {model}" if isinstance(model, str) else component


def _estimate(dotted: str, params: object) -> int:
    module, _, name = dotted.partition(":")
    try:
        estimate = cast("Callable[[object], int]", getattr(import_module(module), name))
        return int(estimate(params))
    except Exception as error:
        raise PluginError(
            f"{dotted} could not say how much of a card's memory is needed: "
            f"{type(error).__name__}: {error}"
        ) from error
