"""Fit `assistant/selection.json`: `python -m eval.training.selection --pages DIR --questions FILE`.

Prints first what cross-validation says: papers are split ten ways, each tenth is measured with
weights fitted on the others, and the mean over several splits is shown.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import assistant.selection
from assistant.selection import Weights, select
from assistant.sentence_features import NAMES, BoolArray
from eval.training.answered_questions import AnsweredQuestion, read_questions
from index.minilm import FloatArray, MiniLM

PENALTY = 50.0
"""On the square of a weight, its feature having unit variance; 25 and 100 did as well."""

VECTOR_PENALTY = 200.0
"""The same for the dimensions of the mean token vector; with 50 and with 550, recall at 80 words
was 0.01 lower. Without these dimensions it is 0.04 lower: they tell what is specific from what
every abstract says."""

FOLDS = 10
SEEDS = range(5)
MEAN_WORDS = (80, 110)
MEASURES = ("recall", "precision", "same", "threshold")

Probabilities = list[FloatArray]


def main() -> None:
    """Measure, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, help="what `footnote ingest` reads")
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines")
    arguments = parser.parse_args()
    questions = read_questions(arguments.pages, arguments.questions, MiniLM.load())
    for line in measured(questions):
        print(line)
    weights = fit(questions)
    place = Path(assistant.selection.__file__).with_name("selection.json")
    place.write_text(as_json(weights), encoding="utf-8")


def weights_on(weights: Weights, asked: AnsweredQuestion) -> FloatArray:
    """Give the probabilities of the sentences of a question's paper."""
    described = weights.describe(asked.question, asked.vectors, asked.candidate)
    return weights.probabilities(described)


def fit(questions: Sequence[AnsweredQuestion]) -> Weights:
    """Fit the weights on all sentences of the papers of `questions`."""
    tokens = np.concatenate([one.candidate.vectors for one in questions])
    none = np.zeros(0, np.float32)
    blank = Weights(tokens.mean(0), tokens.std(0), none, none, none, 0.0)
    described = np.concatenate(
        [blank.describe(one.question, one.vectors, one.candidate) for one in questions]
    )
    means, scales = described.mean(0), described.std(0) + np.float32(1e-6)
    holding = np.concatenate([one.holding for one in questions])
    scaled = ((described - means) / scales).astype(np.float32)
    weights = logistic_regression(scaled, holding, penalties=_penalties())
    return replace(
        blank, means=means, scales=scales, weights=weights[1:], intercept=float(weights[0])
    )


def logistic_regression(
    described: FloatArray, holding: BoolArray, *, penalties: FloatArray
) -> FloatArray:
    """Minimise log loss plus half the penalised squares, by Newton's method.

    Args:
        penalties: One for the intercept, then one a column of `described`.

    Returns:
        The intercept and the weights.
    """
    columns = np.column_stack([np.ones(len(described)), described]).astype(np.float64)
    weights = np.zeros(columns.shape[1])
    for _ in range(25):
        expected = 1 / (1 + np.exp(-columns @ weights))
        gradient = columns.T @ (expected - holding) + penalties * weights
        curvature = (columns.T * (expected * (1 - expected))) @ columns + np.diag(penalties)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights.astype(np.float32)


def measured(questions: Sequence[AnsweredQuestion]) -> list[str]:
    """Cross-validate by paper; one line for each mean length."""
    rows = np.array([_measure(questions, seed=seed) for seed in SEEDS])
    return [
        f"{words} words: "
        + ", ".join(
            f"{name} {values.mean():.3f} ± {values.std():.3f}"
            for name, values in zip(MEASURES, rows[:, place].T, strict=True)
        )
        for place, words in enumerate(MEAN_WORDS)
    ]


