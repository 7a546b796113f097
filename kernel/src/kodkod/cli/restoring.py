"""The server's side of `kodkod restore`: notice what is asked, do it, say what came of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from msgspec import Struct

from kodkod.api import KodkodError
from kodkod.store.backup.asking import Answer, answer, take_request
from kodkod.store.backup.ground import Ground
from kodkod.store.backup.replacing import put_in_place

__all__ = ["Restored", "asked", "restore_staged"]

_LOOK_SECONDS = 0.5

_log = structlog.get_logger("kodkod.cli")


class Restored(Struct):
    """What came of a request; the command is told once the server is there again."""

    token: str
    kept: str | None = None
    problem: str | None = None
    told: bool = False

    def tell(self, ground: Ground, problem: str | None = None) -> None:
        """Answer the command, if that was not done yet."""
        if not self.told:
            said = Answer(kept=self.kept, problem=self.problem or problem)
            answer(ground.data_dir, self.token, said)
            self.told = True


async def asked(data_dir: Path) -> str:
    """Return the token of a request, once there is one."""
    while True:
        try:
            token = take_request(data_dir)
        except (OSError, KodkodError) as error:
            _log.warning("a request to restore cannot be read", error=str(error))
            token = None
        if token is not None:
            return token
        await asyncio.sleep(_LOOK_SECONDS)


async def restore_staged(ground: Ground, token: str) -> Restored:
    """Put in place what a command has staged. Nobody else may use the installation."""
    _log.info("restoring", token=token)
    try:
        kept = await put_in_place(ground, ground.staged(token), token)
    except KodkodError as error:
        _log.error("not restored", reason=error.message)
        return Restored(token, problem=error.message)
    except Exception as error:  # noqa: BLE001 - logged, told, and what was there goes on
        _log.exception("not restored")
        return Restored(token, problem=f"The restore failed: {error!r}. All is as it was.")
    _log.info("restored", token=token, kept=str(kept))
    return Restored(token, kept=None if kept is None else str(kept))
