"""Comparing two runs of the same cases: what differs by more than chance, and where.

Each metric is compared on the cases in which both runs have a value for it. What shares a cluster,
such as a paper, is drawn together, the two runs of a case always at once: a paired bootstrap, whose
interval is narrower than those of the two means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from eval.agreement_statistics import share
from eval.errors import ReportError
from eval.metric_names import GROUPS, NAMES
from eval.read_reports import ReadCase, ReadReport
from eval.resampling import Numbers, Resampler
from eval.results import DIGITS
from eval.scoring import UNBOUNDED

POWER = 2.8 / 3.92
"""The smallest difference that is found in four of five runs, as a share of the interval's width:
1.96 + 0.84 standard errors over 2 x 1.96 of them, as if they were normally distributed."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A metric in both runs."""

    name: str
    a: float
    b: float
    """Means over the cases in which both have a value."""
    change: float
    """b - a."""
    low: float | None
    high: float | None
    """The middle 95 % of the bootstrap distribution of the change; None where all cases are about
    one paper."""
    cases: int
    apart: int
    """Cases of both in which only one has a value, because the other declined or failed."""

    @property
    def distinguishable(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high

    @property
    def detectable(self) -> float | None:
        """The change that so many cases would show in four of five runs; None if none moved."""
        if self.low is None or self.high is None or self.low == self.high:
            return None
        return round((self.high - self.low) * POWER, DIGITS)

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a difference."""
        found = {"distinguishable": self.distinguishable, "detectable": self.detectable}
        return asdict(self) | found


@dataclass(frozen=True, kw_only=True)
class Move:
    """A case that came out otherwise."""

    id: str
    question: str
    outcomes: tuple[str, str]
    gain: float
    """The changes of its metrics, averaged within a group and summed over the groups; what could
    not be scored counts as 0."""
    values: tuple[tuple[str, float | None, float | None], ...]
    """The metrics that moved, the furthest first, with their values in both runs."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two runs side by side."""

    a: str
    b: str
    """What the runs are called."""
    cases: int
    """In both."""
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    """The ids of cases that only one has."""
    altered: tuple[str, ...]
    """Those of cases whose question, or what is known of its answer, is not the same."""
    coverage: tuple[float, float]
    """The share of the cases of which everything attempted could be scored, in each run."""
    differences: Mapping[str, Difference]
    unpaired: tuple[str, ...]
    """Metrics that have no value in both runs for any case."""
    moves: tuple[Move, ...]
    """The furthest first."""
    settings: Mapping[str, tuple[str | None, str | None]]
    """Those that differ, in both runs; None where one has none."""

    @property
    def better(self) -> tuple[Move, ...]:
        """The cases that gained."""
        return tuple(move for move in self.moves if move.gain > 0)

    @property
    def worse(self) -> tuple[Move, ...]:
        """The cases that lost."""
        return tuple(move for move in self.moves if move.gain < 0)

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a comparison."""
        differences = {name: each.as_json() for name, each in self.differences.items()}
        return asdict(self) | {"differences": differences}


def compare(a: ReadReport, b: ReadReport) -> Comparison:
    """Compare two runs.

    Raises:
        ReportError: They have no case in common.
    """
    both = [name for name in a.cases if name in b.cases]
    altered = [name for name in both if a.cases[name].known != b.cases[name].known]
    pairs = [(a.cases[name], b.cases[name]) for name in both if name not in altered]
    if not pairs:
        raise ReportError(
            f"`{a.name}` and `{b.name}` have no case in common",
            hint="run both on the same suite, over the same papers",
        )
    draws = Resampler([case.cluster for _, case in pairs])
    metrics = sorted({*a.metrics, *b.metrics}, key=_order)
    found = {name: _difference(name, pairs, draws) for name in metrics}
    moves = [move for pair in pairs if (move := _move(*pair))]
    return Comparison(
        a=a.name,
        b=b.name,
        cases=len(pairs),
        only_a=tuple(name for name in a.cases if name not in b.cases),
        only_b=tuple(name for name in b.cases if name not in a.cases),
        altered=tuple(altered),
        coverage=(_covered([case for case, _ in pairs]), _covered([case for _, case in pairs])),
        differences={name: each for name, each in found.items() if each},
        unpaired=tuple(name for name, each in found.items() if not each),
        moves=tuple(sorted(moves, key=lambda move: -abs(move.gain))),
        settings=_differing(a.settings, b.settings),
    )


def _difference(
    name: str, pairs: Sequence[tuple[ReadCase, ReadCase]], draws: Resampler
) -> Difference | None:
    rows = np.array([None not in _values(name, *pair) for pair in pairs], bool)
    some = [pair for pair, marked in zip(pairs, rows, strict=True) if marked]
    if not some:
        return None
    columns = [
        (
            np.array([case.values[name] for case in cases], float),
            np.array([case.weights.get(name, 1) for case in cases], float),
        )
        for cases in zip(*some, strict=True)
    ]
    change = draws.estimate(partial(_change, a=columns[0], b=columns[1]), rows=rows)
    assert change is not None
    one = np.ones((1, len(some)))
    first, second = (float(_mean(one, *column)[0]) for column in columns)
    return Difference(
        name=name,
        a=round(first, DIGITS),
        b=round(second, DIGITS),
        change=round(change.value, DIGITS),
        low=None if change.low is None else round(change.low, DIGITS),
        high=None if change.high is None else round(change.high, DIGITS),
        cases=len(some),
        apart=sum(_values(name, *pair).count(None) == 1 for pair in pairs),
    )


def _change(weights: Numbers, *, a: tuple[Numbers, Numbers], b: tuple[Numbers, Numbers]) -> Numbers:
    return _mean(weights, *b) - _mean(weights, *a)


def _mean(weights: Numbers, values: Numbers, counts: Numbers) -> Numbers:
    return share(weights * counts, values=values)


def _values(name: str, *cases: ReadCase) -> tuple[float | None, ...]:
    return tuple(case.values.get(name) for case in cases)


def _move(a: ReadCase, b: ReadCase) -> Move | None:
    """Give what became of a case otherwise; None if it came out alike."""
    moved = [
        (name, a.values[name], b.values[name])
        for name in sorted({*a.values} & {*b.values}, key=_order)
        if name not in UNBOUNDED and a.values[name] != b.values[name]
    ]
    if not moved and a.outcome == b.outcome:
        return None
    changes = {name: (second or 0) - (first or 0) for name, first, second in moved}
    return Move(
        id=b.id,
        question=b.question,
        outcomes=(a.outcome, b.outcome),
        gain=round(sum(_by_group(changes, {*a.values} & {*b.values})), DIGITS),
        values=tuple(sorted(moved, key=lambda row: -abs(changes[row[0]]))),
    )


def _by_group(changes: Mapping[str, float], names: set[str]) -> Iterator[float]:
    """Average the changes of each group of metrics over those that apply to the case."""
    known = {name for group in GROUPS.values() for name in group}
    for group in (*map(set, GROUPS.values()), names - known):
        if apply := (group & names) - UNBOUNDED:
            yield sum(changes.get(name, 0) for name in apply) / len(apply)


def _covered(cases: Sequence[ReadCase]) -> float:
    return round(sum(case.scored for case in cases) / len(cases), DIGITS)


def _differing(
    a: Mapping[str, str], b: Mapping[str, str]
) -> dict[str, tuple[str | None, str | None]]:
    names = dict.fromkeys([*a, *b])
    return {name: (a.get(name), b.get(name)) for name in names if a.get(name) != b.get(name)}


def _order(name: str) -> tuple[int, str]:
    """Put metrics in the order in which they are shown, unknown ones last."""
    names = list(NAMES)
    return (names.index(name) if name in NAMES else len(names), name)
