"""The contract kit has teeth: for each promise, a component that breaks it is caught."""

import sys
from types import ModuleType
from typing import Annotated

import numpy as np
import pytest
from msgspec import Meta

from kodkod.api import (
    Advice,
    Cancelled,
    Feature,
    FeatureSpec,
    Model,
    ModelSpec,
    NoParams,
    Params,
    Point,
    Resources,
    SchemeType,
    SchemeTypeSpec,
    Score,
    Series,
    SignIn,
    SignInSpec,
    StoppingRule,
    StoppingRuleSpec,
    Strategy,
    StrategySpec,
    easy,
)
from kodkod.testing import ContractBrokenError, RecordingContext, Subject, contract_for
from kodkod.testing.checks import checks_for
from kodkod.testing.isolation import imported_by


class Lengths(Feature[NoParams]):
    """A feature that keeps its promises."""

    def fit(self, batch, ctx):
        ctx.progress(0)
        self.scale = float(max(map(len, batch.texts), default=1) or 1)

    def transform(self, batch, ctx):
        ctx.progress(None)
        rows = [[len(text) / self.scale, text.count(" ")] for text in batch.texts]
        return np.array(rows, dtype=np.float32).reshape(-1, 2)

    def save(self, folder):
        (folder / "scale.json").write_text(str(self.scale))

    def load(self, folder):
        self.scale = float((folder / "scale.json").read_text())


class Shares(Model[NoParams]):
    """A model that keeps its promises: each label's share of the training set."""

    def fit(self, data, ctx):
        ctx.progress(0)
        several = data.targets.ndim == 2
        counts = data.targets.sum(axis=0) if several else self._counts(data)
        self.shares = (counts / len(data.targets)).astype(np.float32)

    def _counts(self, data):
        return np.bincount(data.targets, minlength=len(data.labels))

    def predict_proba(self, batch, features, ctx):
        return np.tile(self.shares, (len(batch), 1))

    def save(self, folder):
        np.save(folder / "shares.npy", self.shares)

    def load(self, folder):
        self.shares = np.load(folder / "shares.npy")


class AsIs(Strategy[NoParams]):
    def order(self, pool):
        return np.arange(pool.n, dtype=np.int64)


class Anything(SchemeType[NoParams, str]):
    def validate(self, value, labels, text):
        return value

    def labels_of(self, value):
        return [value]

    def map_labels(self, value, mapping):
        return mapping(value)

    def encode(self, values, labels):
        return np.array([labels.index(each) for each in values], dtype=np.int64)

    def decode(self, probabilities, labels):
        return [labels[0] for _ in probabilities]


class Enough(StoppingRule[NoParams]):
    """A rule that keeps its promises: 200 labels are enough."""

    def advise(self, history):
        n = len(history.labelled)
        if not history.beliefs:
            return Advice(verdict="too-early", sentence="Nothing was learnt yet.")
        return Advice(
            verdict="could-stop" if n >= min(200, history.n_rows) else "go-on",
            sentence=f"There are {n} labels.",
            evidence=[Series(name="Labels", points=[Point(float(n), float(n))])],
            figures={"labels": Score(value=float(n))},
        )


class Plain(SignIn[NoParams]):
    def enroll(self, secret):
        return secret

    def check(self, secret, stored):
        return secret == stored


# -- components that break one promise each -------------------------------------------------


class WorksInConstructor(Lengths):
    def __init__(self, params):
        super().__init__(params)
        with open(__file__) as file:  # noqa: PTH123
            file.read(1)


class Float64(Lengths):
    def transform(self, batch, ctx):
        return super().transform(batch, ctx).astype(np.float64)


class ByBatch(Lengths):
    def transform(self, batch, ctx):
        return super().transform(batch, ctx) + np.float32(len(batch))


class Unseeded(Lengths):
    def fit(self, batch, ctx):
        self.scale = float(np.random.default_rng().random())


class Forgetful(Lengths):
    def load(self, folder):
        self.scale = 1.0


class RemembersItsFolder(Lengths):
    def save(self, folder):
        super().save(folder)
        (folder / "where.txt").write_text(str(folder / "scale.json"))

    def load(self, folder):
        self.scale = float(open((folder / "where.txt").read_text()).read())  # noqa: PTH123, SIM115


