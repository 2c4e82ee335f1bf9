"""The format of a text, told by its content, and the reader for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from index.arxiv import is_metadata, looks_like_feed, metadata_row, read_feed
from index.decoding import Text
from index.hub import hub_row, is_hub_row, list_day
from index.pages import looks_like_page, read_page
from index.papers import Problem, Reading
from index.records import record_row
from index.rows import Row, taken
from index.saved_html import read_saved_page

LIMIT = 64 * 2**20
"""The longest document, or line of JSON lines, in characters; it is held in memory."""

READABLE = (
    "a Daily Papers page (text or HTML), the JSON of its API, an Atom feed of arXiv,"
    " the arXiv metadata dump, JSON lines of papers"
)

HTML = re.compile(r"<!doctype html|<html\b|<head\b|<body\b|\bDailyPapers\b", flags=re.I)


def read_text(text: Text, *, origin: str, as_of: date) -> Iterator[Reading | Problem]:
    """Read whatever format `text` is in."""
    if is_json_lines(text.head):
        yield from read_lines(text, origin=origin)
        return
    read = _document_reader(text.head, as_of=as_of)
    if read is None:
        why = f"is in no format that Footnote reads: {READABLE}"
        yield Problem(origin=origin, line=None, why=why)
        return
    document = text.read(LIMIT)
    if document is None:
        why = f"is longer than {LIMIT} characters, the most for a format that is not JSON lines"
        yield Problem(origin=origin, line=None, why=why)
        return
    yield from read(document, origin=origin)


def is_json_lines(head: str) -> bool:
    """Tell JSON lines, the first of which may be damaged, from one object spread over lines."""
    lines = [line for line in head.split("\n") if line.strip()]
    if head.lstrip().startswith(("<", "[")) or not lines:
        return False
    whole = any(line.startswith("{") and line.rstrip().endswith("}") for line in lines)
    return whole or (len(lines) == 1 and lines[0].lstrip().startswith("{"))


def _document_reader(
    head: str, *, as_of: date
) -> Callable[..., Iterator[Reading | Problem]] | None:
    start = head.lstrip()
    if start.startswith(("{", "[")):
        return _read_json
    if start.startswith("<") and looks_like_feed(start):
        return read_feed
    if start.startswith("<") and HTML.search(start):
        return read_saved_page
    return partial(read_page, as_of=as_of) if looks_like_page(head) else None


def read_lines(text: Text, *, origin: str) -> Iterator[Reading | Problem]:
    """Read JSON lines, each by what it holds."""
    for number, line in enumerate(text.lines(LIMIT), 1):
        if line is None:
            why = f"the line is longer than {LIMIT} characters"
            yield Problem(origin=origin, line=number, why=why)
        elif line.strip():
            yield from _read_json(line, origin=origin, line=number)


def _read_json(
    document: str, *, origin: str, line: int | None = None
) -> Iterator[Reading | Problem]:
    """Read one object or a list of them."""
    try:
        found = json.loads(document)
    except json.JSONDecodeError as error:
        why = f"is not JSON: {error.msg} at character {error.colno}"
        yield Problem(origin=origin, line=line or error.lineno, why=why)
        return
    except (ValueError, RecursionError) as error:
        yield Problem(origin=origin, line=line, why=f"is not JSON that can be read: {error}")
        return
    read: Callable[[Any], Row] = _row
    if isinstance(found, dict) and isinstance(found.get("dailyPapers"), list):
        read = partial(hub_row, page_day=list_day(found))
        found = found["dailyPapers"]
    for row in found if isinstance(found, list) else [found]:
        yield from taken(read, row, origin=origin, line=line)


def _row(raw: Any) -> Row:
    if is_hub_row(raw):
        return hub_row(raw)
    return metadata_row(raw) if is_metadata(raw) else record_row(raw)
