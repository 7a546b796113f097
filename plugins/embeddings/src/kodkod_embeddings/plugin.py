"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, FeatureSpec, Resources, hookimpl
from kodkod_embeddings.params import SentenceEmbeddingsParams, StaticVectorsParams

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the features."""
    return (
        FeatureSpec(
            name="sentence-embeddings",
            title="Sentence embeddings",
            summary="What a text means as a vector, by any sentence or transformers model",
            factory="kodkod_embeddings.sentence:SentenceEmbeddings",
            params=SentenceEmbeddingsParams,
            resources=Resources(
                heavy=True,
                gpu=True,
                gpu_need="kodkod_embeddings.need:embedding_mb",
                grace_seconds=0.5,
            ),
        ),
        FeatureSpec(
            name="static-vectors",
            title="Word vectors",
            summary="The mean of the vectors of a text's words: fastText, GloVe, model2vec; quick",
            factory="kodkod_embeddings.static:StaticVectors",
            params=StaticVectorsParams,
            resources=Resources(heavy=True, grace_seconds=0.5),
        ),
    )
