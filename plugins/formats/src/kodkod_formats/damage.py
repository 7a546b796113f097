"""Turns whatever a reading library throws at a damaged file into a problem of the file."""

from collections.abc import Iterator
from contextlib import contextmanager

from kodkod.api import ImportProblemError, KodkodError

__all__ = ["damage_reported"]


@contextmanager
def damage_reported(message: str) -> Iterator[None]:
    """Raise ImportProblemError(`message`, with the library's reason) for any failure inside.

    Surround the library's call and nothing else. The readers written in Rust panic on some
    damaged files, and each has a panic class of its own that derives from BaseException.
    """
    try:
        yield
    except KodkodError:
        raise
    except BaseException as error:
        if not (isinstance(error, Exception) or type(error).__name__ == "PanicException"):
            raise
        raise ImportProblemError(f"{message} (The reader says: {_reason(error)})") from error


def _reason(error: BaseException) -> str:
    first_line = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    return first_line[:200]
