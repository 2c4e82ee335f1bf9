"""arXiv in bulk: OAI-PMH, which gives what has changed, a thousand papers at a time.

Days are those on which the metadata changed, not those of submission: the protocol knows no other
(http://www.openarchives.org/OAI/openarchivesprotocol.html, 2.7). A harvest goes month by month,
since a token that says where to go on is good for some hours only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from index.errors import RefusedError, SourceError
from index.fields import parsed_day
from index.papers import Paper, Problem
from index.rows import Row, checked, checked_id, quoted, taken
from index.sources.access import Access
from index.sources.documents import DamagedError, parsed_xml
from index.sources.spans import DAY, Span
from index.sources.visits import Cursor, Told

PATH = "/oai"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
ARXIV = "{http://arxiv.org/OAI/arXiv/}"
EARLIEST = date(2005, 9, 16)
"""The first day that a record has (the answer to `verb=Identify`)."""

SETTLES = timedelta(days=1)
"""For so long after a day a change on it may still be told."""


class _ExpiredError(Exception):
    """The token is not taken any more."""


@dataclass(frozen=True)
class Page:
    """A part of what was asked for."""

    records: tuple[Any, ...]
    token: str | None
    """What to ask for the next part with; None if this is the last."""


def read_changed(named_set: str, span: Span, access: Access, *, cursor: str) -> Iterator[Told]:
    """Read what has changed in some days, going on where an earlier harvest broke off."""
    first, last = span.first or EARLIEST, span.last
    assert last is not None
    known = access.visits.cursor(cursor)
    if known.token and known.until:
        went_on = {"resumptionToken": known.token}
        month = Span(first, known.until)
        try:
            yield from _harvest(named_set, month, access, cursor=cursor, query=went_on)
            first = known.until + DAY
        except (_ExpiredError, RefusedError):
            access.say(f"arXiv no longer knows where the harvest stood: it starts at {first} again")
    for month in _months(first, last):
        asked = {"metadataPrefix": "arXiv", "from": str(month.first), "until": str(month.last)}
        asked |= {"set": named_set} if named_set else {}
        try:
            yield from _harvest(named_set, month, access, cursor=cursor, query=asked)
        except _ExpiredError as error:
            raise SourceError(
                "arXiv forgot in the middle of a harvest where it stood",
                hint="run the command again; what was read is stored, and it goes on there",
            ) from error


def _harvest(
    named_set: str, span: Span, access: Access, *, cursor: str, query: Mapping[str, str]
) -> Iterator[Told]:
    """Read the parts of what `query` asks for, which are the changes of `span`."""
    assert span.first is not None
    assert span.last is not None
    token: str | None = None
    while True:
        page, lost = _page(query, access, token=token)
        origin = f"arxiv-oai:{named_set}"
        for record in page.records:
            if record.find(f"{OAI}header").get("status") != "deleted":
                yield from taken(_row, record, origin=origin, line=None)
        if lost:
            why = f"damaged characters, read as `\ufffd`: {lost}"
            yield Problem(origin=origin, line=None, why=why)
        token = page.token
        if token is None:
            break
        yield Cursor(source=cursor, after=span.first - DAY, token=token, until=span.last)
        query = {"resumptionToken": token}
    yield Cursor(source=cursor, after=min(span.last, access.day - SETTLES - DAY))


def _page(query: Mapping[str, str], access: Access, *, token: str | None) -> tuple[Page, int]:
    service = access.services.bulk
    address = service.address(PATH, {"verb": "ListRecords", **query})
    document = access.client.get(service, address, read=lambda text, _: _whole_page(text, token))
    assert document is not None  # nothing was said to be known
    return document.content, document.lost


def _whole_page(text: str, asked_with: str | None) -> Page:
    answer = parsed_xml(text)
    if answer.tag != f"{OAI}OAI-PMH":
        raise DamagedError("its answer is no list of records")
    error = answer.find(f"{OAI}error")
    if error is not None:
        return _nothing(error)
    records = tuple(
        record
        for record in answer.iterfind(f"{OAI}ListRecords/{OAI}record")
        if record.find(f"{OAI}header") is not None
    )
    token = (answer.findtext(f"{OAI}ListRecords/{OAI}resumptionToken") or "").strip() or None
    if not records or (token and token == asked_with):
        raise DamagedError("a page is empty, or is followed by itself")
    return Page(records, token)


def _nothing(error: Any) -> Page:
    match error.get("code"):
        case "noRecordsMatch":
            return Page((), None)
        case "badResumptionToken":
            raise _ExpiredError
    raise RefusedError(
        f"arXiv refuses the harvest: {quoted(error.text or error.get('code'))}",
        hint="check the set, such as `cs`, `cs.CL` or `physics:hep-th`, and the days",
    )


def _row(record: Any) -> Row:
    told = record.find(f"{OAI}metadata/{ARXIV}arXiv")
    told = record if told is None else told  # then it lacks everything, which `checked` says
    identity = checked_id(told.findtext(f"{ARXIV}id"))
    created = (told.findtext(f"{ARXIV}created") or "").strip()
    authors = tuple(map(_name, told.iterfind(f"{ARXIV}authors/{ARXIV}author")))
    paper = Paper(
        title=told.findtext(f"{ARXIV}title") or "",
        abstract=told.findtext(f"{ARXIV}abstract") or "",
        source="arxiv",
        arxiv_id=identity,
        authors=authors,
        author_count=len(authors) or None,
        categories=tuple((told.findtext(f"{ARXIV}categories") or "").split()),
        published=parsed_day(created, name="created") if created else None,
        url=f"https://arxiv.org/abs/{identity}" if identity else None,
    )
    return Row(paper=checked(paper))


def _name(author: Any) -> str:
    parts = (author.findtext(ARXIV + part) for part in ("forenames", "keyname", "suffix"))
    return " ".join(part.strip() for part in parts if part and part.strip())


def _months(first: date, last: date) -> Iterator[Span]:
    """Cut days into months; none if they end before they begin."""
    while first <= last:
        end = (first.replace(day=1) + 31 * DAY).replace(day=1) - DAY
        yield Span(first, min(end, last))
        first = end + DAY
