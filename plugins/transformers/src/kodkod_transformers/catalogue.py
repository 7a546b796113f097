"""Encoders to choose from, by language. Any other name can be entered too.

Parameters are rounded; a model's card on the Hugging Face hub has the last word on its licence.
"""

from __future__ import annotations

from msgspec import Struct

__all__ = ["DEFAULT_ENCODER", "ENCODERS", "CatalogueEntry", "names"]

DEFAULT_ENCODER = "FacebookAI/xlm-roberta-base"
"""A hundred languages, weights as safetensors, and known in the literature better than any."""


class CatalogueEntry(Struct, frozen=True, kw_only=True):
    """A pretrained encoder.

    `parameters` are millions, embeddings included; `context` is the tokens read at most;
    `architecture` is transformers' `model_type`. `languages` are ISO 639-1 codes, or `mul`.
    """

    name: str
    languages: tuple[str, ...]
    parameters: int
    context: int
    licence: str
    architecture: str
    note: str


_PICKLED = (
    "the hub's main version may have pickled weights only, which are refused: name a version with "
    "safetensors in `revision` (refs/pr/...), or a converted folder"
)


def _entry(
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


ENCODERS = (
    _entry(DEFAULT_ENCODER, "mul", 278, 512, "MIT", "xlm-roberta", "100 languages; the default"),
    _entry("FacebookAI/xlm-roberta-large", "mul", 560, 512, "MIT", "xlm-roberta", "for a card"),
    _entry(
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        *("mul", 118, 512, "Apache-2.0", "bert"),
        "50 languages; quick without a card, and good for few labels",
    ),
    _entry(
        "jhu-clsp/mmBERT-small",
        *("mul", 140, 8_192, "MIT", "modernbert"),
        f"1,800 languages, long texts; {_PICKLED}",
    ),
    _entry(
        "jhu-clsp/mmBERT-base",
        *("mul", 307, 8_192, "MIT", "modernbert"),
        f"1,800 languages, long texts; {_PICKLED}",
    ),
    _entry(
        "EuroBERT/EuroBERT-210m",
        *("mul", 210, 8_192, "Apache-2.0", "eurobert"),
        f"15 languages, long texts; its own code is not needed or run; {_PICKLED}",
    ),
    _entry(
        "EuroBERT/EuroBERT-610m",
        *("mul", 610, 8_192, "Apache-2.0", "eurobert"),
        f"15 languages, long texts, for a card; {_PICKLED}",
    ),
    _entry(
        "EuroBERT/EuroBERT-2.1B",
        *("mul", 2_100, 8_192, "Apache-2.0", "eurobert"),
        f"15 languages, long texts, for a large card or LoRA; {_PICKLED}",
    ),
    _entry(
        "microsoft/mdeberta-v3-base",
        *("mul", 279, 512, "MIT", "deberta-v2"),
        f"100 languages, strong and slow; {_PICKLED}",
    ),
    _entry(
        "answerdotai/ModernBERT-base",
        *("en", 149, 8_192, "Apache-2.0", "modernbert"),
        "long texts, quick; the first choice for English",
    ),
    _entry(
        "answerdotai/ModernBERT-large",
        *("en", 395, 8_192, "Apache-2.0", "modernbert"),
        "long texts, for a card",
    ),
    _entry(
        "microsoft/deberta-v3-small",
        *("en", 141, 512, "MIT", "deberta-v2"),
        f"six layers; {_PICKLED}",
    ),
    _entry(
        "microsoft/deberta-v3-base",
        *("en", 184, 512, "MIT", "deberta-v2"),
        f"strong and slow; {_PICKLED}",
    ),
    _entry(
        "microsoft/deberta-v3-large",
        *("en", 435, 512, "MIT", "deberta-v2"),
        f"strongest on short texts, for a card; {_PICKLED}",
    ),
    _entry("FacebookAI/roberta-base", "en", 125, 512, "MIT", "roberta", "well known"),
    _entry(
        "sentence-transformers/all-MiniLM-L6-v2",
        *("en", 23, 512, "Apache-2.0", "bert"),
        "smallest; minutes without a card, and good for few labels",
    ),
    _entry("almanach/camembert-base", "fr", 111, 512, "MIT", "camembert", "well known"),
    _entry(
        "almanach/camembertav2-base",
        *("fr", 112, 1_024, "MIT", "deberta-v2"),
        "the first choice for French",
    ),
    _entry("deepset/gbert-base", "de", 110, 512, "MIT", "bert", "the first choice for German"),
    _entry("deepset/gbert-large", "de", 337, 512, "MIT", "bert", "for a card"),
    _entry(
        "PlanTL-GOB-ES/roberta-base-bne",
        *("es", 125, 512, "Apache-2.0", "roberta"),
        "trained on the web archive of Spain's national library",
    ),
    _entry("neuralmind/bert-base-portuguese-cased", "pt", 109, 512, "MIT", "bert", "BERTimbau"),
    _entry("dbmdz/bert-base-italian-xxl-cased", "it", 111, 512, "MIT", "bert", "81 GB of text"),
)


def names() -> list[str]:
    """Return the names, for a form to offer."""
    return [each.name for each in ENCODERS]
