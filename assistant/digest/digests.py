"""A digest: an overview, and topics with sentences across their papers and a line for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from assistant.answers import Citation, Sentence, WrittenBy
from index.papers import Paper

Rank = Literal["votes", "interest", "novelty"]
"""What comes first: the papers with most votes, those that suit the reader best, or those that are
least like what the corpus held before."""


@dataclass(frozen=True)
class Entry:
    """A paper in a digest."""

    number: int
    """The one by which sentences cite it."""
    paper: Paper
    line: Sentence | None
    """What it says, in a sentence; None for a paper without abstract."""
    why: str | None
    """Why it was picked for this reader, or what of it is new."""

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a paper in a digest."""
        return {
            "number": self.number,
            "id": self.paper.id,
            "title": self.paper.title,
            "why": self.why,
            "line": self.line.as_json() if self.line else None,
        }


@dataclass(frozen=True)
class Topic:
    """Papers on one thing."""

    label: str
    keywords: tuple[str, ...]
    summary: tuple[Sentence, ...]
    entries: tuple[Entry, ...]

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a topic."""
        return {
            "label": self.label,
            "keywords": list(self.keywords),
            "summary": [sentence.as_json() for sentence in self.summary],
            "papers": [entry.as_json() for entry in self.entries],
        }


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What the papers of some days say, each paper in one topic."""

    title: str
    """Of which days or page: `Thursday, 30 October 2025`."""
    since: date | None
    """The first day; None of a page without day."""
    until: date | None
    overview: tuple[Sentence, ...]
    topics: tuple[Topic, ...]
    """The papers that belong to no topic are the last one."""
    citations: tuple[Citation, ...]
    """Every paper, by its number."""
    considered: int
    """Papers that there were; fewer are given where a reader's interests chose among them."""
    remark: str
    """What else is to be said of the digest, or in place of one; may be empty."""
    rank: Rank
    writer: WrittenBy
    left_out: int
    """Sentences that the model wrote and no paper supports."""
    silhouette: float
    """How well the topics are parted, from -1 to 1."""
    made_for: str = ""
    """Names the page and the interests it was made from: with the days, what makes two digests the
    same. Empty for all papers of the days."""

    @property
    def name(self) -> str:
        """What makes two digests the same, however often they are made."""
        since, until = (day.isoformat() if day else "" for day in (self.since, self.until))
        return f"{since}/{until}/{self.made_for}"

    @property
    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in the order in which it is read."""
        yield from self.overview
        for topic in self.topics:
            yield from topic.summary
            yield from (entry.line for entry in topic.entries if entry.line)

    @property
    def entries(self) -> Iterator[Entry]:
        """Every paper, in the order in which it is read."""
        for topic in self.topics:
            yield from topic.entries

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a digest."""
        return {
            "title": self.title,
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "papers": len(self.citations),
            "considered": self.considered,
            "remark": self.remark or None,
            "rank": self.rank,
            "overview": [sentence.as_json() for sentence in self.overview],
            "topics": [topic.as_json() for topic in self.topics],
            "citations": [citation.as_json() for citation in self.citations],
            "left_out": self.left_out,
            "writer": self.writer.as_json(),
        }
