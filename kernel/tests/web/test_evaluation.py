"""Wrong predictions, suspected labels, comparisons and learning curves, asked of the server."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from kodkod.api import HeldOut, Score
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.validation import CrossValidated
from kodkod.store.artefacts import ModelRow, add_model
from kodkod.store.beliefs import Assessment, AssessmentFacts, write_assessment
from kodkod.store.database import now
from kodkod.store.learnt import write_learnt
from kodkod.store.matrices import Manifest, MatrixFolder

from .talking import problem_of

N = 12
ROWS = [
    {"id": f"t{i}", "text": f"text {i}", "part": "test" if i >= 6 else "train"} for i in range(N)
]
LABELS = ["pro", "con", "none"]
# Rows 6 to 11 are test. Of those 7, 9 and 10 are wrong.
P = np.float32(
    [[0.8, 0.1, 0.1]] * 6
    + [
        [0.7, 0.2, 0.1],
        [0.6, 0.3, 0.1],
        [0.2, 0.7, 0.1],
        [0.9, 0.1, 0.0],
        [0.1, 0.2, 0.7],
        [0.0, 0.1, 0.9],
    ]
)
VALUES = ["pro"] * 7 + ["con", "con", "none", "pro", "none"]
SAID = {f"t{i}": value for i, value in enumerate(VALUES)}


class Made:
    """A project in which everything is annotated, and models put there as jobs would."""

    def __init__(self, talk, services, slug, path, scheme) -> None:
        self.talk = talk
        self.services = services
        self.slug = slug
        self.path = path
        self.scheme = scheme
        self.places = ProjectPlaces.of(services.settings, slug)

    @property
    def ids(self) -> list[int]:
        return [label["id"] for label in self.scheme["labels"]]

    async def model(self, name="m", probabilities=P, **changed) -> str:
        live = await self.live()
        row = ModelRow(
            id=f"id{name}",
            project_id=live.row.project_id,
            scheme_id=live.row.id,
            name=name,
            component="logistic",
            params={},
            features=[],
            label_ids=self.ids,
            n_train=6,
            trained_at_seq=3,
            corpus_fingerprint="",
            seed=0,
            scores={},
            predicted_rows=len(probabilities),
            created_at=now(),
        )
        row = msgspec.structs.replace(row, **changed)
        async with self.services.database.write() as connection:
            await add_model(connection, row)
        self.predict(row.id, probabilities)
        return name

    def predict(self, model_id, probabilities) -> None:
        folder = self.places.predictions(model_id)
        folder.mkdir(parents=True, exist_ok=True)
        manifest = Manifest(
            component="logistic",
            params={},
            corpus_fingerprint="",
            rows=len(probabilities),
            dim=probabilities.shape[1],
            sparse=False,
        )
        MatrixFolder(folder).write(probabilities, manifest)

    async def live(self):
        for project in self.services.residency.projects:
            if project.row.slug == self.slug:
                return project.scheme(self.scheme["name"])
        raise AssertionError("the project is not in memory")

    async def errors(self, model="m", **query):
        return await self.talk.get(f"/projects/{self.slug}/models/{model}/errors", **query)


async def make(mara, services, said=SAID, type_="multiclass") -> Made:
    split = {"column": "part"}
    slug = await mara.project(ROWS, split=split, context_columns=["part"])
    path = await mara.scheme(slug, labels=LABELS, type=type_)
    await mara.say(path, **said)
    return Made(mara, services, slug, path, await mara.get(path))


@pytest.fixture
async def made(mara, services) -> Made:
    return await make(mara, services)


async def test_wrong_predictions_come_most_confident_first(made):
    await made.model()

    found = await made.errors()

    assert [each["id"] for each in found["items"]] == ["t9", "t10", "t7"]
    assert (found["compared"], found["wrong"], found["basis"], found["cursor"]) == (
        6, 3, "unseen", None,
    )  # fmt: skip
    first = found["items"][0]
    assert first["confidence"] == pytest.approx(0.9)
    assert (first["text"], first["value"], first["predicted"]) == ("text 9", "none", "pro")
    assert (first["missed"], first["added"]) == (["none"], ["pro"])


async def test_a_cell_of_the_confusion_matrix(made):
    await made.model()

    assert [each["id"] for each in (await made.errors(true="con"))["items"]] == ["t7"]
    assert [each["id"] for each in (await made.errors(predicted="pro"))["items"]] == ["t9", "t7"]
    both = await made.errors(true="none", predicted="pro")
    assert ([each["id"] for each in both["items"]], both["wrong"]) == (["t9"], 1)
    answer = await made.talk.ask("GET", f"/projects/{made.slug}/models/m/errors", true="what")
    assert "'pro', 'con', 'none'" in problem_of(answer, 422)["detail"]


async def test_pages_hold_while_people_annotate(made):
    await made.model()
    one = await made.errors(limit=1)
    # When what was shown is corrected meanwhile
    await made.talk.say(made.path, t9="pro")
    two = await made.errors(limit=1, cursor=one["cursor"])
    three = await made.errors(limit=1, cursor=two["cursor"])

    assert [each["items"][0]["id"] for each in (one, two, three)] == ["t9", "t10", "t7"]
    assert (two["wrong"], three["cursor"]) == (2, None)


@pytest.mark.parametrize("cursor", ["what", "", "nan_1", "1", "1_" + "9" * 80, "½_1", "inf_x"])
async def test_what_is_no_cursor_is_refused(made, cursor):
    await made.model()
    answer = await made.talk.ask("GET", f"/projects/{made.slug}/models/m/errors", cursor=cursor)
    assert problem_of(answer, 422)["field"] == "cursor"


async def test_predicting_again_and_renaming_show_at_once(made):
    await made.model()
    assert (await made.errors())["wrong"] == 3
    made.predict("idm", np.float32(np.eye(3)[[0] * 6 + [0, 1, 1, 2, 0, 2]]))
    assert (await made.errors())["wrong"] == 0

    made.predict("idm", P)
    await made.talk.post(f"{made.path}/labels", {"op": "rename", "label": "con", "name": "contra"})
    assert (await made.errors(true="contra"))["items"][0]["value"] == "contra"


async def test_the_train_split_is_in_sample_without_cross_validation(made):
    wrong = P.copy()
    wrong[0] = [0.1, 0.8, 0.1]
    await made.model(probabilities=wrong)

    found = await made.errors(split="train")

    assert (found["basis"], [each["id"] for each in found["items"]]) == ("in-sample", ["t0"])


async def test_wrong_predictions_of_several_labels(mara, services):
    said = {name: [] if value == "none" else [value] for name, value in SAID.items()}
    made = await make(mara, services, said, "multilabel")
    await made.model(thresholds=[0.65, 0.5, 0.5])

    found = await made.errors()

    by_id = {each["id"]: each for each in found["items"]}
    # The last is called none, which nobody said; 7 is under the first label's threshold.
    assert list(by_id) == ["t10", "t9", "t11", "t7"]
    assert (by_id["t7"]["missed"], by_id["t7"]["added"]) == (["con"], [])
    assert (by_id["t7"]["value"], by_id["t7"]["predicted"]) == (["con"], [])
    assert by_id["t10"]["missed"] == ["pro"]


async def test_a_model_that_has_not_predicted_has_no_mistakes_to_show(made):
    await made.model()
    answer = await made.talk.ask("GET", f"/projects/{made.slug}/models/m/errors", split="valid")
    assert "let it predict" in problem_of(answer, 409)["detail"]
    answer = await made.talk.ask("GET", f"/projects/{made.slug}/models/other/errors")
    problem_of(answer, 404)


HELD_OUT = np.float32(
    [[0.9, 0.05, 0.05], [0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.8, 0.1, 0.1], [0.3, 0.6, 0.1]]
)


def assess_in(made, scheme_id) -> None:
    """Put a guide's assessment of rows 0 to 4 there; row 5 had to stay in training."""
    summary = HeldOut(n_train=6, trained_at_seq=6, score=Score(value=0.5))
    facts = AssessmentFacts(
        held_out=summary, curve=[], label_ids=made.ids, model="logistic", params={}, features=[],
        seed=0,
    )  # fmt: skip
    home = made.places.guide(scheme_id)
    home.mkdir(parents=True, exist_ok=True)
    found = np.vstack([HELD_OUT, np.full((1, 3), np.nan, np.float32)])
    write_assessment(home, Assessment(facts, np.arange(6), found))


