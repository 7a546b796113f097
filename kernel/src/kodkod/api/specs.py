"""Specs: a component declared as data, so that nothing is imported until it runs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal

from msgspec import Struct

from kodkod.api.params import NoParams, Params

__all__ = [
    "NEEDS",
    "ComponentSpec",
    "ExporterSpec",
    "FeatureSpec",
    "ImporterSpec",
    "JobSpec",
    "MetricSpec",
    "ModelSpec",
    "Need",
    "Resources",
    "SchemeTypeSpec",
    "SignInSpec",
    "StrategySpec",
    "Widget",
]

Need = Literal[
    "probabilities",
    "embeddings",
    "neighbours",
    "labelled",
    "held_out",
    "committee",
    "llm",
    "query",
    "candidates",
    "base",
]
"""A field of `Pool`; `labelled` stands for `targets` too."""

NEEDS: Mapping[Need, str] = MappingProxyType(
    {
        "probabilities": "a guide's predictions and there are none yet: set a guide, and annotate "
        "texts of at least two labels",
        "embeddings": "embeddings of the texts and there are none yet: compute a feature that is "
        "not sparse, such as sentence embeddings, and let the guide use it",
        "neighbours": "to look up which texts are near to others and the feature has no index yet: "
        "one is made by itself when a feature that is not sparse was computed",
        "labelled": "to know which texts are labelled",
        "held_out": "cross-validated predictions of the labelled texts and there are none yet: "
        "set a guide, and annotate at least five texts of each label",
        "committee": "predictions by several quick models and there are fewer than two: train "
        "another one in this scheme",
        "llm": "values by an LLM and there are none yet: start a labelling in this scheme",
        "query": "the embedding of a text to compare with: give one in the param 'text'",
        "candidates": "to know which texts may be drawn",
        "base": "another strategy to change the order of: name it in the param 'base'",
    }
)
"""What to say where a need cannot be met: `The strategy 'x' needs {NEEDS[need]}.`"""

Widget = Literal["choice", "choices", "spans"]


class Resources(Struct, frozen=True, kw_only=True):
    """What a component needs while it runs.

    `heavy` work runs in a child process of its own that the worker can kill; other work runs
    in the warm worker, which saves seconds of imports. `gpu` work runs on a card where there is
    one. `gpu_need` is `package.module:function`, called with the params for the MB of a card's
    memory that they take; it must import no ML library, for worker and server call it.

    A component that is asked to stop and does not call `ctx.progress` for `grace_seconds` is
    ended with its process. One that holds nothing outside it can say less than the default.
    """

    heavy: bool = False
    gpu: bool = False
    gpu_need: str | None = None
    grace_seconds: float = 5.0


class ComponentSpec(Struct, frozen=True, kw_only=True):
    """What every component declares.

    `name` is a slug, unique among the components of its kind. `factory` is
    `package.module:Class`, imported only where the component runs; the class is called with
    the decoded params.
    """

    kind: ClassVar[str]

    name: str
    title: str
    summary: str
    factory: str
    params: type[Params] = NoParams
    resources: Resources = Resources()


class ImporterSpec(ComponentSpec, frozen=True):
    """A file format that can be read. `extensions` are lower case, with the dot."""

    kind: ClassVar[str] = "importer"

    extensions: tuple[str, ...]


class ExporterSpec(ComponentSpec, frozen=True):
    """A file format that can be written."""

    kind: ClassVar[str] = "exporter"

    extension: str
    media_type: str


class SchemeTypeSpec(ComponentSpec, frozen=True):
    """A kind of coding. Runs in the web process: its factory must import no ML library."""

    kind: ClassVar[str] = "scheme-type"

    widget: Widget


class FeatureSpec(ComponentSpec, frozen=True):
    """Texts to vectors."""

    kind: ClassVar[str] = "feature"

    sparse: bool = False


class ModelSpec(ComponentSpec, frozen=True):
    """Features or texts, with labels, to a fitted model.

    `guide` says that it fits and predicts fast enough to be refreshed while people annotate,
    `warm` that one fitted before may be fitted again, and begins from what it had come to: its
    predictions are then those of a fit from nothing, within two hundredths. `weighs` says that
    it lets texts count by `TrainingSet.weights`. `exports` are the
    forms that an `Exportable` one can be written in: `transformers` is a folder that this library
    loads by itself, `onnx` has `model.onnx`.
    """

    kind: ClassVar[str] = "model"

    scheme_types: tuple[str, ...]
    reads: Literal["features", "texts"] = "features"
    guide: bool = False
    warm: bool = False
    weighs: bool = False
    exports: tuple[str, ...] = ()


class StrategySpec(ComponentSpec, frozen=True):
    """An order over the pool. Runs in the web process: its factory must import no ML library.

    `needs` are fields of the `Pool` without which the strategy is refused; `uses` are those
    that it takes where they are there. `scheme_types` are those that it is for; none means any.

    What is known of a draw's selection probability follows from two capabilities, and without
    either of them it is not defined (None):

    - `uniform`: each draw is uniform over what remains, so it is 1 / eligible texts.
    - `explores` names a param e, from 0 to 1: the share of draws that are uniform over the
      eligible texts whatever the order says. The walk tosses that coin at each draw, so the
      probability of a text is e / eligible, plus 1 - e for the one that the order has in front.

    A strategy that needs `base` wraps another one, which its params name in `base` (a strategy's
    name) and `base_params`; it then needs what that one needs too.
    """

    kind: ClassVar[str] = "strategy"

    needs: tuple[Need, ...] = ()
    uniform: bool = False
    uses: tuple[Need, ...] = ()
    scheme_types: tuple[str, ...] = ()
    explores: str | None = None


class MetricSpec(ComponentSpec, frozen=True):
    """Predictions against a reference."""

    kind: ClassVar[str] = "metric"

    scheme_types: tuple[str, ...]


class SignInSpec(ComponentSpec, frozen=True):
    """A way to sign in; used only if the settings name it in `sign_in`."""

    kind: ClassVar[str] = "sign-in"


class JobSpec(ComponentSpec, frozen=True):
    """A kind of job.

    `exclusive` jobs count toward the limit of one running job for each user and project. What
    a job that is `per_row` takes is in proportion to the corpus's rows; estimates use that.
    """

    kind: ClassVar[str] = "job"

    queue: Literal["live", "cpu", "gpu"] = "cpu"
    exclusive: bool = True
    per_row: bool = False
