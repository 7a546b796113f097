"""Rows that come later: numbers, answers and leases stay, and what is new is handed out."""

from __future__ import annotations

import asyncio

import pytest

from .talking import Talk, at_once, csv_of, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i}", "year": 2000 + i, "gold": "pro"} for i in range(6)]
CONFIG = {"context_columns": ["year"], "label_columns": ["gold"]}


def more(*numbers: int) -> bytes:
    return csv_of(
        [{"id": f"t{i}", "text": f"text {i}", "year": 2000 + i, "gold": "con"} for i in numbers]
    )


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS, **CONFIG)


@pytest.fixture
async def path(mara, slug) -> str:
    return await mara.scheme(slug)


async def elements(talk: Talk, path: str) -> list[tuple[int, str, str]]:
    items = (await talk.get(f"{path}/elements", limit=500))["items"]
    return [(each["row"], each["id"], each["split"]) for each in items]


async def test_new_rows_follow_the_old_ones(mara, slug, path):
    before = await elements(mara, path)
    answer = await mara.upload(f"/projects/{slug}/rows", more(6, 7), "more.csv", split="test")
    assert (answer.status_code, answer.json()) == (200, {"added": 2, "n_rows": 8})
    assert await elements(mara, path) == [*before, (6, "t6", "test"), (7, "t7", "test")]
    info = await mara.get(f"/projects/{slug}")
    assert (info["n_rows"], info["splits"]) == (8, {"train": 6, "valid": 0, "test": 2})


async def test_answers_and_leases_are_kept_and_new_rows_handed_out(mara, slug, path):
    # Given an answer, a lease, and a walk that has come to its end
    first, second, *_ = await mara.next(path, strategy="deterministic", n=6)
    await mara.say(path, t0="pro")
    assert await mara.next(path, strategy="deterministic") == []

    # When rows come
    await mara.upload(f"/projects/{slug}/rows", more(6, 7), "more.csv")

    # Then they, and only they, are handed out, by every strategy
    (drawn,) = await mara.next(path, strategy="deterministic")
    assert (drawn["id"], drawn["context"]) == ("t6", {"year": 2006})
    (last,) = await mara.next(path, n=5)
    assert (last["id"], last["selection_probability"]) == ("t7", 1.0)
    # And the old lease is as good as before
    given = {"id": second["id"], "value": "con", "lease": second["lease"]}
    await mara.post(f"{path}/annotations", {"annotations": [given]})
    assert await mara.values(path) == {"t0": "pro", "t1": "con"}
    assert [each["strategy"] for each in await mara.log(path)] == [None, "deterministic"]
    assert first["id"] == "t0"
    await mara.say(path, t7="none")
    assert (await mara.values(path))["t7"] == "none"


async def test_filters_see_new_rows(mara, slug, path):
    query = {"strategy": "deterministic", "filter": {"regex": "text [57]"}, "n": 5}
    assert [each["id"] for each in await mara.next(path, **query)] == ["t5"]
    await mara.upload(f"/projects/{slug}/rows", more(6, 7), "more.csv")
    assert [each["id"] for each in await mara.next(path, **query)] == ["t7"]


async def test_rows_survive_a_reload(mara, slug, path, services):
    await mara.say(path, t0="pro")
    await mara.upload(f"/projects/{slug}/rows", more(6), "more.csv", split="valid")
    await mara.say(path, t6="con")
    there = await elements(mara, path)
    for live in services.residency.projects:
        services.residency.drop(live.row.id)
    assert await elements(mara, path) == there
    assert await mara.values(path) == {"t0": "pro", "t6": "con"}


@pytest.mark.parametrize(
    ("file", "name", "split", "words"),
    [
        (more(6, 3, 7, 0), "x.csv", "train", ["'t3'", "'t0'", "2 of the ids"]),
        (more(6, 7, 6), "x.csv", "train", ["'t6'", "rows 1, 3"]),
        (b"id,text\nt6,x\n", "x.csv", "train", ["gold"]),
        (b"id,text,year,gold\nt6,,2006,pro\n", "x.csv", "train", ["Row 1", "'text'"]),
        (b"id,text,year,gold\nt6,x,soon,pro\n", "x.csv", "train", ["'year'"]),
        (b"", "x.csv", "train", ["empty"]),
        (b"id,text,year,gold\n", "x.csv", "train", ["no rows"]),
        (more(6), "x.doc", "train", ["'.doc'"]),
        (more(6), "x.csv", "dev", ["'dev'", "valid"]),
    ],
)
async def test_rows_that_cannot_be_added_change_nothing(
    file, name, split, words, mara, slug, path, settings
):
    there = await elements(mara, path)
    answer = await mara.upload(f"/projects/{slug}/rows", file, name, split=split)
    detail = problem_of(answer, 422)["detail"]
    assert [word for word in words if word not in detail] == [], detail
    assert await elements(mara, path) == there
    assert (await mara.get(f"/projects/{slug}"))["n_rows"] == 6
    assert list((settings.data_dir / "uploads").glob("*")) == []


async def test_files_sent_at_once_are_added_one_after_the_other(app, bearer):
    async with at_once(app, await bearer("mara")) as mara:
        slug = await mara.project(ROWS, **CONFIG)
        path = await mara.scheme(slug)

        # When six files come while somebody annotates
        async def add(number: int) -> dict:
            answer = await mara.upload(f"/projects/{slug}/rows", more(number), "more.csv")
            assert answer.status_code == 200, answer.text
            return answer.json()

        async def annotate() -> None:
            for i in range(6):
                await mara.next(path)
                await mara.say(path, **{f"t{i}": "pro"})

        *added, _ = await asyncio.gather(*(add(number) for number in range(6, 12)), annotate())

        # Then each added its row, and all are there with all answers
        assert [each["added"] for each in added] == [1] * 6
        assert sorted(each["n_rows"] for each in added) == list(range(7, 13))
        there = await elements(mara, path)
        assert [row for row, _, _ in there] == list(range(12))
        assert {id_ for _, id_, _ in there} == {f"t{i}" for i in range(12)}
        assert await mara.values(path) == {f"t{i}": "pro" for i in range(6)}


async def test_unnamed_rows_are_numbered_on(mara):
    slug = await mara.project(ROWS[:3], id_column=None, **CONFIG)
    path = await mara.scheme(slug)
    await mara.upload(f"/projects/{slug}/rows", more(6, 7), "more.csv")
    assert [id_ for _, id_, _ in await elements(mara, path)] == ["0", "1", "2", "3", "4"]
