"""One setting, a URL, chooses the broker."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Retries

from kodkod.api import UnavailableError
from kodkod.jobs.brokers.broker import make_broker
from kodkod.jobs.brokers.sqlite_broker import SqliteBroker


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("", "queue.db"),
        ("sqlite:///", "queue.db"),
        ("sqlite:///other.db", "other.db"),
        ("sqlite:///{tmp}/deep/er.db", "deep/er.db"),
    ],
)
def test_the_embedded_broker_is_a_file(tmp_path: Path, url: str, file: str) -> None:
    broker = make_broker(url.format(tmp=tmp_path), tmp_path)
    assert isinstance(broker, SqliteBroker)
    assert (tmp_path / file).is_file()
    broker.close()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("amqp://guest:guest@127.0.0.1:5672/", RabbitmqBroker),
        ("amqps://rabbit.example.org/kodkod", RabbitmqBroker),
        ("redis://127.0.0.1:6379/3", RedisBroker),
        ("rediss://:word@redis.example.org", RedisBroker),
    ],
)
def test_services_are_named_by_their_url(tmp_path: Path, url: str, kind: type) -> None:
    broker = make_broker(url, tmp_path)
    assert type(broker) is kind
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["", "amqp://127.0.0.1/", "redis://127.0.0.1/"])
def test_nothing_retries_or_times_out_behind_the_kernels_back(tmp_path: Path, url: str) -> None:
    broker = make_broker(url, tmp_path)
    [retries] = broker.middleware
    assert isinstance(retries, Retries)
    assert retries.max_retries == 0
    broker.close()


@pytest.mark.parametrize(
    "url",
    [
        "kafka://me:s3cret@host",
        "me:s3cret@host",
        "amqp://me:s3cret@host:port/",
        "amqp://me:s3#cret@host:1/",
        "redis://me:s3cret@[::1",
        "redis://me:s3cret@host:port",
    ],
)
def test_a_url_that_is_none_of_these_is_refused_without_its_password(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(UnavailableError, match="broker_url") as raised:
        make_broker(url, tmp_path)
    assert "s3" not in raised.value.message
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "client", "extra"),
    [("amqp://host", "rabbitmq", "rabbitmq"), ("redis://host", "redis", "redis")],
)
def test_a_client_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, client: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, f"dramatiq.brokers.{client}", None)
    with pytest.raises(UnavailableError, match=rf"pip install 'kodkod-kernel\[{extra}\]'"):
        make_broker(url, tmp_path)


def test_a_file_that_is_no_queue_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "queue.db").write_text("not a database, " * 100)
    with pytest.raises(UnavailableError, match=r"queue\.db cannot be used: file is not a database"):
        make_broker("", tmp_path)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(UnavailableError, match="cannot be used"):
        make_broker("", tmp_path / "data")