async def label_errors(made, **query):
    return await made.talk.get(f"{made.path}/label-errors", **query)


@pytest.fixture
async def doubtful(mara, services) -> Made:
    """Rows 0 to 4 are annotated, row 2 as pro, which it is not, and row 4 rightly as con."""
    said = {**SAID, "t4": "con"}
    return await make(mara, services, said)


async def test_suspected_labels_come_worst_first_and_go_when_they_are_corrected(doubtful):
    assess_in(doubtful, (await doubtful.live()).row.id)

    found = await label_errors(doubtful)

    # Of those said to be pro the mean is 0.675: only row 2 reaches con (0.6) and not that.
    assert [each["id"] for each in found["items"]] == ["t2"]
    first = found["items"][0]
    assert (first["value"], first["suggested"], first["text"]) == ("pro", "con", "text 2")
    assert first["score"] == pytest.approx((0.1 - 0.8 + 1) / 2)
    assert (found["checked"], found["suspected"], found["model"], found["trained_at_seq"]) == (
        5, 1, None, 6,
    )  # fmt: skip

    await doubtful.talk.say(doubtful.path, t2="con")

    after = await label_errors(doubtful)
    assert (after["items"], after["checked"]) == ([], 5)


async def test_a_model_trained_with_folds_tells_too(doubtful):
    await doubtful.model("crossed")
    await doubtful.model("plain")
    folder = doubtful.places.model("idcrossed")
    folder.mkdir(parents=True)
    said = CrossValidated(probabilities=HELD_OUT, folds=np.zeros(5, int))
    write_learnt(folder, rows=np.arange(5), label_ids=doubtful.ids, names=LABELS, said=said)

    found = await label_errors(doubtful, model="crossed")
    assert (found["model"], [each["id"] for each in found["items"]]) == ("crossed", ["t2"])
    answer = await doubtful.talk.ask("GET", f"{doubtful.path}/label-errors", model="plain")
    assert "train one with folds" in problem_of(answer, 409)["detail"]
    other = await doubtful.talk.scheme(doubtful.slug, name="other")
    answer = await doubtful.talk.ask("GET", f"{other}/label-errors", model="crossed")
    assert "another scheme" in problem_of(answer, 422)["detail"]


