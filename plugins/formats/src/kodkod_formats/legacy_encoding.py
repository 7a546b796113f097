"""Tells the encodings from before UTF-8 apart.

A detector of encodings needs much text: of a corpus with three accented words it makes Arabic
as gladly as French. Western European is therefore recognised by its characters first, and
charset-normalizer is asked only where there is enough to count.
"""

import re

from charset_normalizer import from_bytes

__all__ = ["guess"]

WESTERN = frozenset(
    "àâäáãåæçèéêëìíîïñòóôöõøœùúûüßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜ€‚„…‘’“”–—•«»§°£©®™¡¿´·\xa0"  # noqa: RUF001
)
"""What Western European texts are made of beside ASCII.

Left out on purpose: characters that are rare there and common letters in the code pages of
other regions (eth is the Cyrillic er, superscript three the Polish l with stroke, z with caron
the e with acute of old Macs).
"""
CANDIDATES = [
    "cp1252",
    "cp1250",
    "iso8859_2",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "euc_kr",
    "mac_roman",
]
ENOUGH = 100
"""Bytes beyond ASCII below which counting letters misleads: a line of KOI8-R passes for Hebrew."""


def guess(lines: bytes) -> str | None:
    """Return the encoding of `lines`, each with bytes beyond ASCII; None if it cannot be told."""
    if _is_western(lines):
        return "cp1252"
    if len(re.findall(rb"[\x80-\xff]", lines)) < ENOUGH:
        return None
    best = from_bytes(lines, cp_isolation=CANDIDATES, enable_fallback=False).best()
    return best.encoding if best is not None else None


def _is_western(lines: bytes) -> bool:
    try:
        text = lines.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [c for c in text if ord(c) > 0x7F]
    accented = sum(c.isalpha() for c in beyond)
    plain = len(re.findall("[A-Za-z]", text))
    return WESTERN.issuperset(beyond) and accented <= 2 * plain
