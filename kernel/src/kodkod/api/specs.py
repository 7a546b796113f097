"""Specs: a component declared as data, so that nothing is imported until it runs."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from kodkod.api.params import NoParams, Params

__all__ = [
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

Need = Literal["probabilities", "embeddings"]
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

    `guide` says that it fits and predicts fast enough to be refreshed while people annotate.
    """

    kind: ClassVar[str] = "model"

    scheme_types: tuple[str, ...]
    reads: Literal["features", "texts"] = "features"
    guide: bool = False


class StrategySpec(ComponentSpec, frozen=True):
    """An order over the pool. Runs in the web process: its factory must import no ML library.

    `uniform` says that each draw is uniform over what remains, which makes its selection
    probability one over the number of eligible texts.
    """

    kind: ClassVar[str] = "strategy"

    needs: tuple[Need, ...] = ()
    uniform: bool = False


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
