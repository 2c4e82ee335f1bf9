"""The scale: how what the network reads becomes a probability, and the two thresholds.

Both are fitted on papers and sources that training did not see (Platt 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.support import Scale
from assistant.support_evidence import Evidence, evidence
from assistant.support_network import Reading, SupportNetwork
from assistant.support_sources import Source, sentences_of
from eval.training.support.rows import PARAPHRASES, SHIPPABLE, rows

LOST = 0.03
"""Share of the supported sentences of abstracts, reworded by hand, that may fall below `low`.

On texts of other kinds more may: what is checked in use are sentences about abstracts."""

HIGH = 0.5

STEPS = 50
"""Of Newton's method."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """A set of claims that training did not see."""

    name: str
    read: Numbers
    """(claims, 2): log-odds of being unsupported and share that is wrong, of the worst sentence."""
    supported: npt.NDArray[np.bool_]


def fitted_scale(folder: Path) -> Scale:
    """Fit the scale of the network that ships now on what `folder` holds."""
    network = SupportNetwork.load()
    reworded = _held(PARAPHRASES, network, folder)
    others = [_held(name, network, folder) for name in SHIPPABLE]
    slope, share, intercept = platt(reworded, [each for each in others if _has_both(each)])
    scaled = intercept - reworded.read[reworded.supported] @ (slope, share)
    low = 1 / (1 + np.exp(-np.quantile(scaled, LOST)))
    return Scale(slope, share, intercept, float(low), HIGH)


def platt(reworded: Held, others: Sequence[Held]) -> tuple[float, float, float]:
    """Fit slope, share and intercept; all `others` together count as much as `reworded`.

    Both labels of a set count alike.
    """
    held = [reworded, *others]
    read = np.concatenate([each.read for each in held])
    supported = np.concatenate([each.supported for each in held])
    shares = [1.0, *(1 / len(others) for _ in others)]
    weights = [share * _balanced(each) for share, each in zip(shares, held, strict=True)]
    weight = np.concatenate(weights)
    design = np.column_stack([-read, np.ones(len(read))])
    solved = np.zeros(3)
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-design @ solved))
        slope = design.T @ (weight * (supported - probability))
        curvature = (design * (weight * probability * (1 - probability))[:, None]).T @ design
        solved = solved + np.linalg.solve(curvature + 1e-9 * np.eye(3), slope)
    return float(solved[0]), float(solved[1]), float(solved[2])


def _has_both(held: Held) -> bool:
    return bool(held.supported.any() and not held.supported.all())


def _balanced(held: Held) -> Numbers:
    """Weigh claims so that those with either label have half the weight of 1."""
    share, count = held.supported.mean(), len(held.supported)
    weight: Numbers = np.where(held.supported, 0.5 / share, 0.5 / (1 - share)) / count
    return weight


def _held(name: str, network: SupportNetwork, folder: Path) -> Held:
    """Read the claims of a set whose sources are held out; the worst sentence counts."""
    pairs, owners, supported = list[tuple[Evidence, str]](), list[int](), list[bool]()
    for row in rows(folder, name, held_out=True):
        source = Source(row.title, row.text)
        chosen = [(evidence(text, [source]), text) for text in sentences_of(row.claim)]
        pairs += [(found, text) for found, text in chosen if found]
        owners += [len(supported)] * (len(pairs) - len(owners))
        supported.append(row.supported)
    worst: dict[int, Reading] = {}
    for owner, reading in zip(owners, network.read(pairs), strict=True):
        if owner not in worst or reading.claim > worst[owner].claim:
            worst[owner] = reading
    read = np.array([[each.claim, each.share] for each in worst.values()])
    return Held(name, read, np.array([supported[owner] for owner in worst], bool))
