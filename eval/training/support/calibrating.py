"""The scale: how what the network reads becomes a probability, and the two thresholds.

Both are fitted on papers and sources that training did not see (Platt 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.support import Scale, familiar, foreign
from assistant.support_evidence import Evidence, evidence
from assistant.support_network import SupportNetwork
from assistant.support_sources import Source, sentences_of
from eval.training.support.rows import PARAPHRASES, SHIPPABLE, rows

LOST = 0.015
"""Share of the supported sentences of abstracts, reworded by hand, that may fall below `low`.

On texts of other kinds more may: what is checked in use are sentences about abstracts."""

HIGH = 0.5

STEPS = 50
"""Of Newton's method."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """A set of claims that training did not see."""

    read: Numbers
    """(claims, 3): of the worst sentence the log-odds of being unsupported, the share that is
    wrong, and how foreign it is to the source."""
    supported: npt.NDArray[np.bool_]


def fitted_scale(folder: Path) -> Scale:
    """Fit the scale of the network that ships now on what `folder` holds."""
    network = SupportNetwork.load()
    reworded = _held(PARAPHRASES, network, folder)
    others = [_held(name, network, folder) for name in SHIPPABLE]
    elsewhere = _moved(network, folder)
    weights, intercept = platt(reworded, elsewhere, [each for each in others if _has_both(each)])
    scaled = intercept - reworded.read[reworded.supported] @ weights
    low = float(1 / (1 + np.exp(-np.quantile(scaled, LOST))))
    slope, share, unknown = map(float, weights)
    return Scale(slope, share, unknown, intercept, low, HIGH)


def platt(reworded: Held, elsewhere: Held, others: Sequence[Held]) -> tuple[Numbers, float]:
    """Fit what each number read counts, and the intercept.

    All `others` together count as much as `reworded`, and so does `elsewhere`. Both labels of a set
    count alike.
    """
    held = [reworded, elsewhere, *others]
    read = np.concatenate([each.read for each in held])
    supported = np.concatenate([each.supported for each in held])
    shares = [1.0, 1.0, *(1 / len(others) for _ in others)]
    weights = [share * _balanced(each) for share, each in zip(shares, held, strict=True)]
    weight = np.concatenate(weights)
    design = np.column_stack([-read, np.ones(len(read))])
    solved = np.zeros(design.shape[1])
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-design @ solved))
        slope = design.T @ (weight * (supported - probability))
        curvature = (design * (weight * probability * (1 - probability))[:, None]).T @ design
        solved = solved + np.linalg.solve(curvature + 1e-9 * np.eye(len(solved)), slope)
    return solved[:-1], float(solved[-1])


def _has_both(held: Held) -> bool:
    return bool(held.supported.any() and not held.supported.all())


def _balanced(held: Held) -> Numbers:
    """Weigh claims so that those with either label have half the weight of 1."""
    share, count = held.supported.mean(), len(held.supported)
    weight: Numbers = np.where(held.supported, 0.5 / share, 0.5 / (1 - share)) / count
    return weight


def _held(name: str, network: SupportNetwork, folder: Path) -> Held:
    """Read the claims of a set whose sources are held out."""
    held = rows(folder, name, held_out=True)
    asked = [(Source(row.title, row.text), row.claim, row.supported) for row in held]
    return _read(network, asked)


def _moved(network: SupportNetwork, folder: Path) -> Held:
    """Read supported claims beside their own abstract, and beside another one."""
    held = [row for row in rows(folder, PARAPHRASES, held_out=True) if row.supported]
    sources = [Source(row.title, row.text) for row in held]
    others = [*sources[len(held) // 2 :], *sources[: len(held) // 2]]
    own = [(source, row.claim, True) for row, source in zip(held, sources, strict=True)]
    moved = [(source, row.claim, False) for row, source in zip(held, others, strict=True)]
    return _read(network, [*own, *moved])


def _read(network: SupportNetwork, asked: Sequence[tuple[Source, str, bool]]) -> Held:
    """Read claims, each by its source; the worst sentence counts."""
    pairs, owners, foreigns = list[tuple[Evidence, str]](), list[int](), list[float]()
    for number, (source, claim, _) in enumerate(asked):
        for sentence in sentences_of(claim):
            if found := evidence(sentence, [source]):
                pairs.append((found, sentence))
                owners.append(number)
                foreigns.append(foreign(familiar(sentence, [source])))
    worst: dict[int, tuple[float, float, float]] = {}
    for owner, reading, each in zip(owners, network.read(pairs), foreigns, strict=True):
        if owner not in worst or reading.claim > worst[owner][0]:
            worst[owner] = reading.claim, reading.share, each
    labels = np.array([asked[owner][2] for owner in worst], bool)
    return Held(np.array([*worst.values()]), labels)
