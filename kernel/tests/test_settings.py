"""Settings: one name in TOML, as a variable and as a flag; the later wins."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kodkod.api import InvalidInputError
from kodkod.settings import Settings, load_settings


def test_without_anything_the_defaults_hold() -> None:
    found = load_settings(environ={})
    assert found == msgspec.structs.replace(Settings(), data_dir=Path("kodkod-data").absolute())
    assert found.models == found.data_dir / "models"
    assert found.projects == found.data_dir / "projects"


def test_file_then_environment_then_flags(tmp_path: Path) -> None:
    file = tmp_path / "kodkod.toml"
    file.write_text('port = 1\nhost = "a"\nlog_level = "debug"\nsign_in = ["password", "ldap"]\n')
    environ = {"KODKOD_PORT": "2", "KODKOD_HOST": "b", "KODKOD_SESSION_HOURS": "1.5"}

    found = load_settings(file, environ, {"port": 3, "data_dir": None})

    assert (found.port, found.host, found.log_level) == (3, "b", "debug")
    assert found.session_hours == 1.5
    assert found.sign_in == ("password", "ldap")
    assert load_settings(environ={"KODKOD_CONFIG": str(file)}).port == 1


def test_paths_do_not_depend_on_where_a_worker_is_started(tmp_path: Path) -> None:
    environ = {"KODKOD_DATA_DIR": "x", "KODKOD_MODELS_DIR": str(tmp_path / "m")}
    found = load_settings(environ=environ)
    assert found.data_dir == Path.cwd() / "x"
    assert found.models == tmp_path / "m"


@pytest.mark.parametrize(
    "settings",
    [
        Settings(data_dir=Path("/a")),
        Settings(
            data_dir=Path("/a b"),
            models_dir=Path("/m"),
            database_url="postgresql://u:p%40@h/d",
            broker_url="amqp://",
            port=0,
            gpu_workers=3,
            sign_in=("password", "oidc"),
            lease_minutes=0.5,
        ),
        Settings(data_dir=Path("/a"), sign_in=()),
    ],
)
def test_a_child_process_gets_the_very_settings(settings: Settings) -> None:
    environment = settings.environment()
    assert all(isinstance(value, str) for value in environment.values())
    assert load_settings(environ=environment) == settings


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"KODKOD_PORT": "many"}, "port"),
        ({"KODKOD_PORT": "70000"}, "port"),
        ({"KODKOD_IDLE_HOURS": "0"}, "idle_hours"),
    ],
)
def test_a_value_that_will_not_do_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        load_settings(environ=environ)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"prot = 1", "prot"),
        (b"port = ", "not valid TOML"),
        (b'host = "\xff"', "not valid TOML"),
    ],
)
def test_a_file_that_will_not_do_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "kodkod.toml"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=said):
        load_settings(file, environ={})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"none\.toml cannot be read"):
        load_settings(tmp_path / "none.toml", environ={})


def test_an_empty_variable_for_a_folder_is_no_folder() -> None:
    """Compose files pass variables on that nobody has set."""
    assert load_settings(environ={"KODKOD_MODELS_DIR": ""}).models_dir is None


def test_a_table_is_a_plugins_and_reaches_it_through_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "kodkod.toml"
    file.write_text('[carbon]\ncountry = "FRA"\nquiet = true\n[night-shift]\nhours = [1, 2]\n')

    found = load_settings(file, {"KODKOD_CARBON_COUNTRY": "DEU"})

    environment = found.environment()
    assert environment["KODKOD_CARBON_COUNTRY"] == "DEU"
    assert environment["KODKOD_CARBON_QUIET"] == "true"
    assert environment["KODKOD_NIGHT_SHIFT_HOURS"] == "1,2"
