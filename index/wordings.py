"""Wordings of a question: what the engines propose for each, and how well papers suit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from index.fusion import Scores, fused
from index.minilm import Encoded, FloatArray
from index.paper_vectors import PaperVectors
from index.reranking import Match, matches

LIKENESS = 1.0
"""What likeness to the papers spoken of counts; 0.7 to 1.3 do alike."""


@dataclass(frozen=True)
class Context:
    """What a question leaves unsaid because the conversation has said it."""

    question: str
    """The question with what it leaves unsaid, in any words: it is searched for too."""
    weight: float
    """How much this wording counts, beside 1 for the question as it was asked."""
    rewordings: tuple[str, ...] = ()
    """Further wordings, which are read but not searched for."""
    topic: tuple[int, ...] = ()
    """The keys of papers that were spoken of: what is like them is ranked higher."""
    lifts: Mapping[int, float] = field(default_factory=dict)
    """By key, what is added to the scores of papers of the topic, in standard deviations of the
    signals that are summed."""


class Judged(NamedTuple):
    """How well papers suit a wording."""

    scores: Scores
    matches: list[Match]
    whole: list[float]
    """The cosines with whole abstracts."""


@dataclass(frozen=True)
class Wording:
    """A wording of the question, as the models read it, and what the engines propose for it."""

    encoded: Encoded
    vector: FloatArray
    words: Mapping[int, float]
    near: Mapping[int, Sequence[str]] | None
    """None if Chroma could not be asked."""
    weight: float

    def judged(self, keys: Sequence[int], vectors: Sequence[PaperVectors]) -> Judged:
        """Fuse the signals of the papers."""
        found = matches(self.encoded.tokens, vectors)
        whole = [similarity(self.vector, coarse(each)) for each in vectors]
        scores = fused(
            [
                (1.0, np.array(whole)),
                (1.0, np.array([similarity(self.vector, _fine(each)) for each in vectors])),
                (1.0, np.array([self.words.get(key, 0.0) for key in keys])),
                (2.0, np.array([each.whole for each in found])),
                (0.5, np.array([each.best for each in found])),
            ]
        )
        return Judged(scores, found, whole)


@dataclass(frozen=True)
class Topic:
    """Papers that were spoken of, and what is like them."""

    lifts: Mapping[int, float]
    """By the key of each, what is added to its score."""
    embeddings: FloatArray
    """(papers, dimensions): of each, its whole abstract's."""
    near: Sequence[Mapping[int, Sequence[str]]]
    """For each, the papers near it by key, with the hashes of their texts."""

    def scores(self, keys: Sequence[int], vectors: Sequence[PaperVectors]) -> Scores:
        """Score papers by their likeness to the nearest of the topic, and add the lifts.

        A paper of the topic is like itself, which says nothing: it gets what the likest other has.
        """
        lifts = np.array([self.lifts.get(key, 0.0) for key in keys])
        others = np.array([key not in self.lifts for key in keys], bool)
        if not len(self.embeddings) or not others.any():
            return lifts
        found = np.array([float((self.embeddings @ coarse(v).T).max(initial=-1)) for v in vectors])
        found[~others] = found[others].max()
        return lifts + fused([(LIKENESS, found)])


def coarse(paper: PaperVectors) -> FloatArray:
    """Give the embeddings of a paper's longest passages: one, unless its abstract is very long."""
    rows: FloatArray = paper.embeddings[paper.passages[:, 2] == 1]
    return rows


def _fine(paper: PaperVectors) -> FloatArray:
    rows: FloatArray = paper.embeddings[paper.passages[:, 2] == 0]
    return rows


def similarity(question: FloatArray, passages: FloatArray) -> float:
    """Give the cosine of the question and the best of a paper's passages."""
    return float((passages @ question).max(initial=-1.0))
