"""Reranking by late interaction: every word of the question against every word of a paper.

As in ColBERT (arXiv:2004.12832): each token of the question takes its best match among the paper's
tokens, and the mean of these is the score. MiniLM was never trained for it, yet its two last
layers alone put the right one of 428 papers first for 93 % of 194 questions, BM25 for 89 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from index.minilm import FloatArray, IntArray
from index.paper_vectors import SCALE, PaperVectors

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


def matches(question: FloatArray, papers: Sequence[PaperVectors]) -> list[Match]:
    """Match the token vectors of a question (tokens, 128) with each of `papers`."""
    found = best_matches(question, papers)
    return [_match(best, paper) for best, paper in zip(found, papers, strict=True)]


def best_matches(question: FloatArray, papers: Sequence[PaperVectors]) -> list[FloatArray]:
    """Find, for each token of the question, its best match in each title and each sentence.

    All papers go into one product: a product for each would cost several times more.

    Returns:
        For each paper (tokens, sentences + 1), the title first; -1 where a sentence has no token.
    """
    if not papers:
        return []
    codes = np.concatenate([paper.codes for paper in papers])
    similarity = question @ (codes.astype(np.float32) / np.float32(SCALE)).T
    segments = np.concatenate([paper.segments for paper in papers])
    starts: IntArray = np.concatenate([[0], np.cumsum(segments)[:-1]])
    filled = segments > 0
    best = np.full((len(question), len(segments)), -1.0, np.float32)
    best[:, filled] = np.maximum.reduceat(similarity, starts[filled], axis=1)
    return np.split(best, np.cumsum([len(paper.segments) for paper in papers])[:-1], axis=1)


def _match(best: FloatArray, paper: PaperVectors) -> Match:
    if not len(paper.sentences):
        return Match(float(best.max(1).mean()), ())
    width = min(WINDOW, len(paper.sentences))
    in_window = sliding_window_view(best[:, 1:], width, axis=1).max(2)
    scores = np.maximum(best[:, :1], in_window).mean(0)
    starts, ends = paper.sentences[: len(scores), 0], paper.sentences[width - 1 :, 1]
    windows = sorted(
        zip(starts.tolist(), ends.tolist(), scores.tolist(), strict=True),
        key=lambda window: (-window[2], window[0]),
    )
    return Match(float(best.max(1).mean()), tuple(windows))
