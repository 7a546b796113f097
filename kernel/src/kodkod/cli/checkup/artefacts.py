"""Whether what the database names is on disk, whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial

from kodkod.cli.checkup.database import is_current
from kodkod.cli.checkup.finding import Case, Finding, ok, problem, warning
from kodkod.cli.checkup.folders import is_old
from kodkod.jobs.places import ProjectPlaces
from kodkod.store.backup.archive import Missing
from kodkod.store.backup.holding import Holding
from kodkod.store.backup.wanted import Wanted, wanted_by
from kodkod.store.database import Database

__all__ = ["check_files"]

_NAMED = 5


def check_files(case: Case) -> Iterator[Finding]:
    """See that corpora, features and models are there, and that no folder belongs to nobody."""
    if not is_current(case):
        return
    wanted = asyncio.run(_read(case))
    missing = [missing for each in wanted for missing in _missing(each)]
    for each in missing[:_NAMED]:
        yield problem(
            "files",
            f"{each.kind} {each.id} of project {each.project}: {each.reason}",
            "Bring it back from a backup, or delete it in Kodkod and make it anew.",
        )
    if len(missing) > _NAMED:
        mend = "See above."
        yield problem("files", f"{len(missing) - _NAMED} more are missing or not whole.", mend)
    slugs = {each.project for each in wanted}
    home = case.settings.projects
    for folder in sorted(home.iterdir()) if home.exists() else ():
        if folder.name not in slugs and not folder.name.startswith(".") and is_old(folder):
            yield warning(
                "files",
                f"The database knows no project for {folder}.",
                "Delete it, or bring back the database that it belongs to.",
            )
    if not missing:
        counts = Counter(each.kind for each in wanted)
        told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        yield ok("files", f"All that the database names is there: {told or 'nothing yet'}")


async def _read(case: Case) -> list[Wanted]:
    settings = case.settings
    database = Database.at(settings.database_url, settings.data_dir)
    places = partial(ProjectPlaces.of, settings)
    try:
        async with database.read() as connection:
            return await connection.run_sync(wanted_by, places)
    finally:
        await database.close()


def _missing(wanted: Wanted) -> Iterator[Missing]:
    with Holding() as holding:
        holding.hold(wanted)
        yield from holding.missing
