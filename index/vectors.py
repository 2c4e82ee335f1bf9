"""The Chroma collection of passage vectors, kept in a folder, and what made it."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.errors import FootnoteError, HomeError, StaleIndexError
from index.minilm import FloatArray

NAME = "passages"
SCHEMA = "1"
"""Changes whenever ids or metadata of the collection would be read differently."""

MOST_KEYS = 10_000
"""Keys that Chroma is given at once: SQLite takes 32,766 values in a query."""

HNSW: dict[str, Any] = {
    "space": "cosine",
    "ef_construction": 100,
    "ef_search": 1000,
    "max_neighbors": 16,
}
"""Well above Chroma's own. On 428 papers the 80 nearest passages of each of 304 questions are then
those of an exhaustive search, so that every process finds the same; with an `ef_search` of 200 two
of them were not. A query still takes 2 ms."""


class DamagedVectorsError(Exception):
    """Chroma cannot use its folder; the vectors have to be built again from the cache."""


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

    def __init__(self, client: Any, collection: Any, folder: Path) -> None:
        self._client = client
        self._collection = collection
        self._folder = folder

    @classmethod
    def open(cls, folder: Path, *, version: str) -> Vectors:
        """Open the collection in `folder`, or make an empty one.

        Args:
            version: What makes vectors of the same text differ; kept with the collection.

        Raises:
            StaleIndexError: It holds vectors of another version.
            DamagedVectorsError: Chroma cannot open the folder.
        """
        import chromadb
        from chromadb.config import Settings

        manifest = {"vectors": version, "schema": SCHEMA}
        with _damage_noticed():
            settings = Settings(anonymized_telemetry=False)
            client: Any = chromadb.PersistentClient(path=str(folder), settings=settings)
            collection = client.get_or_create_collection(
                NAME, metadata=manifest, configuration={"hnsw": HNSW}, embedding_function=None
            )
        found = collection.metadata or {}
        if {name: found.get(name) for name in manifest} != manifest:
            client.close()
            raise StaleIndexError(
                f"The vectors were made by `{found.get('vectors')}`, not by `{version}`",
                hint="run `footnote reindex`, or use the model they were made by",
            )
        return cls(client, collection, folder)

    def count(self) -> int:
        """How many passages there are."""
        with _damage_noticed():
            return int(self._collection.count())

    def answers(self) -> bool:
        """Whether Chroma gives back what it holds: a damaged folder may fail only when asked."""
        with _damage_noticed():
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
        with _damage_noticed():
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
        with _damage_noticed():
            for some in _portions(keys):
                self._collection.delete(where={"key": {"$in": some}})

    def nearest(
        self, vector: FloatArray, *, limit: int, keys: Collection[int] | None
    ) -> list[NearPassage]:
        """Find the passages nearest to `vector`, best first, of the papers `keys` if given."""
        if keys is None:
            return self._nearest(vector, limit, None)
        portions = [{"key": {"$in": some}} for some in _portions(keys)]
        found = [near for where in portions for near in self._nearest(vector, limit, where)]
        return sorted(found, key=lambda near: -near.similarity)[:limit]

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()

    def _ids(self, keys: list[int]) -> set[str]:
        """Look up the ids of what is there of these papers."""
        if not self._collection.count():
            return set()
        return set(self._collection.get(where={"key": {"$in": keys}}, include=[])["ids"])

    def _nearest(self, vector: FloatArray, limit: int, where: Any) -> list[NearPassage]:
        with _damage_noticed():
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


def load_engine() -> None:
    """Import Chroma, in about half a second, so that opening a collection takes no time."""
    import chromadb  # noqa: F401


def replace_folder(folder: Path, made: Path) -> None:
    """Swap `made` in for `folder`; a crash in between leaves no folder, and so a rebuild.

    Raises:
        HomeError: The folder cannot be moved.
    """
    try:
        discard_folder(folder)
        made.rename(folder)
    except OSError as error:
        raise HomeError(
            f"`{folder}` cannot be replaced: {error.strerror}",
            hint="check its permissions, then run `footnote reindex` again",
        ) from error


def discard_folder(folder: Path) -> None:
    """Delete a folder of vectors, if it is there."""
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def _near(passage: str, similarity: float) -> NearPassage:
    key, text_hash, _ = passage.split(":")
    return NearPassage(int(key), text_hash, similarity)


def _portions(keys: Collection[int]) -> list[list[int]]:
    every = sorted(keys)
    return [every[start : start + MOST_KEYS] for start in range(0, len(every), MOST_KEYS)]


@contextmanager
def _damage_noticed() -> Iterator[None]:
    """Tell Chroma's failures, which are of many types, Rust panics among them, from ours."""
    try:
        yield
    except (FootnoteError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise DamagedVectorsError(str(error)) from error
