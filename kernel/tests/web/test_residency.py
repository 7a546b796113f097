"""Projects are in memory while they are used, and come back when somebody asks."""

from __future__ import annotations

ROWS = [{"id": f"t{i}", "text": f"text {i}"} for i in range(4)]
DAY = 24 * 3600.0


async def test_a_project_that_nobody_used_for_a_day_is_let_go_and_comes_back(mara, services):
    # Given a project with an answer, in memory
    path = await mara.scheme(await mara.project(ROWS))
    await mara.say(path, t1="pro")
    (live,) = services.residency.projects

    # When it was used an hour less than a day ago, and then a day ago
    live.used_at -= DAY - 3600.0
    services.residency.tidy()
    assert services.residency.projects == [live]
    live.used_at -= 3601.0
    services.residency.tidy()

    # Then it is let go, and nothing is lost when somebody asks
    assert services.residency.projects == []
    assert await mara.values(path) == {"t1": "pro"}
    (again,) = services.residency.projects
    assert again is not live
