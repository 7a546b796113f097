"""What people are in projects, and invitations, on either database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.artefacts import new_id
from kodkod.store.database import Database, now
from kodkod.store.groups import add_group, add_group_member
from kodkod.store.invitations import (
    Invitation,
    add_invitation,
    find_invitation,
    list_invitations,
    revoke_invitation,
    use_invitation,
)
from kodkod.store.memberships import keeping_managers, list_standings, put_project_group, roles_in
from kodkod.store.people import add_user, put_member, remove_member
from kodkod.store.rights import members_of
from kodkod.store.scheme_rights import lift_rights, put_rights, reach_of


async def test_roles_and_rights_come_from_people_and_groups(database: Database) -> None:
    async with database.write() as connection:
        user = await add_user(
            connection, username="cleo", sign_in="password", secret="", role="annotator"
        )
        group = await add_group(connection, "coders", 1)
        await add_group_member(connection, group.id, user.id)
        await put_project_group(connection, 1, group.id, "contributor")
        await put_member(connection, 1, user.id, "reader")
        assert sorted(await roles_in(connection, 1, user.id)) == ["contributor", "reader"]
        standing = (await list_standings(connection, 1))[1]
        assert (standing.username, standing.role, standing.own) == ("cleo", "contributor", "reader")
        # when a scheme is restricted, to nobody, to see, to annotate, then its reach follows
        await put_rights(connection, 1, 1, {}, {})
        assert (await reach_of(connection, 1, user.id)).hidden == {1}
        assert (await members_of(connection, [1]))[1][user.id] == {1}
        await put_rights(connection, 1, 1, {}, {group.id: "see"})
        assert (await reach_of(connection, 1, user.id)).locked == {1}
        assert (await members_of(connection, [1]))[1][user.id] == frozenset()
        await put_rights(connection, 1, 1, {user.id: "annotate"}, {group.id: "see"})
        assert (await reach_of(connection, 1, user.id)).locked == frozenset()
        await lift_rights(connection, 1)


async def test_a_project_keeps_a_manager(database: Database) -> None:
    with pytest.raises(ConflictError):
        async with database.write() as connection, keeping_managers(connection, [1]):
            await remove_member(connection, 1, 1)
    async with database.read() as connection:
        assert await roles_in(connection, 1, 1) == ["manager"]


async def test_an_invitation_is_used_once_by_each_and_not_after_it_was_revoked(
    database: Database,
) -> None:
    new = Invitation(
        id=new_id(),
        project_id=1,
        digest="d",
        role="reader",
        group_id=None,
        note="",
        max_uses=2,
        uses=0,
        created_by=1,
        created_at=now(),
        expires_at=now() + timedelta(days=1),
    )
    async with database.write() as connection:
        await add_invitation(connection, new)
        await use_invitation(connection, await find_invitation(connection, "d"), 1)
    with pytest.raises(NotFoundError):
        async with database.write() as connection:
            await use_invitation(connection, new, 1)
    async with database.write() as connection:
        await revoke_invitation(connection, 1, new.id)
        await revoke_invitation(connection, 1, new.id)
        with pytest.raises(NotFoundError):
            await find_invitation(connection, "d")
        [kept] = await list_invitations(connection, 1)
        assert kept.uses == 1
        assert kept.revoked_at is not None
