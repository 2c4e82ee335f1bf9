"""The figures of a support scorer: how well it tells supported claims from others, by set.

For each set: AUROC; balanced accuracy at the best threshold of the other half of the groups; within
pairs of a right and a wrong claim, how often the right one scores higher; the share of supported
claims below `low`, the share of unsupported ones there, and the share of supported ones among those
above `high`, were 84 of 100 supported. Brackets hold 95 % intervals, sources being drawn together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.intervals import interval

USUAL = 0.84
"""Share of supported sentences in answers as a mid-size model writes them (400 of 477)."""

RESAMPLES = 400

BoolArray = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """A labelled claim and its score."""

    set_name: str
    group: str
    pair: str
    supported: bool
    support: float


def print_all(*judged: Iterable[Judged], low: float, high: float) -> None:
    """Print a line for each set; no set is in two of `judged`."""
    print(f"low {low}, high {high}")
    print(
        f"{'set':<24}{'right/wrong':>12} {'AUROC':<21}{'balanced':<9}{'in pairs':<9}"
        f"{'right<low':<21}{'wrong<low':<10}{'>=high: right':<14}kept"
    )
    for some in judged:
        sets: dict[str, list[Judged]] = {}
        for each in some:
            sets.setdefault(each.set_name, []).append(each)
        for name, cases in sets.items():
            print(_line(name, cases, low=low, high=high), flush=True)


def _line(name: str, cases: Sequence[Judged], *, low: float, high: float) -> str:
    right = [case for case in cases if case.supported]
    wrong = [case for case in cases if not case.supported]
    counts = f"{len(right)}/{len(wrong)}"
    below = interval([case.support < low for case in right], [case.group for case in right])
    caught = np.mean([case.support < low for case in wrong])
    above = float(np.mean([case.support >= high for case in right]))
    above_wrong = float(np.mean([case.support >= high for case in wrong]))
    said = USUAL * above / max(USUAL * above + (1 - USUAL) * above_wrong, 1e-9)
    lost = f"{below.mean:.3f} [{below.low:.3f}, {below.high:.3f}]"
    return (
        f"{name:<24}{counts:>12} {_auroc_interval(cases):<21}{_balanced(cases):<9.3f}"
        f"{_within_pairs(cases):<9}{lost:<21}{caught:<10.3f}{said:<14.3f}{above:.3f}"
    )


def auroc(support: Numbers, supported: BoolArray) -> float:
    """Give how often a supported claim scores higher than another; a tie is half."""
    wrong = np.sort(support[~supported])
    below = np.searchsorted(wrong, support[supported], side="left")
    up_to = np.searchsorted(wrong, support[supported], side="right")
    return float((below + up_to).mean() / 2 / max(len(wrong), 1))


def _auroc_interval(cases: Sequence[Judged]) -> str:
    support, supported, groups = _arrays(cases)
    members = [np.flatnonzero(groups == group) for group in range(groups.max() + 1)]
    random, drawn = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        sample = np.concatenate(
            [members[at] for at in random.integers(0, len(members), len(members))]
        )
        if supported[sample].any() and not supported[sample].all():
            drawn.append(auroc(support[sample], supported[sample]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{auroc(support, supported):.3f} [{low:.3f}, {high:.3f}]"


def _balanced(cases: Sequence[Judged]) -> float:
    """Give the mean of both recalls, each half judged by the best threshold of the other."""
    support, supported, groups = _arrays(cases)
    halves = [groups % 2 == 0, groups % 2 == 1]
    found = np.zeros(len(cases), bool)
    for own, other in (halves, halves[::-1]):
        thresholds = np.unique(support[other])
        recalls = [_recalls(support[other] >= each, supported[other]) for each in thresholds]
        found[own] = support[own] >= thresholds[int(np.argmax(recalls))]
    return _recalls(found, supported)


def _recalls(found: BoolArray, supported: BoolArray) -> float:
    parts = [found[supported], ~found[~supported]]
    return float(np.mean([part.mean() for part in parts if len(part)]))


def _within_pairs(cases: Sequence[Judged]) -> str:
    pairs: dict[str, dict[bool, float]] = {}
    for case in cases:
        if case.pair:
            pairs.setdefault(case.pair, {})[case.supported] = case.support
    both = [pair for pair in pairs.values() if len(pair) == 2]
    return f"{np.mean([pair[True] > pair[False] for pair in both]):.3f}" if both else "-"


def _arrays(cases: Sequence[Judged]) -> tuple[Numbers, BoolArray, npt.NDArray[np.int64]]:
    names = {name: place for place, name in enumerate(dict.fromkeys(c.group for c in cases))}
    return (
        np.array([case.support for case in cases]),
        np.array([case.supported for case in cases]),
        np.array([names[case.group] for case in cases]),
    )
