"""The figures of agreement, by name: of claims, of parts of them, and of whole answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from assistant.support import Support
from eval.agreement_files import LabelledClaim
from eval.agreement_statistics import calibration_error, equal_bins, f1, found_below, kappa
from eval.resampling import BoolArray, Estimate
from eval.scored import Scored

LOST = 0.03
"""Share of supported claims below a threshold: how many unsupported ones are there below it?"""

Estimates = Mapping[str, Estimate | None]
"""By name; None where there is nothing to measure it on."""


@dataclass(frozen=True)
class Part:
    """Claims of one type or wording."""

    name: str
    supported: int
    unsupported: int
    metrics: Estimates

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a part."""
        return vars(self) | {"metrics": estimates_as_json(self.metrics)}


@dataclass(frozen=True)
class Point:
    """A point of the reliability curve: claims of like support."""

    support: float
    """Their mean."""
    supported: float
    """The share of them that is."""
    count: int

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a point."""
        return {
            "support": round(self.support, 6),
            "supported": round(self.supported, 6),
            "count": self.count,
        }


def claim_metrics(scored: Scored, support: Support) -> Estimates:
    """Measure claims by the thresholds of `support`, and without."""
    right, low, high = scored.right, *_below(scored, support)
    return {
        "balanced_accuracy": best_balanced_accuracy(scored),
        "balanced_accuracy_low": scored.balanced_accuracy(~low),
        "balanced_accuracy_high": scored.balanced_accuracy(~high),
        "auroc": scored.auroc(),
        "f1_unsupported_low": scored.estimate(partial(f1, found=low, right=~right)),
        "f1_unsupported_high": scored.estimate(partial(f1, found=high, right=~right)),
        "within_pairs": scored.within_pairs(),
        "calibration_error": _calibration_error(scored),
        "removed": scored.share(low, rows=right),
        "found": scored.share(low, rows=~right),
        "found_at_3_removed": scored.estimate(
            partial(found_below, scores=scored.scores, right=right, lost=LOST)
        ),
        "unchecked": scored.share(high & ~low),
        "right_of_supported": scored.share(right, rows=~high),
    }


def answer_metrics(scored: Scored, support: Support) -> Estimates:
    """Measure whole answers, each of which scores as its weakest sentence."""
    low, high = _below(scored, support)
    return {
        "good": scored.share(scored.right),
        "balanced_accuracy": best_balanced_accuracy(scored),
        "balanced_accuracy_low": scored.balanced_accuracy(~low),
        "balanced_accuracy_high": scored.balanced_accuracy(~high),
        "kappa_low": scored.estimate(partial(kappa, found=~low, right=scored.right)),
        "kappa_high": scored.estimate(partial(kappa, found=~high, right=scored.right)),
        "auroc": scored.auroc(),
    }


def floor_metrics(scored: Scored) -> Estimates:
    """Measure a score that has no threshold of its own."""
    return {
        "balanced_accuracy": best_balanced_accuracy(scored),
        "auroc": scored.auroc(),
        "within_pairs": scored.within_pairs(),
    }


def parts(names: Sequence[Sequence[str]], *, scored: Scored, support: Support) -> tuple[Part, ...]:
    """Measure claims apart by the names that each has; the parts stand in the order of these."""
    low, high = _below(scored, support)
    found = []
    for name in sorted({name for some in names for name in some}):
        rows = np.array([name in some for some in names])
        right, wrong = rows & scored.right, rows & ~scored.right
        beside = rows if right.any() else wrong | scored.right
        metrics = {
            "balanced_accuracy": best_balanced_accuracy(scored, rows=rows),
            "auroc": scored.auroc(rows=beside) if wrong.any() else None,
            "within_pairs": scored.within_pairs(rows=rows),
            "removed": scored.share(low, rows=right),
            "kept": scored.share(~high, rows=right),
            "found": scored.share(low, rows=wrong),
            "found_or_unchecked": scored.share(high, rows=wrong),
        }
        found.append(Part(name, int(right.sum()), int(wrong.sum()), metrics))
    return tuple(found)


def human_ceiling(claims: Sequence[LabelledClaim]) -> Estimate | None:
    """Give the balanced accuracy of a second person, on the claims that one was asked about."""
    asked = [claim for claim in claims if claim.human is not None]
    second = Scored.of(asked, [float(claim.human or False) for claim in asked])
    return second.balanced_accuracy(second.scores) if asked else None


def reliability(scored: Scored) -> tuple[Point, ...]:
    """Give the reliability curve: claims in order of support, parted into bins of like size."""
    bins = equal_bins(scored.scores)
    return tuple(
        Point(
            float(scored.scores[bins == each].mean()),
            float(scored.right[bins == each].mean()),
            int((bins == each).sum()),
        )
        for each in np.unique(bins)
    )


def best_balanced_accuracy(scored: Scored, *, rows: BoolArray | None = None) -> Estimate | None:
    """Judge each row by the best threshold of groups that it is not in."""
    if scored.best is None:
        return None
    return scored.balanced_accuracy(scored.best.found, rows=rows)


def estimates_as_json(metrics: Estimates) -> dict[str, Any]:
    """The public JSON shape of estimates by name."""
    return {name: each and each.as_json() for name, each in metrics.items()}


def _below(scored: Scored, support: Support) -> tuple[BoolArray, BoolArray]:
    """Mark what scores below `low`, and what below `high`."""
    return scored.scores < support.low, scored.scores < support.high


def _calibration_error(scored: Scored) -> Estimate | None:
    bins = equal_bins(scored.scores)
    statistic = partial(calibration_error, scores=scored.scores, right=scored.right, bins=bins)
    return scored.estimate(statistic)
