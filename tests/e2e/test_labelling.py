"""An LLM labels a real corpus through a real server: planned, run, killed, judged, promoted."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import psutil
import pytest
from msgspec import Struct

from corpora import shared_file
from kodkod_sdk import (
    Ceiling,
    Client,
    JobFailedError,
    Labelling,
    LabelRows,
    NewLabelling,
    NewModel,
    NewScheme,
    Project,
    ProjectConfig,
    SplitPlan,
)
from kodkod_sdk.generated.contract import (
    NewAnnotation,
    NewComparison,
    NewFeature,
    NewPrompt,
    NewSecret,
    NextQuery,
    Silver,
)
from llm.scripted import Call, Script, ScriptedEndpoint, Served, chat
from server_process import ServerProcess

N_TEXTS = 400
LABEL = "label_agg"
KEY = "sk-e2e-secret"
KILLS = 4
AT_ONCE = 8
_TEXT = re.compile(r"Text: (.*)\nAnswer:", re.DOTALL)


class Oracle:
    """An endpoint that knows the truth of a corpus, and is wrong in every tenth text.

    It charges a call once, by its idempotency key, as endpoints do that honour one.
    """

    def __init__(self, gold: dict[str, str], labels: list[str], delay: float) -> None:
        self._gold, self._labels, self._delay = gold, labels, delay
        self.charged: set[str] = set()

    def __call__(self, call: Call) -> Served:
        if call.headers.get("authorization") != f"Bearer {KEY}":
            return Served(status=401, body={"error": {"message": "who are you?"}})
        if not call.path.endswith("/chat/completions"):
            return Served(status=404, body={"error": {"message": "nothing here"}})
        schema = call.schema
        allowed = schema["properties"]["label"]["enum"] if schema else []
        if set(allowed) != set(self._labels):
            return Served(body=chat(f'{{"label": "{allowed[0]}"}}' if allowed else "hello"))
        self.charged.add(call.key)
        text = _TEXT.findall(call.said)[-1]
        said = self._gold[text]
        if sum(map(ord, text)) % 10 == 0:
            said = self._labels[(self._labels.index(said) + 1) % len(self._labels)]
        return Served(body=chat(f'{{"label": "{said}"}}'), delay=self._delay)


class Study(Struct, frozen=True):
    """The corpus as a project, and an endpoint that is asked about it."""

    project: Project
    endpoint: ScriptedEndpoint
    oracle: Oracle
    texts: dict[str, str]
    server: ServerProcess

    def labelling(self, name: str, **params: object) -> Labelling:
        given = {
            "base_url": self.endpoint.url,
            "model": "oracle",
            "secret": "key",
            "adapter": "schema",
            "concurrency": AT_ONCE,
            "price_in": 1.0,
            "price_out": 2.0,
            "parameters_b": 7.0,
            **params,
        }
        return self.project.create_labelling(
            NewLabelling(name=name, scheme="stance", prompt="code", params=given)
        )


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    frame = pl.read_csv(shared_file("climate_stance.csv")).unique("sentence", maintain_order=True)
    frame = frame.head(N_TEXTS)
    folder: Path = tmp_path_factory.mktemp("labelling")
    frame.write_csv(folder / "texts.csv")
    truth = dict(zip(frame["sentence"], frame[LABEL], strict=True))
    labels = sorted(set(truth.values()))
    oracle = Oracle(truth, labels, delay=0.02)
    script: Script = oracle
    config = ProjectConfig(
        name="Stance",
        id_column="id",
        text_columns=["sentence"],
        label_columns=[LABEL],
        split=SplitPlan(test=100, seed=1),
    )
    environment = {"KODKOD_GENAI_ALLOW_PRIVATE": "true"}
    with (
        ScriptedEndpoint(script) as endpoint,
        ServerProcess(folder / "data", environment=environment) as server,
        Client(server.url, username="root", password=server.root_password) as client,
    ):
        project = client.create_project(folder / "texts.csv", config)
        scheme = project.create_scheme(NewScheme(name="stance", type="multiclass", labels=labels))
        texts = {str(row["id"]): row["sentence"] for row in frame.iter_rows(named=True)}
        held = drawn(project, "test", 100)
        scheme.annotate([NewAnnotation(id=id_, value=truth[texts[id_]]) for id_ in held])
        project.put_secret(NewSecret(name="key", value=KEY, origin=endpoint.url))
        default = project.default_prompt("stance")
        project.create_prompt(
            NewPrompt(name="code", scheme="stance", system=default.system, user=default.user)
        )
        yield Study(project, endpoint, oracle, texts, server)


def drawn(project: Project, split: str, n: int) -> list[str]:
    """Return the ids of so many texts of a split."""
    query = NextQuery(split=split, n=n, strategy="deterministic")
    return [element.id for element in project.scheme("stance").next(query).elements]


def counted(project: Project) -> int:
    """Return how many texts have a value."""
    return pl.read_parquet(project.export("annotations", "parquet", scheme="stance")).height


def test_a_labelling_is_planned_run_and_judged(study: Study) -> None:
    labelling = study.labelling("planned")
    few = labelling.run(LabelRows(on="test", n=10)).wait().result
    assert (few["answered"], few["left"]) == (10, 0)

    plan = labelling.plan(LabelRows(on="test")).wait().result
    assert (plan["rows"], plan["kept"], plan["to_ask"]) == (100, 10, 90)
    assert plan["based_on"] == 10
    assert plan["remote"] is True
    assert plan["wh"] > 0
    assert plan["cost"] == pytest.approx(90 * (10 * 1.0 + 2 * 2.0) / 1e6)

    stopped = labelling.run(LabelRows(on="test"), Ceiling(tokens=240)).wait().result
    assert (stopped["stopped"], stopped["asked"]) == ("ceiling", 20)
    done = labelling.run(LabelRows(on="test"))
    assert done.wait().result["answered"] == 70

    info = labelling.info()
    assert info.totals.answered == 100
    accuracy = info.scores["test"].overall["accuracy"]
    assert 0.8 < accuracy.value < 0.97
    assert accuracy.low < accuracy.value < accuracy.high
    wrong = [reply for reply in labelling.replies() if reply.value != reply.human]
    assert len(wrong) == round(100 * (1 - accuracy.value))
    # What it took elsewhere is in the books
    energy = done.refresh().energy
    assert energy.remote_wh > 0


def test_a_run_that_is_killed_at_random_pays_nothing_twice_and_misses_nothing(
    study: Study,
) -> None:
    rng = random.Random(7)
    labelling = study.labelling("killed", seed=11)
    before = len(study.endpoint.calls)
    study.oracle.charged.clear()
    job = labelling.run()
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.2, 1.0))
        kill_worker(study.server)
        # A job whose worker dies again and again is given up, and may be started anew
        if job.refresh().state == "failed":
            job = labelling.run()
    try:
        result = job.wait(120).result
    except JobFailedError:
        result = labelling.run().wait(120).result
    assert result["left"] == 0
    replies = list(labelling.replies())
    assert [reply.state for reply in replies] == ["answered"] * N_TEXTS
    # By its keys each call is charged once
    assert len(study.oracle.charged) == N_TEXTS
    # And what is sent again is what was under way at a kill, or had come and was being stored
    calls = len(study.endpoint.calls) - before
    assert calls <= N_TEXTS + KILLS * 2 * AT_ONCE


def kill_worker(server: ServerProcess) -> None:
    """Kill the worker for long jobs as a machine that is out of memory would."""
    for child in psutil.Process(server.pid).children(recursive=True):
        line = child.cmdline()
        if "--queues" in line and line[line.index("--queues") + 1] == "cpu":
            child.kill()


def test_answers_teach_compare_and_are_promoted(study: Study) -> None:
    project = study.project
    labelling = study.labelling("teacher", seed=12)
    labelling.run().wait(120)
    project.create_feature(NewFeature(name="lsa", component="tfidf-svd", params={"dim": 50})).wait()
    silver = Silver(labelling="teacher", weight=0.5)
    model = NewModel(
        name="pupil", scheme="stance", component="logistic", features=["lsa"], silver=silver
    )
    with pytest.raises(JobFailedError, match="annotate"):
        project.create_model(NewModel(name="nobody", scheme="stance", features=["lsa"])).wait()
    scheme = project.scheme("stance")
    train = drawn(project, "train", 20)
    truth = {reply.id: reply.value for reply in labelling.replies()}
    scheme.annotate([NewAnnotation(id=id_, value=truth[id_]) for id_ in train])
    project.create_model(model).wait()
    pupil = project.model("pupil")
    assert (pupil.n_train, pupil.training.n_silver) == (N_TEXTS - 100, N_TEXTS - 120)
    project.predict("pupil").wait()
    compared = project.compare(NewComparison(first="teacher", second="pupil")).wait().result
    assert compared["report"]["n"] == 100
    assert compared["first_basis"] == "unseen"

    promoted = labelling.promote(LabelRows(only="unannotated"))
    assert promoted.promoted == N_TEXTS - 120
    assert counted(project) == N_TEXTS
    labelling.withdraw()
    assert counted(project) == 120


def test_a_wrong_key_ends_a_run_and_is_shown_nowhere(study: Study) -> None:
    wrong = "sk-wrong-and-secret"
    study.project.put_secret(NewSecret(name="other", value=wrong, origin=study.endpoint.url))
    labelling = study.labelling("locked-out", secret="other", seed=13)
    with pytest.raises(JobFailedError, match="does not accept the API key"):
        labelling.run(LabelRows(n=5)).wait()
    assert wrong not in study.server.output()
    for file in study.server.data_dir.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert wrong.encode() not in content, file
            assert KEY.encode() not in content, file


def test_a_secret_is_sent_to_no_other_origin(study: Study) -> None:
    with ScriptedEndpoint(study.endpoint.script) as thief:
        labelling = study.labelling("stolen", base_url=thief.url)
        with pytest.raises(JobFailedError, match="is not sent to"):
            labelling.run(LabelRows(n=5)).wait()
        assert not thief.calls
