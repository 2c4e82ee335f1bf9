"""Fit `assistant/declining.json`: `python -m eval.training.declining --pages FOLDER --gold FOLDER`.

What it learns from, see `declining_cases`; it prints what a cross-validation says of the model. The
weights that ship were fitted with `--paraphrases` as well: 1,636 sentences of abstracts, reworded.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import declining
from eval.training.declining_cases import Case, Measures, examples, gather, read_questions

Numbers = npt.NDArray[np.float64]

DECLINED = 0.04
"""The share of answerable questions that may be declined."""

RIDGE = 10.0
"""Of the logistic model, whose measures are standardised; 1 and 30 were worse."""

FOLDS = 10
SPLITS = 4
"""Ways to split into folds; the results are averaged."""

MEANING = ("meaning_over_median", "meaning_wrong")
"""The measures that another embedding model than MiniLM does not give."""


class Fit(NamedTuple):
    """A logistic model of named measures."""

    names: tuple[str, ...]
    constant: float
    weights: Numbers

    def logits(self, measures: Sequence[Measures]) -> Numbers:
        """Give the log odds that papers of these measures answer."""
        table = np.array([[each[name] for name in self.names] for each in measures])
        found: Numbers = self.constant + table @ self.weights
        return found


def fit(found: Iterable[Case], names: tuple[str, ...]) -> Fit:
    """Fit the model to the papers of all cases that are to be learnt from."""
    rows: list[list[float]] = []
    labels, weights = [], []
    for case in found:
        if case.learnt:
            for measures, answers, weight in examples(case):
                rows.append([measures[name] for name in names])
                labels.append(float(answers))
                weights.append(weight)
    table = np.array(rows)
    mean, spread = table.mean(0), table.std(0) + 1e-9
    ones = np.ones((len(table), 1))
    solved = _logistic(np.hstack([ones, (table - mean) / spread]), np.array(labels), weights)
    return Fit(names, float(solved[0] - solved[1:] @ (mean / spread)), solved[1:] / spread)


def cross_validated(found: Sequence[Case], names: tuple[str, ...]) -> Numbers:
    """Give each case's log odds by models that were not fitted to its group."""
    groups = {group: place for place, group in enumerate(sorted({case.group for case in found}))}
    logits = np.zeros(len(found))
    for split in range(SPLITS):
        folds = np.random.default_rng(split).integers(0, FOLDS, len(groups))
        fold = np.array([folds[groups[case.group]] for case in found])
        for held_out in range(FOLDS):
            kept = (case for case, of in zip(found, fold, strict=True) if of != held_out)
            model = fit(kept, names)
            for place in np.flatnonzero(fold == held_out).tolist():
                logits[place] += best_logit(model, found[place]) / SPLITS
    return logits


def best_logit(model: Fit, case: Case) -> float:
    """Give the log odds of the likeliest of the papers that declining looks at."""
    measures = [measures for measures, _ in case.papers[: declining.EVIDENCE]]
    return float(model.logits(measures).max()) if measures else -30.0


def conformal_threshold(answerable: Numbers, *, share: float) -> float:
    """Give the threshold below which about `share` of further questions like these will fall.

    The finite-sample quantile of conformal prediction (arXiv:2107.07511, section 1).
    """
    rank = math.ceil(share * (len(answerable) + 1))
    return float(np.sort(answerable)[rank - 1])


def calibrated(logits: Numbers, answerable: Numbers) -> tuple[float, float]:
    """Fit slope and constant that turn log odds into probabilities (Platt 1999)."""
    balance = np.where(answerable > 0, 0.5 / answerable.sum(), 0.5 / (1 - answerable).sum())
    table = np.stack([np.ones(len(logits)), logits], axis=1)
    constant, slope = _logistic(table, answerable, balance * len(logits), ridge=0.0)
    return float(slope), float(constant)


def report(found: Sequence[Case], logits: Numbers) -> str:
    """Tabulate, for several thresholds, the share of each kind of question that is declined."""
    kinds = np.array([case.kind for case in found])
    answerable = logits[kinds == "answerable"]
    lines = []
    for share in (0.01, 0.02, 0.04, 0.06, 0.08):
        threshold = conformal_threshold(answerable, share=share)
        shares = {kind: float((logits[kinds == kind] < threshold).mean()) for kind in set(kinds)}
        told = "  ".join(f"{kind} {value:.0%}" for kind, value in sorted(shares.items()))
        lines.append(f"{share:.0%}: {told}")
    return "\n".join(lines)


def fitted(found: Sequence[Case], names: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """Give what is written down of a model, and how well it does.

    Probabilities depend on how many of the questions asked have an answer, which nobody knows: it
    is set so that one half is the threshold (of the first fit: 12 in 13 have one).
    """
    logits = cross_validated(found, names)
    told = np.array([case.answerable or case.learnt for case in found])
    truth = np.array([float(case.answerable) for case in found])
    slope, even = calibrated(logits[told], truth[told])
    model = fit(found, names)
    answerable = logits[[case.kind == "answerable" for case in found]]
    threshold = conformal_threshold(answerable, share=DECLINED)
    weights = dict(zip(names, np.round(model.weights * slope, 4).tolist(), strict=True))
    written = {"constant": round((model.constant - threshold) * slope, 4), "weights": weights}
    share = 1 / (1 + math.exp(slope * threshold + even))
    return written, f"answerable of all asked: {share:.3f}\n{report(found, logits)}"


def main() -> None:
    """Fit both models, write them, and print what a cross-validation says of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, help="saved Daily Papers pages")
    parser.add_argument("--gold", type=Path, required=True, help="gold questions over them")
    parser.add_argument("--paraphrases", type=Path, help="reworded sentences of their abstracts")
    options = parser.parse_args()
    questions = list(read_questions(options.gold, options.paraphrases))
    with tempfile.TemporaryDirectory() as home:
        found = gather(options.pages, questions, Path(home))
    names = tuple(found[0].papers[0][0])
    only_words = tuple(name for name in names if name not in MEANING)
    models = {}
    for name, used in (("words_and_meaning", names), ("words", only_words)):
        models[name], told = fitted(found, used)
        print(f"{name}\n{told}\n")
    place = Path(declining.__file__).with_name("declining.json")
    place.write_text(json.dumps(models, indent=2) + "\n", encoding="utf-8")


def _logistic(
    table: Numbers, labels: Numbers, weights: Sequence[float] | Numbers, *, ridge: float = RIDGE
) -> Numbers:
    """Solve a weighted logistic regression by Newton's method; the first column is not shrunk."""
    solved, given = np.zeros(table.shape[1]), np.asarray(weights)
    penalty = np.full(table.shape[1], ridge)
    penalty[0] = 1e-9
    for _ in range(30):
        probability = 1 / (1 + np.exp(-np.clip(table @ solved, -30, 30)))
        slope = table.T @ (given * (labels - probability)) - penalty * solved
        curve = (table.T * (given * probability * (1 - probability) + 1e-9)) @ table
        solved = solved + np.linalg.solve(curve + np.diag(penalty), slope)
    return solved


if __name__ == "__main__":
    main()
