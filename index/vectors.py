"""The Chroma collection of passage vectors, and what made it; derived from the corpus."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from index.errors import StaleIndexError
from index.minilm import FloatArray

NAME = "passages"
SCHEMA = "1"
"""Changes whenever ids or metadata of the collection would be read differently."""

MOST_KEYS = 10_000
"""Keys that Chroma is given at once: SQLite takes 32,766 values in a query."""

WIDE = 1000
"""Passages that are looked at where few are wanted: as many as `ef_search` visits anyway."""

HNSW: dict[str, Any] = {
    "space": "cosine",
    "ef_construction": 100,
    "ef_search": WIDE,
    "max_neighbors": 16,
}
"""Well above Chroma's own. On 428 papers the 80 nearest passages of each of 266 questions are then
those of an exhaustive search, in whatever order they were added, so that every process finds the
same. Twice the neighbours and `ef_construction` find no more and take twice as long to build."""


Failures = Callable[[], AbstractContextManager[None]]
"""Gives a context in which Chroma's failures become ours."""


class DamagedVectorsError(Exception):
    """Chroma cannot use what it keeps; the vectors have to be built again from the cache."""


@dataclass(frozen=True)
class TextVectors:
    """The passage vectors of one text of one paper."""

    key: int
    text_hash: str
    embeddings: FloatArray
    """(passages, dimensions), unit length."""


class NearPassage(NamedTuple):
    """A passage that Chroma found; the corpus has to confirm that its text is still current."""

    key: int
    text_hash: str
    similarity: float


class Vectors:
    """The passage vectors; derived from the corpus, and to be deleted without loss."""

    def __init__(
        self, collection: Any, *, version: str, failures: Failures, close: Callable[[], None]
    ) -> None:
        """Take a collection of Chroma that is open.

        Args:
            version: What makes vectors of the same text differ; kept with the collection.
            failures: How failures of Chroma become ours.
            close: Lets go of what was opened for it.

        Raises:
            StaleIndexError: It holds vectors of another version.
        """
        found = collection.metadata or {}
        expected = _manifest(version)
        if {name: found.get(name) for name in expected} != expected:
            raise StaleIndexError(
                f"The vectors were made by `{found.get('vectors')}`, not by `{version}`",
                hint="run `footnote reindex`, or use the model they were made by",
            )
        self._collection = collection
        self._failures = failures
        self.close = close
        """Let go of the folder, or of the server."""

    def count(self) -> int:
        """How many passages there are."""
        with self._failures():
            return int(self._collection.count())

    def answers(self) -> bool:
        """Whether Chroma gives back what it holds: a damaged folder may fail only when asked."""
        with self._failures():
            first = self._collection.get(limit=1, include=["embeddings"])
        return bool(len(first["ids"])) and bool(
            self.nearest(np.asarray(first["embeddings"][0], np.float32), limit=1, keys=None)
        )

    def put(self, texts: Sequence[TextVectors]) -> None:
        """Add the passages of `texts`, then drop those of the papers' former texts."""
        if not texts:
            return
        current = {
            f"{text.key}:{text.text_hash}:{n}": text
            for text in texts
            for n in range(len(text.embeddings))
        }
        with self._failures():
            known = self._ids([text.key for text in texts])
            self._collection.upsert(
                ids=list(current),
                embeddings=np.concatenate([text.embeddings for text in texts]),
                metadatas=[{"key": text.key, "text": text.text_hash} for text in current.values()],
            )
            former = sorted(known - set(current))
            if former:
                self._collection.delete(ids=former)

    def delete(self, keys: Collection[int]) -> None:
        """Drop all passages of the papers `keys`."""
        with self._failures():
            for some in _portions(keys):
                self._collection.delete(where={"key": {"$in": some}})

    def nearest(
        self, vector: FloatArray, *, limit: int, keys: Collection[int] | None
    ) -> list[NearPassage]:
        """Find the passages nearest to `vector`, best first, of the papers `keys` if given.

        Chroma's own filter takes up to a hundred times as long as a search. So it is left out where
        enough of the papers are among the nearest of all: then they are what it would have found.
        """
        if keys is None:
            return self._nearest(vector, limit, None)
        near = self._nearest(vector, WIDE, None)
        among = [each for each in near if each.key in keys]
        if len(among) >= limit or len(near) < WIDE:
            return among[:limit]
        portions = [{"key": {"$in": some}} for some in _portions(keys)]
        found = [near for where in portions for near in self._nearest(vector, limit, where)]
        return sorted(found, key=lambda near: -near.similarity)[:limit]

    def _ids(self, keys: list[int]) -> set[str]:
        """Look up the ids of what is there of these papers."""
        if not self._collection.count():
            return set()
        return set(self._collection.get(where={"key": {"$in": keys}}, include=[])["ids"])

    def _nearest(self, vector: FloatArray, limit: int, where: Any) -> list[NearPassage]:
        with self._failures():
            found = self._collection.query(
                query_embeddings=vector[None],
                n_results=limit,
                where=where,
                include=["distances"],  # ids say what metadata would, and need no look-up
            )
        return [
            _near(passage, 1.0 - float(distance))
            for passage, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]


class VectorStore(Protocol):
    """Where the vectors of a home are kept: a folder in it, or a server of Chroma."""

    def find(self, *, version: str) -> Vectors | None:
        """Open the vectors; None if there are none.

        Raises:
            StaleIndexError: They are of another version.
            DamagedVectorsError: Chroma cannot open them.
            VectorServerError: The server cannot be used.
        """
        ...

    def make(self, *, version: str) -> Vectors:
        """Open the vectors, or make empty ones; raises as `find`."""
        ...

    def anew(self, *, version: str) -> AbstractContextManager[Vectors]:
        """Give empty vectors to be filled; they take the others' place unless filling them fails.

        Nobody else in this process has the others open.

        Raises:
            HomeError: They cannot take that place.
            VectorServerError: The server cannot be used.
        """
        ...


def made_collection(client: Any, name: str, *, version: str) -> Any:
    """Open a collection with a client of Chroma, or make an empty one."""
    return client.get_or_create_collection(
        name, metadata=_manifest(version), configuration={"hnsw": HNSW}, embedding_function=None
    )


def load_engine() -> None:
    """Import Chroma, in about half a second, so that opening a collection takes no time."""
    import chromadb  # noqa: F401


def _manifest(version: str) -> dict[str, str]:
    return {"vectors": version, "schema": SCHEMA}


def _near(passage: str, similarity: float) -> NearPassage:
    key, text_hash, _ = passage.split(":")
    return NearPassage(int(key), text_hash, similarity)


def _portions(keys: Collection[int]) -> list[list[int]]:
    every = sorted(keys)
    return [every[start : start + MOST_KEYS] for start in range(0, len(every), MOST_KEYS)]
