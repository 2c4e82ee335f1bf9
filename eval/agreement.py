"""Agreement: how far a support scorer says of claims what people said of them.

A claim is taken for supported from a threshold on; there are three: the scorer's `low`, its `high`,
and the best one of the other half of the groups (see `cross_fitting`). Intervals draw together what
is about one source; thresholds that were found are not found anew for each draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.support import Judgement, Support
from eval.agreement_checks import Findings, check
from eval.agreement_files import LabelledSet
from eval.agreement_metrics import (
    Estimates,
    Part,
    Point,
    answer_metrics,
    claim_metrics,
    estimates_as_json,
    floor_metrics,
    human_ceiling,
    parts,
    reliability,
)
from eval.fingerprints import seen_in_training
from eval.metamorphic import Unchanged
from eval.overlap import overlap
from eval.published import Published, published
from eval.resampling import Estimate
from eval.scored import Scored, answers_of
from eval.scorers import describe


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What was measured of a scorer on a file."""

    name: str
    """The file's, without its ending."""
    scorer: str
    low: float
    high: float
    supported: int
    unsupported: int
    groups: int
    metrics: Estimates
    best_threshold: float | None
    """The mean of those found; None if there are too few groups to find one."""
    by_type: tuple[Part, ...]
    by_wording: tuple[Part, ...]
    reliability: tuple[Point, ...]
    answers: Estimates | None
    """None if the file holds no answers."""
    floor: Estimates
    """What word overlap reaches."""
    human: Estimate | None
    """The balanced accuracy of a second person; None if the file tells of none."""
    published: tuple[Published, ...]
    findings: Findings
    metamorphic: tuple[Unchanged, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape."""
        return {
            "set": self.name,
            "scorer": {"name": self.scorer, "low": self.low, "high": self.high},
            "claims": self.supported + self.unsupported,
            "supported": self.supported,
            "unsupported": self.unsupported,
            "groups": self.groups,
            "metrics": estimates_as_json(self.metrics),
            "best_threshold": None
            if self.best_threshold is None
            else round(self.best_threshold, 6),
            "by_type": [part.as_json() for part in self.by_type],
            "by_wording": [part.as_json() for part in self.by_wording],
            "reliability": [point.as_json() for point in self.reliability],
            "answers": self.answers and estimates_as_json(self.answers),
            "floor": estimates_as_json(self.floor),
            "human": self.human and self.human.as_json(),
            "published": [figure.as_json() for figure in self.published],
            "checks": self.findings.as_json(),
            "metamorphic": [each.as_json() for each in self.metamorphic],
        }


def measure(labelled: LabelledSet, judgements: Sequence[Judgement], support: Support) -> Agreement:
    """Compare the judgements of a scorer, in the order of the claims, with their labels."""
    claims, scores = labelled.claims, [judgement.support for judgement in judgements]
    scored, answers = Scored.of(claims, scores), answers_of(claims, scores)
    words = [overlap(claim.claim, f"{claim.title}\n{claim.text}") for claim in claims]
    types = [claim.types for claim in claims]
    wordings = [(claim.wording,) if claim.wording else () for claim in claims]
    supported = int(scored.right.sum())
    return Agreement(
        name=labelled.name,
        scorer=describe(support)["scorer"],
        low=support.low,
        high=support.high,
        supported=supported,
        unsupported=len(claims) - supported,
        groups=len(set(scored.groups)),
        metrics=claim_metrics(scored, support),
        best_threshold=scored.best.threshold if scored.best else None,
        by_type=parts(types, scored=scored, support=support),
        by_wording=parts(wordings, scored=scored, support=support),
        reliability=reliability(scored),
        answers=answer_metrics(answers, support) if answers else None,
        floor=floor_metrics(Scored.of(claims, words)),
        human=human_ceiling(claims),
        published=published(labelled.name),
        findings=check(labelled, seen=seen_in_training()),
    )