def _measure(questions: Sequence[AnsweredQuestion], *, seed: int) -> list[list[float]]:
    """Measure one split: the MEASURES for each mean length."""
    random = np.random.default_rng(seed)
    folds, swaps = _folds(questions, random), _swaps(questions, random)
    own: dict[int, FloatArray] = {}
    other: dict[int, FloatArray] = {}
    for fold in range(FOLDS):
        weights = fit([one for one, its in zip(questions, folds, strict=True) if its != fold])
        for place in (place for place, its in enumerate(folds) if its == fold):
            own[place] = weights_on(weights, questions[place])
            other[place] = weights_on(weights, swaps[place])
    asked, swapped = ([held[place] for place in sorted(held)] for held in (own, other))
    return [_quality(questions, asked, swapped, words=words) for words in MEAN_WORDS]


def _folds(questions: Sequence[AnsweredQuestion], random: np.random.Generator) -> list[int]:
    """Give each question a fold, the same for all questions about a paper."""
    titles = sorted({one.candidate.title for one in questions})
    folds = dict(zip(titles, random.permutation(len(titles)), strict=True))
    return [int(folds[one.candidate.title]) % FOLDS for one in questions]


def _swaps(
    questions: Sequence[AnsweredQuestion], random: np.random.Generator
) -> list[AnsweredQuestion]:
    """Ask each paper the question of another."""
    moves = random.integers(1, len(questions), len(questions))
    others = [questions[(place + int(move)) % len(questions)] for place, move in enumerate(moves)]
    return [
        replace(one, question=other.question, vectors=other.vectors)
        for one, other in zip(questions, others, strict=True)
    ]


def _quality(
    questions: Sequence[AnsweredQuestion],
    asked: Probabilities,
    swapped: Probabilities,
    *,
    words: float,
) -> list[float]:
    """Measure answers of `words` words on average.

    Returns:
        The mean share of nuggets that are quoted; the share of quotes that hold one; the share of
        quotes to another paper's question that are also quoted to the paper's own; the threshold.
    """
    threshold = threshold_for(asked, questions, words=words)
    chosen = _choices(asked, questions, threshold)
    elsewhere = _choices(swapped, questions, threshold)
    recall = [one.recall(places) for one, places in zip(questions, chosen, strict=True)]
    holding = [one.holding[places] for one, places in zip(questions, chosen, strict=True)]
    same = [
        place in places
        for places, others in zip(chosen, elsewhere, strict=True)
        for place in others
    ]
    means = (np.mean(recall), np.concatenate(holding).mean(), np.mean(same))
    return [*map(float, means), threshold]


def threshold_for(
    probabilities: Probabilities, questions: Sequence[AnsweredQuestion], *, words: float
) -> float:
    """Find the threshold at which answers have `words` words on average."""

    def mean_words(threshold: float) -> float:
        chosen = _choices(probabilities, questions, threshold)
        pairs = zip(questions, chosen, strict=True)
        return float(np.mean([sum(one.words[place] for place in its) for one, its in pairs]))

    return _where(mean_words, words)


def _where(falling: Callable[[float], float], wanted: float) -> float:
    """Find by bisection where a falling function of 0 to 4 comes down to `wanted`."""
    low, high = 0.0, 4.0
    for _ in range(25):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > wanted else (low, middle)
    return high


def _choices(
    probabilities: Probabilities, questions: Sequence[AnsweredQuestion], threshold: float
) -> list[list[int]]:
    return [
        select(of_sentences, one.words, threshold=threshold)
        for of_sentences, one in zip(probabilities, questions, strict=True)
    ]


def _penalties() -> FloatArray:
    dimensions = 128
    return np.array([0.0] + [PENALTY] * len(NAMES) + [VECTOR_PENALTY] * dimensions, np.float32)


def as_json(weights: Weights) -> str:
    """Write the weights with as many digits as matter, one array a line."""
    fields: dict[str, object] = {"names": list(NAMES), "intercept": round(weights.intercept, 6)}
    for name in ("centre", "spread", "means", "scales", "weights"):
        fields[name] = [float(f"{value:.5g}") for value in getattr(weights, name)]
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    main()
