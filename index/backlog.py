"""What the index still has to do for the corpus: papers to read in, papers to forget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.database import Database
from index.papers import Paper
from index.shelf import papers_by_key
from index.tellings import text_hash

PENDING = "indexed_hash IS NOT text_hash OR indexed_version IS NOT ?"


class Backlog:
    """Survives a crash: a thing stays on it until the index says that it is done.

    `version` says how passages are made; another one makes every paper pending again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, version: str) -> int:
        """How many papers are pending."""
        rows = self._database.rows(f"SELECT count(*) FROM papers WHERE {PENDING}", (version,))
        return int(rows[0][0])

    def pending(self, version: str) -> Iterator[Paper]:
        """Give, in the order of keys, the papers whose present text is not indexed.

        They may be marked while this goes on.
        """
        query = f"SELECT key FROM papers WHERE {PENDING} ORDER BY key"
        keys = [key for (key,) in self._database.rows(query, (version,))]
        for start in range(0, len(keys), 500):
            yield from papers_by_key(self._database, keys[start : start + 500]).values()

    def mark_indexed(self, papers: Iterable[Paper], version: str) -> None:
        """Note that the texts of `papers` are indexed; one changed since then stays pending."""
        rows = [(text_hash(paper), version, paper.key) for paper in papers]
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE papers SET indexed_hash = ?, indexed_version = ? WHERE key = ?", rows
            )

    def removed_keys(self) -> tuple[int, ...]:
        """Give the keys whose vectors must go: of papers removed, or merged into another."""
        return tuple(key for (key,) in self._database.rows("SELECT key FROM removed_keys"))

    def forget(self, keys: Iterable[int]) -> None:
        """Note that nothing of `keys` is left in the index."""
        with self._database.transaction() as connection:
            rows = [(key,) for key in keys]
            connection.executemany("DELETE FROM removed_keys WHERE key = ?", rows)
