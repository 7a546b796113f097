"""Models to choose from. Any other name of a causal language model can be entered too.

Facts are those on the models' cards on the Hugging Face hub; `mul` is of more than twenty
languages. Models taught to follow instructions come first: they do as a codebook says.
"""

from __future__ import annotations

from msgspec import Struct

__all__ = ["DEFAULT_MODEL", "MODELS", "CatalogueEntry", "model_names"]

DEFAULT_MODEL = "Qwen/Qwen3-4B-Instruct-2507"
"""Follows instructions in many languages, reads long prompts, and has a free licence."""


class CatalogueEntry(Struct, frozen=True, kw_only=True):
    """A causal language model.

    `parameters` are millions; `context` is the tokens read at most, prompt and answer together.
    """

    name: str
    languages: tuple[str, ...]
    parameters: int
    context: int
    licence: str
    instructed: bool


def _entry(
    name: str, languages: str, parameters: int, context: int, licence: str, *, instructed: bool
) -> CatalogueEntry:
    return CatalogueEntry(
        name=name,
        languages=tuple(languages.split()),
        parameters=parameters,
        context=context,
        licence=licence,
        instructed=instructed,
    )


_APACHE = "Apache-2.0"
_EUROPEAN = "en fr es de it nl la pl pt"

MODELS = (
    _entry(DEFAULT_MODEL, "mul", 4_022, 262_144, _APACHE, instructed=True),
    _entry("Qwen/Qwen3-0.6B", "mul", 596, 32_768, _APACHE, instructed=True),
    _entry("Qwen/Qwen3-1.7B", "mul", 1_721, 32_768, _APACHE, instructed=True),
    _entry("microsoft/Phi-4-mini-instruct", "mul", 3_836, 131_072, "MIT", instructed=True),
    _entry("microsoft/Phi-3-mini-4k-instruct", "en", 3_821, 4_096, "MIT", instructed=True),
    _entry("HuggingFaceTB/SmolLM2-1.7B-Instruct", "en", 1_711, 8_192, _APACHE, instructed=True),
    _entry("PleIAs/Pleias-350m-Preview", _EUROPEAN, 353, 2_048, _APACHE, instructed=False),
    _entry("PleIAs/Pleias-1.2b-Preview", _EUROPEAN, 1_195, 2_048, _APACHE, instructed=False),
    _entry("PleIAs/Pleias-3b-Preview", _EUROPEAN, 3_212, 4_096, _APACHE, instructed=False),
)


def model_names() -> list[str]:
    """Return the names, for a form to offer."""
    return [each.name for each in MODELS]