async def test_without_cross_validation_nothing_is_suspected(made):
    answer = await made.talk.ask("GET", f"{made.path}/label-errors")

    assert "guide" in problem_of(answer, 409)["detail"]


async def test_passages_are_not_suspected(mara, services):
    said = {"t0": [{"start": 0, "end": 4, "label": "pro"}]}
    made = await make(mara, services, said, "span")

    answer = await mara.ask("GET", f"{made.path}/label-errors")

    assert "passages" in problem_of(answer, 422)["detail"]


async def test_a_comparison_is_a_job(made):
    await made.model("one")
    await made.model("two")
    body = {"first": "one", "second": "idtwo", "split": "test", "seed": 5}

    job = await made.talk.post(f"/projects/{made.slug}/comparisons", body)

    assert (job["kind"], job["state"]) == ("compare", "queued")
    assert job["params"] == {
        "first_id": "idone", "second_id": "idtwo", "split": "test", "metric": None, "seed": 5,
    }  # fmt: skip


async def test_what_cannot_be_compared_is_refused_at_once(made):
    await made.model("one")
    await made.model("silent", predicted_rows=None)
    await made.model("else", scheme_id=(await made.live()).row.id)

    async def asked(**body):
        return await made.talk.ask("POST", f"/projects/{made.slug}/comparisons", body)

    assert "name two" in problem_of(await asked(first="one", second="idone"), 422)["detail"]
    assert "predict" in problem_of(await asked(first="one", second="silent"), 409)["detail"]
    problem_of(await asked(first="one", second="nobody"), 404)
    problem_of(await asked(first="one", second="else", metric="nothing"), 404)
    problem_of(await asked(first="one", second="else", split="all"), 400)


async def test_models_of_two_schemes_are_refused_at_once(made):
    await made.model("one")
    await made.talk.scheme(made.slug, name="other")
    other = next(p for p in made.services.residency.projects if p.row.slug == made.slug)
    await made.model("two", scheme_id=other.scheme("other").row.id)

    answer = await made.talk.ask(
        "POST", f"/projects/{made.slug}/comparisons", {"first": "one", "second": "two"}
    )

    assert "different schemes" in problem_of(answer, 422)["detail"]


async def test_a_learning_curve_is_a_job(made):
    await made.model()

    job = await made.talk.post(
        f"/projects/{made.slug}/learning-curves", {"model": "m", "folds": 3, "repeats": 1}
    )

    assert (job["kind"], job["state"], job["subject"]) == ("learning-curve", "queued", "logistic")
    assert job["params"]["model_id"] == "idm"
    answer = await made.talk.ask(
        "POST", f"/projects/{made.slug}/learning-curves", {"model": "m", "folds": 1}
    )
    problem_of(answer, 400)
