"""Which sentences of a paper to quote: the probability of each, and the choice.

A logistic regression on `sentence_features`, fitted by `eval.training.selection`; its weights are
`selection.json`, and nothing but numpy is needed to use them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from assistant.sentence_features import NAMES, Candidate, features
from index.minilm import FloatArray

__all__ = ["THRESHOLD", "Candidate", "Weights", "select", "sentence_probabilities"]

THRESHOLD = 0.485
"""Makes answers 78 words long on average over 194 questions, with what `assistant.quoting` adds
(`python -m eval.figures`)."""

EXPECTED = 2.86
"""Sentences that hold part of an answer, on average over the same questions (2 to 4 for most)."""

TOWARDS_EXPECTED = 0.8
"""How far a paper's log-odds are shifted to where its probabilities add up to EXPECTED: 0 leaves
them, 1 goes all the way. Abstracts differ in length more than answers do; with 0, recall at 80
words was 0.01 lower."""

USUAL_WORDS = 25
"""In a sentence of an abstract."""

LENGTH_EXPONENT = 0.6
"""1 would choose by probability a word, 0 by probability alone. More finds more of the answer in
the same words, less quotes fewer sentences beside the point."""


@dataclass(frozen=True)
class Weights:
    """What `selection.json` holds."""

    centre: FloatArray
    """(dimensions,): the mean token vector, taken away before tokens are compared."""
    spread: FloatArray
    """(dimensions,): its standard deviation, by which they are divided then."""
    means: FloatArray
    """(features,), and so are the next two: see `sentence_features.features`."""
    scales: FloatArray
    weights: FloatArray
    intercept: float

    @classmethod
    def read(cls, text: str) -> Weights:
        """Read the weights from JSON.

        Raises:
            ValueError: They are for other features.
        """
        fields = json.loads(text)
        names = fields.pop("names")
        if names != list(NAMES):
            raise ValueError(f"`selection.json` has the features {names}, not {list(NAMES)}")
        intercept = float(fields.pop("intercept"))
        arrays = {name: np.array(values, np.float32) for name, values in fields.items()}
        return cls(intercept=intercept, **arrays)

    def spread_out(self, vectors: FloatArray) -> FloatArray:
        """Whiten token vectors, by dimension, so that what all tokens share counts less."""
        moved = (vectors - self.centre) / self.spread
        spread: FloatArray = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
        return spread

    def describe(
        self, question: str, question_vectors: FloatArray, candidate: Candidate
    ) -> FloatArray:
        """Give the features of each sentence in whitened space."""
        whitened = replace(candidate, vectors=self.spread_out(candidate.vectors))
        return features(question, self.spread_out(question_vectors), whitened)

    def probabilities(self, described: FloatArray) -> FloatArray:
        """Turn the features of a paper's sentences into probabilities."""
        scaled = (described - self.means) / self.scales
        log_odds = (scaled @ self.weights + self.intercept).astype(np.float32)
        return _logistic(log_odds + TOWARDS_EXPECTED * _shift(log_odds))


def sentence_probabilities(
    question: str, question_vectors: FloatArray, candidate: Candidate
) -> FloatArray:
    """Give, for each sentence, the probability that it holds part of the answer.

    Args:
        question_vectors: (tokens, 128), unit length, as MiniLM reads the question.
    """
    if not candidate.sentences:
        return np.zeros(0, np.float32)
    weights = _weights()
    return weights.probabilities(weights.describe(question, question_vectors, candidate))


def select(
    probabilities: FloatArray, word_counts: Sequence[int], *, threshold: float = THRESHOLD
) -> list[int]:
    """Choose the sentences worth their length: their places, in order, at least one.

    Args:
        threshold: For the probability of a sentence of USUAL_WORDS; longer ones must have more.

    Raises:
        ValueError: There is no sentence.
    """
    if not len(probabilities):
        raise ValueError("There is no sentence to choose from")
    lengths = np.maximum(np.asarray(word_counts, np.float32), 1) / USUAL_WORDS
    worth = probabilities / lengths**LENGTH_EXPONENT
    chosen = worth > threshold
    chosen[np.argmax(worth)] = True
    return [int(place) for place in np.flatnonzero(chosen)]


@cache
def _weights() -> Weights:
    return Weights.read(files("assistant").joinpath("selection.json").read_text(encoding="utf-8"))


def _shift(log_odds: FloatArray) -> float:
    """Find by bisection what to add so that the probabilities add up to EXPECTED.

    A paper of few sentences is taken to answer with most of them, not with more than it has.
    """
    wanted = min(EXPECTED, 0.9 * len(log_odds))
    low, high = -30.0, 30.0
    for _ in range(40):
        middle = (low + high) / 2
        if _logistic(log_odds + middle).sum() > wanted:
            high = middle
        else:
            low = middle
    return low


def _logistic(log_odds: FloatArray) -> FloatArray:
    probabilities: FloatArray = (1 / (1 + np.exp(-log_odds.clip(-30, 30)))).astype(np.float32)
    return probabilities
