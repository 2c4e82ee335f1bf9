"""The events in which an OpenAI-compatible server streams an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class LostError(Exception):
    """The connection ended before the answer did."""


def events(chunks: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """Read server-sent events; bytes that are no UTF-8 become U+FFFD.

    The library's own reader raises UnicodeDecodeError at the first such byte.
    """
    for line in _lines(chunks):
        name, _, data = line.partition(b":")
        if name != b"data":
            continue
        if data.strip() == b"[DONE]":
            yield {"done": True}
            return
        try:
            event = json.loads(data.decode(errors="replace"))
        except ValueError as error:
            raise LostError from error
        if isinstance(event, dict):
            yield event


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def content(event: Mapping[str, Any]) -> tuple[str, bool]:
    """Give the text of an event, and whether the answer ends with it."""
    match event:
        case {"done": True}:
            return "", True
        case {"choices": [{"delta": {"content": str(text)}, **others}, *_]}:
            lone = re.sub("[\ud800-\udfff]", "\ufffd", text)  # half a pair cannot be written out
            return lone, others.get("finish_reason") is not None
        case {"choices": [{"finish_reason": str()}, *_]}:
            return "", True
    return "", False
