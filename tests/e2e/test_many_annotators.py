"""Fifty annotators at once, some of whom go away with texts in hand: nobody gets what they must
not, nothing is forgotten, nobody waits, and the order is kept.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from crowd import Account, Annotator, Given, sign_up
from kodkod_sdk import Client
from kodkod_sdk.generated.contract import NewScheme, ProjectConfig
from loopback import Connection
from server_process import ServerProcess

PEOPLE = 50
LEAVE = 10
TEXTS = 300
OVERLAPS = (1, 2, 3)
LEASE_SECONDS = 5.0
LONGEST_SECONDS = 60.0
SLACK = 0.25
"""Seconds by which the server's two clocks, and a reading of them, may differ on a busy machine."""
IDS = [f"{i:04}" for i in range(TEXTS)]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, list[str]]]:
    """Give a server with a scheme for each overlap and one for random draws, and tokens."""
    folder = tmp_path_factory.mktemp("crowd")
    environment = {"KODKOD_LEASE_MINUTES": str(LEASE_SECONDS / 60)}
    with ServerProcess(folder / "data", environment=environment) as server:
        yield server, asyncio.run(_prepare(server, folder))


async def _prepare(server: ServerProcess, folder: Path) -> list[str]:
    file = folder / "texts.csv"
    pl.DataFrame({"id": IDS, "text": [f"text {i}" for i in range(TEXTS)]}).write_csv(file)

    def make() -> None:
        with Client(server.url, username="root", password=server.root_password) as client:
            config = ProjectConfig(name="Crowd", id_column="id", text_columns=["text"])
            project = client.create_project(file, config)
            for overlap in OVERLAPS:
                scheme = NewScheme(name=f"by-{overlap}", labels=["a", "b"], overlap=overlap)
                project.create_scheme(scheme)
            project.create_scheme(NewScheme(name="random", labels=["a", "b"]))

    await asyncio.to_thread(make)
    return await sign_up(server.data_dir, "crowd", PEOPLE)


async def annotate_all(
    server: ServerProcess, tokens: list[str], scheme: str, strategy: str, *, needed: int, leave: int
) -> Account:
    """Annotate until each text has what it needs.

    The first `leave` people go away with texts in hand; every second of them comes back.
    """
    book, path = Account(LEASE_SECONDS), f"/projects/crowd/schemes/{scheme}"

    async def annotator(number: int) -> None:
        person = Annotator(number, server.port, tokens[number], path, {"strategy": strategy}, book)
        goes_at = 1 + number % 2 if number < leave else None
        rounds = 0
        while book.answers < needed:
            texts = await person.ask(1 + number % 3)
            rounds += 1
            if rounds == goes_at:
                await person.leave()
                if number % 2:
                    return
                await person.wait_until(max((text.until for text in texts), default=0.0))
                person.come_back()
            elif texts:
                await person.answer(texts)
            else:
                await asyncio.sleep(0.1)  # What others hold may lapse.
        await person.leave()

    async with asyncio.timeout(LONGEST_SECONDS):
        await asyncio.gather(*(annotator(number) for number in range(PEOPLE)))
    return book


async def stored(server: ServerProcess, token: str, scheme: str) -> Counter[tuple[str, str]]:
    """Count the log's entries by text and user."""
    connection, cursor = Connection(server.port, token), ""
    said: Counter[tuple[str, str]] = Counter()
    while True:
        path = f"/projects/crowd/schemes/{scheme}/annotations?limit=5000{cursor}"
        page = (await connection.call("GET", path)).json()
        said.update((entry["id"], entry["user"]) for entry in page["items"])
        if not page.get("cursor"):
            break
        cursor = f"&cursor={page['cursor']}"
    await connection.close()
    return said


class Texts:
    """Who had which text when, from what all were given."""

    def __init__(self, book: Account, overlap: int) -> None:
        self.overlap = overlap
        self.by_text: defaultdict[str, list[Given]] = defaultdict(list)
        for given in book.given:
            self.by_text[given.text].append(given)

    def free_for(self, annotator: int, text: str, begin: float, end: float) -> bool:
        """Tell whether a text could be given to somebody all the time between two moments."""
        taken = [given for given in self.by_text[text] if given.counts(begin, end)]
        mine = any(given.annotator == annotator for given in taken)
        return not mine and len(taken) < self.overlap


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_fifty_people_code_each_text_as_often_as_it_needs(
    crowded: tuple[ServerProcess, list[str]], overlap: int
) -> None:
    server, tokens = crowded

    book = asyncio.run(
        annotate_all(
            server,
            tokens,
            f"by-{overlap}",
            "deterministic",
            needed=TEXTS * overlap,
            leave=LEAVE,
        )
    )
    said = asyncio.run(stored(server, tokens[0], f"by-{overlap}"))
    texts = Texts(book, overlap)

    # Quota: each text has exactly as many annotators as it needs, each of them once
    assert set(said.values()) == {1}
    assert Counter(text for text, _ in said) == dict.fromkeys(IDS, overlap)
    # and never more had it, or held it, at once.
    for text, given in texts.by_text.items():
        for each in given:
            at_once = [other for other in given if other.counts(each.at + SLACK, each.at)]
            assert len(at_once) <= overlap, text
            assert Counter(other.annotator for other in at_once).most_common(1)[0][1] == 1, text

    # Nothing is forgotten: what was in the hands of those who left was given again.
    left = [given for given in book.given if not given.kept]
    assert len({given.annotator for given in left}) >= LEAVE // 2
    for lost in left:
        assert any(other.at >= lost.until - SLACK for other in texts.by_text[lost.text])

    # Nobody starves: whoever was given nothing could have been given nothing,
    for none in book.refused:
        free = [
            text
            for text in IDS
            if texts.free_for(none.annotator, text, none.begin - SLACK, none.end + SLACK)
        ]
        assert free == []
    # nobody waited while others were served again and again, and all had a share.
    assert max(book.waited) <= 4 * PEOPLE
    shares = Counter(given.annotator for given in book.given)
    assert len(shares) == PEOPLE

    # The order is respected: nobody was given a text while one before it was there for them.
    for given in book.given:
        passed = [
            text
            for text in IDS[: IDS.index(given.text)]
            if texts.free_for(given.annotator, text, given.at - SLACK, given.at + SLACK)
        ]
        assert passed == [], given


def test_random_draws_say_how_likely_they_were(
    crowded: tuple[ServerProcess, list[str]],
) -> None:
    server, tokens = crowded

    book = asyncio.run(annotate_all(server, tokens, "random", "random", needed=TEXTS, leave=0))

    # Each text was handed out exactly once,
    assert sorted(given.text for given in book.given) == IDS
    # and each draw had the chance of one over what was left at that moment.
    chances = sorted(round(1 / given.chance) for given in book.given if given.chance)
    assert chances == list(range(1, TEXTS + 1))
