"""Papers grouped by their vectors: sizes, outliers, and silhouettes worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.digest.topics import FEW, LARGEST, MOST, grouped, silhouettes
from index.minilm import FloatArray
from index.paper_vectors import PaperVectors


def papers_at(vectors: FloatArray) -> list[PaperVectors]:
    """Make papers of which nothing is known but the vector of the whole abstract."""
    none = np.zeros((0, 2), np.int64)
    return [
        PaperVectors(
            sentences=np.array([[0, 1]]),
            passages=np.array([[0, 1, 1]]),
            embeddings=(vector / np.linalg.norm(vector))[None].astype(np.float32),
            segments=np.array([0, 0]),
            offsets=none,
            codes=np.zeros((0, 128), np.int8),
        )
        for vector in vectors
    ]


def around(middles: int, papers: int, *, spread: float, seed: int = 0) -> FloatArray:
    """Scatter papers around middles that are far from each other."""
    chance = np.random.default_rng(seed)
    points = np.repeat(np.eye(middles, 16), papers, axis=0)
    scattered: FloatArray = (points + spread * chance.normal(size=points.shape)).astype(np.float32)
    return scattered


def test_clear_clusters_are_the_topics() -> None:
    grouping = grouped(papers_at(around(6, 6, spread=0.05)))
    found = {frozenset(topic) for topic in grouping.topics}
    assert found == {frozenset(range(n, n + 6)) for n in range(0, 36, 6)}
    assert grouping.others == ()
    assert grouping.silhouette > 0.9


def test_a_paper_between_two_topics_belongs_to_none() -> None:
    vectors = around(6, 6, spread=0.05)
    between = (np.eye(6, 16)[0] + np.eye(6, 16)[1])[None].astype(np.float32)
    grouping = grouped(papers_at(np.concatenate([vectors, between + 1e-3])))
    assert 36 in grouping.others or any(topic[-1] == 36 for topic in grouping.topics)


def test_few_papers_are_one_topic() -> None:
    grouping = grouped(papers_at(around(FEW - 1, 1, spread=0.1)))
    assert [sorted(topic) for topic in grouping.topics] == [list(range(FEW - 1))]
    assert grouped([]).topics == ()


def test_papers_that_are_all_the_same_are_told_of_all_the_same() -> None:
    grouping = grouped(papers_at(around(1, 30, spread=0.0)))
    assert sorted([*grouping.others, *(n for topic in grouping.topics for n in topic)]) == list(
        range(30)
    )


def test_papers_that_are_all_alike_still_fall_into_topics_of_a_third_at_most() -> None:
    grouping = grouped(papers_at(around(1, 30, spread=0.01)))
    assert all(len(topic) <= 30 * LARGEST for topic in grouping.topics)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 90), st.integers(1, 12), st.floats(0.0, 2.0), st.integers(0, 99))
def test_every_paper_stands_in_one_place(
    count: int, middles: int, spread: float, seed: int
) -> None:
    vectors = around(middles, -(-count // middles), spread=spread, seed=seed)[:count]
    grouping = grouped(papers_at(vectors))
    places = [place for topic in grouping.topics for place in topic] + list(grouping.others)
    assert sorted(places) == list(range(count))
    assert len(grouping.topics) <= MOST
    if len(grouping.topics) > 1:
        assert all(len(topic) <= max(2, count * LARGEST) for topic in grouping.topics)
    assert -1 <= grouping.silhouette <= 1


def test_silhouettes_are_those_of_the_formula() -> None:
    angles = np.radians([0, 20, 90, 120])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    def distance(one: float, other: float) -> float:
        return float(1 - np.cos(np.radians(one - other)))

    own, other = distance(0, 20), (distance(0, 90) + distance(0, 120)) / 2
    found = silhouettes(vectors, np.array([0, 0, 1, 1]))
    assert found[0] == pytest.approx((other - own) / max(own, other), abs=1e-5)
    assert silhouettes(vectors, np.array([0, 1, 1, 1]))[0] == 0  # alone
    assert (silhouettes(vectors, np.array([3, 3, 3, 3])) == 0).all()
