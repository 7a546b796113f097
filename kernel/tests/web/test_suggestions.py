"""What a trained model answers, suggested to whoever asks for it."""

# ruff: noqa: F811 - the fixtures are imported

from __future__ import annotations

import pytest

from .desk import app, mara, right, toys, work  # noqa: F401
from .talking import problem_of

WISH = {"n": 10, "split": "all", "strategy": "deterministic", "sample": {"kind": "all"}}


@pytest.mark.parametrize("type_", ["multiclass", "multilabel", "span"])
async def test_a_model_suggests_what_it_predicts(mara, type_):
    # Given a model that has predicted the corpus
    project = await mara.classroom(type_)
    component = "words" if type_ != "span" else "marker"
    model = await mara.train(project, component=component)
    await mara.run(f"{project}/models/{model['id']}/predictions", {})
    scheme = f"{project}/schemes/animal"
    # Nobody is swayed who has not asked
    assert all(each["suggestion"] is None for each in await mara.next(scheme, **WISH))
    for named in (model["id"], "m"):
        told = await mara.next(scheme, **WISH, suggested_by=named)
        assert told
        for element in told:
            said = element["suggestion"]
            assert (said["by"], said["kind"]) == ("m", "model")
            assert said["value"] == right(element["text"], type_)
            assert (said["confidence"] is None) == (type_ != "multiclass")


async def test_a_model_that_is_not_there_is_refused_with_those_that_are(mara):
    project = await mara.classroom("multiclass")
    await mara.train(project)
    asked = await mara.ask(
        "POST", f"{project}/schemes/animal/next", {**WISH, "suggested_by": "nobody"}
    )
    assert "there is m" in problem_of(asked, 422)["detail"]


async def test_a_model_that_has_predicted_nothing_suggests_nothing(mara):
    project = await mara.classroom("multiclass")
    await mara.train(project)
    told = await mara.next(f"{project}/schemes/animal", **WISH, suggested_by="m")
    assert told
    assert all(each["suggestion"] is None for each in told)
