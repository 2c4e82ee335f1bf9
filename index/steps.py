"""Steps: which texts something derived from the corpus holds, so that it can follow the corpus.

A file with the key and the hash of every text, in the order of keys. It is written last: what a
crash leaves is found out by the next comparison, and done again.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt

NAME = "steps.npy"
STEP = np.dtype([("key", "i8"), ("text_hash", "S32")])
Steps = npt.NDArray[np.void]


def steps_of(texts: Collection[tuple[int, bytes]]) -> Steps:
    """Make steps of the keys and hashes that a corpus gives."""
    return np.array(list(texts), STEP)


def read_steps(folder: Path) -> Steps:
    """Read what a folder holds; nothing if it has no such file."""
    place = folder / NAME
    return np.load(place) if place.exists() else np.empty(0, STEP)


def write_steps(folder: Path, steps: Steps) -> None:
    """Note what a folder holds; whoever reads meanwhile sees what was noted before."""
    draft = folder / f"new-{NAME}"
    np.save(draft, steps)
    draft.replace(folder / NAME)


def written_at(folder: Path) -> int:
    """Tell when this was noted, in nanoseconds; 0 if it never was."""
    try:
        return (folder / NAME).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def differing(held: Steps, wanted: Steps) -> tuple[list[int], list[int]]:
    """Give the keys of texts to take out, and of those to put in; a changed text is in both."""
    gone, new = held[~_among(held, wanted)], wanted[~_among(wanted, held)]
    return gone["key"].tolist(), new["key"].tolist()


def _among(some: Steps, others: Steps) -> npt.NDArray[np.bool_]:
    """Tell which of `some` are among `others`, by key first: comparing hashes takes long."""
    if not len(others):
        return np.zeros(len(some), bool)
    places = np.searchsorted(others["key"], some["key"]).clip(max=len(others) - 1)
    there = others[places]
    same: npt.NDArray[np.bool_] = (there["key"] == some["key"]) & (
        there["text_hash"] == some["text_hash"]
    )
    return same
