"""Accounts and tokens in the database."""

from __future__ import annotations

from datetime import timedelta

from kodkod.store.database import Database, now
from kodkod.store.people import Token, add_token, add_user, find_identity, purge_tokens


async def test_expired_tokens_are_forgotten_and_others_stay(database: Database) -> None:
    # Given a token that has expired and one that has not
    async with database.write() as connection:
        user = await add_user(
            connection, username="annotator-7", sign_in="password", secret="-", role="annotator"
        )
        for name, hours in (("old", -1), ("new", 1)):
            await add_token(
                connection,
                Token(
                    id=name,
                    user_id=user.id,
                    digest=name,
                    name=None,
                    scopes=["read"],
                    created_at=now(),
                    expires_at=now() + timedelta(hours=hours),
                ),
            )

    # When the database is tidied
    async with database.write() as connection:
        await purge_tokens(connection)
        left = await connection.exec_driver_sql("SELECT id FROM token")

        # Then the living token is still there, and still speaks for its user
        assert left.scalars().all() == ["new"]
        identity = await find_identity(connection, "new")
    assert identity is not None
    assert identity.username == "annotator-7"
