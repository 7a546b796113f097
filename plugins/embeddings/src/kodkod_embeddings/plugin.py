"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, FeatureSpec, Resources, hookimpl
from kodkod_embeddings.params import SentenceEmbeddingsParams

API = "1.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the feature."""
    return (
        FeatureSpec(
            name="sentence-embeddings",
            title="Sentence embeddings",
            summary="What a text means as a vector, by any sentence-transformers model",
            factory="kodkod_embeddings.sentence:SentenceEmbeddings",
            params=SentenceEmbeddingsParams,
            resources=Resources(heavy=True, gpu=True),
        ),
    )
