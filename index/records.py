"""Footnote's own JSON lines: one paper a line, in the shape of `Paper.as_json`."""

from __future__ import annotations

import re
from typing import Any

from index.fields import count, day, object_of, parsed_day, text, texts
from index.papers import SOURCES, Listing, Paper, Source, arxiv_id, tidy
from index.rows import Row, RowError, checked, quoted

ADDRESS = re.compile(r"https?://\S+")


def record_row(raw: Any) -> Row:
    """Read a row; only `title` and `abstract` must be there, unknown fields may."""
    row = object_of(raw)
    paper = Paper(
        title=text(row, "title") or "",
        abstract=text(row, "abstract") or "",
        source=_source(text(row, "source")),
        arxiv_id=arxiv_id(text(row, "id") or ""),
        authors=texts(row, "authors"),
        author_count=count(row, "author_count"),
        organization=text(row, "organization"),
        categories=texts(row, "categories"),
        published=day(row, "published"),
        url=_address(text(row, "url")),
        upvotes=count(row, "upvotes"),
        comments=count(row, "comments"),
    )
    days = [parsed_day(listed, name="listed") for listed in texts(row, "listed")]
    listings = tuple(Listing(listed) for listed in sorted(set(days)))
    return Row(paper=checked(paper), listings=listings or (None,))


def _source(name: str | None) -> Source:
    return next((source for source in SOURCES if source == name), "text")


def _address(url: str | None) -> str | None:
    """Take an address of the web only: it is shown as a link."""
    if not url:
        return None
    if not ADDRESS.fullmatch(url) or tidy(url) != url:
        raise RowError(f"`url` is {quoted(url)}, which is no address of the web")
    return url
