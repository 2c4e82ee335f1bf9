"""Fit `assistant/support.json`: `python -m eval.training.support --data FOLDER`.

    python -m eval.training.support --data FOLDER [--pages FOLDER --gold FOLDER] [--measure-only]

Two logistic models, one on the other: the first finds the words that make a claim wrong, the second
weighs what the first says of all words, having been fitted on words that the first had not seen.
Only the hand-written claims and sentences made of the same abstracts are learnt from; the table
that is printed says what weights fitted on other papers reach. See `support_cases`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

import assistant.support
from assistant.support import Weights
from assistant.support_features import CLAIM_NAMES, WORD_NAMES, claim_features
from assistant.support_sources import SourceReader
from eval.support_figures import Judged, print_all
from eval.training.support_cases import Case, CaseReader
from index.minilm import FloatArray, MiniLM

BoolArray = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

LOW = 0.1
"""Of 400 sentences that abstracts support, worded as models word them (gold answers), 1 of 100
falls below it, and 30 of 100 unsupported ones do. Where people worded claims as freely as they
could (gold pairs), 11 of 100 supported ones do; with 0.02 it would be 3, and 7 of 100 of the
unsupported answers."""

HIGH = 0.5
"""Of model-written sentences above it, 95 of 100 are supported (84 of 100 of all are); of the
hand-written claims, were as many of them right, 93 of 100."""

WORD_PENALTY, CLAIM_PENALTY = 1000.0, 1.0
"""On the square of a weight, its feature having unit variance."""

FOLDS = 5
"""Parts of the papers, of which each is scored by models fitted on the others."""


def main() -> None:
    """Fit, write and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="JSON lines")
    parser.add_argument("--pages", type=Path, help="what `footnote ingest` reads")
    parser.add_argument("--gold", type=Path, help="claims about the papers of these pages")
    parser.add_argument("--measure-only", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    reader = CaseReader(SourceReader(MiniLM.load()))
    own = reader.own(arguments.data)
    gold = reader.gold(arguments.pages, arguments.gold) if arguments.gold else []
    folds = _folds([*own, *gold])
    weights, without = fit(own, folds)
    if not arguments.measure_only:
        place = Path(assistant.support.__file__).with_name("support.json")
        place.write_text(as_json(weights), encoding="utf-8")
    held_out = (judge(case, without[folds[case.group]]) for case in (*own, *gold))
    public = (judge(case, weights) for cases in reader.public(arguments.data) for case in cases)
    print_all(held_out, public, low=LOW, high=HIGH)


def judge(case: Case, weights: Weights) -> Judged:
    """Score a case as `AlignedSupport` does."""
    support = min(map(weights.support, case.matches), default=0.0)
    return Judged(
        case.set_name, case.group, case.pair, case.supported, 1.0 if case.quoted else support
    )


def fit(own: Sequence[Case], folds: dict[str, int]) -> tuple[Weights, list[Weights]]:
    """Fit both models.

    Returns:
        The weights fitted on all cases; and, for each fold, those fitted without it. Of the
        latter, the model of claims has seen what models of words say that had seen the fold.
    """
    fold = np.array([folds[case.group] for case in own])
    words = [_words(own, fold != each) for each in range(FOLDS)]
    described = np.array(
        [_described(case, words[its]) for case, its in zip(own, fold, strict=True)], np.float32
    )
    without = [
        _weights(words[each], _claims(own, described, fold != each)) for each in range(FOLDS)
    ]
    everywhere = fold >= 0
    return _weights(_words(own, everywhere), _claims(own, described, everywhere)), without


def _weights(words: FloatArray, claim: FloatArray) -> Weights:
    return Weights(words[1:], float(words[0]), claim[1:], float(claim[0]), LOW, HIGH)


def _described(case: Case, words: FloatArray) -> FloatArray:
    match = case.matches[0]
    return claim_features(match, match.described @ words[1:] + words[0])


def _claims(own: Sequence[Case], described: FloatArray, kept: BoolArray) -> FloatArray:
    """Fit the model of claims."""
    supported = np.array([case.supported for case in own], float)
    weight = np.array([case.weight for case in own])
    return logistic(described[kept], supported[kept], weight[kept], penalty=CLAIM_PENALTY)


def _words(own: Sequence[Case], kept: BoolArray) -> FloatArray:
    """Fit the model of words on the claims whose wrong words are known."""
    known = [
        (case.matches[0].described, case.wrong)
        for case, its in zip(own, kept, strict=True)
        if its and case.wrong is not None
    ]
    described, wrong = (np.concatenate(part) for part in zip(*known, strict=True))
    return logistic(described, wrong, np.ones(len(wrong)), penalty=WORD_PENALTY)


def logistic(
    described: FloatArray, labels: npt.NDArray[np.floating], weight: Numbers, *, penalty: float
) -> FloatArray:
    """Minimise weighted log loss plus half the penalised squares, by Newton's method.

    Returns:
        The intercept and the weights, for features as they come.
    """
    means, scales = described.mean(0), described.std(0) + np.float32(1e-6)
    columns = np.ones((len(described), described.shape[1] + 1), np.float32)
    columns[:, 1:] = (described - means) / scales
    penalties = np.array([0.0] + [penalty] * len(scales))
    solved = np.zeros(columns.shape[1])
    for _ in range(12):
        expected = 1 / (1 + np.exp(-(columns @ solved.astype(np.float32))))
        error, bend = weight * (expected - labels), weight * expected * (1 - expected)
        gradient = error.astype(np.float32) @ columns + penalties * solved
        curvature = columns.T @ (columns * bend.astype(np.float32)[:, None])
        step = np.linalg.solve(curvature + np.diag(penalties), gradient)
        solved -= step
        if np.abs(step).max() < 1e-3:
            break
    scaled = solved[1:] / scales
    return np.append(solved[0] - scaled @ means, scaled).astype(np.float32)


def _folds(cases: Sequence[Case]) -> dict[str, int]:
    groups = sorted({case.group for case in cases})
    order = np.random.default_rng(0).permutation(len(groups))
    return {group: int(place) % FOLDS for group, place in zip(groups, order, strict=True)}


def as_json(weights: Weights) -> str:
    """Write the weights with as many digits as matter, one array a line."""
    values: dict[str, object] = {"word_names": list(WORD_NAMES), "claim_names": list(CLAIM_NAMES)}
    for field in fields(weights):
        value = getattr(weights, field.name)
        plain = np.atleast_1d(value).tolist()
        rounded = [float(f"{each:.5g}") for each in plain]
        values[field.name] = rounded if isinstance(value, np.ndarray) else rounded[0]
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in values.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    main()
