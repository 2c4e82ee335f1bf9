"""Reranking by late interaction: every word of the question against every word of a paper.

As in ColBERT (arXiv:2004.12832): each token of the question takes its best match among the paper's
tokens, and the mean of these is the score. MiniLM was never trained for it, yet its two last
layers alone put the right one of 428 papers first for 93 % of 194 questions, BM25 for 89 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.minilm import FloatArray, IntArray
from index.paper_vectors import PaperVectors

WINDOW = 3
"""Sentences in a row that are scored together as one passage."""


@dataclass(frozen=True)
class Match:
    """How well a paper matches a question."""

    whole: float
    """The mean of the best matches in title and abstract, at most 1."""
    windows: tuple[tuple[int, int, float], ...]
    """Start, end and score of each run of WINDOW sentences, title counted in, best first."""

    @property
    def best(self) -> float:
        """The score of the best window."""
        return self.windows[0][2] if self.windows else self.whole


def match(question: FloatArray, paper: PaperVectors) -> Match:
    """Match the token vectors of a question (tokens, 128) with a paper."""
    best = best_matches(question, paper)
    title, sentences = best[:, :1], best[:, 1:]
    starts = range(max(1, sentences.shape[1] - WINDOW + 1)) if sentences.size else range(0)
    windows = [
        (
            int(paper.sentences[start, 0]),
            int(paper.sentences[start : start + WINDOW][-1, 1]),
            float(np.hstack([title, sentences[:, start : start + WINDOW]]).max(1).mean()),
        )
        for start in starts
    ]
    windows.sort(key=lambda window: (-window[2], window[0]))
    return Match(float(best.max(1).mean()), tuple(windows))


def best_matches(question: FloatArray, paper: PaperVectors) -> FloatArray:
    """Find, for each token of the question, its best match in the title and in each sentence.

    Returns:
        (tokens, sentences + 1), the title first; -1 where a sentence has no token.
    """
    similarity = question @ paper.tokens.T
    starts: IntArray = np.concatenate([[0], np.cumsum(paper.segments)[:-1]])
    filled = paper.segments > 0
    best = np.full((len(question), len(paper.segments)), -1.0, np.float32)
    if filled.any():
        best[:, filled] = np.maximum.reduceat(similarity, starts[filled], axis=1)
    return best
