"""The embedded broker's file: messages and dead letters in SQLite."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dramatiq.common import current_millis
from dramatiq.errors import ConnectionClosed
from msgspec import Struct

__all__ = ["Delivery", "QueueFile", "QueueSizes"]

BUSY_SECONDS = 30.0
DEAD_LETTER_MILLIS = 7 * 86_400_000
"""Dead letters are kept for a week, as RabbitMQ and Redis keep them under Dramatiq."""

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: a late ack hits no other message
    queue TEXT NOT NULL,
    eta INTEGER NOT NULL,                   -- not handed out before, milliseconds since 1970
    owner TEXT,                             -- the worker process that has it
    deliveries INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS message_waiting ON message (queue, seq, eta) WHERE owner IS NULL;
CREATE INDEX IF NOT EXISTS message_owned ON message (owner) WHERE owner IS NOT NULL;
CREATE TABLE IF NOT EXISTS dead_letter (
    seq INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    deliveries INTEGER NOT NULL,
    body BLOB NOT NULL,
    reason TEXT NOT NULL,
    died_at INTEGER NOT NULL                -- milliseconds since 1970
) STRICT;
COMMIT;
"""
_DUE = "SELECT seq FROM message WHERE queue = ? AND owner IS NULL AND eta <= ? ORDER BY seq LIMIT ?"
_CLAIM = """
UPDATE message SET owner = ?, deliveries = deliveries + 1 WHERE seq IN (
    SELECT seq FROM message WHERE queue = ? AND owner IS NULL AND eta <= ? ORDER BY seq LIMIT ?
) RETURNING seq, deliveries, body
"""
_BURY = """
INSERT INTO dead_letter (seq, queue, deliveries, body, reason, died_at)
SELECT seq, queue, deliveries, body, ?, ? FROM message WHERE owner = ?
"""
_PURGE = "DELETE FROM dead_letter WHERE died_at < ?"


class Delivery(Struct, frozen=True):
    """A message as a worker gets it, for the `deliveries`-th time, first is 1."""

    seq: int
    deliveries: int
    body: bytes


class QueueSizes(Struct, frozen=True):
    """How many messages of a queue may be taken, are not due yet, are with workers, are dead."""

    waiting: int
    delayed: int
    taken: int
    dead: int


