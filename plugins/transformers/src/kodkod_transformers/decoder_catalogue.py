"""Decoders to choose from. Any other name of a causal language model can be entered too.

Facts are those on the models' cards on the Hugging Face hub; `mul` is of more than twenty
languages.
"""

from __future__ import annotations

from kodkod_transformers.catalogue import CatalogueEntry

__all__ = ["DECODERS", "DEFAULT_DECODER", "decoder_names"]

DEFAULT_DECODER = "Qwen/Qwen3-0.6B-Base"
"""Small enough for any card, a free licence, and many languages."""


def _decoder(
    name: str, languages: str, parameters: int, context: int, licence: str, kind: str, note: str
) -> CatalogueEntry:
    return CatalogueEntry(
        name=name,
        languages=tuple(languages.split()),
        parameters=parameters,
        context=context,
        licence=licence,
        architecture=kind,
        note=note,
    )


_APACHE = "Apache-2.0"
_EUROPEAN = "en fr es de it nl la pl pt"

DECODERS = (
    _decoder(DEFAULT_DECODER, "mul", 596, 32_768, _APACHE, "qwen3", "119 languages; the default"),
    _decoder("Qwen/Qwen3-1.7B-Base", "mul", 1_721, 32_768, _APACHE, "qwen3", "119 languages"),
    _decoder("Qwen/Qwen3-4B-Base", "mul", 4_022, 32_768, _APACHE, "qwen3", "119 languages"),
    _decoder(
        "PleIAs/Pleias-350m-Preview",
        *(_EUROPEAN, 353, 2_048, _APACHE, "llama"),
        "taught with open texts only",
    ),
    _decoder(
        "PleIAs/Pleias-1.2b-Preview",
        *(_EUROPEAN, 1_195, 2_048, _APACHE, "llama"),
        "taught with open texts only",
    ),
    _decoder(
        "PleIAs/Pleias-3b-Preview",
        *(_EUROPEAN, 3_212, 4_096, _APACHE, "llama"),
        "taught with open texts only",
    ),
    _decoder(
        "microsoft/Phi-3-mini-4k-instruct",
        *("en", 3_821, 4_096, "MIT", "phi3"),
        "English above all",
    ),
    _decoder("microsoft/Phi-4-mini-instruct", "mul", 3_836, 131_072, "MIT", "phi3", "long texts"),
    _decoder(
        "HuggingFaceTB/SmolLM2-135M",
        *("en", 135, 8_192, _APACHE, "llama"),
        "smallest",
    ),
    _decoder("HuggingFaceTB/SmolLM2-360M", "en", 362, 8_192, _APACHE, "llama", "small"),
    _decoder("HuggingFaceTB/SmolLM2-1.7B", "en", 1_711, 8_192, _APACHE, "llama", ""),
)


def decoder_names() -> list[str]:
    """Return the names, for a form to offer."""
    return [each.name for each in DECODERS]
