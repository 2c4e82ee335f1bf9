"""Picking: which papers suit a reader's interests, and why each of them does."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from assistant.asked import Index
from assistant.bearing import bearing
from assistant.digest.groups import Placed
from assistant.digest.interests import Interests
from assistant.digest.ranking import ANYTHING, likeness
from index.papers import Paper
from index.search import Hit

LIKE = 0.65
"""Cosine of two abstracts from which papers are alike: of 428 papers 1 % of the pairs, such as two
on self-distillation or two on mixtures of training data."""

REASONS = 2
"""Reasons given for a paper at most."""

GAP = r"[\s\-‐–]+"
"""What stands between two words, however they are joined."""


def picked(index: Index, papers: Sequence[Placed], interests: Interests) -> list[Placed]:
    """Keep the papers that suit, each with the reasons; the more reasons, the higher its score."""
    wanted = [placed for placed in papers if not _says_any(placed.paper, interests.without)]
    reasons: dict[str, list[str]] = {placed.paper.id: [] for placed in wanted}
    for paper, reason in _reasons(index, wanted, interests):
        reasons[paper.id].append(reason)
    unwanted = _unwanted(index, wanted, interests)
    return [
        replace(
            placed,
            why="; ".join(reasons[placed.paper.id][:REASONS]),
            score=len(reasons[placed.paper.id]) + _below_one(placed.paper.upvotes or 0),
        )
        for placed in wanted
        if reasons[placed.paper.id] and placed.paper.id not in unwanted
    ]


def _below_one(votes: int) -> float:
    """Make a number below 1 of votes, so that they decide between equal numbers of reasons."""
    return votes / (votes + 1)


def _reasons(
    index: Index, papers: Sequence[Placed], interests: Interests
) -> Iterator[tuple[Paper, str]]:
    """Give every reason for every paper, the strongest kind of reason first."""
    every = [placed.paper for placed in papers]
    for author in interests.authors:
        theirs = {paper.key for paper in index.corpus.papers_by_author(author)}
        yield from _because(f"you follow {author}", every, partial(_is_one_of, keys=theirs))
    for topic in interests.topics:
        found = index.rank(topic, every)
        if found.encoded is not None:
            for hit in bearing(topic, found.encoded, found.hits):
                yield hit.paper, f"because you follow “{topic}”"
    for keyword in interests.keywords:
        yield from _because(f"it says “{keyword}”", every, partial(_says, words=keyword))
    for placed, other in _alike(papers, _known(index, interests.liked)):
        if placed.paper.id != other.paper.id:
            yield placed.paper, f"because it is like “{other.paper.title}”, which you liked"


def _because(
    reason: str, papers: Sequence[Paper], holds: Callable[[Paper], bool]
) -> Iterator[tuple[Paper, str]]:
    for paper in papers:
        if holds(paper):
            yield paper, f"because {reason}"


def _unwanted(index: Index, papers: Sequence[Placed], interests: Interests) -> set[str]:
    """Give the ids of the papers that are disliked, or more like one of these than like any liked.

    A paper that is disliked is left out whatever it is like.
    """
    names = {paper.id for paper in index.papers(interests.disliked).values()}
    liked = {placed.paper.id: 0.0 for placed in papers}
    for placed, other in _alike(papers, _known(index, interests.liked)):
        likes = likeness(_hit(placed), other)
        liked[placed.paper.id] = max(liked[placed.paper.id], likes)
    for placed, other in _alike(papers, _known(index, interests.disliked)):
        if likeness(_hit(placed), other) > liked[placed.paper.id]:
            names.add(placed.paper.id)
    return names


def _known(index: Index, names: Sequence[str]) -> Mapping[str, Hit]:
    """Find papers with their vectors, by id; one that the corpus does not hold is left out."""
    papers = list({paper.id: paper for paper in index.papers(names).values()}.values())
    return {hit.paper.id: hit for hit in index.rank(ANYTHING, papers).hits}


def _alike(papers: Sequence[Placed], others: Mapping[str, Hit]) -> Iterator[tuple[Placed, Hit]]:
    for placed in papers:
        for other in others.values():
            if placed.hit and likeness(placed.hit, other) >= LIKE:
                yield placed, other


def _hit(placed: Placed) -> Hit:
    assert placed.hit is not None
    return placed.hit


def _is_one_of(paper: Paper, keys: Collection[int | None]) -> bool:
    return paper.key in keys


def _says_any(paper: Paper, words: Sequence[str]) -> bool:
    return any(_says(paper, each) for each in words)


def _says(paper: Paper, words: str) -> bool:
    """Whether title or abstract print `words`, whole, whatever the case, the blanks and hyphens."""
    pieces = [re.escape(piece) for piece in re.split(GAP, words) if piece]
    pattern = rf"(?<!\w){GAP.join(pieces)}(?:s|es)?(?!\w)"
    return re.search(pattern, f"{paper.title}\n{paper.abstract}", re.IGNORECASE) is not None
