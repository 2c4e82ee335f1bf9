"""Declining: is the question answered by the papers that were found?

A logistic model over `coverage`, of which nothing depends on the size of the corpus. The weights
are fitted by `python -m eval.training.declining`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from assistant.coverage import Asked, AskedQuestion, asked, background, coverage
from assistant.sentence_features import Candidate
from index.minilm import Encoded
from index.search import Hit

__all__ = [
    "EVIDENCE",
    "THRESHOLD",
    "AskedQuestion",
    "answerability",
    "answered_by",
    "answered_each",
    "as_read",
]

EVIDENCE = 1
"""Papers looked at. With 2 or 3, questions with and without an answer were told apart no better,
and some whose paper came second or third would have been answered from the wrong one."""

THRESHOLD = 0.5
"""Below this a question is declined. The weights are fitted so that 4 % of questions with an answer
fall below: 194 of them over 428 papers, in cross-validation, by the finite-sample quantile of
conformal prediction (arXiv:2107.07511). Of 21 questions with none, on neighbouring or on other
subjects, 95 % fall below, and 70 % of the 194 when the paper that answers is hidden."""


@dataclass(frozen=True)
class Weights:
    """A logistic model, the scale of each measure folded in."""

    constant: float
    of: Mapping[str, float]
    """By measure."""

    def probability(self, measures: Mapping[str, float]) -> float:
        """Give the probability that a paper of these measures answers the question."""
        logit = self.constant + sum(self.of[name] * measures[name] for name in self.of)
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def answerability(
    question: AskedQuestion,
    evidence: Sequence[Candidate],
    *,
    similarities: Sequence[float] | None = None,
) -> float:
    """Give the probability that the evidence answers the question, 0 if there is none.

    Args:
        evidence: The papers found, best first; only the first EVIDENCE count.
        similarities: For each paper, the cosine of MiniLM's embeddings of the question and of title
            and abstract (the best, if the abstract is embedded in parts). None where another model
            embeds; the decision is then a little less sure.
    """
    question_asked = asked(question, background())
    if question_asked is None or not evidence:
        return 0.0
    known: Sequence[float | None] = similarities or [None] * len(evidence)
    return max(
        _probability(question_asked, paper, similarity)
        for paper, similarity in list(zip(evidence, known, strict=True))[:EVIDENCE]
    )


def _probability(question: Asked, paper: Candidate, similarity: float | None) -> float:
    weights = _weights("words" if similarity is None else "words_and_meaning")
    return weights.probability(coverage(question, paper, similarity))


@cache
def _weights(name: str) -> Weights:
    text = files("assistant").joinpath("declining.json").read_text(encoding="utf-8")
    fitted = json.loads(text)[name]
    return Weights(fitted["constant"], fitted["weights"])


def answered_by(question: str, encoded: Encoded, hits: Sequence[Hit]) -> float:
    """Give the probability that the best of `hits` answer the question."""
    first = hits[:EVIDENCE]
    known = [hit.similarity for hit in first if hit.similarity is not None]
    return answerability(
        as_read(question, encoded),
        [Candidate.of(hit) for hit in first],
        similarities=known if len(known) == len(first) else None,
    )


def answered_each(question: str, encoded: Encoded, hits: Sequence[Hit]) -> list[float]:
    """Give for each of `hits` alone the probability that it answers the question.

    The words of the question are looked at once, which takes longer than a paper does.
    """
    question_asked = asked(as_read(question, encoded), background())
    if question_asked is None:
        return [0.0] * len(hits)
    return [_probability(question_asked, Candidate.of(hit), hit.similarity) for hit in hits]


def as_read(question: str, encoded: Encoded) -> AskedQuestion:
    """Put a question and what MiniLM read of it together."""
    return AskedQuestion(
        text=question,
        vectors=encoded.tokens,
        offsets=encoded.offsets,
        ids=encoded.ids,
        embedding=encoded.sentence,
    )
