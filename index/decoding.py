"""Bytes to text, whatever wrote them: UTF-8, UTF-16, Windows-1252, compressed by gzip or not.

A stream is never held as a whole: the caller says how much of it to read.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import IO, cast

HEAD = 65_536
"""So many bytes tell the encoding and the format of a file."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
CONTROLS_ALLOWED = 0.01
"""The share of control characters above which bytes are no text."""

BROKEN = "\ufffd"
DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error)
"""What reading a damaged gzip stream raises."""


class NotTextError(ValueError):
    """The bytes are no text."""


class Text:
    """The text of a binary stream, read piece by piece."""

    def __init__(self, stream: IO[bytes]) -> None:
        start, whole = _with_head(stream)
        if start.startswith(b"\x1f\x8b"):
            start, whole = _with_head(cast(IO[bytes], gzip.GzipFile(fileobj=whole)))
        encoding = _encoding(start)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        self._text = io.TextIOWrapper(whole, encoding=encoding, errors=errors)
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        head = _repaired(decoder.decode(start))
        self.head: str = head.replace("\r\n", "\n").replace("\r", "\n")
        """The beginning, which is still there to be read."""
        self.empty: bool = not start
        self.lost: int = 0
        """How many characters could not be told so far; each is read as `\ufffd`."""

    def read(self, limit: int) -> str | None:
        """Read all that is left; None if that is more than `limit` characters."""
        text = self._text.read(limit + 1)
        return None if len(text) > limit else self._counted(text)

    def lines(self, limit: int) -> Iterator[str | None]:
        """Read line by line; None stands for a line of more than `limit` characters."""
        while line := self._text.readline(limit + 1):
            if len(line) <= limit or line.endswith("\n"):
                yield self._counted(line)
                continue
            while line and not line.endswith("\n"):
                line = self._text.readline(HEAD)
            yield None

    def _counted(self, text: str) -> str:
        text = _repaired(text)
        self.lost += text.count(BROKEN)
        return text


class _Rejoined(io.RawIOBase):
    """A stream whose beginning has been read, as if it had not: pipes cannot be rewound."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start = io.BytesIO(start)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._start.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _with_head(stream: IO[bytes]) -> tuple[bytes, io.BufferedReader]:
    start = b""
    while len(start) < HEAD and (piece := stream.read(HEAD - len(start))):
        start += piece
    return start, io.BufferedReader(_Rejoined(start, stream))


def _encoding(start: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    pairs = max(1, len(start) // 2)
    zeros = start[0::2].count(0) / pairs, start[1::2].count(0) / pairs
    if max(zeros) > 0.5 and min(zeros) < 0.1:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if b"\0" in start or len(CONTROLS.findall(start)) > CONTROLS_ALLOWED * len(start):
        raise NotTextError
    return "utf-8"


def _repaired(text: str) -> str:
    """Read the bytes that are not UTF-8 as Windows-1252, in which most of them were written."""
    return re.sub(
        "[\udc80-\udcff]+",
        lambda match: match.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace"),
        text,
    )
