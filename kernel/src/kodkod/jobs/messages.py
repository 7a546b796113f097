"""What goes through the broker: a job's id and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dramatiq import Actor, Broker, Message

__all__ = ["QUEUES", "job_message", "listen"]

QUEUES = ("live", "cpu", "gpu")
_ACTOR = "run_job"


def job_message(job_id: str, queue: str) -> Message[None]:
    """Return the message that makes a worker of `queue` look at a job."""
    return Message(queue_name=queue, actor_name=_ACTOR, args=(job_id,), kwargs={}, options={})


def listen(broker: Broker, queues: Iterable[str], run: Callable[[str], None]) -> None:
    """Let `run` be called with the id in each message of `queues`.

    The row decides what becomes of a job, so nothing here retries or times out.
    """
    first, *others = queues
    wanted = {"max_retries": 0, "time_limit": float("inf")}
    options = {name: value for name, value in wanted.items() if name in broker.actor_options}
    Actor(run, broker=broker, actor_name=_ACTOR, queue_name=first, priority=0, options=options)
    for queue in others:
        broker.declare_queue(queue)
