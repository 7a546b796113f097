"""Bounds on what a zip archive may unpack to, checked before a reader is let at it."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from kodkod.api import ImportProblemError

__all__ = ["ArchiveBounds", "check_directory", "open_archive", "unpack"]

MB = 1_000_000
BLOCK = 1024 * 1024
MOST_PARTS = 10_000


class ArchiveBounds(Struct, frozen=True):
    """How much an archive may unpack to, and how many times its size a part may.

    Parts that unpack to less than `ratio_from` bytes are never refused for their ratio: small
    XML packs well.
    """

    unpacked: int
    ratio: int
    ratio_from: int = 10 * MB


def check_directory(archive: zipfile.ZipFile, bounds: ArchiveBounds) -> None:
    """Check what the archive says of itself.

    Raises:
        ImportProblemError: it announces more than `bounds`, or a part needs a password.
    """
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise _bomb(f"it has {len(parts)} parts")
    total = sum(part.file_size for part in parts)
    if total > bounds.unpacked:
        raise _bomb(
            f"it unpacks to {total // MB} MB, more than the {bounds.unpacked // MB} allowed"
        )
    for part in parts:
        _check_ratio(part, part.file_size, bounds)
        if part.flag_bits & 0x1:
            raise ImportProblemError(
                "The archive needs a password. Save the workbook without one, then import it."
            )


def unpack(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, bounds: ArchiveBounds, used: int
) -> Iterator[bytes]:
    """Yield `part` in blocks, whatever size the archive gives for it.

    `used` is the number of bytes unpacked from the archive before.

    Raises:
        ImportProblemError: it really unpacks to more than `bounds`, or it is damaged.
    """
    size = 0
    try:
        with archive.open(part) as stream:
            while block := stream.read(BLOCK):
                size += len(block)
                if used + size > bounds.unpacked:
                    raise _bomb(f"it unpacks to more than {bounds.unpacked // MB} MB")
                _check_ratio(part, size, bounds)
                yield block
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise ImportProblemError(
            f"The part {part.filename!r} of the workbook is damaged ({error}). "
            "Save or download the workbook again."
        ) from error


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open `path`.

    Raises:
        ImportProblemError: it is no zip archive, or a truncated one.
    """
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise ImportProblemError(
            "The workbook is truncated or damaged: its directory cannot be read. "
            "Save or download it again."
        ) from error


def _check_ratio(part: zipfile.ZipInfo, size: int, bounds: ArchiveBounds) -> None:
    if size > bounds.ratio_from and size > bounds.ratio * max(part.compress_size, 1):
        raise _bomb(
            f"its part {part.filename!r} unpacks to more than {bounds.ratio} times its size"
        )


def _bomb(reason: str) -> ImportProblemError:
    return ImportProblemError(
        f"The workbook is refused: {reason}. If it is what you mean to import, save the sheet "
        "as CSV, or raise the limits in the importer's params."
    )
