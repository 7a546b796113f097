"""`kodkod simulate` on an installation whose server does not run."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from annotated_project import FEATURE, SCHEME, SLUG, annotate, lay_project
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.people import add_user

QUICK = ("--start", "10", "--batch", "10", "--rounds", "2", "--seeds", "2")
WHAT = ("--scheme", SCHEME, "--feature", FEATURE)


@pytest.fixture
def installation(tmp_path: Path) -> None:
    async def install() -> None:
        settings = Settings(data_dir=tmp_path / "data")
        settings.data_dir.mkdir()
        database = Database.at("", settings.data_dir)
        await database.migrate()
        async with database.write() as connection:
            await add_user(connection, username="ana", sign_in="none", secret="", role="manager")
        project, scheme = await lay_project(settings, database, 150)
        await annotate(database, project, scheme, range(140))
        await database.close()

    asyncio.run(install())


@pytest.mark.usefixtures("installation")
def test_strategies_are_compared_and_the_report_is_written(run, tmp_path):
    out = tmp_path / "out"
    mixed = '{"mixed": {"explore": 0.5}}'
    done = run(
        "simulate", SLUG, *WHAT, *QUICK, "--strategy", "breaking-ties", "--strategy", "mixed",
        "--strategy-params", mixed, "--target", "0.99", "--out", str(out),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for word in ("breaking-ties", "mixed", "random", "±", "not reached", str(out)):
        assert word in done.stdout
    report = json.loads((out / "report.json").read_text())
    assert (report["n_rows"], report["n_test"]) == (140, 42)
    (found,) = (each for each in report["strategies"] if each["name"] == "mixed")
    assert found["params"]["explore"] == 0.5
    assert (out / "curves.svg").read_text().lstrip().startswith("<?xml")
    assert (out / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_where_nothing_is_installed_the_flag_is_named(run, tmp_path):
    done = run("simulate", SLUG, *WHAT, "--strategy", "random")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "--data-dir" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("absent", *WHAT, "--strategy", "random"), "absent"),
        ((SLUG, "--scheme", "tone", "--feature", FEATURE, "--strategy", "random"), SCHEME),
        ((SLUG, "--scheme", SCHEME, "--feature", "absent", "--strategy", "random"), FEATURE),
        ((SLUG, *WHAT, "--strategy", "random", "--start", "500"), "labelled texts"),
        ((SLUG, *WHAT, "--strategy", "random", "--seeds", "51"), "seeds"),
        ((SLUG, *WHAT, "--strategy", "random", "--strategy-params", '{"x": {}}'), "'x'"),
        ((SLUG, *WHAT, "--strategy", "similar"), "similar"),
    ],
)
def test_an_error_is_one_line_that_names_what_to_mend(run, arguments, said):
    done = run("simulate", *arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert said in done.stderr
