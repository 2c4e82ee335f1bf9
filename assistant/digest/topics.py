"""Topics: papers grouped by what they are about, and those that belong to no group.

Clusters of the vectors of whole abstracts by Ward's method (Ward 1963), once what all papers have
in common is taken away, as many as have the best silhouette (Rousseeuw 1987).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.minilm import FloatArray, IntArray
from index.paper_vectors import PaperVectors
from index.wordings import coarse

MOST = 12
"""Topics at most: more would have to be searched themselves."""

PAPERS_A_TOPIC = (4, 9)
"""Papers that a topic has on average, at least and at most, where MOST allows it."""

LARGEST = 1 / 3
"""Share of the papers that a topic may have: a larger one says little of any of them."""

FEW = 8
"""Papers below which there is one topic: a reader takes them in at a glance."""

PAIRS = 24
"""Papers below which two make a topic; of more papers it takes three."""

OUTSIDE = -0.05
"""Silhouette below which a paper belongs to no topic: it lies between two."""

ROUNDS = 10
"""Times at most that papers are moved between topics; they come to rest after three to five."""


@dataclass(frozen=True)
class Grouping:
    """Papers, named by their places, in groups."""

    topics: tuple[tuple[int, ...], ...]
    """The papers of each topic, the one nearest to its middle first; larger topics first."""
    others: tuple[int, ...]
    """The papers of no topic."""
    silhouette: float
    """The mean over the papers of topics, from -1 to 1; 0 with fewer than two topics."""


def grouped(papers: Sequence[PaperVectors]) -> Grouping:
    """Group papers, at least one passage each, by the vectors of their abstracts."""
    count = len(papers)
    if count < FEW:
        return Grouping((tuple(range(count)),) if count else (), (), 0.0)
    vectors = _apart(papers)
    topics = _moved(vectors, _best_cut(vectors))
    shape = silhouettes(vectors, topics)
    topics = np.where(shape < OUTSIDE, -1, topics)
    sizes = {int(topic): int((topics == topic).sum()) for topic in set(topics[topics >= 0])}
    least = 2 if count < PAIRS else 3
    kept = sorted(
        (topic for topic in sizes if sizes[topic] >= least),
        key=lambda topic: (-sizes[topic], np.flatnonzero(topics == topic)[0]),
    )[:MOST]
    if not kept:
        return Grouping((tuple(range(count)),), (), 0.0)
    inside = np.isin(topics, kept)
    shape = silhouettes(vectors[inside], topics[inside])
    return Grouping(
        topics=tuple(_middle_first(vectors, np.flatnonzero(topics == topic)) for topic in kept),
        others=tuple(int(place) for place in np.flatnonzero(~inside)),
        silhouette=float(shape.mean()) if len(kept) > 1 else 0.0,
    )


def silhouettes(vectors: FloatArray, topics: IntArray) -> FloatArray:
    """Give the silhouette of each paper by cosine distance; 0 for one that is alone.

    Args:
        vectors: (papers, dimensions), unit length.
        topics: (papers,), any numbers.
    """
    names, of = np.unique(topics, return_inverse=True)
    shape = np.zeros(len(vectors), np.float32)
    if len(names) < 2:
        return shape
    member = np.eye(len(names), dtype=np.float32)[of]
    counts = member.sum(0)
    sums = np.maximum(1 - vectors @ vectors.T, 0) @ member  # below 0 by rounding alone
    rows = np.arange(len(vectors))
    own = sums[rows, of] / np.maximum(counts[of] - 1, 1)
    means = sums / counts
    means[rows, of] = np.inf
    other = means.min(1)
    shape = np.where(counts[of] > 1, (other - own) / np.maximum(np.maximum(own, other), 1e-9), 0.0)
    return shape.astype(np.float32)


def _apart(papers: Sequence[PaperVectors]) -> FloatArray:
    """Give the vector of each paper, (papers, dimensions), less what all have in common."""
    whole = np.array([coarse(paper).mean(0) for paper in papers])
    whole /= np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-9)
    apart = whole - whole.mean(0)
    vectors: FloatArray = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    return vectors


def _best_cut(vectors: FloatArray) -> IntArray:
    """Cut the tree of clusters where the silhouette is best and no topic is too large."""
    from scipy.cluster.hierarchy import cut_tree, linkage

    count = len(vectors)
    tree = linkage(vectors, "ward")
    smallest, largest = PAPERS_A_TOPIC
    least = max(2, min(count // largest, MOST - 2))
    most = max(least, min(count // smallest, MOST))
    wanted = _allowed(cut_tree(tree, range(least, most + 1)))
    if not wanted:
        wanted = _allowed(cut_tree(tree, range(most + 1, count + 1)))[:1]
    best: IntArray = max(wanted, key=lambda cut: float(silhouettes(vectors, cut).mean()))
    return best


def _allowed(cuts: IntArray) -> list[IntArray]:
    """Keep the columns of (papers, cuts) that have no topic too large."""
    return [cut for cut in cuts.T if np.bincount(cut).max() <= _largest(len(cut))]


def _largest(count: int) -> int:
    """Give the number of papers of `count` that one topic may have."""
    return max(2, int(count * LARGEST))


def _moved(vectors: FloatArray, topics: IntArray) -> IntArray:
    """Move papers into the topic whose middle is nearest, as k-means does, while it has room."""
    moved = topics.copy()
    names = np.unique(topics)
    for _ in range(ROUNDS):
        before = moved.copy()
        means = np.array([vectors[moved == name].mean(0) for name in names])
        nearness = vectors @ means.T
        for place in np.argsort(-nearness.max(1), kind="stable"):
            nearest = names[int(np.argmax(nearness[place]))]
            alone = (moved == moved[place]).sum() == 1
            if not alone and (moved == nearest).sum() < _largest(len(vectors)):
                moved[place] = nearest
        if (moved == before).all():
            break
    return moved


def _middle_first(vectors: FloatArray, places: IntArray) -> tuple[int, ...]:
    middle = vectors[places].mean(0)
    order = np.argsort(-(vectors[places] @ middle), kind="stable")
    return tuple(int(place) for place in places[order])
