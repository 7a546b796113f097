"""The embedded broker: Dramatiq over a SQLite file, for all processes of one machine."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from dramatiq import Broker, Consumer, Message, MessageProxy, Middleware
from dramatiq.common import current_millis
from dramatiq.errors import DecodeError, QueueJoinTimeout, QueueNotFound

from kodkod.jobs.brokers.proof_of_life import ProofOfLife
from kodkod.jobs.brokers.queue_file import Delivery, QueueFile, QueueSizes

__all__ = ["SqliteBroker"]

LOOK_SECONDS = 0.005
"""How often a consumer asks whether another process has written."""
IDLE_LOOK_SECONDS = 0.05
"""The same when it has had no message for `IDLE_AFTER_SECONDS`: waking 200 times a second takes
3.7 % of a core on a virtual machine, 20 times 0.6 %."""
IDLE_AFTER_SECONDS = 30.0
RECOVER_SECONDS = 0.2
"""How often a consumer that has room asks what no writing tells: whether owners of messages have
died, and whether delayed messages are due."""


class SqliteBroker(Broker):
    """A broker that needs no service.

    A delay is the time in a message's row, kept to a fifth of a second, so there are no delay
    queues, and nothing is held in memory but what a worker is about to process. A message whose
    worker dies goes back at once; after `max_deliveries` it goes to the dead letters, where a nack
    sends it too. Each process makes its own broker: one carried over a fork does not work.
    """

    def __init__(
        self,
        path: Path,
        *,
        middleware: list[Middleware] | None = None,
        max_deliveries: int = 3,
    ) -> None:
        super().__init__(middleware)
        self.queues: set[str] = set()
        self.file = QueueFile(path)
        self.life = ProofOfLife(path.with_name(f"{path.name}.workers"))
        self.max_deliveries = max_deliveries
        self._consumers: set[SqliteConsumer] = set()
        self._changing = threading.Lock()

    def open(self) -> None:
        """Make the file where it is not there; errors as in `QueueFile.open`."""
        self.file.open()

    def close(self) -> None:
        """Close the file. What this process has taken and not acknowledged goes to others."""
        self.life.release()
        self.file.close()

    def get_declared_queues(self) -> set[str]:
        """Return the names of the queues."""
        return set(self.queues)

    def declare_queue(self, queue_name: str) -> None:
        """Make a queue known to the middleware, and so to the worker."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    def enqueue(self, message: Message, *, delay: int | None = None) -> Message:
        """Store a message, to be handed out after `delay` milliseconds; it is on disk on return.

        The queue is declared where it is not, as with RabbitMQ: who sends need not listen.
        """
        self.declare_queue(message.queue_name)
        self.emit_before("enqueue", message, delay)
        eta = 0 if delay is None else current_millis() + delay
        self.file.put(message.queue_name, message.encode(), eta)
        self.wake(message.queue_name)
        self.emit_after("enqueue", message, delay)
        return message

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 30_000) -> Consumer:
        """Return an iterator over the messages of a queue.

        It has taken at most `prefetch` that are not acknowledged, and gives None after `timeout`
        milliseconds without one. Those not yet begun share the fate of one that kills the worker,
        and its count: workers of long jobs set `prefetch` to 1.

        Raises:
            QueueNotFound: the queue was not declared.
        """
        if queue_name not in self.queues:
            raise QueueNotFound(queue_name)
        consumer = SqliteConsumer(self, queue_name, self.life.hold(), prefetch, timeout)
        with self._changing:
            self._consumers.add(consumer)
        return consumer

    def flush(self, queue_name: str) -> None:
        """Drop all messages of a queue, dead letters included."""
        self.file.flush(queue_name)

    def flush_all(self) -> None:
        """Drop all messages of all declared queues, dead letters included."""
        for queue_name in self.get_declared_queues():
            self.flush(queue_name)

    def sizes(self, queue_name: str) -> QueueSizes:
        """Count the messages of a queue."""
        return self.file.sizes(queue_name)

    def join(self, queue_name: str, *, timeout: int | None = None) -> None:
        """Wait until a queue has no messages, with workers or without; dead letters do not count.

        Raises:
            QueueNotFound: the queue was not declared.
            QueueJoinTimeout: it took more than `timeout` milliseconds.
        """
        if queue_name not in self.queues:
            raise QueueNotFound(queue_name)
        deadline = None if timeout is None else time.monotonic() + timeout / 1000
        while (sizes := self.sizes(queue_name)).waiting + sizes.delayed + sizes.taken:
            if deadline is not None and time.monotonic() >= deadline:
                raise QueueJoinTimeout(queue_name)
            time.sleep(LOOK_SECONDS)

    def recover(self) -> None:
        """Take their messages from the workers that have died."""
        for owner in self.file.owners():
            if not self.life.is_alive(owner):
                dead = self.file.release(owner, self.max_deliveries)
                self.life.forget(owner)
                self.logger.warning(
                    "worker %s has died; its messages went back, %d to the dead letters",
                    owner,
                    dead,
                )

    def wake(self, queue_name: str) -> None:
        """Let this process's own consumers of a queue look at once."""
        with self._changing:
            for consumer in self._consumers:
                if consumer.queue_name == queue_name:
                    consumer.woken.set()

    def dismiss(self, consumer: SqliteConsumer) -> None:
        """Wake a consumer no longer."""
        with self._changing:
            self._consumers.discard(consumer)