class QueueFile:
    """Messages in the order they came; every change is one transaction, and any thread may call.

    Each thread has a connection of its own. `put` commits with synchronous=FULL: a message that was
    sent survives a power cut. All else commits with NORMAL, four times faster: a power cut may undo
    the last claims and acks, and those messages are delivered once more, as after any crash.

    Raises `dramatiq.errors.ConnectionClosed` where the file cannot be read or written now (locked
    for half a minute, disk full): workers then try again instead of forgetting their message.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._opening = threading.Lock()

    def open(self) -> None:
        """Make the file and its tables where they are not there.

        Raises:
            OSError: the folder cannot be made.
            sqlite3.DatabaseError: the file cannot be opened, or is no queue.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._connection().executescript(_SCHEMA)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._opening:
            while self._connections:
                self._connections.popitem()[1].close()

    def version(self) -> int:
        """Return a number that changes when any other connection, of any process, has written."""
        with self._reading() as connection:
            return connection.execute("PRAGMA data_version").fetchone()[0]

    def put(self, queue: str, body: bytes, eta: int) -> None:
        """Append a message that is handed out at `eta` (milliseconds since 1970) at the soonest."""
        with self._writing("FULL") as connection:
            connection.execute(
                "INSERT INTO message (queue, eta, body) VALUES (?, ?, ?)", (queue, eta, body)
            )

    def claim(self, queue: str, owner: str, limit: int) -> list[Delivery]:
        """Make `owner` the owner of the first messages that are due, at most `limit`."""
        due = (queue, current_millis(), limit)
        with self._reading() as connection:
            # A look costs no lock: only who sees a message stands in line to write.
            if connection.execute(_DUE, due).fetchone() is None:
                return []
        with self._writing() as connection:
            rows = connection.execute(_CLAIM, (owner, *due)).fetchall()
        return [Delivery(*row) for row in sorted(rows)]

    def delete(self, seq: int, owner: str) -> None:
        """Drop a message that its owner has dealt with."""
        with self._writing() as connection:
            connection.execute("DELETE FROM message WHERE seq = ? AND owner = ?", (seq, owner))

    def bury(self, seq: int, owner: str, reason: str) -> None:
        """Move a message to the dead letters, and drop those that are past their time."""
        now = current_millis()
        with self._writing() as connection:
            connection.execute(_BURY + "AND seq = ?", (reason, now, owner, seq))
            connection.execute("DELETE FROM message WHERE seq = ? AND owner = ?", (seq, owner))
            connection.execute(_PURGE, (now - DEAD_LETTER_MILLIS,))

    def give_back(self, seqs: Iterable[int], owner: str) -> None:
        """Put messages that nobody has begun to process back where they were."""
        back = (
            "UPDATE message SET owner = NULL, deliveries = deliveries - 1"
            " WHERE seq = ? AND owner = ?"
        )
        with self._writing() as connection:
            connection.executemany(back, [(seq, owner) for seq in seqs])

    def owners(self) -> list[str]:
        """Return the names of those who have messages."""
        query = "SELECT DISTINCT owner FROM message WHERE owner IS NOT NULL"
        with self._reading() as connection:
            return [owner for (owner,) in connection.execute(query).fetchall()]

    def release(self, owner: str, max_deliveries: int) -> int:
        """Put the messages of a dead owner back where they were, except those worn out.

        A message that was delivered `max_deliveries` times is taken to kill its workers and goes
        to the dead letters. Returns how many went there.
        """
        reason = f"delivered {max_deliveries} times, and each time the worker died"
        drop = "DELETE FROM message WHERE owner = ? AND deliveries >= ?"
        now = current_millis()
        with self._writing() as connection:
            worn_out = (owner, max_deliveries)
            connection.execute(_BURY + "AND deliveries >= ?", (reason, now, *worn_out))
            gone = connection.execute(drop, worn_out)
            connection.execute("UPDATE message SET owner = NULL WHERE owner = ?", (owner,))
        return gone.rowcount

    def flush(self, queue: str) -> None:
        """Drop all messages of a queue: waiting, taken and dead."""
        with self._writing() as connection:
            connection.execute("DELETE FROM message WHERE queue = ?", (queue,))
            connection.execute("DELETE FROM dead_letter WHERE queue = ?", (queue,))

    def purge_dead_letters(self, before: int) -> int:
        """Drop the letters that died before a time (milliseconds since 1970); return how many."""
        with self._writing() as connection:
            return connection.execute(_PURGE, (before,)).rowcount

    def sizes(self, queue: str) -> QueueSizes:
        """Count the messages of a queue."""
        query = (
            "SELECT count(*) FILTER (WHERE owner IS NULL AND eta <= :now),"
            " count(*) FILTER (WHERE owner IS NULL AND eta > :now), count(owner),"
            " (SELECT count(*) FROM dead_letter WHERE queue = :queue)"
            " FROM message WHERE queue = :queue"
        )
        with self._reading() as connection:
            values = {"queue": queue, "now": current_millis()}
            return QueueSizes(*connection.execute(query, values).fetchone())

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._connection()
        except sqlite3.OperationalError as error:
            raise ConnectionClosed(f"{self.path}: {error}") from error

    @contextmanager
    def _writing(self, synchronous: str = "NORMAL") -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            # The lock comes first: a transaction that begins by reading may be refused it later.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        return self._connections.get(threading.current_thread()) or self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        with self._opening:
            for thread in [one for one in self._connections if not one.is_alive()]:
                self._connections.pop(thread).close()
            self._connections[threading.current_thread()] = connection
        return connection
