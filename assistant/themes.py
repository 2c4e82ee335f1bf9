"""Themes: papers on one subject, grouped under headings that are true of each of them.

The heading comes first: it is a phrase from one of the titles, and the papers that say it, in this
form or another, are a theme if they lie near each other in meaning once what all have in common is
taken away. Clusters made by vectors alone had no phrase in common to name them by. Description
first is the idea of Lingo (Osiński and Weiss, IEEE Intelligent Systems 20(3), 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.shared_phrases import TWICE, printed_phrases, shared_phrases
from index.minilm import FloatArray
from index.search import Hit

MOST = 5
"""Themes, that of the papers that share none left out."""

ALONE = "What is known"
"""The heading where the papers do not fall into themes."""

REST = "Also"
"""The heading of papers that share no theme with others."""

LEAST = 1.1
"""How much the papers of a theme must be about its heading together."""

SPREAD = 0.25
"""Added to the mean cosine of a theme's papers, which is about 0 for any."""

COMMON = 0.5
"""Share of papers on other things from which a phrase is no heading; a single word has none of
them to spare."""

BROADEST = 0.7
"""Share of the papers beyond which a phrase says what all have in common."""

FEW = 4
"""Papers of which one theme may hold all."""

LENGTHS = {1: 0.7, 2: 1.0, 3: 1.05}
"""How much a heading of so many words says; else 1."""


@dataclass(frozen=True)
class Theme:
    """Papers that belong together."""

    label: str
    hits: tuple[Hit, ...]


def themes(question: str, hits: Sequence[Hit]) -> list[Theme]:
    """Group `hits`, best first: each is in one theme, and themes come in the order of hits."""
    found: list[Theme] = []
    left = list(range(len(hits)))
    candidates = _candidates(question, hits)
    near = _nearness(hits) if hits else np.zeros((0, 0), np.float32)
    while len(found) < MOST and len(left) > 1:
        worth = [each.worth(left, near) for each in candidates]
        if not worth or max(worth) <= 0:
            break
        best = candidates[int(np.argmax(worth))]
        members = best.among(left, near)
        found.append(Theme(best.label, tuple(hits[n] for n in members)))
        left = [n for n in left if n not in members]
    found.sort(key=lambda theme: theme.hits[0].rank)
    if left:
        found.append(Theme(REST if found else ALONE, tuple(hits[n] for n in left)))
    return found


@dataclass(frozen=True)
class _Candidate:
    """A phrase that could be a heading."""

    label: str
    words: int
    said: FloatArray
    """(papers,): how much each is about it; 0 if it does not say it."""
    usual: float
    """Share of papers on other things that say it."""

    def among(self, left: Sequence[int], near: FloatArray) -> list[int]:
        """Give the papers of those left that are about it, or say it and lie near these."""
        central = [n for n in left if self.said[n] >= TWICE]
        return [
            n
            for n in left
            if n in central or (central and self.said[n] and near[n, central].mean() > 0)
        ]

    def worth(self, left: Sequence[int], near: FloatArray) -> float:
        """Say how good a theme of what is left it makes; 0 or less for none."""
        members = self.among(left, near)
        papers = len(self.said)
        if papers > FEW and (self.said > 0).sum() > BROADEST * papers:
            return 0.0
        if len(members) < 2 or self.said[members].sum() < LEAST:
            return 0.0
        pairs = near[np.ix_(members, members)][np.triu_indices(len(members), 1)]
        strength = float(self.said[members].sum()) * (1 - self.usual / COMMON)
        return strength * LENGTHS.get(self.words, 1.0) * (SPREAD + float(pairs.mean()))


def _candidates(question: str, hits: Sequence[Hit]) -> list[_Candidate]:
    """Match every phrase that could be a heading with every paper; keep those that two say."""
    printed = printed_phrases(hits, subject=question)
    return [
        _Candidate(each.label, len(each.key), each.said, each.usual)
        for each in shared_phrases(printed, hits)
    ]


def _nearness(hits: Sequence[Hit]) -> FloatArray:
    """Give the cosines of the papers' whole-abstract vectors, less what all have in common.

    Any two of them have 0 on average.
    """
    whole = np.array(
        [hit.vectors.embeddings[hit.vectors.passages[:, 2] == 1].mean(0) for hit in hits]
    )
    apart = whole - whole.mean(0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    near: FloatArray = apart @ apart.T
    return near + 1 / max(len(hits) - 1, 1)
