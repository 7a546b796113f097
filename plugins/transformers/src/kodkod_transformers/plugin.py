"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, FeatureSpec, ModelSpec, Resources, hookimpl
from kodkod_transformers.decoder_params import DecoderParams
from kodkod_transformers.encoder_params import EncoderParams
from kodkod_transformers.few_shot_params import FewShotParams
from kodkod_transformers.span_params import SpanTaggerParams
from kodkod_transformers.tuned_embeddings_params import FineTunedEmbeddingsParams

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the plugin's components."""
    return (
        ModelSpec(
            name="encoder",
            title="Fine-tuned encoder",
            summary="An encoder such as ModernBERT, CamemBERT or XLM-R, trained on the annotations",
            factory="kodkod_transformers.encoder:Encoder",
            params=EncoderParams,
            resources=Resources(
                heavy=True, gpu=True, gpu_need="kodkod_transformers.need:encoder_mb"
            ),
            scheme_types=("multiclass", "multilabel"),
            reads="texts",
            exports=("transformers", "onnx"),
        ),
        ModelSpec(
            name="few-shot",
            title="Few-shot encoder",
            summary="An encoder taught by pairs of texts (SetFit), for a few dozen labels",
            factory="kodkod_transformers.few_shot:FewShot",
            params=FewShotParams,
            resources=Resources(
                heavy=True, gpu=True, gpu_need="kodkod_transformers.need:few_shot_mb"
            ),
            scheme_types=("multiclass", "multilabel"),
            reads="texts",
        ),
        FeatureSpec(
            name="fine-tuned-embeddings",
            title="Embeddings by a model of the project",
            summary="What a text means to a model that was fine-tuned here, as a vector",
            factory="kodkod_transformers.tuned_embeddings:FineTunedEmbeddings",
            params=FineTunedEmbeddingsParams,
            resources=Resources(
                heavy=True, gpu=True, gpu_need="kodkod_transformers.need:tuned_embeddings_mb"
            ),
        ),
        ModelSpec(
            name="decoder",
            title="Fine-tuned decoder",
            summary="A language model such as Phi, Pleias or Qwen, taught to label by LoRA",
            factory="kodkod_transformers.decoder:Decoder",
            params=DecoderParams,
            resources=Resources(
                heavy=True, gpu=True, gpu_need="kodkod_transformers.decoder_need:decoder_mb"
            ),
            scheme_types=("multiclass", "multilabel"),
            reads="texts",
            exports=("transformers",),
        ),
        ModelSpec(
            name="span-tagger",
            title="Span tagger",
            summary="An encoder that marks stretches of a text: names, claims, quotations",
            factory="kodkod_transformers.span_tagger:SpanTagger",
            params=SpanTaggerParams,
            resources=Resources(
                heavy=True, gpu=True, gpu_need="kodkod_transformers.need:encoder_mb"
            ),
            scheme_types=("span",),
            reads="texts",
            exports=("transformers",),
        ),
    )
