"""The shapes of prompts in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from kodkod.api import Message
from kodkod.project.prompt_template import LONGEST_TEMPLATE
from kodkod.store.prompts import ExamplePlan
from kodkod.web.contract import Request, Slug

__all__ = [
    "ExamplePlan",
    "Message",
    "NewPrompt",
    "NewPromptVersion",
    "PromptInfo",
    "PromptRendering",
    "PromptTemplates",
    "PromptVersionInfo",
    "RenderedPrompt",
]

Template = Annotated[str, Meta(max_length=LONGEST_TEMPLATE)]


class PromptTemplates(Request, frozen=True, kw_only=True):
    """Two templates, and which annotated texts they may show as examples."""

    system: Template = ""
    user: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEMPLATE)]
    examples: ExamplePlan = ExamplePlan()


class NewPrompt(PromptTemplates, frozen=True, kw_only=True):
    """A prompt for a scheme, with its first version."""

    name: Slug
    scheme: str
    note: Annotated[str, Meta(max_length=1_000)] = ""


class NewPromptVersion(PromptTemplates, frozen=True, kw_only=True):
    """A new version, made of version `base`, which must be the newest still."""

    base: Annotated[int, Meta(ge=1)]
    note: Annotated[str, Meta(max_length=1_000)] = ""


class PromptVersionInfo(Struct, frozen=True, kw_only=True):
    """A version, which never changes."""

    number: int
    system: str
    user: str
    examples: ExamplePlan
    note: str
    created_by: str
    created_at: datetime


class PromptInfo(Struct, frozen=True, kw_only=True):
    """A prompt with its versions, the newest first."""

    id: str
    name: str
    scheme: str
    created_at: datetime
    versions: list[PromptVersionInfo]


class PromptRendering(PromptTemplates, frozen=True, kw_only=True):
    """Templates to fill in for some texts by id, or for the first ones; nothing is stored."""

    scheme: str
    ids: Annotated[tuple[str, ...], Meta(max_length=20)] = ()


class RenderedPrompt(Struct, frozen=True, kw_only=True):
    """What would be sent for a text."""

    id: str
    messages: list[Message]
