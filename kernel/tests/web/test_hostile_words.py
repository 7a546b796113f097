"""Words that are commands elsewhere: in databases they are words."""

from __future__ import annotations

import pytest

WORDS = [
    "'; DROP TABLE user; --",
    '" OR ""="',
    "1); DELETE FROM project WHERE (1=1",
    "%_\\%",
    "Robert'); UPDATE user SET role='root' WHERE ('1'='1",
]
ROWS = [{"id": f"t{i}", "text": f"text {i} of ten"} for i in range(10)]


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS)


async def people(client, bearer):
    return (await client.get("/api/v1/users", headers=await bearer("root"))).json()


@pytest.mark.parametrize("word", WORDS)
async def test_names_come_back_as_they_were_given_and_change_nothing_else(
    client, bearer, mara, slug, word
):
    before = await people(client, bearer)
    path = f"/projects/{slug}/schemes"

    await mara.post(path, {"name": "asked", "labels": [word, "other"], "codebook": word})
    answer = await mara.ask("PATCH", f"/projects/{slug}", {"name": word})
    assert answer.status_code == 200
    said = [{"id": "t1", "value": word, "comment": word}]
    await mara.post(f"{path}/asked/annotations", {"annotations": said})

    scheme = await mara.get(f"{path}/asked")
    assert (scheme["labels"][0]["name"], scheme["codebook"]) == (word, word)
    assert (await mara.get(f"/projects/{slug}"))["name"] == word
    (entry,) = (await mara.get(f"{path}/asked/annotations"))["items"]
    assert (entry["value"], entry["comment"]) == (word, word)
    assert await people(client, bearer) == before


@pytest.mark.parametrize("word", WORDS)
async def test_questions_with_them_find_nothing(client, bearer, mara, slug, word):
    before, head = await people(client, bearer), await bearer("mara")
    await mara.post(f"/projects/{slug}/schemes", {"name": "asked", "labels": ["a", "b"]})
    api = "/api/v1"

    answers = [
        await client.get(f"{api}/projects/{word.replace('/', '')}", headers=head),
        await client.get(f"{api}/users", headers=await bearer("root"), params={"cursor": word}),
        await client.get(f"{api}/jobs", headers=head, params={"project": word}),
        await client.get(
            f"{api}/projects/{slug}/schemes/asked/elements",
            headers=head,
            params={"sample": "tagged", "by": word, "label": word},
        ),
        await client.post(f"{api}/auth/token", data={"username": word, "password": word}),
    ]

    assert all(answer.status_code < 500 for answer in answers)
    assert (answers[0].status_code, answers[4].status_code) == (404, 401)
    assert await people(client, bearer) == before
