"""Users, and oneself."""

from __future__ import annotations

import msgspec
from litestar import delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import UNSET

from kodkod.store.groups import group_names_of
from kodkod.store.people import (
    User,
    add_user,
    change_user,
    delete_tokens,
    delete_user,
    find_user,
    keep_a_root,
    list_users,
)
from kodkod.store.projects import list_projects
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Services
from kodkod.web.paging import Cursor, Limit, next_cursor, parse_cursor
from kodkod.web.people_contract import (
    Account,
    AccountPatch,
    NewAccount,
    OwnPassword,
    Preferences,
)
from kodkod.web.rights_contract import Me, MyProject

__all__ = ["account", "routes"]

_MY_PROJECTS = 500


@get("/me", operation_id="get_me", tags=["users"], requires=Requires.SIGNED_IN)
async def get_me(services: Services, identity: Identity) -> Me:
    """Tell who is signed in, with their groups and projects."""
    async with services.database.read() as connection:
        user = await find_user(connection, identity.username)
        groups = await group_names_of(connection, user.id)
        projects = await list_projects(connection, user_id=user.id, limit=_MY_PROJECTS)
    return Me(
        **msgspec.structs.asdict(account(user)),
        groups=groups,
        preferences=msgspec.convert(user.preferences or {}, Preferences),
        projects=[
            MyProject(slug=row.slug, name=row.name, role=role)  # type: ignore[arg-type]
            for row, role in projects
        ],
    )


@patch(
    "/me",
    operation_id="change_my_password",
    tags=["users"],
    requires=Requires.SIGNED_IN,
    counts_attempts=True,
)
async def change_my_password(
    services: Services, identity: Identity, data: JSONBody[OwnPassword]
) -> Account:
    """Change the own password; every session and token ends, this one too."""
    user = await services.sign_in.confirm(
        services.database, identity.username, data.current_password
    )
    secret = await services.sign_in.enroll(data.password)
    async with services.database.write() as connection:
        await change_user(connection, user.id, secret=secret, sign_in=services.sign_in.default)
        await delete_tokens(connection, user.id)
    services.forget_access(user_id=user.id)
    return account(user)


@put(
    "/me/preferences",
    operation_id="set_preferences",
    tags=["users"],
    requires=Requires.SIGNED_IN,
)
async def set_preferences(
    services: Services, identity: Identity, data: JSONBody[Preferences]
) -> Preferences:
    """Remember how one likes to work; what was remembered before is replaced."""
    values = msgspec.to_builtins(data)
    async with services.database.write() as connection:
        await change_user(connection, identity.user_id, preferences=values)
    return data


@get("/users", operation_id="list_users", tags=["users"], requires=Requires.ROOT)
async def get_users(services: Services, cursor: Cursor = None, limit: Limit = 100) -> Page[Account]:
    """List the accounts in the order they were made."""
    async with services.database.read() as connection:
        users = await list_users(connection, after=parse_cursor(cursor), limit=limit)
    return Page(
        items=[account(user) for user in users],
        cursor=next_cursor([user.id for user in users], limit),
    )


@post("/users", operation_id="create_user", tags=["users"], requires=Requires.ROOT)
async def create_user(services: Services, data: JSONBody[NewAccount]) -> Account:
    """Make an account."""
    secret = await services.sign_in.enroll(data.password)
    async with services.database.write() as connection:
        user = await add_user(
            connection,
            username=data.username,
            sign_in=services.sign_in.default,
            secret=secret,
            role=data.role,
        )
    return account(user)


@patch("/users/{username:str}", operation_id="change_user", tags=["users"], requires=Requires.ROOT)
async def patch_user(
    services: Services, username: FromPath[str], data: JSONBody[AccountPatch]
) -> Account:
    """Change password, role or whether the account is open; its tokens end with the old state."""
    changes: dict[str, object] = {}
    if data.password is not UNSET:
        changes["secret"] = await services.sign_in.enroll(data.password)
        changes["sign_in"] = services.sign_in.default
    if data.role is not UNSET:
        changes["role"] = data.role
    if data.active is not UNSET:
        changes["active"] = data.active
    async with services.database.write() as connection:
        user = await find_user(connection, username)
        if data.active is False or data.role not in (UNSET, "root"):
            await keep_a_root(connection, user)
        if any(value != getattr(user, name) for name, value in changes.items()):
            await change_user(connection, user.id, **changes)
            await delete_tokens(connection, user.id)
            user = await find_user(connection, username)
    services.forget_access(user_id=user.id)
    return account(user)


@delete("/users/{username:str}", operation_id="delete_user", tags=["users"], requires=Requires.ROOT)
async def remove_user(services: Services, username: FromPath[str]) -> None:
    """Close an account for good; what it annotated stays."""
    async with services.database.write() as connection:
        user = await find_user(connection, username)
        await keep_a_root(connection, user)
        await delete_user(connection, user.id)
    services.forget_access(user_id=user.id)


def account(user: User) -> Account:
    """Show an account."""
    return Account(
        username=user.username,
        role=user.role,  # type: ignore[arg-type]
        active=user.active,
        created_at=user.created_at,
    )


routes: list[ControllerRouterHandler] = [
    get_me,
    change_my_password,
    set_preferences,
    get_users,
    create_user,
    patch_user,
    remove_user,
]
