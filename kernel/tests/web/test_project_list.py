"""The list of projects says how far each has come, and no more than who asks may know."""

from __future__ import annotations

from sqlalchemy import event

from kodkod.store.progress import progress_of

from .talking import Talk

ROWS = [{"id": f"t{i}", "text": f"text {i}"} for i in range(6)]


async def progress(talk: Talk, slug: str):
    items = (await talk.get("/projects"))["items"]
    return next(each["progress"] for each in items if each["slug"] == slug)


async def test_the_list_counts_texts_that_people_have_coded(mara, client, bearer):
    # Given a project with two schemes and two people, one of whom took an answer back
    slug = await mara.project(ROWS)
    path = await mara.scheme(slug)
    await mara.scheme(slug, name="tone")
    await mara.admit(slug, "otto")
    otto = Talk(client, await bearer("otto"))
    before = await progress(mara, slug)
    await mara.say(path, t0="pro", t1="con")
    await otto.say(path, t1="pro", t2="con")
    await otto.say(path, t2=None)

    # When the list is asked for, then a text counts once, and what was taken back does not
    now = await progress(otto, slug)
    assert before == {
        "schemes": [{"scheme": "stance", "coded": 0}, {"scheme": "tone", "coded": 0}],
        "members": 2,
        "active_at": None,
        "wh": 0.0,
    }
    assert now["schemes"] == [{"scheme": "stance", "coded": 2}, {"scheme": "tone", "coded": 0}]
    assert now["members"] == 2
    assert now["active_at"] is not None
    # And a project that is asked for by itself leaves it out
    assert (await mara.get(f"/projects/{slug}"))["progress"] is None


async def test_pages_of_the_list_have_each_its_own_progress(mara):
    # Given three projects of which the second is coded
    slugs = [await mara.project(ROWS, name=f"Part {n}") for n in range(3)]
    paths = [await mara.scheme(slug) for slug in slugs]
    await mara.say(paths[1], t3="pro")

    # When the list is read a page at a time
    seen, cursor = {}, None
    while True:
        page = await mara.get("/projects", limit=1, **({"cursor": cursor} if cursor else {}))
        seen.update({each["slug"]: each["progress"] for each in page["items"]})
        cursor = page["cursor"]
        if cursor is None:
            break

    # Then each has what is its own
    assert [seen[slug]["schemes"][0]["coded"] for slug in slugs] == [0, 1, 0]


async def test_nothing_is_told_of_a_hidden_scheme(mara, client, bearer):
    # Given a scheme that is hidden from a member, in which alone something was coded
    slug = await mara.project(ROWS)
    path = await mara.scheme(slug)
    await mara.admit(slug, "otto")
    await mara.say(path, t0="pro")
    answer = await mara.ask(
        "PUT", f"{path}/rights", {"restricted": True, "users": {}, "groups": {}}
    )
    assert answer.status_code < 300, answer.text

    # Then the member's list knows neither the scheme nor that anybody worked in it
    hers = await progress(Talk(client, await bearer("otto")), slug)
    assert hers["schemes"] == []
    assert hers["active_at"] is None
    assert (await progress(mara, slug))["schemes"] == [{"scheme": "stance", "coded": 1}]


async def test_many_projects_are_asked_for_at_once(mara, services):
    # Given several projects
    for n in range(4):
        await mara.scheme(await mara.project(ROWS, name=f"Part {n}"))
    asked: list[str] = []

    async def questions(ids: list[int]) -> int:
        async with services.database.read() as connection:
            raw = connection.sync_connection
            assert raw is not None
            asked.clear()
            listener = lambda *args: asked.append(args[2])  # noqa: E731
            event.listen(raw, "before_cursor_execute", listener)
            await progress_of(connection, ids)
            event.remove(raw, "before_cursor_execute", listener)
        return len(asked)

    # Then four take as many questions as one
    assert await questions([1]) == await questions([1, 2, 3, 4])
