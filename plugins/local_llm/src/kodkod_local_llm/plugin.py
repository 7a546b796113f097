"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, LabellerSpec, Resources, hookimpl
from kodkod_local_llm.params import LocalLlmParams

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the plugin's components."""
    return (
        LabellerSpec(
            name="local-llm",
            title="Language model on this installation",
            summary="A model such as Phi, Pleias or Qwen labels texts here; none of them leaves",
            factory="kodkod_local_llm.labeller:LocalLlm",
            params=LocalLlmParams,
            resources=Resources(heavy=True, gpu=True, gpu_need="kodkod_local_llm.need:labeller_mb"),
            scheme_types=("multiclass", "multilabel", "span"),
        ),
    )
