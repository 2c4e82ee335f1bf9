"""The API of arXiv: papers by id, by category and by query, as Atom (API User's Manual, 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from index.arxiv import ATOM, read_feed
from index.errors import SourceError
from index.papers import Problem, Reading
from index.rows import quoted
from index.sources.access import Access
from index.sources.client import Document
from index.sources.documents import DamagedError, parsed_xml
from index.sources.spans import DAY, Span
from index.sources.visits import Cursor, Told

PATH = "/api/query"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
PAGE = 200
"""Papers of a page; 2,000 are permitted, and come broken off more often."""
IDS = 100
"""Ids of a request, which an address has room for."""
BEST = 100
"""How many papers a query without days brings: those that fit best."""

SETTLES = timedelta(days=7)
"""For so long after a day papers submitted on it may still be announced."""


@dataclass(frozen=True)
class Page:
    """A page of results."""

    text: str
    rows: int
    total: int


def read_ids(ids: str, access: Access) -> Iterator[Told]:
    """Read papers by their ids, joined by commas; one that arXiv does not know is a problem."""
    wanted = list(dict.fromkeys(ids.split(",")))
    for start in range(0, len(wanted), IDS):
        some = wanted[start : start + IDS]
        query = {"id_list": ",".join(some), "max_results": str(len(some))}
        missing = set(some)
        for told in _papers(_document(query, access), origin="arxiv:" + ",".join(some)):
            if isinstance(told, Reading):
                missing.discard(told.paper.arxiv_id or "")
            yield told
        for each in sorted(missing):
            yield Problem(origin=f"arxiv:{each}", line=None, why="arXiv gives no such paper")


def read_best(query: str, access: Access, *, origin: str, limit: int = BEST) -> Iterator[Told]:
    """Read the papers that fit a query best."""
    asked = {"search_query": query, "max_results": str(limit), "sortBy": "relevance"}
    yield from _papers(_document(asked, access), origin=origin)


def read_submitted(
    query: str, span: Span, access: Access, *, cursor: str, origin: str
) -> Iterator[Told]:
    """Read the papers submitted in some days, the first ones first; the cursor follows."""
    assert span.last is not None
    start, total, after = 0, 1, None
    while start < total:
        asked = {
            "search_query": f"({query}) AND submittedDate:{_window(span)}",
            "start": str(start),
            "max_results": str(PAGE),
            "sortBy": "submittedDate",
            "sortOrder": "ascending",
        }
        document = _document(asked, access, start=start)
        for told in _papers(document, origin=origin):
            yield told
            if isinstance(told, Reading) and told.paper.published:
                after = told.paper.published - DAY  # more of that day may follow
        start += document.content.rows
        total = document.content.total
        if start >= total:
            after = span.last
        if after := _settled(after, access.day):
            yield Cursor(source=cursor, after=after)


def _settled(after: date | None, today: date) -> date | None:
    return after and min(after, today - SETTLES - DAY)


def _window(span: Span) -> str:
    """Write days as arXiv wants them, in GMT to the minute."""
    assert span.last is not None
    first = span.first or date(1991, 1, 1)  # arXiv began in August
    return f"[{first:%Y%m%d}0000 TO {span.last:%Y%m%d}2359]"


def _document(query: Mapping[str, str], access: Access, *, start: int = 0) -> Document[Page]:
    service = access.services.arxiv
    document = access.client.get(
        service, service.address(PATH, query), read=lambda text, _: _whole_page(text, start=start)
    )
    assert document is not None  # nothing was said to be known
    return document


def _whole_page(text: str, *, start: int) -> Page:
    feed = parsed_xml(text)
    entries = feed.findall(ATOM + "entry")
    _raise_if_refused(entries)
    total = feed.findtext(TOTAL) or ""
    if feed.tag != ATOM + "feed" or not total.strip().isdecimal():
        raise DamagedError("its answer is no list of papers")
    page = Page(text, rows=len(entries), total=int(total[:9]))
    if not page.rows and start < page.total:
        raise DamagedError(f"the page from paper {start} on is empty, of {page.total} papers")
    return page


def _raise_if_refused(entries: list[Any]) -> None:
    """Tell an error, which arXiv answers as if it were a paper."""
    for entry in entries:
        if "/api/errors" in (entry.findtext(ATOM + "id") or ""):
            summary = entry.findtext(ATOM + "summary") or "no reason"
            raise SourceError(
                f"arXiv refuses the request: {quoted(summary)}",
                hint="check how the query is spelt: `au:hinton AND ti:distillation`",
            )


def _papers(document: Document[Page], *, origin: str) -> Iterator[Reading | Problem]:
    if document.content.rows:
        yield from read_feed(document.content.text, origin=origin)
    if document.lost:
        why = f"damaged characters, read as `\ufffd`: {document.lost}"
        yield Problem(origin=origin, line=None, why=why)
