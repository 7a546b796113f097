"""Secrets at rest: encrypted by a key that lies beside the data, or that the environment has.

Fernet (https://github.com/fernet/spec): AES-128 in CBC mode with an HMAC of SHA-256.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from kodkod.api import InvalidInputError, UnavailableError

__all__ = ["KEY_FILE", "Sealer"]

KEY_FILE = "secret.key"
_VARIABLE = "KODKOD_SECRET_KEYS"


class Sealer:
    """Seals and opens. The keys are read, or one is made, when they are first needed.

    Keys come from the variable `KODKOD_SECRET_KEYS` (separated by commas: the first seals, all
    open, so that a key can be replaced), or else from a file in the data folder that its owner
    alone may read, and that no backup has.
    """

    def __init__(self, data_dir: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._file = data_dir / KEY_FILE
        self._given = environ.get(_VARIABLE, "")
        self._fernet: MultiFernet | None = None

    def seal(self, value: str) -> str:
        """Return what to store.

        Raises:
            UnavailableError: the keys cannot be read or made.
        """
        return self._keys(make=True).encrypt(value.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed.

        Raises:
            InvalidInputError: it was sealed with another key, as after a restore.
            UnavailableError: the keys cannot be read.
        """
        try:
            return self._keys(make=False).decrypt(sealed.encode()).decode()
        except (InvalidToken, FileNotFoundError):
            raise InvalidInputError(
                "The secret was sealed with a key that this installation does not have (backups "
                f"have none): put the old {KEY_FILE} into the data folder, or enter the secret "
                "anew."
            ) from None

    def _keys(self, *, make: bool) -> MultiFernet:
        if self._fernet is None:
            try:
                raw = self._given.split(",") if self._given else [self._from_file(make=make)]
                self._fernet = MultiFernet([Fernet(key.strip()) for key in raw])
            except ValueError:
                # The message must not have the key in it.
                where = _VARIABLE if self._given else str(self._file)
                raise UnavailableError(
                    f"What {where} has is no key: 32 bytes in URL-safe base64 are."
                ) from None
            except FileNotFoundError:
                if not make:
                    raise
                raise self._unusable("there is no data folder") from None
            except OSError as error:
                raise self._unusable(error.strerror or str(error)) from error
        return self._fernet

    def _unusable(self, why: str) -> UnavailableError:
        return UnavailableError(
            f"The key {self._file} cannot be read or made: {why}. Secrets need it; see that the "
            "server may write its data folder."
        )

    def _from_file(self, *, make: bool) -> str:
        if make and not self._file.exists():
            self._make()
        return self._file.read_text(encoding="ascii")

    def _make(self) -> None:
        """Write a new key that its owner alone may read, unless another process is first."""
        handle, aside = mkstemp(prefix=f".{KEY_FILE}.", dir=self._file.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key())
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                # Unlike a rename, this never takes the place of a key that seals already.
                os.link(aside, self._file)
        finally:
            Path(aside).unlink(missing_ok=True)
