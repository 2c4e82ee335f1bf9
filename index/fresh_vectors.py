"""Vectors that stay fresh: opened once more when another process has changed the corpus.

Chroma reads its folder when it opens it, and does not see what other processes write afterwards.
A server sees it, but vectors that were built anew are another collection.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from time import monotonic
from typing import TypeVar

from index.errors import VectorServerError
from index.minilm import FloatArray
from index.vectors import DamagedVectorsError, NearPassage, Vectors

PATIENCE = 1.0
"""Seconds between two openings: a long ingest changes the corpus several times a second."""

REST = 10.0
"""Seconds for which a server that did not answer is left alone: whoever asks it waits for it."""

Told = TypeVar("Told")


class FreshVectors:
    """The vectors of a home that others write to; safe to use from several threads.

    Chroma shares what it has read between all who open one folder in a process. So the old vectors
    are closed before the new are opened, and nobody may search in between: one lock for all.
    """

    def __init__(
        self,
        vectors: Vectors | None,
        *,
        generation: Callable[[], int],
        opened: Callable[[], Vectors | None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        """Begin with `vectors`; None if there are none that could be searched.

        Args:
            generation: Tells a number that is another one after every change.
            opened: Opens the vectors as they are now; None if they cannot be searched. May raise
                VectorServerError: then it is tried again, after REST.
            now: Seconds on a clock that only goes forward.
        """
        self._vectors = vectors
        self._generation = generation
        self._opened = opened
        self._seen = generation()
        self._now = now
        self._looked = now()
        self._rests_until = now()
        self._lock = threading.Lock()

    def nearest(
        self, vector: FloatArray, *, limit: int, keys: Collection[int] | None
    ) -> list[NearPassage]:
        """Find the passages nearest to `vector`, best first, of the papers `keys` if given.

        Raises:
            DamagedVectorsError: There are no vectors, or Chroma cannot read them.
        """
        return self._asked(lambda vectors: vectors.nearest(vector, limit=limit, keys=keys))

    def count(self) -> int:
        """How many passages there are; raises as `nearest`."""
        return self._asked(Vectors.count)

    def close(self) -> None:
        """Let go of the folder, or of the server."""
        with self._lock:
            self._close()

    def _asked(self, ask: Callable[[Vectors], Told]) -> Told:
        with self._lock:
            if self._now() < self._rests_until:
                raise DamagedVectorsError("the server of the vectors does not answer")
            try:
                self._refresh()
                return self._asked_twice(ask)
            except VectorServerError as error:
                self._rests_until = self._now() + REST
                raise DamagedVectorsError(str(error)) from error

    def _asked_twice(self, ask: Callable[[Vectors], Told]) -> Told:
        if self._vectors is not None:
            try:
                return ask(self._vectors)
            except DamagedVectorsError:
                self._reopen()  # others may just have been put in their place
        if self._vectors is None:
            raise DamagedVectorsError("there are no vectors that could be searched")
        return ask(self._vectors)

    def _refresh(self) -> None:
        """Open the vectors once more if something has changed since they were opened."""
        if self._now() - self._looked >= PATIENCE and self._generation() != self._seen:
            self._reopen()

    def _reopen(self) -> None:
        generation = self._generation()
        self._close()
        self._vectors = self._opened()
        self._seen = generation
        self._looked = self._now()

    def _close(self) -> None:
        if self._vectors is not None:
            self._vectors.close()
            self._vectors = None
