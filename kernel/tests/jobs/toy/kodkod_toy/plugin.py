from typing import Annotated

from kodkod.api import (
    FeatureSpec,
    ImporterSpec,
    JobSpec,
    LabellerSpec,
    MetricSpec,
    ModelSpec,
    Params,
    ProjectionSpec,
    Resources,
    SchemeTypeSpec,
    TopicModelSpec,
    easy,
    hookimpl,
)

API = "2.0"
LIGHT = Resources()
HEAVY = Resources(heavy=True)
SHORT_GRACE = 0.2
GPU = Resources(heavy=True, gpu=True, gpu_need="kodkod_toy.needs:wait_mb")


class WaitParams(Params, frozen=True):
    """`trace` gets a line with its process's id for each run; it runs until `gate` exists."""

    trace: Annotated[str, easy("File that tells who ran")]
    gate: Annotated[str, easy("File to wait for")]


class GpuWaitParams(WaitParams, frozen=True):
    need_mb: int = 1_000


class FailParams(Params, frozen=True):
    deliberate: bool = False


class SumParams(Params, frozen=True):
    numbers: tuple[int, ...] = ()


class WordsParams(Params, frozen=True):
    """`threshold` is what the model says of all labels; `trace` and `gate` as elsewhere."""

    slope: Annotated[float, easy("How steep", ge=0, le=100)] = 4.0
    threshold: float | None = None
    trace: str = ""
    gate: str = ""


class ReaderParams(Params, frozen=True):
    """`fails` and `wrong` are words: a text with the one gets no reply, with the other no value.

    `adds` are the escapes of characters that are said besides.
    """

    ledger: str = ""
    gate: str = ""
    before_gate: int = 0
    fails: str = ""
    wrong: str = ""
    lie: str = ""
    adds: str = ""
    price_out: float | None = 2_000.0


class LengthsParams(Params, frozen=True):
    trace: str = ""
    gate: str = ""


def words(name, factory, resources, weighs=False):
    return ModelSpec(
        name=name,
        title=name,
        summary="Words that go with a label",
        factory=f"kodkod_toy.models:{factory}",
        params=WordsParams,
        scheme_types=("multiclass", "multilabel"),
        reads="texts",
        resources=resources,
        exports=("transformers",),
        weighs=weighs,
    )


@hookimpl
def register_components():
    def job(name, factory, params, resources=LIGHT, exclusive=True, queue="cpu"):
        return JobSpec(
            name=name,
            title=name,
            summary=name,
            factory=f"kodkod_toy.parts:{factory}",
            params=params,
            resources=resources,
            exclusive=exclusive,
            queue=queue,
        )

    for name in ("reader", "liar"):
        yield LabellerSpec(
            name=name,
            title=name.title(),
            summary="Sees animals",
            factory=f"kodkod_toy.labellers:{name.title()}",
            params=ReaderParams,
            scheme_types=("multiclass", "multilabel", "span"),
        )
    yield job("sum", "Sum", SumParams, exclusive=False)
    yield job("fail", "Fail", FailParams)
    yield job("wait", "Wait", WaitParams)
    yield job("heavy-wait", "Wait", WaitParams, HEAVY)
    yield job("gpu-wait", "GpuWait", GpuWaitParams, GPU, exclusive=False)
    yield job("stubborn", "Stubborn", WaitParams, Resources(heavy=True, grace_seconds=SHORT_GRACE))
    yield job("light-stubborn", "Stubborn", WaitParams, Resources(grace_seconds=SHORT_GRACE))
    yield job("live-sum", "Sum", SumParams, exclusive=False, queue="live")
    yield ImporterSpec(
        name="lines",
        title="Lines",
        summary="A text each line",
        factory="kodkod_toy.parts:Lines",
        extensions=(".lines",),
    )
    yield SchemeTypeSpec(
        name="toy-choice",
        title="Choice",
        summary="One label",
        factory="kodkod_toy.parts:Choice",
        widget="choice",
    )
    yield FeatureSpec(
        name="lengths",
        title="Lengths",
        summary="Characters of a text, less the mean of the train split",
        factory="kodkod_toy.parts:Lengths",
        params=LengthsParams,
    )
    yield FeatureSpec(
        name="letters",
        title="Letters",
        summary="Counts of letters, sparse",
        factory="kodkod_toy.parts:Letters",
        sparse=True,
    )
    yield FeatureSpec(
        name="heavy-lengths",
        title="Lengths",
        summary="The same in a child process",
        factory="kodkod_toy.parts:HeavyLengths",
        params=LengthsParams,
        resources=HEAVY,
    )
    yield ModelSpec(
        name="centroid",
        title="Centroid",
        summary="The nearest mean",
        factory="kodkod_toy.parts:Centroid",
        scheme_types=("toy-choice",),
        guide=True,
    )
    yield ModelSpec(
        name="by-length",
        title="By length",
        summary="The same from the texts themselves",
        factory="kodkod_toy.parts:ByLength",
        scheme_types=("toy-choice",),
        reads="texts",
    )
    yield words("words", "Words", LIGHT)
    yield words("weighed-words", "WeighedWords", LIGHT, weighs=True)
    yield words("heavy-words", "Words", HEAVY)
    yield words("gated-words", "GatedWords", HEAVY)
    yield words("keeper", "Keeper", HEAVY)
    yield ModelSpec(
        name="marker",
        title="Marker",
        summary="Strings that were marked before",
        factory="kodkod_toy.models:Marker",
        scheme_types=("span",),
        reads="texts",
    )
    yield ModelSpec(
        name="numb",
        title="Numb",
        summary="Says that it can mark passages, and cannot",
        factory="kodkod_toy.models:Words",
        params=WordsParams,
        scheme_types=("span",),
        reads="texts",
    )
    yield ProjectionSpec(
        name="line",
        title="Line",
        summary="The first column",
        factory="kodkod_toy.maps:Line",
    )
    yield TopicModelSpec(
        name="letter",
        title="Letter",
        summary="The first letter",
        factory="kodkod_toy.maps:Letter",
    )
    yield MetricSpec(
        name="share",
        title="Share",
        summary="Share of right answers",
        factory="kodkod_toy.parts:Share",
        scheme_types=("toy-choice",),
    )


@hookimpl
def job_admit(job):
    return "sums of nothing are not worth it" if job.params.get("numbers") == [] else None
