"""Threads on texts, mentions, and messages to many. Texts come back exactly as they were given."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from kodkod.web.contract import Request, Slug

__all__ = ["MentionView", "MessageView", "NewMessage", "NewPost", "NewThread", "PostView",
           "ThreadPatch", "ThreadView"]  # fmt: skip

Words = Annotated[str, Meta(min_length=1, max_length=20_000)]


class NewPost(Request, frozen=True):
    """What to say: Markdown. `@username` mentions a member of the project."""

    text: Words


class NewThread(Request, frozen=True, kw_only=True):
    """A thread on a text, with its first post; of a scheme, or of none."""

    id: Annotated[str, Meta(min_length=1, max_length=10_000)]
    scheme: Slug | None = None
    text: Words


class ThreadPatch(Request, frozen=True):
    """Whether a thread is resolved."""

    resolved: bool


class PostView(Struct, frozen=True, kw_only=True):
    """A post; of a deleted one only the mark is left."""

    id: int
    user: str
    text: str
    created_at: datetime
    edited_at: datetime | None
    deleted: bool


class ThreadView(Struct, frozen=True, kw_only=True):
    """A thread on a text. `unread` counts posts by others that the asking user has not read."""

    id: int
    text_id: str
    row: int
    scheme: str | None
    user: str
    created_at: datetime
    resolved_by: str | None
    resolved_at: datetime | None
    posts: list[PostView]
    unread: int


class MentionView(Struct, frozen=True, kw_only=True):
    """A post that mentions the asking user."""

    project: str
    thread: int
    post: PostView
    read: bool


class NewMessage(Request, frozen=True):
    """A message to many; after `expires_at` it is shown no more."""

    text: Words
    expires_at: datetime | None = None


class MessageView(Struct, frozen=True, kw_only=True):
    """A message; without a project it is to everybody."""

    id: int
    project: str | None
    user: str
    text: str
    created_at: datetime
    expires_at: datetime | None
    read: bool