class Pickles(Lengths):
    def save(self, folder):
        super().save(folder)
        (folder / "model.bin").write_bytes(b"\x80\x04K\x01.")


class FailsOnNothing(Lengths):
    def transform(self, batch, ctx):
        return np.array([[len(t)] for t in batch.texts] or None, dtype=np.float32).reshape(-1, 1)


class Silent(Lengths):
    def fit(self, batch, ctx):
        self.scale = 1.0

    def transform(self, batch, ctx):
        return super().transform(batch, RecordingContext(ctx.folder))


class Swallows(Lengths):
    def fit(self, batch, ctx):
        try:
            super().fit(batch, ctx)
        except Cancelled:
            self.scale = 1.0

    def transform(self, batch, ctx):
        return super().transform(batch, RecordingContext(ctx.folder))


class Unnormalised(Shares):
    def predict_proba(self, batch, features, ctx):
        return super().predict_proba(batch, features, ctx) / np.float32(2)


class Smooths(Shares):
    def _counts(self, data):
        return super()._counts(data) + 1.0

    def predict_proba(self, batch, features, ctx):
        proba = super().predict_proba(batch, features, ctx)
        return proba / proba.sum(axis=1, keepdims=True)


class Overwrites(Shares):
    def fit(self, data, ctx):
        super().fit(data, ctx)
        data.features[:] = 0


class CrashesOnOneLabel(Shares):
    def fit(self, data, ctx):
        if len(np.unique(data.targets, axis=0)) < 2:
            raise ValueError("need two classes")
        super().fit(data, ctx)


class Short(AsIs):
    def order(self, pool):
        return super().order(pool)[1:]


class GlobalRandom(AsIs):
    def order(self, pool):
        return np.random.default_rng().permutation(pool.n)


class NoSuchOrder(AsIs):
    def order(self, pool):
        return np.argsort(pool.probabilities[:, 0])[::-1].copy()


class ForgetsTheUnembedded(AsIs):
    def order(self, pool):
        return np.random.default_rng(0).permutation(pool.n)


class OverlooksCandidates(AsIs):
    def order(self, pool):
        return np.argsort(-pool.probabilities[:, 0], kind="stable")


class Centres(AsIs):
    def order(self, pool):
        # Distance from a mean over rows that nobody can be given.
        apart = np.abs(pool.embeddings - pool.embeddings.mean(axis=0)).sum(axis=1)
        late = np.ones(pool.n, dtype=bool)
        late[pool.candidates if pool.candidates is not None else slice(None)] = False
        return np.lexsort((apart, late))


class WantsLabels(AsIs):
    def order(self, pool):
        return np.roll(np.arange(pool.n), int(pool.labelled[0]))


class WantsTheUnlabelled(AsIs):
    def order(self, pool):
        first = np.setdiff1d(np.arange(pool.n), pool.labelled)[0] if pool.n else 0
        return np.roll(np.arange(pool.n), -int(first))


class DropsTwins(AsIs):
    def order(self, pool):
        return np.unique(pool.probabilities, axis=0, return_index=True)[1]


class Sorts(AsIs):
    def order(self, pool):
        pool.probabilities.sort(axis=0)
        return super().order(pool)


class SaysNothing(Enough):
    def advise(self, history):
        return Advice(verdict="go-on", sentence="Go on.")


class Hasty(Enough):
    def advise(self, history):
        evidence = [Series(name="Labels", points=[])]
        return Advice(verdict="could-stop", sentence="Enough.", evidence=evidence)


class WantsABelief(Enough):
    def advise(self, history):
        return super().advise(history) if history.beliefs[-1].version else None


class Insatiable(Enough):
    def advise(self, history):
        advice = super().advise(history)
        if advice.verdict == "too-early":
            return advice
        return Advice(verdict="go-on", sentence="More!", evidence=advice.evidence)


