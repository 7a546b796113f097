"""Declares the labeller of OpenAI-compatible endpoints. Importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, LabellerSpec, Resources, SettingsSection, hookimpl
from kodkod_genai.params import EndpointParams
from kodkod_genai.settings import SECTION, GenaiSettings

API = "2.1"


@hookimpl
def register_settings() -> Iterable[SettingsSection]:
    """Declare `[genai]`."""
    yield SettingsSection(name=SECTION, params=GenaiSettings)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the labeller."""
    yield LabellerSpec(
        name="openai-compatible",
        title="LLM at an endpoint",
        summary="OpenAI, Mistral, OpenRouter, vLLM, Ollama, llama.cpp, LM Studio and their like",
        factory="kodkod_genai.labeller:EndpointLabeller",
        params=EndpointParams,
        scheme_types=("multiclass", "multilabel", "span"),
        remote=True,
        # Calls that are given up leave nothing behind that a second could not tidy.
        resources=Resources(grace_seconds=3.0),
    )
