"""The Daily Papers of Hugging Face, list by list: `GET /api/daily_papers?date=…`.

Weeks and months are read day by day: every row then has its list day, and what is read of them is
not asked for again when they are gone on with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

from index.hub import hub_row
from index.papers import Problem, Reading
from index.rows import taken
from index.sources.access import Access
from index.sources.client import Document
from index.sources.documents import DamagedError, parsed_json
from index.sources.spans import Span
from index.sources.visits import Cursor, Seen, Told

PATH = "/api/daily_papers"
PAGE = 100
"""Rows of a page, the most there are."""
LOOKS_AT_PROMISED = 4
"""How often a page that the page before it promised is looked at, if it is empty."""
LOOKS_AT_WORKING_DAY = 2
"""How often an empty list of a past day from Monday to Friday is looked at."""
LOOK_AGAIN = 5.0
"""Seconds before the second look, doubled before each further one."""

SETTLES = timedelta(days=3)
"""For so long after its day a list is read again: it gathers votes, and may be added to."""


def read_lists(span: Span, access: Access, *, cursor: str) -> Iterator[Told]:
    """Read the lists of some days; the cursor names the last of them that has settled."""
    for day in span.days():
        yield from _changed_list(day, access)
        if day + SETTLES < access.day:
            yield Cursor(source=cursor, after=day)


def read_list(day: date, access: Access) -> Iterator[Reading | Problem]:
    """Read all of a list, whether it was read before or not."""
    for told in _list(day, access, changed_only=False):
        if isinstance(told, Reading | Problem):
            yield told


def _changed_list(day: date, access: Access) -> Iterator[Told]:
    empty = True
    for told in _list(day, access, changed_only=True):
        empty = False
        yield told
    if empty and day >= access.day:
        access.say(f"The list of {day} is not out yet")


def _list(day: date, access: Access, *, changed_only: bool) -> Iterator[Told]:
    """Read a list page by page; of a page that has not changed its remembered state is told."""
    page, more = 0, True
    while more:
        document = _page(day, page, access, changed_only=changed_only)
        if isinstance(document, Seen):
            more = document.more
            yield document
        else:
            yield from _rows(day, document, promised=page > 0)
            more = document.seen.more
        page += 1


def _page(
    day: date, page: int, access: Access, *, changed_only: bool
) -> Document[list[Any]] | Seen:
    """Fetch a page; one that is empty and should not be, several times."""
    service = access.services.hub
    address = service.address(PATH, {"date": str(day), "limit": str(PAGE), "p": str(page)})
    known = access.visits.seen(address) if changed_only else None
    looks = LOOKS_AT_PROMISED if page else _looks_at_list(day, access.day)
    for look in count(1):
        document = access.client.get(service, address, read=_whole_rows, known=known)
        if document is None:
            break
        if document.content or look == looks:
            return document
        access.clock.sleep(LOOK_AGAIN * 2 ** (look - 1))
    assert known
    return known


def _looks_at_list(day: date, today: date) -> int:
    return LOOKS_AT_WORKING_DAY if day < today and day.weekday() < 5 else 1


def _whole_rows(text: str, more: bool) -> list[Any]:
    rows = parsed_json(text)
    if not isinstance(rows, list):
        raise DamagedError("its answer is no list of papers")
    if more and not rows:
        raise DamagedError("a page is empty though it is not the last")
    return rows


def _rows(day: date, document: Document[list[Any]], *, promised: bool) -> Iterator[Told]:
    origin = f"hf:{day}"
    read = partial(hub_row, page_day=day)
    for row in document.content:
        yield from taken(read, row, origin=origin, line=None)
    if document.lost:
        why = f"damaged characters, read as `\ufffd`: {document.lost}"
        yield Problem(origin=origin, line=None, why=why)
    if document.content:
        yield document.seen
    elif promised:
        why = "the list ends before a page that was promised and stays empty"
        yield Problem(origin=origin, line=None, why=why)
