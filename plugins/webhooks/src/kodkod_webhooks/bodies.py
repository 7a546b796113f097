"""What is sent, by format: JSON for programs, and what each chat takes for a message."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from kodkod.api import Notification
from kodkod_webhooks.sentences import sentence

__all__ = ["discord_body", "json_body", "mattermost_body", "slack_body"]

_MARKDOWN = re.compile(r"([\\`*_~|<>#\[\](){}!:+=-])")
_MENTION = re.compile(r"([@<~#])")
_DISCORD_LONGEST = 2_000
_NOTHING = "\u200b"
"""A space of no width: what it stands in is no name of anybody."""


class _Project(Struct, frozen=True):
    slug: str
    name: str


class _Event(Struct, frozen=True):
    id: str
    type: str
    timestamp: datetime
    project: _Project
    user: str | None
    link: str
    data: dict[str, Any]


def json_body(told: Notification) -> bytes:
    """Return the event as it is: `type`, `timestamp` and `data` as Standard Webhooks has them."""
    return msgspec.json.encode(
        _Event(
            id=told.id,
            type=told.type,
            timestamp=told.at.astimezone(UTC),
            project=_Project(told.project, told.project_name),
            user=told.user,
            link=told.link,
            data=told.data,
        )
    )


def slack_body(told: Notification) -> bytes:
    """Return a message for Slack, in which three signs have a meaning."""
    text = sentence(told).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    link = f" <{told.link}>" if told.link else ""
    return _encode({"text": text + link, "mrkdwn": False, "unfurl_links": False})


def mattermost_body(told: Notification) -> bytes:
    """Return a message for Mattermost: Markdown, and no mention of anybody.

    Mattermost also makes mentions of what would be some in Slack (`<!channel>`).
    """
    text = _MENTION.sub(rf"\1{_NOTHING}", sentence(told))
    text = _MARKDOWN.sub(r"\\\1", text)
    return _encode({"text": text + (f" [→]({told.link})" if told.link else "")})


def discord_body(told: Notification) -> bytes:
    """Return a message for Discord: Markdown, at most 2,000 characters, nobody is pinged."""
    text = _MARKDOWN.sub(r"\\\1", sentence(told))
    link = f" <{told.link}>" if told.link else ""
    fits = len(text) + len(link) <= _DISCORD_LONGEST
    return _encode({"content": text + (link if fits else ""), "allowed_mentions": {"parse": []}})


def _encode(message: dict[str, Any]) -> bytes:
    return msgspec.json.encode(message)
