"""Bytes to text: finds the encoding of a file, or says where it breaks."""

import codecs
import re

from kodkod.api import ImportProblemError
from kodkod_formats.params import Encoding

__all__ = ["count_breaks", "decode", "decode_utf8"]

BOMS = (
    # UTF-32 LE begins with the mark of UTF-16 LE, so the longer marks come first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 200_000
"""Bytes of lines with accents that are enough to tell an encoding."""


def decode(data: bytes, encoding: Encoding = "auto") -> str:
    """Return the text of `data`, without byte order mark.

    Raises:
        ImportProblemError: `data` is not in `encoding`, or with `auto` in none that can be
            told; or it holds NUL characters, which no text has. The line is named.
    """
    marked = _by_mark(data) if encoding in ("auto", "utf-8", "utf-16", "utf-32") else None
    text = _decode(data, marked or _unmarked(data, encoding))
    if marked is None:
        # The codecs behind a mark have taken it off; UTF-16 LE and others keep it.
        text = text.removeprefix("\ufeff")
    _refuse_nul(text)
    return text


def decode_utf8(data: bytes) -> str:
    """Return the text of `data`, in UTF-8 or marked as UTF-16 or UTF-32 (see `decode`)."""
    return _decode(data, _by_mark(data) or "utf-8")


def count_breaks(text: str) -> int:
    """Return the number of line breaks (LF, CR LF or CR)."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _by_mark(data: bytes) -> str | None:
    return next((name for mark, name in BOMS if data.startswith(mark)), None)


def _unmarked(data: bytes, encoding: Encoding) -> str:
    if encoding != "auto":
        return encoding
    if _is_utf8(data):
        return "utf-8"
    # Latin-1 keeps each byte in its place, so that the line of a NUL is right.
    _refuse_nul(data.decode("latin-1"))
    return _legacy(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise _broken(data, name, error.start) from error


def _broken(data: bytes, name: str, at: int) -> ImportProblemError:
    line = count_breaks(data[:at].decode(name, "replace")) + 1
    shown = name.removesuffix("-sig").upper()
    return ImportProblemError(
        f"Line {line}: the byte 0x{data[at]:02x} is not valid {shown}. Save the file as UTF-8, "
        "or set its encoding when you import it.",
        line=line,
    )


def _refuse_nul(text: str) -> None:
    at = text.find("\0")
    if at < 0:
        return
    line = count_breaks(text[:at]) + 1
    raise ImportProblemError(
        f"Line {line} holds a NUL character, so this is not a text file, or it is UTF-16 without "
        "a mark. Save it as UTF-8, or set the encoding (utf-16-le, utf-16-be).",
        line=line,
    )


def _legacy(data: bytes) -> str:
    """Return the encoding of `data`, which is not UTF-8.

    Raises:
        ImportProblemError: it is damaged UTF-8, or there is too little to tell.
    """
    from kodkod_formats.legacy_encoding import guess

    text = data.decode("utf-8", "surrogateescape")
    foreign = len(re.findall("[\udc80-\udcff]", text))
    valid = len(re.findall("[^\x00-\x7f\udc80-\udcff]", text))
    name = guess(_accented_lines(data)) if valid < foreign else None
    if name is None or not _decodes(data, name):
        first = re.search("[\udc80-\udcff]", text)
        at = len(text[: first.start()].encode()) if first else 0
        raise _broken(data, "utf-8", at)
    return name


def _accented_lines(data: bytes) -> bytes:
    lines = re.finditer(rb"[^\r\n]*[\x80-\xff][^\r\n]*", data)
    sample = bytearray()
    for line in lines:
        sample += line.group()[:SAMPLE] + b"\n"
        if len(sample) >= SAMPLE:
            break
    return bytes(sample)


def _decodes(data: bytes, name: str) -> bool:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return False
    return re.search("[\x80-\x9f]", text) is None
