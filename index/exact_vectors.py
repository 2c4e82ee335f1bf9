"""Exact search among the passages of few papers, such as those of a week, in a large corpus.

Chroma's own filter takes longer the larger the collection is, however few papers are asked for (0.5
s at 340,000 passages). Here the vectors lie in a file, 768 bytes a passage, which is mapped into
memory; only the rows of these papers are read. It is derived from the corpus and the cache.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.corpus import Corpus
from index.large_lexical import LARGE
from index.minilm import FloatArray
from index.steps import Steps, differing, read_steps, steps_of, write_steps, written_at
from index.vectors import NearPassage, TextVectors

SHARE = 0.1
"""Of the papers of a corpus; of more, those nearest of all papers hold enough."""

BATCH = 500
GONE = -1
"""In place of the key, for a row that is no longer searched."""

KEYS, ROWS = "keys.i8", "rows.f2"
KEY = np.dtype(np.int64)

Known = Callable[[Sequence[int]], Mapping[int, TextVectors]]
"""Gives the vectors of papers by key; papers without an abstract have none."""


@dataclass(frozen=True)
class _Held:
    """The files, mapped into memory."""

    steps: Steps
    keys: npt.NDArray[np.int64]
    """(rows,)"""
    rows: npt.NDArray[np.float16]
    """(rows, dimensions), unit length."""


class ExactVectors:
    """The vectors of all passages in a folder; safe to use from several threads."""

    def __init__(self, folder: Path, *, least: int = LARGE) -> None:
        """Open nothing yet; a corpus of fewer papers than `least` has no such folder."""
        self._folder = folder
        self._least = least
        self._seen = 0
        self._mapped: _Held | None = None

    def follow(self, corpus: Corpus, known: Known) -> None:
        """Bring the folder in step with the corpus, if that is large; whoever calls may write.

        A crash leaves it as it was or further; the next call does the rest.
        """
        if corpus.count() < self._least:
            self.discard()
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        wanted = steps_of(corpus.texts())
        gone, new = differing(read_steps(self._folder), wanted)
        if not (gone or new):
            return
        self._drop({*gone, *new})
        for start in range(0, len(new), BATCH):
            self._append(known(new[start : start + BATCH]).values())
        write_steps(self._folder, wanted)

    def discard(self) -> None:
        """Delete the folder, if it is there."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def nearest(
        self, vector: FloatArray, *, limit: int, keys: Collection[int]
    ) -> list[NearPassage] | None:
        """Find the passages of the papers `keys` nearest to `vector`, best first.

        None if the folder is not there, knows not all of these papers, or they are too many.
        """
        held = self._read(len(vector))
        if held is None or len(keys) > SHARE * len(held.steps):
            return None
        wanted = np.fromiter(keys, np.int64, len(keys))
        if not np.isin(wanted, held.steps["key"]).all():
            return None
        table = np.zeros(int(held.steps["key"].max()) + 1, bool)
        table[wanted] = True
        rows = np.flatnonzero(table[held.keys] & (held.keys != GONE))
        similarities = held.rows[rows].astype(np.float32) @ vector
        best = np.argsort(-similarities, kind="stable")[:limit]
        places = np.searchsorted(held.steps["key"], held.keys[rows[best]])
        return [
            NearPassage(int(step["key"]), step["text_hash"].decode(), float(similarity))
            for step, similarity in zip(held.steps[places], similarities[best], strict=True)
        ]

    def _read(self, width: int) -> _Held | None:
        """Give what is held; read it again if another process has written since."""
        seen, mapped = written_at(self._folder), self._mapped
        if seen and seen == self._seen:
            return mapped
        self._mapped = _map(self._folder, width) if seen else None
        self._seen = seen
        return self._mapped

    def _append(self, texts: Collection[TextVectors]) -> None:
        """Write behind what is whole, over what a crash has left half; first rows, then keys."""
        if not texts:
            return
        rows = np.concatenate([text.embeddings for text in texts]).astype(np.float16)
        keys = np.repeat([text.key for text in texts], [len(text.embeddings) for text in texts])
        whole = _whole(self._folder, rows.shape[1])
        for name, written in ((ROWS, rows), (KEYS, keys.astype(np.int64))):
            place = self._folder / name
            place.touch()
            with place.open("r+b") as file:
                file.seek(whole * written[0].nbytes)
                file.write(written.tobytes())
                file.truncate()

    def _drop(self, keys: Collection[int]) -> None:
        """Let rows of these papers be searched no more."""
        place = self._folder / KEYS
        if place.exists() and place.stat().st_size >= KEY.itemsize:
            held = np.memmap(place, KEY, "r+", shape=(place.stat().st_size // KEY.itemsize,))
            held[np.isin(held, list(keys))] = GONE
            held.flush()


def _map(folder: Path, width: int) -> _Held | None:
    whole = _whole(folder, width)
    if not whole:
        return None
    rows = np.memmap(folder / ROWS, np.float16, "r", shape=(whole, width))
    return _Held(read_steps(folder), np.fromfile(folder / KEYS, KEY, whole), rows)


def _whole(folder: Path, width: int) -> int:
    """Count the rows that both files hold."""
    sizes = ((KEYS, KEY.itemsize), (ROWS, 2 * width))
    places = [(folder / name, size) for name, size in sizes]
    return min(place.stat().st_size // size if place.exists() else 0 for place, size in places)
