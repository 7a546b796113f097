"""What the routes of groups, members, rights and invitations take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from kodkod.web.contract import SECRET, Password, ProjectRole, Request, Slug, Username
from kodkod.web.people_contract import Account, Preferences

__all__ = [
    "GroupDetails",
    "GroupInfo",
    "GroupPatch",
    "InvitationInfo",
    "InvitationToken",
    "InvitationUse",
    "InvitationView",
    "Joined",
    "Me",
    "MyProject",
    "NewGroup",
    "NewInvitation",
    "Rights",
    "SchemeRight",
    "SignUp",
]

SchemeRight = Literal["see", "annotate"]
"""What a restricted scheme's rights say: see it with what is made of it, or work with it too."""

_Token = Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema=dict(SECRET))]


class MyProject(Struct, frozen=True, kw_only=True):
    """A project of one's own, and one's role in it."""

    slug: str
    name: str
    role: ProjectRole


class Me(Account, frozen=True, kw_only=True):
    """Who is signed in, with their groups and the projects they belong to, the first 500.

    Root, who may enter every project, belongs to those alone that say so.
    """

    groups: list[str]
    projects: list[MyProject]
    preferences: Preferences


class NewGroup(Request, frozen=True):
    """A group to be made, with its first members."""

    name: Slug
    members: Annotated[tuple[Username, ...], Meta(max_length=1000)] = ()


class GroupPatch(Request, frozen=True):
    """Another name for a group."""

    name: Slug


class GroupInfo(Struct, frozen=True, kw_only=True):
    """A group, and who keeps it: that user and root may change it."""

    name: str
    keeper: str
    created_at: datetime


class GroupDetails(GroupInfo, frozen=True, kw_only=True):
    """A group with its members."""

    members: list[str]


class Rights(Request, frozen=True):
    """Whom a scheme is for, by username and by name of group, beside its project's managers.

    `restricted` is false where it is for every member of the project; nobody is named then.
    """

    restricted: bool = True
    users: dict[str, SchemeRight] = field(default_factory=dict[str, SchemeRight])
    groups: dict[str, SchemeRight] = field(default_factory=dict[str, SchemeRight])


class NewInvitation(Request, frozen=True):
    """An invitation to be made. `group` is joined as well; `note` is a reminder for managers."""

    role: ProjectRole = "annotator"
    group: Slug | None = None
    days: Annotated[float, Meta(gt=0, le=365)] = 7.0
    max_uses: Annotated[int, Meta(ge=1, le=10_000)] = 1
    note: Annotated[str, Meta(max_length=1000)] = ""


class InvitationUse(Struct, frozen=True, kw_only=True):
    """Who came, and when."""

    username: str
    used_at: datetime


class InvitationInfo(Struct, frozen=True, kw_only=True):
    """An invitation as managers see it. `token` is in the answer that makes it, and never again."""

    id: str
    role: ProjectRole
    group: str | None
    note: str
    state: Literal["open", "used-up", "expired", "revoked"]
    uses: int
    max_uses: int
    used_by: list[InvitationUse]
    created_by: str
    created_at: datetime
    expires_at: datetime
    token: str | None = None


class InvitationToken(Request, frozen=True):
    """The token of an invitation; in the body, so that no log of addresses has it."""

    token: _Token


class InvitationView(Struct, frozen=True, kw_only=True):
    """What whoever has an invitation is told before accepting it."""

    project: str
    role: ProjectRole
    group: str | None
    expires_at: datetime


class Joined(Struct, frozen=True, kw_only=True):
    """The project that somebody has joined, and their role in it now."""

    slug: str
    name: str
    role: ProjectRole


class SignUp(Request, frozen=True):
    """An account for oneself; with an invitation's token even where sign-up is closed."""

    username: Username
    password: Password
    invitation: _Token | None = None
