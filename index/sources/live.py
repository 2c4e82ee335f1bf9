"""Live sources by their names: read once, or caught up with again and again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from index.errors import SourceError
from index.rows import quoted
from index.sources.access import Access
from index.sources.arxiv_api import read_best, read_ids, read_submitted
from index.sources.arxiv_feed import read_announced
from index.sources.arxiv_oai import read_changed
from index.sources.daily_papers import read_lists
from index.sources.names import LiveName
from index.sources.spans import DAY, Span
from index.sources.visits import Cursor, Told

WEEK = 7
"""Days that a name which leaves them open stands for, today included."""


def read_live(name: LiveName, access: Access, *, today: date) -> Iterator[Told]:
    """Read a source once; what broke off goes on where it was, what was finished starts anew.

    Args:
        today: The last day that is read; a later day in UTC is none yet.

    Raises:
        SourceError: The source cannot be read, or its days are still to come.
    """
    span = _span(name, min(today, access.day))
    if name.kind == "feed":  # it has no days to choose from, and is never half read
        yield from _told(name, span, access, cursor=name.text)
        return
    after = access.visits.cursor(name.text).after
    if after:
        first = after + DAY
        span = Span(max(first, span.first or first) if name.span else first, span.last)
    yield from _told(name, span, access, cursor=name.text)
    yield Cursor(source=name.text)


def catch_up(name: LiveName, access: Access, *, today: date) -> Iterator[Told]:
    """Read what is new in a source since it was last caught up with; at first, of a week.

    A name with days of its own is read as `read_live` does.

    Raises:
        SourceError: The source cannot be read.
    """
    if name.span is not None:
        yield from read_live(name, access, today=today)
        return
    cursor = f"watch {name.text}"
    after = access.visits.cursor(cursor).after
    last = min(today, access.day)
    first = min(after + DAY, last) if after else last - (WEEK - 1) * DAY
    yield from _told(name, Span(first, last), access, cursor=cursor)


def _span(name: LiveName, today: date) -> Span:
    """Say which days a name stands for."""
    if name.span is not None:
        if name.span.first and name.span.first > today:
            raise SourceError(
                f"{quoted(name.text)} is still to come: today is {today}, in UTC at the latest",
                hint="name a day that has begun",
            )
        return name.span.until(today)
    match name.kind:
        case "lists":
            return Span(today, today)
        case "category":
            return Span(today - (WEEK - 1) * DAY, today)
    return Span(None, today)


def _told(name: LiveName, span: Span, access: Access, *, cursor: str) -> Iterator[Told]:
    if not span.is_forward:  # all of it was read, and a kill came before that was noted
        return iter(())
    match name.kind:
        case "lists":
            return read_lists(span, access, cursor=cursor)
        case "papers":
            return read_ids(name.subject, access)
        case "query" if span.first is None and name.span is None:
            return read_best(name.subject, access, origin=name.text)
        case "category" | "query":
            return read_submitted(name.subject, span, access, cursor=cursor, origin=name.text)
        case "feed":
            return read_announced(name.subject, access, cursor=cursor)
        case "bulk":
            return read_changed(name.subject, span, access, cursor=cursor)
