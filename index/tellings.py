"""What the corpus holds of a paper, which source told each field, and how two tellings merge."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from index.papers import SOURCES, Paper, Reading, Source

TRUST: dict[Source, int] = {source: rank for rank, source in enumerate(SOURCES)}

FIELDS = (
    "title",
    "abstract",
    "authors",
    "author_count",
    "organization",
    "categories",
    "published",
    "url",
)
"""What one source tells better than another. Votes are not: the most that was ever seen counts."""

COLUMNS = (
    "arxiv_id, text_hash, source, told_on, told, upvotes, comments, published, author_count,"
    " organization, url, categories, title, authors, abstract"
)
"""The columns of `papers` that a record fills, in the order of `Record.as_row`."""


class Telling(NamedTuple):
    """Who told a field, and on which day's list."""

    source: Source
    day: str | None

    def replaces(self, other: Telling) -> bool:
        """A better source does; so does the same one, unless its list is known to be older."""
        if self.source != other.source:
            return TRUST[self.source] > TRUST[other.source]
        return self.day is None or other.day is None or self.day >= other.day


@dataclass(frozen=True)
class Record:
    """A paper and, for each field that it has, who told it."""

    paper: Paper
    told: dict[str, Telling]

    @classmethod
    def of_reading(cls, reading: Reading) -> Record:
        """Take a reading as all that is known."""
        day = reading.listing.day if reading.listing else None
        telling = Telling(reading.paper.source, day.isoformat() if day else None)
        paper = replace(reading.paper, key=None, listed=())
        return cls(paper, _told_by(telling, paper))

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> Record:
        """Read a row of `key` and COLUMNS."""
        paper = paper_of_row(row)
        told = _told_by(Telling(paper.source, row[4]), paper)
        if row[5] != "{}":
            told.update((name, Telling(*telling)) for name, telling in json.loads(row[5]).items())
        return cls(paper, told)

    def as_row(self) -> tuple[Any, ...]:
        """Give the values of COLUMNS."""
        paper = self.paper
        usual = _usual(self.told)
        others = {name: telling for name, telling in self.told.items() if telling != usual}
        return (
            paper.arxiv_id,
            text_hash(paper),
            usual.source,
            usual.day,
            json.dumps(others),
            paper.upvotes,
            paper.comments,
            paper.published.isoformat() if paper.published else None,
            paper.author_count,
            paper.organization,
            paper.url,
            json.dumps(paper.categories, ensure_ascii=False),
            paper.title,
            json.dumps(paper.authors, ensure_ascii=False),
            paper.abstract,
        )


def paper_of_row(row: tuple[Any, ...]) -> Paper:
    """Read a row of `key`, COLUMNS and, if it goes on, the list days joined by commas."""
    days = row[16].split(",") if len(row) > 16 and row[16] else ()
    return Paper(
        key=row[0],
        arxiv_id=row[1],
        source=row[3],
        upvotes=row[6],
        comments=row[7],
        published=date.fromisoformat(row[8]) if row[8] else None,
        author_count=row[9],
        organization=row[10],
        url=row[11],
        categories=tuple(json.loads(row[12])),
        title=row[13],
        authors=tuple(json.loads(row[14])),
        abstract=row[15],
        listed=tuple(sorted(date.fromisoformat(day) for day in days if day)),
    )


def merged(old: Record, new: Record) -> Record:
    """Bring `new` into `old`, whose key stays; nothing that is known becomes blank.

    A field is told by the best source that tells it. Dates of the same source: the first.
    """
    told = dict(old.told)
    values: dict[str, Any] = {}
    for name, telling in new.told.items():
        known = told.get(name)
        if known is None or telling.replaces(known):
            told[name] = telling
            values[name] = getattr(new.paper, name)
        if name == "published" and known is not None and known.source == telling.source:
            values[name] = _one_of(min, old.paper.published, new.paper.published)
    paper = replace(
        old.paper,
        arxiv_id=old.paper.arxiv_id or new.paper.arxiv_id,
        source=_usual(told).source,
        upvotes=_one_of(max, old.paper.upvotes, new.paper.upvotes),
        comments=_one_of(max, old.paper.comments, new.paper.comments),
        **values,
    )
    return Record(paper, told)


def text_hash(paper: Paper) -> str:
    """Tell apart any two texts that could be indexed."""
    return hashlib.sha256(f"{paper.title}\n{paper.abstract}".encode()).hexdigest()[:32]


def wording(paper: Paper) -> str:
    """Name the text by its letters and digits, so that no other typesetting brings it back."""
    letters = re.sub(r"[\W_]+", "", f"{paper.title}{paper.abstract}".casefold())
    return hashlib.sha256(letters.encode()).hexdigest()[:32]


def objection(paper: Paper) -> str | None:
    """Say why a paper cannot be stored; None if it can."""
    if not paper.title.strip():
        return "the paper has no title"
    numbers = (paper.upvotes, paper.comments, paper.author_count)
    if any(number is not None and abs(number) >= 2**63 for number in numbers):
        return "a number is too large"
    texts = (paper.title, paper.abstract, *paper.authors, *paper.categories)
    marks = (paper.organization or "", paper.url or "", paper.arxiv_id or "")
    try:
        "".join((*texts, *marks)).encode()
    except UnicodeEncodeError:
        return "the text holds half a character (a lone surrogate)"
    return None


def _told_by(telling: Telling, paper: Paper) -> dict[str, Telling]:
    return {name: telling for name in FIELDS if getattr(paper, name) not in (None, "", ())}


def _usual(told: dict[str, Telling]) -> Telling:
    return told["abstract" if "abstract" in told else "title"]


def _one_of(pick: Callable[..., Any], one: Any, other: Any) -> Any:
    known = [value for value in (one, other) if value is not None]
    return pick(known) if known else None
