"""A comparison as a page that holds all it needs."""

from __future__ import annotations

from collections.abc import Sequence

from eval.comparing import Comparison
from eval.comparison_words import READING, finding, interval, left_out, moved, outcomes, short
from eval.gates import Check
from eval.metric_names import NAMES
from eval.page import page
from eval.scoring import UNBOUNDED

HALF = 60
"""Units of the drawing from no change to the largest one."""


def comparison_page(comparison: Comparison, checks: Sequence[Check]) -> str:
    """Show two runs of the same cases: what changed by how much, and every case that did."""
    drawn = [each for name, each in comparison.differences.items() if name not in UNBOUNDED]
    bounds = [b for each in drawn for b in (each.change, each.low, each.high) if b is not None]
    widest = max(map(abs, bounds), default=0.0)
    return page(
        "comparison",
        title=f"{comparison.a} → {comparison.b}",
        comparison=comparison,
        checks=checks,
        reading=READING,
        names=NAMES,
        widths=[each.name for each in drawn],
        scale=HALF / (widest or 1),
        left_out=left_out(comparison),
        finding=finding,
        interval=interval,
        moved=moved,
        outcomes=outcomes,
        short=short,
    )
