"""Which of the papers found bear on a subject: a review cites these and no other.

`assistant.declining` decides whether one paper answers a question. A subject of two or three words
is no question: a paper that says them in passing would count there, and one that is about them in
other words would not. So two things are added up here: how well each word is matched, and how much
nearer the paper is in meaning than papers on other subjects are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.coverage import asked, background
from assistant.declining import answered_each, as_read
from assistant.quoting import COVERS
from index.minilm import Encoded, FloatArray
from index.reranking import best_matches
from index.search import Hit

SURE = 0.88
"""From here on a paper bears on the subject. Judged by hand for the first 20 papers of 35
subjects: 9 of 10 of those above are on the subject, and 3 of 4 of those on it are above."""

SLACK = 0.16
"""How far below the best paper the others may be where none is sure, as for a question of many
parts, if they answer it; half of it where one is. Of 12 such questions two thirds of the papers
named are then found."""

MARGIN = 0.1
"""Taken for the margin of meaning where another model embeds: that of most papers on a subject."""


def bearing(question: str, encoded: Encoded, hits: Sequence[Hit]) -> list[Hit]:
    """Keep the papers of `hits` that bear on the question or subject, in their order."""
    scores = _scores(question, encoded, hits)
    if not len(scores):
        return []
    best = float(scores.max())
    least = best - (SLACK if best < SURE else SLACK / 2)
    sure = [hit.rank for hit, score in zip(hits, scores, strict=True) if score >= SURE]
    near = [hit for hit, score in zip(hits, scores, strict=True) if least <= score < SURE]
    answering = {
        hit.rank
        for hit, probability in zip(near, answered_each(question, encoded, near), strict=True)
        if probability >= COVERS
    }
    return [hit for hit in hits if hit.rank in sure or hit.rank in answering]


def _scores(question: str, encoded: Encoded, hits: Sequence[Hit]) -> FloatArray:
    """Give the mean match of the words in each paper, plus its margin of meaning."""
    subject = asked(as_read(question, encoded), background())
    if subject is None:
        return np.zeros(0, np.float32)
    found = best_matches(subject.vectors, [hit.vectors for hit in hits])
    matched = [float((subject.share @ best).max(1).mean()) for best in found]
    margins = [
        MARGIN if hit.similarity is None else hit.similarity - subject.wrong["meaning"]
        for hit in hits
    ]
    return np.array(matched, np.float32) + np.array(margins, np.float32)
