"""Gates: by how much a run may be worse than another before a comparison fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, nan
from typing import Any

from eval.comparing import Comparison
from eval.errors import RegressionError, ReportError
from eval.metric_names import MINUS, number


@dataclass(frozen=True)
class Gate:
    """A metric, and the least change of it that is permitted: B - A must not be below."""

    metric: str
    least: float

    @classmethod
    def of(cls, text: str) -> Gate:
        """Read `METRIC:DELTA`, such as `recall@10:-0.01`.

        Raises:
            ValueError: It is something else.
        """
        metric, _, told = text.rpartition(":")
        try:
            least = float(told)
        except ValueError:
            least = nan
        if not (metric and isfinite(least)):
            raise ValueError(f"`{text}` is no METRIC:DELTA such as recall@10:-0.01")
        return cls(metric, least)


@dataclass(frozen=True)
class Check:
    """What became of a gate."""

    gate: str
    passed: bool
    said: str

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a gate."""
        return asdict(self)


def check_gates(comparison: Comparison, gates: Iterable[Gate]) -> list[Check]:
    """See which gates a comparison passes; that of coverage is always there, and first.

    Raises:
        ReportError: A gate names a metric that was not measured in both runs.
    """
    before, after = comparison.coverage
    covered = Check(
        "coverage",
        passed=after >= before,
        said=f"{after:.3f} of the cases could be scored in full, {before:.3f} before",
    )
    return [covered, *(_check(comparison, gate) for gate in gates)]


def failed(checks: Sequence[Check]) -> list[Check]:
    """Give the gates that were not passed."""
    return [check for check in checks if not check.passed]


def see_passed(checks: Sequence[Check]) -> None:
    """See that all gates were passed.

    Raises:
        RegressionError: One was not.
    """
    if stopped := failed(checks):
        told = "; ".join(f"{check.gate}: {check.said}" for check in stopped)
        raise RegressionError(
            f"Worse than is permitted: {told}", hint="look at the cases that got worse"
        )


def _check(comparison: Comparison, gate: Gate) -> Check:
    found = comparison.differences.get(gate.metric)
    if found is None:
        raise ReportError(
            f"`{gate.metric}` was not measured in both runs, so that it cannot be a gate",
            hint=f"name one of {', '.join(comparison.differences)}",
        )
    fell = found.change < 0 and not found.distinguishable
    chance = ", which chance may have done" if fell else ""
    return Check(
        gate.metric,
        passed=found.change >= gate.least,
        said=f"{number(found.change, gate.metric, sign=True)} where {gate.least:+g} is permitted"
        f"{chance}".replace("-", MINUS),
    )