class SqliteConsumer(Consumer):
    """One thread iterates; any thread may ack and nack."""

    def __init__(
        self, broker: SqliteBroker, queue_name: str, owner: str, prefetch: int, timeout: int
    ) -> None:
        self.queue_name = queue_name
        self.woken = threading.Event()
        self._broker = broker
        self._owner = owner
        self._prefetch = prefetch
        self._timeout = timeout / 1000
        self._ready: deque[Delivery] = deque()
        self._held: set[int] = set()
        self._version = 0
        self._recover_at = 0.0
        self._idle_at = 0.0

    def __next__(self) -> MessageProxy | None:
        deadline = time.monotonic() + self._timeout
        if not self._ready:
            self._look()
        while not self._ready and self._wait(deadline):
            self._look()
        return self._hand_out() if self._ready else None

    def ack(self, message: MessageProxy) -> None:
        """Drop a message that was processed."""
        self._broker.file.delete(message.seq, self._owner)
        self._let_go(message.seq)

    def nack(self, message: MessageProxy) -> None:
        """Move a message to the dead letters."""
        self._broker.file.bury(message.seq, self._owner, "rejected")
        self._let_go(message.seq)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Put messages back that nobody has begun to process."""
        self._give_back([message.seq for message in messages])

    def close(self) -> None:
        """Put back what was taken and not handed out."""
        self._broker.dismiss(self)
        self._give_back([delivery.seq for delivery in self._ready])
        self._ready.clear()

    @property
    def _room(self) -> int:
        return self._prefetch - len(self._held)

    def _look(self) -> None:
        """Take what there is. What comes from here on is seen by `_wait`."""
        self.woken.clear()
        if self._room <= 0:
            return
        now = time.monotonic()
        if now >= self._recover_at:
            self._recover_at = now + RECOVER_SECONDS
            self._broker.recover()
        file = self._broker.file
        self._version = file.version()
        self._ready.extend(file.claim(self.queue_name, self._owner, self._room))
        self._held.update(delivery.seq for delivery in self._ready)
        if self._ready:
            self._idle_at = now + IDLE_AFTER_SECONDS

    def _wait(self, deadline: float) -> bool:
        """Wait until a look may find something; False if there is nothing until the deadline."""
        if self._room <= 0:
            return self.woken.wait(deadline - time.monotonic())
        until = min(deadline, self._recover_at)
        pause = LOOK_SECONDS if time.monotonic() < self._idle_at else IDLE_LOOK_SECONDS
        while (left := until - time.monotonic()) > 0:
            if self.woken.wait(min(left, pause)):
                return True
            if self._broker.file.version() != self._version:
                return True
        return until < deadline

    def _hand_out(self) -> MessageProxy | None:
        delivery = self._ready.popleft()
        try:
            return _SqliteMessage(Message.decode(delivery.body), delivery)
        except DecodeError as error:
            self._broker.logger.exception("message %d cannot be decoded", delivery.seq)
            self._broker.file.bury(delivery.seq, self._owner, f"cannot be decoded: {error}")
            self._let_go(delivery.seq)
            return None

    def _give_back(self, seqs: list[int]) -> None:
        if seqs:
            self._broker.file.give_back(seqs, self._owner)
            self._held.difference_update(seqs)

    def _let_go(self, seq: int) -> None:
        self._held.discard(seq)
        self.woken.set()


class _SqliteMessage(MessageProxy):
    def __init__(self, message: Message, delivery: Delivery) -> None:
        super().__init__(message)
        self.seq = delivery.seq
        self.deliveries = delivery.deliveries
