"""A command asks the server that runs on a folder; neither waits for one that is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from kodkod.api import ConflictError, UnavailableError
from kodkod.store.backup import asking
from kodkod.store.backup.asking import (
    Answer,
    Request,
    answer,
    ask,
    only_one,
    serving,
    take_request,
    unserved,
)
from kodkod.store.database import revisions

TOKEN = "0123abcd"
REQUEST = "restore-request.json"


def until(what: Callable[[], object]) -> object:
    deadline = time.monotonic() + 30
    while not (found := what()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)
    return found


def test_a_server_takes_a_request_once_and_its_answer_is_heard(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as commands, serving(tmp_path), only_one(tmp_path):
        # Given a command that asks
        asked = commands.submit(ask, tmp_path, TOKEN)

        # When a server looks, and answers in time
        assert until(lambda: take_request(tmp_path)) == TOKEN
        assert take_request(tmp_path) is None
        assert not asked.done()
        answer(tmp_path, TOKEN, Answer(kept="there"))

        # Then the command has the answer, and nothing is left
        assert asked.result(30) == Answer(kept="there")
    assert not list(tmp_path.glob("*.json"))


def test_where_no_server_runs_nobody_is_waited_for(tmp_path: Path) -> None:
    with only_one(tmp_path):
        assert ask(tmp_path, TOKEN) is None
    assert not (tmp_path / REQUEST).exists()


def test_a_server_that_does_not_answer_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_TAKEN_SECONDS", 0.3)
    with (
        serving(tmp_path),
        only_one(tmp_path),
        pytest.raises(UnavailableError, match="does not answer"),
    ):
        ask(tmp_path, TOKEN)
    assert not (tmp_path / REQUEST).exists()


def test_a_server_that_ends_before_it_answers_is_told_of(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as commands, only_one(tmp_path):
        with serving(tmp_path):
            asked = commands.submit(ask, tmp_path, TOKEN)
            assert until(lambda: take_request(tmp_path)) == TOKEN
        with pytest.raises(UnavailableError, match="ended before it said"):
            asked.result(30)


def test_a_request_that_nobody_waits_for_is_thrown_away(tmp_path: Path) -> None:
    # Given what a command left that was killed
    request = Request(token=TOKEN, revision=revisions()[0])
    (tmp_path / REQUEST).write_bytes(msgspec.json.encode(request))

    assert take_request(tmp_path) is None

    assert not (tmp_path / REQUEST).exists()


def test_a_command_of_another_version_is_refused(tmp_path: Path) -> None:
    request = Request(token=TOKEN, revision="9999")
    with only_one(tmp_path):
        (tmp_path / REQUEST).write_bytes(msgspec.json.encode(request))
        assert take_request(tmp_path) is None
    said = (tmp_path / f"restore-answer-{TOKEN}.json").read_bytes()
    assert "different versions" in str(msgspec.json.decode(said, type=Answer).problem)


def test_servers_wait_while_a_folder_is_restored(tmp_path: Path) -> None:
    served = threading.Event()

    def serve() -> None:
        with serving(tmp_path):
            served.set()

    with unserved(tmp_path) as free, only_one(tmp_path):
        assert free
        server = threading.Thread(target=serve)
        server.start()
        with pytest.raises(ConflictError, match="under way"), only_one(tmp_path):
            pass
        assert not served.wait(0.2)
    assert served.wait(30)
    server.join()
    with serving(tmp_path), serving(tmp_path), unserved(tmp_path) as free:
        assert not free
