"""A comparison in words, for all that show one."""

from __future__ import annotations

import re

from eval.comparing import Comparison, Difference, Move
from eval.metric_names import MINUS, number

CHECKSUM = re.compile(r"[0-9a-f]{40,}")

SHORT = 12
"""Digits of a checksum that are shown."""

MOVED = 5
"""Metrics that are named of a case."""

READING = (
    "Means over the cases in which both runs have a value. The interval is that of the change, "
    "from a paired bootstrap that draws what is about one paper together; detectable is the "
    "smallest change that so many cases would show in four of five runs. Where nothing changed, "
    "one interval of twenty misses 0 all the same."
)
"""How the table is read."""


def finding(difference: Difference) -> str:
    """Say whether a metric differs."""
    if difference.low == difference.high == 0:
        return "unchanged"
    if difference.low is None:
        return "one paper only"
    if not difference.distinguishable:
        return "no difference shown"
    return "higher" if difference.change > 0 else "lower"


def interval(difference: Difference) -> str:
    """Write the interval of a change; nothing where none is known, or nothing moved."""
    if difference.low is None or difference.low == difference.high:
        return ""
    low, high = (
        number(bound, difference.name, sign=True) for bound in (difference.low, difference.high)
    )
    return f"[{low}, {high}]"


def left_out(comparison: Comparison) -> list[str]:
    """Say what was not compared, and why."""
    told = []
    for names, where in (
        (comparison.only_a, f"only in {comparison.a}"),
        (comparison.only_b, f"only in {comparison.b}"),
        (comparison.altered, "in both, with another question or another right answer"),
    ):
        if names:
            told.append(f"Left out, {where}: {_some(names)}")
    if comparison.unpaired:
        told.append(f"Without a value in both for any case: {', '.join(comparison.unpaired)}")
    apart = [f"{each.name} {each.apart}" for each in comparison.differences.values() if each.apart]
    if apart:
        told.append(f"Cases left out because only one run has a value: {', '.join(apart)}")
    return told


def outcomes(move: Move) -> str:
    """Say what became of a case in both runs."""
    before, after = (each.replace("_", " ") for each in move.outcomes)
    return before if before == after else f"{before} → {after}"


def moved(move: Move) -> str:
    """Name the metrics that moved, with their values in both runs."""
    told = [f"{name} {_value(a)} → {_value(b)}" for name, a, b in move.values[:MOVED]]
    more = len(move.values) - MOVED
    return ", ".join([*told, f"{more} more"] if more > 0 else told)


def short(value: str | None) -> str:
    """Give the value of a setting, of a checksum its first digits."""
    if value is None:
        return "–"
    return CHECKSUM.sub(lambda found: f"{found.group()[:SHORT]}…", value)


def _value(value: float | None) -> str:
    return "not scored" if value is None else f"{value:.3g}".replace("-", MINUS)


def _some(names: tuple[str, ...], most: int = 10) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
