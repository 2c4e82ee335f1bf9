"""A Daily Papers page saved as HTML.

The page brings its rows as JSON, shaped like those of the API, in an attribute of the element that
shows them. Where that is gone or damaged, the visible page is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from lxml import etree, html

from index.days import iso_day
from index.fields import Object
from index.hub import hub_row, list_day
from index.papers import Listing, Paper, Problem, Reading
from index.rows import Row, checked, checked_id, taken

ADDRESS_DAY = re.compile(r"huggingface\.co/papers/date/(\d{4}-\d\d-\d\d)\b")
PAGE_ADDRESSES = (
    "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
    " | /comment() | //html/comment()"
)
"""Where a saved page names its own address; the comment is what browsers add."""

PAPER_LINK = re.compile(r"(?:https?://huggingface\.co)?/papers/([^/?#]+)/?$")
AUTHORS = re.compile(r"(\d{1,6}) authors?")


def read_saved_page(text: str, *, origin: str) -> Iterator[Reading | Problem]:
    """Read the papers of a page."""
    page = _parsed(text)
    if page is None:
        yield Problem(origin=origin, line=None, why="the page is empty")
        return
    hidden = _hidden_rows(page)
    if hidden is not None:
        read = partial(hub_row, source="html", page_day=list_day(hidden))
        for row in hidden["dailyPapers"]:
            yield from taken(read, row, origin=origin, line=None)
        return
    articles = [article for article in page.xpath("//article") if _link(article) is not None]
    if not articles:
        yield Problem(origin=origin, line=None, why="the page holds no papers")
    read = partial(_visible_row, page_day=_address_day(page))
    for article in articles:
        yield from taken(read, article, origin=origin, line=article.sourceline)


def _parsed(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None


def _hidden_rows(page: Any) -> Object | None:
    for attribute in page.xpath("//*[@data-target='DailyPapers']/@data-props"):
        try:
            hidden = json.loads(attribute)
        except (ValueError, RecursionError):
            continue
        if isinstance(hidden, dict) and isinstance(hidden.get("dailyPapers"), list):
            return hidden
    return None


def _address_day(page: Any) -> date | None:
    for found in page.xpath(PAGE_ADDRESSES):
        match = ADDRESS_DAY.search(str(found))
        if match:
            return iso_day(match[1])
    return None


def _link(article: Any) -> tuple[str, str] | None:
    """Find the paper's id and title."""
    for link in article.xpath(".//h3//a[@href]"):
        match = PAPER_LINK.match(link.get("href"))
        if match:
            return match[1], link.text_content()
    return None


def _visible_row(article: Any, *, page_day: date | None) -> Row:
    identity, title = _link(article) or ("", "")
    days = [iso_day(time) for time in article.xpath(".//time/@datetime")]
    authors = AUTHORS.search(article.text_content())
    paper = Paper(
        title=title,
        abstract=" ".join(p.text_content() for p in article.xpath(".//p")),
        source="html",
        arxiv_id=checked_id(identity),
        author_count=int(authors[1]) if authors else None,
        published=next(filter(None, days), None),
        url=f"https://huggingface.co/papers/{checked_id(identity)}",
    )
    return Row(paper=checked(paper), listings=(Listing(page_day),))
