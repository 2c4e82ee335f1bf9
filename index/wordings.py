"""A wording of a question: what the engines propose for it, and how well papers suit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.fusion import Scores, fused
from index.minilm import Encoded, FloatArray
from index.paper_vectors import PaperVectors
from index.reranking import Match, matches


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
        whole = [_similarity(self.vector, each, coarse=True) for each in vectors]
        scores = fused(
            [
                (1.0, np.array(whole)),
                (1.0, np.array([_similarity(self.vector, v, coarse=False) for v in vectors])),
                (1.0, np.array([self.words.get(key, 0.0) for key in keys])),
                (2.0, np.array([each.whole for each in found])),
                (0.5, np.array([each.best for each in found])),
            ]
        )
        return Judged(scores, found, whole)


def _similarity(question: FloatArray, paper: PaperVectors, *, coarse: bool) -> float:
    """Give the cosine of the question and the paper's best passage of a grain."""
    rows = paper.embeddings[paper.passages[:, 2] == coarse]
    return float((rows @ question).max(initial=-1.0))
