"""Files that a project is given: kept under safe names, for its managers only, found by jobs."""

from __future__ import annotations

import pytest

from kodkod.api import InvalidInputError
from kodkod.jobs.stored_artefacts import StoredArtefacts
from kodkod.jobs.workspace import Workspace
from kodkod.store.database import Database
from kodkod.store.project_files import checked_name, name_on_disk
from kodkod.store.projects import find_project
from kodkod.web.app import create_app

from .conftest import SLUG
from .talking import Talk, problem_of

PATH = f"/projects/{SLUG}/files"


@pytest.fixture
async def lead(client, bearer) -> Talk:
    return Talk(client, await bearer("lead"))


async def test_a_file_is_kept_listed_found_by_jobs_and_deleted(
    lead, services, settings, registry, tmp_path
):
    # Given a file of a name that no folder should have to bear
    answer = await lead.upload(PATH, b"1,2\n", "vektoren é 1.CSV")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["name"], made["bytes"], made["username"]) == ("vektoren é 1.CSV", 4, "lead")
    assert (await lead.get(PATH))["items"] == [made]

    # Then it lies in the project, and jobs find it by id and by name
    (lies,) = (settings.projects / SLUG / "files").rglob("*.*")
    assert lies == settings.projects / SLUG / "files" / made["id"] / "vektoren___1.CSV"
    assert not list((settings.data_dir / "uploads").glob("*"))
    async with services.database.read() as connection:
        project = await find_project(connection, SLUG)
    workspace = Workspace(settings, registry, Database.at("", settings.data_dir))
    artefacts = StoredArtefacts(workspace, project)
    assert artefacts.file(made["id"]) == artefacts.file(made["name"]) == lies
    assert lies.read_bytes() == b"1,2\n"
    with pytest.raises(InvalidInputError, match=r"no file 'other\.csv'; choose among vektoren"):
        artefacts.file("other.csv")
    workspace.close()

    # And a second one of the name is refused, and the first as it was
    problem_of(await lead.upload(PATH, b"other", "vektoren é 1.CSV"), 409)
    assert lies.read_bytes() == b"1,2\n"

    # And once deleted it is gone
    assert (await lead.ask("DELETE", f"{PATH}/{made['name']}")).status_code == 204
    assert (await lead.get(PATH))["items"] == []
    assert not list((settings.projects / SLUG / "files").iterdir())
    problem_of(await lead.ask("DELETE", f"{PATH}/{made['id']}"), 404)


@pytest.mark.parametrize(
    "name",
    ["../x.csv", "/etc/passwd", "a\\b.csv", ".hidden", "..", " ", "a\u202egpj.csv", "x" * 201],
)
def test_a_name_that_leads_elsewhere_or_deceives_is_refused(name):
    with pytest.raises(InvalidInputError, match="send it under"):
        checked_name(name)


@pytest.mark.parametrize("name", ["a b.npy", "日本.parquet", "-rf", "x" * 190 + ".csv", "a..b"])
def test_what_lies_on_disk_has_a_plain_name_with_its_ending(name):
    plain = name_on_disk(checked_name(name))
    assert plain.isascii()
    assert len(plain) <= 100
    assert not plain.startswith(".")
    assert plain.endswith(name[name.rfind(".") :] if "." in name else "")


async def test_an_upload_that_is_refused_leaves_nothing(lead, settings):
    for file, name in ((b"", "empty.csv"), (b"1", "..\\..\\x.csv")):
        problem_of(await lead.upload(PATH, file, name), 422)
    assert not list((settings.projects / SLUG).rglob("files/*"))
    assert not list((settings.data_dir / "uploads").glob("*"))


async def test_another_project_has_no_part_in_it(lead, client, services, bearer):
    from .conftest import add_letters

    await add_letters(services.database, "others")
    made = (await lead.upload(PATH, b"1", "a.csv")).json()
    problem_of(await lead.ask("DELETE", f"/projects/others/files/{made['id']}"), 404)
    assert len((await lead.get(PATH))["items"]) == 1
    anna = Talk(client, await bearer("anna"))
    problem_of(await anna.ask("GET", PATH), 403)


async def test_a_file_goes_with_its_project(lead, settings):
    await lead.upload(PATH, b"1", "a.csv")
    assert (await lead.ask("DELETE", f"/projects/{SLUG}", at_once=True)).status_code == 204
    assert not list(settings.projects.rglob("a.csv"))


async def test_a_file_is_as_large_as_the_settings_allow(client, settings, registry, bearer):
    from litestar.testing import AsyncTestClient
    from msgspec.structs import replace

    app = create_app(replace(settings, max_upload_mb=1), registry=registry)
    async with AsyncTestClient(app) as other:
        talk = Talk(other, await bearer("lead"))
        problem_of(await talk.upload(PATH, b"x" * 1_100_000, "large.csv"), 413)
