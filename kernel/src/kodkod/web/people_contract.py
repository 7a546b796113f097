"""The shapes of people in the HTTP contract: sessions, tokens, accounts, members."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from kodkod.web.contract import Name, Password, ProjectRole, Request, Role, Username

Short = Annotated[str, Meta(min_length=1, max_length=60)]


class PasswordForm(Struct, frozen=True, kw_only=True):
    """OAuth2's password form. Other fields of OAuth2 may be there and mean nothing here."""

    username: Annotated[str, Meta(max_length=100)]
    password: Password
    grant_type: Literal["password"] = "password"


class TokenGrant(Struct, frozen=True, kw_only=True):
    """A session."""

    access_token: str
    token_type: Literal["bearer"]
    expires_at: datetime
    username: str


class NewApiToken(Request, frozen=True):
    """A long-lived token for scripts. `scopes`: read (GET only) or write."""

    name: Name
    scopes: tuple[Literal["read", "write"], ...] = ("read", "write")
    days: Annotated[int, Meta(ge=1, le=3650)] = 365


class ApiToken(Struct, frozen=True, kw_only=True):
    """A long-lived token; `token` is shown once, when it is made."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    token: str | None = None


class Account(Struct, frozen=True, kw_only=True):
    """A user as others see them."""

    username: str
    role: Role
    active: bool
    created_at: datetime


class NewAccount(Request, frozen=True):
    """A user to be made."""

    username: Username
    password: Password
    role: Role = "annotator"


class AccountPatch(Request, frozen=True):
    """What to change of a user."""

    password: Password | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class Erasure(Request, frozen=True, kw_only=True):
    """How somebody is erased. With `words`, what they wrote goes too: comments, posts, messages.

    `username` is that of the account, once more: this cannot be taken back.
    """

    username: str
    words: bool = True


class OwnErasure(Erasure, frozen=True, kw_only=True):
    """How one is erased oneself. The password proves that it is not a stolen session."""

    current_password: Password


class Erased(Struct, frozen=True, kw_only=True):
    """What is left: `annotations` stay, under the name `known_as`; `words` were deleted."""

    annotations: int
    words: int
    known_as: str


class OwnPassword(Request, frozen=True):
    """A new password for oneself; the old one proves that it is not a stolen session."""

    current_password: Password
    password: Password


class Preferences(Request, frozen=True):
    """How somebody likes to work, on whichever machine; null is as the web UI has it.

    `mode` is how much one wants to decide, `tours` what one has been shown already. Keys of one's
    own are not here: a keyboard belongs to where one sits.
    """

    mode: Literal["easy", "medium", "pro"] | None = None
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    colors: Literal["light", "dark"] | None = None
    tours: Annotated[list[Short], Meta(max_length=50)] = field(default_factory=list)


class Membership(Request, frozen=True):
    """What a user is in a project."""

    role: ProjectRole


class GroupStanding(Struct, frozen=True, kw_only=True):
    """What a group is in a project."""

    group: str
    role: ProjectRole


class Member(Struct, frozen=True, kw_only=True):
    """A user of a project. The role is the highest of the `own` one and those of groups."""

    username: str
    role: ProjectRole
    own: ProjectRole | None
    groups: list[GroupStanding]
