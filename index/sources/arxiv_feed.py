"""The daily feed of arXiv: what was announced today, in one document that knows its version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from index.arxiv import ATOM, read_feed
from index.papers import Problem, Reading
from index.sources.access import Access
from index.sources.documents import DamagedError, parsed_xml
from index.sources.visits import Cursor, Told

LONGEST_PAUSE = timedelta(days=4)
"""Between two feeds, over a weekend and a holiday; after a longer one some were missed."""


def read_announced(categories: str, access: Access, *, cursor: str) -> Iterator[Told]:
    """Read what is new in some categories, joined by `+`; the cursor is the day of the feed.

    Replacements of older papers are left out: the feed does not say when those were published.
    """
    service = access.services.feed
    address = service.address(f"/atom/{categories}", {})
    known = access.visits.seen(address)
    document = access.client.get(service, address, read=_whole_feed, known=known)
    if document is None:
        access.say(f"arXiv has announced nothing in {categories} since its feed was last read")
        return
    text, rows = document.content
    latest = None
    origin = f"arxiv-rss:{categories}"
    if rows:
        for told in read_feed(text, origin=origin, replacements=False):
            if isinstance(told, Reading) and told.listing and told.listing.day:
                latest = max(latest or told.listing.day, told.listing.day)
            yield told
    else:
        access.say(f"The feed of {categories} is empty today")
    if document.lost:
        why = f"damaged characters, read as `\ufffd`: {document.lost}"
        yield Problem(origin=origin, line=None, why=why)
    _say_missed(categories, access, cursor=cursor, latest=latest)
    if rows:
        yield document.seen
    if latest:
        yield Cursor(source=cursor, after=latest)


def _say_missed(categories: str, access: Access, *, cursor: str, latest: date | None) -> None:
    """Tell days that no feed has any more, and who still has them."""
    known = access.visits.cursor(cursor).after
    if known and latest and latest - known > LONGEST_PAUSE:
        missed = f"arxiv:{categories}@{known}..{latest}"
        access.say(f"Feeds were missed: `footnote ingest {missed}` reads what was in them")


def _whole_feed(text: str, _more: bool) -> tuple[str, int]:
    feed = parsed_xml(text)
    if feed.tag != ATOM + "feed":
        raise DamagedError("its answer is no feed")
    return text, len(feed.findall(ATOM + "entry"))
