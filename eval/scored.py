"""Scored claims, or answers, as columns: what every statistic of agreement is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

import numpy as np

from eval.agreement_files import LabelledClaim
from eval.agreement_statistics import auroc, balanced_accuracy, share
from eval.cross_fitting import CrossFitted, cross_fitted
from eval.resampling import BoolArray, Estimate, Numbers, Resampler, Statistic


class Scored:
    """Rows with a score, a label and the group that they are drawn with."""

    def __init__(
        self,
        scores: Sequence[float],
        *,
        right: Sequence[bool],
        groups: Sequence[str],
        wins: Numbers | None = None,
    ) -> None:
        """Take the columns, all of one length; for `wins` see `pair_wins`."""
        self.scores: Numbers = np.array(scores, float)
        self.right: BoolArray = np.array(right, bool)
        self.groups = tuple(groups)
        self.wins: Numbers = np.full(len(self.groups), np.nan) if wins is None else wins

    @classmethod
    def of(cls, claims: Sequence[LabelledClaim], scores: Sequence[float]) -> Scored:
        """Take scores of claims."""
        return cls(
            scores,
            right=[claim.supported for claim in claims],
            groups=[claim.group for claim in claims],
            wins=pair_wins(claims, scores),
        )

    @cached_property
    def best(self) -> CrossFitted | None:
        """What thresholds that suit the other groups say; None if there are too few groups."""
        return cross_fitted(self.scores, right=self.right, groups=self.groups)

    @cached_property
    def _draws(self) -> Resampler:
        return Resampler(self.groups)

    def estimate(self, statistic: Statistic, *, rows: BoolArray | None = None) -> Estimate | None:
        """Give a statistic of the marked rows, or of all; it is handed their weights."""
        return self._draws.estimate(statistic, rows=rows)

    def share(
        self, values: Numbers | BoolArray, *, rows: BoolArray | None = None
    ) -> Estimate | None:
        """Average values over the marked rows, or over all."""
        some = values if rows is None else values[rows]
        return self.estimate(partial(share, values=some), rows=rows)

    def auroc(self, *, rows: BoolArray | None = None) -> Estimate | None:
        """Give how often a supported row scores higher than another."""
        some = slice(None) if rows is None else rows
        statistic = partial(auroc, scores=self.scores[some], right=self.right[some])
        return self.estimate(statistic, rows=rows)

    def balanced_accuracy(
        self, found: Numbers | BoolArray, *, rows: BoolArray | None = None
    ) -> Estimate | None:
        """Give the mean of both recalls where `found` is taken for supported."""
        some = slice(None) if rows is None else rows
        statistic = partial(balanced_accuracy, found=found[some], right=self.right[some])
        return self.estimate(statistic, rows=rows)

    def within_pairs(self, *, rows: BoolArray | bool = True) -> Estimate | None:
        """Give how often the right claim of a pair scores higher than the wrong one."""
        return self.share(self.wins, rows=rows & ~np.isnan(self.wins))


def answers_of(claims: Sequence[LabelledClaim], scores: Sequence[float]) -> Scored | None:
    """Score each answer as its weakest sentence; it is right if all are. None without answers."""
    rows: dict[str, list[tuple[LabelledClaim, float]]] = {}
    for claim, score in zip(claims, scores, strict=True):
        if claim.answer:
            rows.setdefault(claim.answer, []).append((claim, score))
    if not rows:
        return None
    return Scored(
        [min(score for _, score in row) for row in rows.values()],
        right=[all(claim.supported for claim, _ in row) for row in rows.values()],
        groups=[row[0][0].group for row in rows.values()],
    )


def pair_wins(claims: Sequence[LabelledClaim], scores: Sequence[float]) -> Numbers:
    """Give for each wrong claim how often the right one of its pair scores higher; a tie is half.

    Returns:
        (claims,); NaN for what is right or has no right twin.
    """
    right: dict[str, list[float]] = {}
    for claim, score in zip(claims, scores, strict=True):
        if claim.pair and claim.supported:
            right.setdefault(claim.pair, []).append(score)
    wins = np.full(len(claims), np.nan)
    for place, (claim, score) in enumerate(zip(claims, scores, strict=True)):
        if not claim.supported and claim.pair in right:
            twins = np.array(right[claim.pair])
            wins[place] = float(((twins > score) + (twins == score) / 2).mean())
    return wins