class PassesNaNOn(Enough):
    def advise(self, history):
        if not history.beliefs:
            return super().advise(history)
        values = [belief.uncertainty for belief in history.beliefs]
        points = [Point(float(i), value) for i, value in enumerate(values)]
        evidence = [Series(name="Uncertainty", points=points)]
        verdict = "could-stop" if len(history.labelled) == history.n_rows else "go-on"
        return Advice(verdict=verdict, sentence="See.", evidence=evidence)


class OutOfItsInterval(Enough):
    def advise(self, history):
        evidence = [Series(name="Labels", points=[])]
        figures = {"labels": Score(value=1.0, low=2.0, high=3.0)}
        return Advice(verdict="go-on", sentence="See.", evidence=evidence, figures=figures)


class Guesses(Enough):
    def advise(self, history):
        figures = {"chance": Score(value=float(np.random.default_rng().random()))}
        return Advice(verdict="too-early", sentence="Who knows.", figures=figures)


class NeedsTwoLabels(Enough):
    def advise(self, history):
        if history.probabilities is not None:
            history.probabilities[0, 1] + 0
        return super().advise(history)


class Shuffles(Enough):
    def advise(self, history):
        history.selection_probability.sort()
        return super().advise(history)


class Unmarked(Params, frozen=True):
    width: Annotated[int, Meta(ge=1)] = 1


class BadDefault(Params, frozen=True):
    width: Annotated[int, easy("Width", ge=5)] = 1


class Lenient(NoParams, frozen=True, forbid_unknown_fields=False):
    pass


def spec_for(cls: type, **more: object):
    kinds = {
        Feature: (FeatureSpec, {}),
        Model: (ModelSpec, {"scheme_types": ("multiclass",)}),
        Strategy: (StrategySpec, {"needs": ("probabilities",)}),
        SchemeType: (SchemeTypeSpec, {"widget": "choice"}),
        SignIn: (SignInSpec, {}),
        StoppingRule: (StoppingRuleSpec, {}),
    }
    kind, given = next(value for base, value in kinds.items() if issubclass(cls, base))
    return kind(
        **{
            "name": cls.__name__.lower(),
            "title": cls.__name__,
            "summary": "For the test",
            "factory": f"tested_components:{cls.__name__}",
            **given,
            **more,
        }
    )


@pytest.fixture(autouse=True)
def components(monkeypatch):
    """Make the classes of this file importable, as a plugin's are."""
    module = ModuleType("tested_components")
    vars(module).update({name: each for name, each in globals().items() if isinstance(each, type)})
    monkeypatch.setitem(sys.modules, "tested_components", module)


def run(spec, check_name: str, folder) -> None:
    (check,) = [each for each in checks_for(spec) if each.__name__ == check_name]
    check(Subject("tested_components", spec, {}, folder))


