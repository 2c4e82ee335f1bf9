"""Groups: the papers of a digest, by topic and in order, before anything is written of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.digest.labels import labelled
from assistant.digest.topics import grouped
from index.papers import Paper
from index.search import Hit

OTHERS = "Also"
"""The label of papers that belong to no topic."""

PAPERS = "Papers"
"""The label of the only topic, where its papers share no phrase."""


@dataclass(frozen=True)
class Placed:
    """A paper in a group."""

    paper: Paper
    hit: Hit | None
    """Its sentences and vectors; None without an abstract."""
    why: str | None = None
    score: float = 0.0
    """By which papers are put in order, the highest first."""


@dataclass(frozen=True)
class Group:
    """Papers on one thing, the first to be read first."""

    label: str
    keywords: tuple[str, ...]
    papers: tuple[Placed, ...]

    @property
    def named(self) -> bool:
        """Whether the label says what the papers are about."""
        return bool(self.keywords)


@dataclass(frozen=True)
class Grouped:
    """Every paper in one group."""

    groups: tuple[Group, ...]
    silhouette: float


def by_topic(papers: Sequence[Placed]) -> Grouped:
    """Group papers by topic: each is in one group, those of no topic in the last.

    Within a topic papers stand by their scores, and equal ones nearest to its middle first; topics
    stand by their best papers, and equal ones by size.
    """
    readable = [placed for placed in papers if placed.hit and len(placed.hit.vectors.sentences)]
    hits = [_numbered(placed, rank) for rank, placed in enumerate(readable, start=1)]
    grouping = grouped([hit.vectors for hit in hits])
    labels = labelled(hits, grouping.topics) if hits else []
    groups, kept = [], set[int]()
    for label, places in zip(labels, grouping.topics, strict=True):
        if label:
            groups.append(
                Group(label.text, label.keywords, _in_order([readable[n] for n in places]))
            )
            kept.update(places)
    groups.sort(key=lambda group: (-group.papers[0].score, -len(group.papers)))
    taken = {readable[n].paper.id for n in kept}
    rest = _in_order([placed for placed in papers if placed.paper.id not in taken])
    if rest:
        groups.append(Group(OTHERS if groups else PAPERS, (), rest))
    return Grouped(tuple(groups), grouping.silhouette)


def _numbered(placed: Placed, rank: int) -> Hit:
    """Give the hit with a rank of its own: papers are told apart by it."""
    assert placed.hit is not None
    return replace(placed.hit, rank=rank)


def _in_order(papers: Sequence[Placed]) -> tuple[Placed, ...]:
    return tuple(sorted(papers, key=lambda placed: -placed.score))
