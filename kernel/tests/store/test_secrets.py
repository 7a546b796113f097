"""Secrets: sealed at rest, for one origin each, never in a message, a traceback or a backup."""

from __future__ import annotations

import stat
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import InvalidInputError, UnavailableError
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.projects import delete_project
from kodkod.store.sealing import KEY_FILE, Sealer
from kodkod.store.secrets import (
    SecretRow,
    checked_value,
    delete_secret,
    find_secret,
    list_secrets,
    origin_of,
    put_secret,
    touch_secret,
)

from .installed import back_up_to, opened, restore_from

VALUE = "sk-proj-Zx81-not-to-be-seen"
TIME = datetime(2026, 1, 1, tzinfo=UTC)


def row(sealed: str, name: str = "openai", origin: str = "https://api.example.org") -> SecretRow:
    return SecretRow(
        project_id=1, name=name, origin=origin, sealed=sealed, created_by=1, created_at=TIME
    )


# -- origins and values ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.example.org", "https://api.example.org"),
        (" HTTPS://API.Example.org:443/v1/chat?x=1#y ", "https://api.example.org"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:8000/v1", "http://localhost:8000"),
        ("https://localhost:80", "https://localhost:80"),
        ("http://[::1]:8000/v1", "http://[::1]:8000"),
        ("http://10.0.0.1", "http://10.0.0.1"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin
    assert origin_of(origin) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        VALUE,
        "api.example.org",
        "ftp://api.example.org",
        "file:///etc/passwd",
        "https://",
        "https://:443",
        "https://api.example.org:port",
        "https://api.example.org:99999",
        f"https://user:{VALUE}@api.example.org",
        f"https://{VALUE}@api.example.org",
        "https://api.example.org@elsewhere.example",
        "https://api.ex\u0430mple.org",
        "https://api.example.org\\@elsewhere.example",
        "https://api_.example.org evil.example",
        "https://[::1",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidInputError, match="This is no address of a server") as caught:
        origin_of(url)
    assert VALUE not in str(caught.value)
    assert caught.value.field == "origin"


@given(st.text(max_size=50))
def test_whatever_is_written_is_an_origin_or_refused(url: str) -> None:
    try:
        origin = origin_of(url)
    except InvalidInputError:
        return
    assert origin_of(origin) == origin
    assert origin.isascii()


def test_a_value_is_what_a_header_can_have() -> None:
    assert checked_value(f" {VALUE}\n") == VALUE
    assert checked_value("two words") == "two words"
    for value in ("", " \n", "a\nb", "a\r\nX-Evil: 1", "caf\u00e9", "a\0b", "\u2026"):
        with pytest.raises(InvalidInputError, match="cannot be sent in a header") as caught:
            checked_value(value)
        assert not value.strip() or value.strip() not in str(caught.value)


# -- sealing --------------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_what_is_sealed_opens_to_what_it_was(value: str) -> None:
    sealer = Sealer(Path("nowhere"), {"KODKOD_SECRET_KEYS": Fernet.generate_key().decode()})
    sealed = sealer.seal(value)
    assert sealer.open(sealed) == value
    assert sealed != sealer.seal(value)
    assert len(value) < 5 or value not in sealed


def test_a_key_is_made_when_it_is_first_needed_and_kept_to_its_owner(tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []
    sealed = Sealer(tmp_path, {}).seal(VALUE)
    (file,) = tmp_path.iterdir()
    assert file.name == KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Sealer(tmp_path, {}).open(sealed) == VALUE


def test_servers_that_need_a_key_at_once_make_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(lambda _: Sealer(tmp_path, {}).seal(VALUE), range(64)))
    assert {Sealer(tmp_path, {}).open(each) for each in sealed} == {VALUE}
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_the_environments_key_is_used_and_none_is_written(tmp_path: Path) -> None:
    environ = {"KODKOD_SECRET_KEYS": Fernet.generate_key().decode()}
    assert Sealer(tmp_path, environ).open(Sealer(tmp_path, environ).seal(VALUE)) == VALUE
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_replaced_in_two_steps(tmp_path: Path) -> None:
    # Given something sealed with the key in the data folder
    before = Sealer(tmp_path, {}).seal(VALUE)
    old, new = (tmp_path / KEY_FILE).read_text(), Fernet.generate_key().decode()

    # When a new key comes first and the old one stays
    both = Sealer(tmp_path, {"KODKOD_SECRET_KEYS": f"{new}, {old}"})

    # Then both open, and what is sealed now needs the new one alone
    assert both.open(before) == VALUE
    after = both.seal(VALUE)
    assert Sealer(tmp_path, {"KODKOD_SECRET_KEYS": new}).open(after) == VALUE
    with pytest.raises(InvalidInputError):
        Sealer(tmp_path, {}).open(after)


def test_without_the_key_it_is_said_what_to_do_and_no_key_is_made(tmp_path: Path) -> None:
    sealed = Sealer(tmp_path, {}).seal(VALUE)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(InvalidInputError, match=r"put the old secret\.key .* or enter the secret"):
        Sealer(tmp_path, {}).open(sealed)
    assert list(tmp_path.iterdir()) == []


def test_what_was_changed_does_not_open(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, {})
    sealed = sealer.seal(VALUE)
    with pytest.raises(InvalidInputError):
        sealer.open(sealed[:-8] + ("A" if sealed[-8] != "A" else "B") + sealed[-7:])


@pytest.mark.parametrize("key", [VALUE, "", "\u00e9" * 44])
def test_a_key_that_is_none_is_told_without_it(tmp_path: Path, key: str) -> None:
    (tmp_path / KEY_FILE).write_text(key, encoding="utf-8")
    with pytest.raises(UnavailableError, match="has is no key") as caught:
        Sealer(tmp_path, {}).seal("x")
    assert not key or key not in str(caught.value)
    with pytest.raises(UnavailableError, match="KODKOD_SECRET_KEYS has is no key") as caught:
        Sealer(tmp_path, {"KODKOD_SECRET_KEYS": f"{VALUE},"}).seal("x")
    assert VALUE not in str(caught.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be read or made"):
        Sealer(tmp_path / "none", {}).seal(VALUE)


# -- rows -----------------------------------------------------------------------------------


async def test_a_secret_is_kept_replaced_used_and_forgotten(database: Database) -> None:
    first = row("sealed 1")
    await database.change(put_secret, first)
    await database.change(put_secret, row("sealed 2", "azure"))
    async with database.read() as connection:
        assert [each.name for each in await list_secrets(connection, 1)] == ["azure", "openai"]
        assert await find_secret(connection, 1, "openai") == first
        assert await find_secret(connection, 2, "openai") is None

    await database.change(touch_secret, 1, "openai")
    async with database.read() as connection:
        used = await find_secret(connection, 1, "openai")
        other = await find_secret(connection, 1, "azure")
    assert used is not None
    assert used.last_used_at is not None
    assert other is not None
    assert other.last_used_at is None

    await database.change(put_secret, row("sealed 3", origin="http://localhost:8000"))
    async with database.read() as connection:
        found = await find_secret(connection, 1, "openai")
    assert found == row("sealed 3", origin="http://localhost:8000")

    assert await database.change(delete_secret, 1, "openai")
    assert not await database.change(delete_secret, 1, "openai")
    assert not await database.change(delete_secret, 2, "azure")


async def test_secrets_go_with_their_project(database: Database) -> None:
    await database.change(put_secret, row("sealed"))
    await database.change(delete_project, 1)
    async with database.read() as connection:
        assert await list_secrets(connection, 1) == []


def test_a_row_does_not_show_what_is_sealed() -> None:
    assert repr(row("gAAAAAB")) == "SecretRow(1, 'openai', 'https://api.example.org')"
    assert "gAAAAAB" not in str([row("gAAAAAB")])


async def test_a_backup_has_no_key_and_its_secrets_open_where_the_key_is(
    plain: Settings, tmp_path: Path
) -> None:
    # Given an installation with a secret, and a backup of it
    async with opened(plain) as database:
        await database.change(put_secret, row(Sealer(plain.data_dir, {}).seal(VALUE)))
    archive = tmp_path / "secrets.zip"
    await back_up_to(plain, archive)
    key = (plain.data_dir / KEY_FILE).read_bytes()
    with zipfile.ZipFile(archive) as members:
        assert not any(KEY_FILE in name for name in members.namelist())
        for name in members.namelist():
            content = members.read(name)
            assert VALUE.encode() not in content
            assert key not in content

    # When it is restored where it came from, and elsewhere
    elsewhere = Settings(data_dir=tmp_path / "elsewhere")
    for settings in (plain, elsewhere):
        await restore_from(archive, settings)

    # Then it opens where the key still is, and elsewhere once the key is brought
    async def value_in(settings: Settings) -> str:
        async with opened(settings) as database, database.read() as connection:
            found = await find_secret(connection, 1, "openai")
        assert found is not None
        return Sealer(settings.data_dir, {}).open(found.sealed)

    assert await value_in(plain) == VALUE
    with pytest.raises(InvalidInputError, match="backups have none"):
        await value_in(elsewhere)
    (elsewhere.data_dir / KEY_FILE).write_bytes(key)
    assert await value_in(elsewhere) == VALUE
