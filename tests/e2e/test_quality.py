"""Quality through the SDK and a running server: versions, gold, annotators, past, erasure."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from kodkod_sdk import Client, NewAnnotation, NewScheme, Project, ProjectConfig
from kodkod_sdk.errors import ForbiddenError
from kodkod_sdk.generated.contract import (
    Checks,
    Membership,
    NewAccount,
    NewGold,
    NextQuery,
    Sample,
    SchemePatch,
)
from server_process import ServerProcess

N = 60
EVERY = 4


@pytest.fixture
def project(client: Client, tmp_path: Path) -> Project:
    file = tmp_path / "texts.csv"
    ids = [f"t{i}" for i in range(N)]
    pl.DataFrame({"id": ids, "text": [f"text {i} " * 20 for i in range(N)]}).write_csv(file)
    config = ProjectConfig(name="Quality", id_column="id", text_columns=["text"])
    return client.create_project(file, config)


def test_a_round_of_quality(
    server: ServerProcess, client: Client, project: Project, tmp_path: Path
) -> None:
    scheme = project.create_scheme(NewScheme(name="side", labels=["pro", "con"], codebook="One."))
    client.create_user(NewAccount(username="vera", password="a quiet harbour 7"))
    project.set_member("vera", Membership(role="annotator"))
    gold = [NewGold(id="t0", value="pro", note="Because."), NewGold(id="t1", value="con")]
    scheme.put_gold(gold)
    scheme.change(SchemePatch(checks=Checks(every=EVERY, feedback=True)))

    # when vera codes what comes, always the same
    with Client(server.url, username="vera", password="a quiet harbour 7") as vera:
        hers = vera.project(project.slug).scheme("side")
        told = []
        while elements := hers.next(NextQuery(n=1)).elements:
            given = NewAnnotation(
                id=elements[0].id, value="pro", lease=elements[0].lease, seconds=0.5
            )
            told += hers.answer([given]).feedback
        # then she is told of the gold texts that came, and a manager sees how she does
        assert {(each.id, each.correct) for each in told} <= {("t0", True), ("t1", False)}
        with pytest.raises(ForbiddenError):
            list(hers.gold())
        half_way = scheme.statistics()
        position = next(scheme.history(everybody="true")).seq

        # when the codebook changes what "pro" means, her answers are outdated until said again
        scheme.change(SchemePatch(codebook="Two.", affects=["pro"]))
        newest, first = list(scheme.codebook_versions())
        assert newest.outdated == first.annotations - 1  # All but the decision "con".
        mine = Sample(kind="outdated", by="vera")
        outdated = hers.next(NextQuery(sample=mine, n=1)).elements
        hers.annotate([NewAnnotation(id=outdated[0].id, value="con")])
        assert next(iter(scheme.codebook_versions())).outdated == newest.outdated - 1

        (quality,) = [each for each in scheme.annotators() if each.username == "vera"]
        assert (quality.gold.count, quality.gold.of) == (
            sum(each.correct for each in told),
            len(told),
        )
        assert quality.seconds.hasty.share == 1.0
        assert scheme.statistics(as_of=position) == half_way
        vera.personal_data(tmp_path / "hers.jsonl")

    # when she is erased, what she said stays, and nobody can tell that it was her
    lines = [json.loads(line) for line in (tmp_path / "hers.jsonl").read_text().splitlines()]
    assert sum(each["what"] == "annotation" for each in lines) == quality.annotated + 1
    erased = client.erase("vera")
    assert erased.annotations == quality.annotated + 1
    users = {entry.user for entry in scheme.log()}
    assert erased.known_as in users
    assert "vera" not in users