@pytest.mark.parametrize(
    ("spec", "check", "said"),
    [
        (spec_for(Lengths, summary="two\nlines"), "spec_is_valid", "summary is one line"),
        (spec_for(Lengths, params=Unmarked), "params_make_a_form", "width has a description"),
        (spec_for(Lengths, params=BadDefault), "params_survive_json", "width.*mend a default"),
        (spec_for(Lengths, params=Lenient), "unknown_params_are_refused", "unknown params"),
        (spec_for(WorksInConstructor), "constructor_does_nothing", "open"),
        (spec_for(Float64), "gives_float32_vectors", "float32, not float64"),
        (spec_for(Lengths, sparse=True), "gives_float32_vectors", "whether it is sparse"),
        (spec_for(ByBatch), "batch_of_one", "Not equal"),
        (spec_for(Unseeded), "same_seed_same_vectors", "Not equal"),
        (spec_for(Forgetful), "save_and_load", "Not equal"),
        (spec_for(RemembersItsFolder), "save_and_load", "No such file"),
        (spec_for(Pickles), "save_and_load", "model.bin is a pickle"),
        (spec_for(FailsOnNothing), "no_texts_no_rows", "\\(0, 1\\)"),
        (spec_for(Silent, resources=Resources(heavy=True)), "tells_progress", "being heavy"),
        (spec_for(Swallows), "can_be_cancelled", "lets Cancelled through"),
        (spec_for(Unnormalised), "gives_probabilities", "sum to 1"),
        (spec_for(Smooths), "gives_probabilities", "never seen"),
        (spec_for(Overwrites), "leaves_its_input_alone", "features alone"),
        (spec_for(CrashesOnOneLabel), "one_label_only", "need two classes"),
        (spec_for(Short), "gives_a_permutation", "has 1 rows|has 0 rows|order has"),
        (spec_for(GlobalRandom), "same_seed_same_order", "pool.rng"),
        (spec_for(NoSuchOrder), "rows_without_prediction_come_last", "come last"),
        (
            spec_for(ForgetsTheUnembedded, needs=("embeddings",)),
            "rows_without_embedding_come_last",
            "embedding come last",
        ),
        (
            spec_for(OverlooksCandidates, uses=("candidates",)),
            "candidates_come_first",
            "candidates come first",
        ),
        (
            spec_for(Centres, uses=("candidates",)),
            "looks_at_candidates_and_labelled_rows_only",
            "no say",
        ),
        (spec_for(WantsLabels), "nothing_labelled_yet", "out of bounds"),
        (spec_for(WantsTheUnlabelled), "everything_labelled", "out of bounds"),
        (spec_for(DropsTwins), "equal_scores", "each there once"),
        (spec_for(Sorts), "leaves_the_pool_alone", "pool.probabilities alone"),
        (spec_for(SaysNothing), "answers_a_long_history", "shows its evidence"),
        (spec_for(Hasty), "one_refresh", "no reason to stop"),
        (spec_for(Hasty), "nothing_happened_yet", "too early to judge"),
        (spec_for(WantsABelief), "nothing_happened_yet", "out of range"),
        (spec_for(Insatiable), "everything_labelled", "nothing is left"),
        (spec_for(PassesNaNOn), "figures_that_are_missing", "points of Uncertainty are finite"),
        (spec_for(OutOfItsInterval), "answers_a_long_history", "lies in its interval"),
        (spec_for(Guesses), "same_seed_same_advice", "history.rng"),
        (spec_for(NeedsTwoLabels), "one_label", "out of bounds"),
        (spec_for(Shuffles), "leaves_the_history_alone", "selection_probability alone"),
        (spec_for(Anything), "wrong_values_are_refused", "None is refused"),
        (spec_for(Anything), "encodes_for_models", "decode gives back"),
        (spec_for(Plain), "right_secret_only", "not stored"),
        (spec_for(Plain), "salted", "salted"),
    ],
    ids=lambda each: each if isinstance(each, str) else getattr(each, "title", ""),
)
def test_a_broken_promise_is_caught(spec, check, said, tmp_path):
    with pytest.raises((AssertionError, LookupError, OSError, ValueError), match=said):
        run(spec, check, tmp_path)


HONEST = ModuleType("honest")
HONEST.API = "2.0"
HONEST.register_components = lambda: [
    spec_for(Lengths),
    spec_for(Shares, scheme_types=("multiclass", "multilabel")),
    spec_for(AsIs, needs=()),
    spec_for(Enough),
]

test_honest_components_pass = contract_for(HONEST)


def test_an_import_that_brings_along_an_ml_library_is_seen():
    assert "sklearn" in imported_by(["sklearn.base"])


def test_an_expected_failure_that_names_no_test_is_refused():
    with pytest.raises(ContractBrokenError, match="model/shares-misspelt"):
        contract_for(HONEST, expected_failures={"model/shares-misspelt": "soon"})


def test_progress_that_cannot_be_drawn_is_an_error(job_context):
    with pytest.raises(AssertionError, match=r"fraction 1\.2"):
        job_context.progress(1.2)
    with pytest.raises(AssertionError, match="metric loss is nan"):
        job_context.progress(0.5, loss=float("nan"))


def test_a_context_keeps_what_it_is_told_and_cancels_when_asked(tmp_path):
    context = RecordingContext(tmp_path, cancel_after=1)

    context.progress(0.5, "half", loss=0.1)
    context.log("a line")
    with pytest.raises(Cancelled):
        context.progress(1.0)

    assert [(r.fraction, r.message, r.metrics) for r in context.reports] == [
        (0.5, "half", {"loss": 0.1})
    ]
    assert context.lines == ["a line"]
