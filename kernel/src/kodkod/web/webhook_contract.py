"""The shapes of webhooks in the HTTP contract: an address goes in, and never comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from kodkod.web.contract import SECRET, Name, Request

__all__ = ["DeliveryInfo", "MadeWebhook", "NewWebhook", "WebhookInfo", "WebhookPatch"]

Address = Annotated[str, Meta(min_length=1, max_length=2_000, extra_json_schema=dict(SECRET))]
Events = Annotated[list[str], Meta(min_length=1, max_length=40)]


class NewWebhook(Request, frozen=True):
    """Whom to tell what happens in a project.

    `format` is a component of the kind `notifier`: `json`, signed as Standard Webhooks says, or
    the message of a chat. `events` are types (`job.failed`), groups of them (`job.*`), or `*`. The
    address of a chat's webhook is as good as a password, and is kept like one.
    """

    name: Name
    url: Address
    events: Events
    format: Annotated[str, Meta(min_length=1, max_length=64)] = "json"

    def __repr__(self) -> str:
        """Leave out the address: what is logged of a request must not have it."""
        return f"NewWebhook(name={self.name!r}, format={self.format!r})"


class WebhookPatch(Request, frozen=True):
    """What to change of a webhook. One that is turned on is told of what comes from then on."""

    name: Name | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    active: bool | UnsetType = UNSET

    def __repr__(self) -> str:
        """Leave out the address: what is logged of a request must not have it."""
        return f"WebhookPatch(name={self.name!r}, active={self.active!r})"


class WebhookInfo(Struct, frozen=True, kw_only=True):
    """A webhook as it can be seen: of its address only what is not secret.

    `off_because` says why it was turned off where nobody did; `failing_since` is null where the
    last attempt arrived. `signed` says whether it has a secret.
    """

    id: int
    name: str
    url: str
    format: str
    signed: bool
    events: list[str]
    active: bool
    off_because: str
    failing_since: datetime | None
    created_by: str
    created_at: datetime


class MadeWebhook(Struct, frozen=True, kw_only=True):
    """A webhook with its secret, which is shown this once; null where its format is not signed."""

    webhook: WebhookInfo
    secret: str | None


class DeliveryInfo(Struct, frozen=True, kw_only=True):
    """Something that a webhook is told: `id` is in the header `webhook-id` at each attempt.

    `status` is that of the last answer, if there was one; `problem` says why it was not taken.
    `next_at` is when it is tried (again), null where it is not.
    """

    id: str
    type: str
    data: dict[str, Any]
    happened_at: datetime
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    status: int | None
    problem: str
    tried_at: datetime | None
    next_at: datetime | None
