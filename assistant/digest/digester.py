"""Digester: the papers of some days or of a page, made into a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

from assistant.answers import Numbering, Sentence, Statement, WrittenBy
from assistant.asked import Index
from assistant.days_in_words import days_in_words
from assistant.digest.digests import Digest, Entry, Rank, Topic
from assistant.digest.groups import Group, Placed, by_topic
from assistant.digest.interests import Interests
from assistant.digest.picking import picked
from assistant.digest.quotes import QuotingDigestWriter, Written, WrittenTopic
from assistant.digest.ranking import ANYTHING, by_novelty, by_votes
from assistant.errors import PeriodError
from index.papers import Paper, title_id

MOST = 2000
"""Papers of a digest at most: more than a month of lists has, and as many as fit the memory of a
small machine while each is compared with each."""


class DigestWriter(Protocol):
    """Says what the papers of groups say."""

    @property
    def signature(self) -> WrittenBy:
        """What a digest tells of its writer."""
        ...

    def write(self, index: Index, groups: Sequence[Group]) -> Written:
        """Write an overview, and of each group a summary and a line for each paper."""
        ...


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a digest is to be made of."""

    title: str
    since: date | None
    until: date | None
    papers: tuple[Paper, ...] | None = None
    """Those of a page; else all of the days."""
    interests: Interests | None = None
    rank: Rank = "votes"
    remark: str = ""
    """What is to be said of the days before anything else."""
    made_for: str = ""


@dataclass(frozen=True)
class Digester:
    """Makes digests of the papers of an index."""

    index: Index
    writer: DigestWriter = field(default_factory=QuotingDigestWriter)

    def digest(self, wanted: Wanted) -> Digest:
        """Make a digest; one without papers says so.

        Raises:
            PeriodError: There are more than MOST papers.
            ChatModelError: The language model cannot be used, or no longer.
        """
        papers = once(self._papers(wanted))
        if len(papers) > MOST:
            raise PeriodError(
                f"{len(papers)} papers are too many for one digest, which has {MOST} at most",
                hint="name fewer days",
            )
        hits = {hit.paper.id: hit for hit in self.index.rank(ANYTHING, papers).hits}
        placed = [Placed(paper, hits.get(paper.id)) for paper in papers]
        if wanted.interests is not None:
            placed = picked(self.index, placed, wanted.interests)
        remarks = [wanted.remark, _counted(papers, placed, wanted), _silent(placed)]
        placed, said = self._ranked(placed, wanted)
        grouped = by_topic(placed)
        written = self.writer.write(self.index, grouped.groups) if placed else Written((), ())
        return _put_together(
            wanted,
            grouped.groups,
            written,
            considered=len(papers),
            remark=" ".join(filter(None, [*remarks, said])),
            writer=self.writer.signature,
            silhouette=grouped.silhouette,
        )

    def _papers(self, wanted: Wanted) -> list[Paper]:
        if wanted.papers is not None:
            return list(wanted.papers)
        keys = self.index.corpus.day_range_keys(wanted.since, wanted.until).keys
        return list(self.index.corpus.papers_by_key(keys).values())

    def _ranked(self, placed: Sequence[Placed], wanted: Wanted) -> tuple[list[Placed], str]:
        """Score the papers; say what is to be said of the order."""
        if wanted.rank == "interest" or not placed:
            return list(placed), ""
        if wanted.rank == "votes":
            voted = any(each.paper.upvotes for each in placed)
            said = "" if voted else "No votes are recorded: larger topics come first."
            return by_votes(placed), said
        novel = by_novelty(self.index, placed, before=self._before(wanted, placed))
        if novel is None:
            said = "What is new cannot be told at the moment: the vectors cannot be searched."
            return by_votes(placed), said
        kept = {each.paper.id: each.why for each in placed}
        return [replace(each, why=kept[each.paper.id] or each.why) for each in novel], ""

    def _before(self, wanted: Wanted, placed: Sequence[Placed]) -> frozenset[int]:
        """Give the keys of the papers that the corpus held before: of earlier days, if known."""
        of_digest = {each.paper.key for each in placed}
        corpus = self.index.corpus
        if wanted.since is None or wanted.since == date.min:
            return corpus.day_range_keys(None, None).keys - of_digest
        return corpus.day_range_keys(None, wanted.since - timedelta(days=1)).keys - of_digest


def once(papers: Sequence[Paper]) -> list[Paper]:
    """Name each paper once, in the first place: one title is one paper here, whatever its ids."""
    best: dict[str, Paper] = {}
    for paper in papers:
        known = best.setdefault(title_id(paper.title), paper)
        if (paper.upvotes or 0) > (known.upvotes or 0):
            best[title_id(paper.title)] = paper
    return list(best.values())


def _counted(papers: Sequence[Paper], placed: Sequence[Placed], wanted: Wanted) -> str:
    """Say how many papers there are, and how many of them suit the reader."""
    where = "on the page"
    if wanted.papers is None:
        words = days_in_words(wanted.since, wanted.until)
        where = f"dated {words}" if words else "in the corpus"
    if not papers:
        return f"No paper is {where}."
    many = "One paper is" if len(papers) == 1 else f"{len(papers)} papers are"
    if wanted.interests is None:
        return f"{many} {where}."
    if not placed:
        return f"{many} {where}; none suits your interests."
    return f"{many} {where}; {len(placed)} suit{'s' * (len(placed) == 1)} your interests."


def _silent(placed: Sequence[Placed]) -> str:
    """Say how many papers have no abstract that something could be said of."""
    count = sum(not each.paper.abstract for each in placed)
    return f"{count} of them {'has' if count == 1 else 'have'} no abstract." if count else ""


def _put_together(
    wanted: Wanted,
    groups: Sequence[Group],
    written: Written,
    *,
    considered: int,
    remark: str,
    writer: WrittenBy,
    silhouette: float,
) -> Digest:
    """Number the papers in the order in which they are listed."""
    numbering = Numbering()
    for group in groups:
        for placed in group.papers:
            numbering.number(placed.paper)
    overview = _sentences(numbering, written.overview)
    topics = tuple(
        _topic(numbering, group, each) for group, each in zip(groups, written.topics, strict=True)
    )
    return Digest(
        title=wanted.title,
        since=wanted.since,
        until=wanted.until,
        overview=overview,
        topics=topics,
        citations=numbering.citations,
        considered=considered,
        remark=remark,
        rank=wanted.rank,
        writer=writer,
        left_out=written.outcome.left_out,
        silhouette=silhouette,
        made_for=wanted.made_for,
    )


def _topic(numbering: Numbering, group: Group, written: WrittenTopic) -> Topic:
    summary = _sentences(numbering, written.summary)
    entries = []
    for placed in group.papers:
        line = written.lines.get(placed.paper.id)
        sentence = numbering.sentence(line) if line else None
        entries.append(Entry(numbering.number(placed.paper), placed.paper, sentence, placed.why))
    return Topic(group.label, group.keywords, summary, tuple(entries))


def _sentences(numbering: Numbering, statements: Sequence[Statement]) -> tuple[Sentence, ...]:
    return tuple(numbering.sentence(statement) for statement in statements)
