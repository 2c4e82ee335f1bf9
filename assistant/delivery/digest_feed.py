"""A digest as an Atom feed (RFC 4287): an entry for the digest and one for each paper.

Their ids are made of what they are about, so that a reader of feeds shows nothing twice: of the
days, the page and the interests for a digest, of the title for a paper, whose arXiv id may come
later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from assistant.delivery.digest_page import digest_body
from assistant.digest.digests import Digest, Entry
from assistant.fit_text import fit
from assistant.markdown import address
from index.papers import Paper, title_id

ATOM = "http://www.w3.org/2005/Atom"

IDS = UUID("6d1f6c5e-6f0e-5c52-9a55-2a6d7f0f2c11")
"""The namespace of our ids: any would do, as long as it stays."""


def digest_feed(digest: Digest, *, moment: datetime) -> str:
    """Write the feed.

    Args:
        moment: Now: the age of what has no day.
    """
    feed = etree.Element(_named("feed"), nsmap={None: ATOM})
    updated = _updated(digest.until, moment)
    _add(feed, "id", _id("feed", digest.made_for))
    _add(feed, "title", "Footnote: papers by topic")
    _add(feed, "updated", updated)
    _add(feed, "generator", "Footnote")
    _add(etree.SubElement(feed, _named("author")), "name", "Footnote")
    for told in (_of_digest(digest, updated), *_of_papers(digest, moment)):
        _entry(feed, told)
    written: str = etree.tostring(feed, pretty_print=True, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}'


@dataclass(frozen=True)
class _Told:
    """An entry."""

    id: str
    title: str
    updated: str
    kind: str
    """`text` or `html`."""
    content: str
    authors: tuple[str, ...] = ()
    link: str | None = None


def _of_digest(digest: Digest, updated: str) -> _Told:
    title = fit(f"Papers of {digest.title}")
    return _Told(_id("digest", digest.name), title, updated, "html", digest_body(digest))


def _of_papers(digest: Digest, moment: datetime) -> Iterator[_Told]:
    for entry in digest.entries:
        paper = entry.paper
        yield _Told(
            id=_id("paper", title_id(paper.title)),
            title=fit(paper.title),
            updated=_updated(_day(paper), moment),
            kind="text",
            content=fit(_said(entry)),
            authors=tuple(map(fit, paper.authors)),
            link=fit(address(paper) or "") or None,
        )


def _said(entry: Entry) -> str:
    """Say what stands beside a title, and its words again where there is nothing else."""
    line = entry.line.text if entry.line else entry.paper.title
    return f"{line} ({entry.why})" if entry.why else line


def _day(paper: Paper) -> date | None:
    """Give the first day on which a paper stood on a list: it stays, whatever comes."""
    return min(paper.listed, default=paper.published)


def _entry(feed: Any, told: _Told) -> None:
    entry = etree.SubElement(feed, _named("entry"))
    _add(entry, "id", told.id)
    _add(entry, "title", told.title)
    _add(entry, "updated", told.updated)
    for author in told.authors:
        _add(etree.SubElement(entry, _named("author")), "name", author)
    if told.link:
        etree.SubElement(entry, _named("link"), rel="alternate", href=told.link)
    _add(entry, "content", told.content).set("type", told.kind)


def _add(parent: Any, name: str, text: str) -> Any:
    child = etree.SubElement(parent, _named(name))
    child.text = text
    return child


def _named(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _id(kind: str, name: str) -> str:
    return uuid5(IDS, f"{kind} {name}").urn


def _updated(day: date | None, moment: datetime) -> str:
    """Give midnight UTC of a day, which is when a list begins; now, if that is still to come."""
    now = moment.astimezone(UTC)
    then = datetime.combine(day, time(), UTC) if day else now
    return min(then, now).isoformat(timespec="seconds")
