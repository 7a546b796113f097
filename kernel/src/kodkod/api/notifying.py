"""Notifiers: tell somebody elsewhere what happens in a project."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

from msgspec import Struct

from kodkod.api.components import Component
from kodkod.api.params import Params
from kodkod.api.specs import ComponentSpec

__all__ = ["Destination", "Notification", "Notifier", "NotifierSpec", "Outcome"]

P = TypeVar("P", bound=Params)


class Notification(Struct, frozen=True, kw_only=True):
    """Something that happened in a project.

    `id` is the same at each attempt to tell it, so that whoever hears it twice knows. `type` is
    dotted, as an `Event`'s. `user` is who did it, where that is known; `link` leads to the project
    where browsers can reach the server, and is empty otherwise. What is in `data` depends on the
    type: names and numbers, never a text of the corpus.
    """

    id: str
    type: str
    at: datetime
    project: str
    project_name: str
    user: str | None = None
    link: str = ""
    data: dict[str, Any] = {}


class Destination(Struct, frozen=True, kw_only=True):
    """Where to tell it, and the secrets to sign it with, the newest first; both are secret."""

    address: str
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Leave out what is secret: a traceback needs it as little as a log."""
        return "Destination(...)"


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of an attempt.

    What `failed` is tried again, not before `retry_after` seconds where the other side said so.
    What was `refused` may not be sent there at all, and is not tried again; whoever is `gone` does
    not want to be told anything any more. `status` is the HTTP status, if one came. `problem` is a
    sentence for the project's managers; it has nothing in it that the other side sent.
    """

    state: Literal["delivered", "failed", "refused", "gone"]
    status: int | None = None
    problem: str = ""
    retry_after: float | None = None


class Notifier(Component[P]):
    """A way to tell. The kernel keeps what is to be told, decides when, and tries again."""

    @abstractmethod
    def check(self, address: str) -> str:
        """Return what may be shown of an address: enough to know it by, and nothing secret.

        Asks nobody.

        Raises:
            InvalidInputError: nothing can be sent there; the message does not have the address.
        """

    @abstractmethod
    async def send(self, notification: Notification, destination: Destination) -> Outcome:
        """Tell it once. Runs in the server's event loop, with time-outs of its own.

        What happens between here and there is an outcome, not an exception.
        """


class NotifierSpec(ComponentSpec, frozen=True):
    """A way to tell somebody elsewhere; `signed` where the other side can check by a secret.

    Runs in the web process: its factory must import no ML library.
    """

    kind: ClassVar[str] = "notifier"

    signed: bool = False
