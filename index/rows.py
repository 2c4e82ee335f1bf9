"""A row of a source: what every reader checks before a paper is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from index.papers import Listing, Paper, Problem, Reading, arxiv_id, tidy

TITLE_LIMIT = 500
ABSTRACT_LIMIT = 20_000
NAME_LIMIT = 500
"""Of an author, an organisation, a category or an address, in characters."""
AUTHOR_LIMIT = 20_000
SLACK = 4
"""A text so many times longer than allowed is not looked at to see what tidying would leave."""

NOTHING = "has no title and no abstract"
WITHDRAWN = re.compile(
    r"\W*(?:this|the) (?:\w+ )?(?:paper|article|manuscript|preprint|submission|work)"
    r" (?:has been|have been|is|was) (?:\w+ )?(?:withdrawn|retracted)",
    flags=re.I,
)
NOTICE_LIMIT = 600
"""A longer text that begins like a notice of withdrawal is an abstract all the same."""


class RowError(ValueError):
    """A row cannot be taken; the message says why, with the value."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A paper and its appearances, before it is known where they were read."""

    paper: Paper
    listings: tuple[Listing | None, ...] = (None,)


def taken(
    read: Callable[[Any], Row], raw: object, *, origin: str, line: int | None
) -> Iterator[Reading | Problem]:
    """Read `raw`: a reading for each appearance of the paper, or the problem with it."""
    try:
        row = read(raw)
    except RowError as error:
        yield Problem(origin=origin, line=line, why=str(error))
        return
    for listing in row.listings:
        yield Reading(paper=row.paper, listing=listing, origin=origin, line=line)


def checked(paper: Paper) -> Paper:
    """Tidy what `paper` says, or refuse it: no title, no abstract, withdrawn, out of bounds."""
    if len(paper.authors) > AUTHOR_LIMIT:
        raise RowError(f"{quoted(paper.title)} has more than {AUTHOR_LIMIT} authors")
    title = _tidied(paper.title, limit=TITLE_LIMIT)
    abstract = _tidied(paper.abstract, limit=ABSTRACT_LIMIT)
    if not title:
        raise RowError(f"the abstract {quoted(abstract)} has no title" if abstract else NOTHING)
    if not abstract:
        raise RowError(f"{quoted(title)} has no abstract")
    if len(abstract) <= NOTICE_LIMIT and WITHDRAWN.match(abstract):
        raise RowError(f"{quoted(title)} is withdrawn")
    return replace(
        paper,
        title=title,
        abstract=abstract,
        authors=_names(paper.authors),
        organization=_tidied(paper.organization or "", limit=NAME_LIMIT) or None,
        categories=_names(paper.categories),
        url=_tidied(paper.url or "", limit=NAME_LIMIT) or None,
    )


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (_tidied(name, limit=NAME_LIMIT) for name in names)))


def _tidied(text: str, *, limit: int) -> str:
    """Tidy a text of at most `limit` characters, without working on one far longer."""
    tidied = tidy(text) if len(text) <= limit * SLACK else text
    if len(tidied) > limit:
        raise RowError(f"{quoted(text)} is longer than {limit} characters")
    return tidied


def checked_id(text: str | None) -> str | None:
    """Read an arXiv id, without version; None if there is none, an error if it is another thing."""
    if not text:
        return None
    found = arxiv_id(text)
    if found is None:
        raise RowError(f"{quoted(text)} is not an arXiv id")
    return found


def quoted(value: object) -> str:
    """Show a foreign value in a message: one short line, harmless on a terminal."""
    text = tidy(str(value)[:200])
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"
