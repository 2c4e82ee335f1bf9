"""Ranking: what comes first in a digest, by votes, by a reader's interests, or by novelty."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from assistant.asked import Index
from assistant.digest.groups import Placed
from index.minilm import FloatArray
from index.search import Hit
from index.wordings import coarse

ANYTHING = "papers"
"""Any question would do: what is wanted are the papers' sentences and vectors."""


def by_votes(papers: Sequence[Placed]) -> list[Placed]:
    """Score papers by their votes."""
    return [replace(placed, score=float(placed.paper.upvotes or 0)) for placed in papers]


def by_novelty(
    index: Index, papers: Sequence[Placed], *, before: Collection[int]
) -> list[Placed] | None:
    """Score papers by how far they are from the nearest of the papers `before`, and name that.

    The distance is the cosine distance of whole abstracts. None where vectors cannot be searched.
    """
    nearest: dict[str, int] = {}
    for placed in papers if before else ():
        if placed.hit is not None:
            found = index.near(middle(placed.hit), before)
            if found is None:
                return None
            if found:
                nearest[placed.paper.id] = next(iter(found))
    former = _hits_by_key(index, nearest.values())
    return [_novel(placed, former.get(nearest.get(placed.paper.id, -1))) for placed in papers]


def likeness(one: Hit, other: Hit) -> float:
    """Give the cosine of two papers' abstracts."""
    return float(middle(one) @ middle(other))


def middle(hit: Hit) -> FloatArray:
    """Give the vector of a paper's whole abstract, unit length."""
    mean = coarse(hit.vectors).mean(0)
    unit: FloatArray = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return unit


def _novel(placed: Placed, former: Hit | None) -> Placed:
    if placed.hit is None:
        return placed
    if former is None:
        return replace(placed, score=1.0, why="nothing before it is like it")
    why = f"nearest before it: “{former.paper.title}”"
    return replace(placed, score=1 - likeness(placed.hit, former), why=why)


def _hits_by_key(index: Index, keys: Collection[int]) -> dict[int | None, Hit]:
    papers = list(index.corpus.papers_by_key(set(keys)).values())
    return {hit.paper.key: hit for hit in index.rank(ANYTHING, papers).hits}
