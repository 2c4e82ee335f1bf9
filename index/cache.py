"""The cache: vectors already computed, by text and by version, so that no text is read twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from index.database import DAMAGED, explained
from index.paper_vectors import PaperVectors

TABLE = """
CREATE TABLE IF NOT EXISTS vectors (
    key INTEGER PRIMARY KEY,
    text_hash TEXT NOT NULL,
    version TEXT NOT NULL,
    record BLOB NOT NULL,
    UNIQUE (text_hash, version)
)
"""
CHUNK = 500


class Cache:
    """Vectors on disk. It can be deleted at any time: what is missing is computed again."""

    def __init__(self, place: Path, *, version: str, read_only: bool = False) -> None:
        """Open the cache, or make it; a read-only one that is not there is empty.

        Raises:
            HomeError: The file cannot be written, or no room is left.
        """
        self._place = place
        self._version = version
        self._lock = threading.Lock()
        with explained(place):
            self._connection = _connect(place, read_only=read_only)

    def get(self, text_hashes: Collection[str]) -> dict[str, PaperVectors]:
        """Give what is known of these texts; a damaged record counts as unknown."""
        wanted, found = list(text_hashes), {}
        for start in range(0, len(wanted), CHUNK):
            for text_hash, record in self._rows(wanted[start : start + CHUNK]):
                vectors = PaperVectors.from_bytes(record)
                if vectors is not None:
                    found[text_hash] = vectors
        return found

    def missing(self, text_hashes: Collection[str]) -> set[str]:
        """Give those of these texts of which nothing is known."""
        wanted = list(text_hashes)
        known: set[str] = set()
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            known.update(text for text, _ in self._rows(some, column="NULL"))
        return set(wanted) - known

    def put(self, vectors: Mapping[str, PaperVectors]) -> None:
        """Keep the vectors of these texts; a damaged file is made anew for them.

        Raises:
            HomeError: No room is left.
        """
        rows = [(text, self._version, each.to_bytes()) for text, each in vectors.items()]
        with self._lock, explained(self._place):
            try:
                _write(self._connection, rows)
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
                self._connection.close()
                self._connection = _made_anew(self._place)
                _write(self._connection, rows)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _rows(self, text_hashes: list[str], *, column: str = "record") -> list[tuple[str, bytes]]:
        places = ", ".join("?" * len(text_hashes))
        query = (
            f"SELECT text_hash, {column} FROM vectors WHERE text_hash IN ({places}) AND version = ?"
        )
        with self._lock:
            try:
                return self._connection.execute(query, (*text_hashes, self._version)).fetchall()
            except sqlite3.DatabaseError:
                return []  # damaged or not yet made: all is computed again


def _write(connection: sqlite3.Connection, rows: list[tuple[str, str, bytes]]) -> None:
    with connection:
        connection.executemany(
            "INSERT INTO vectors (text_hash, version, record) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET record = excluded.record",
            rows,
        )


def _connect(place: Path, *, read_only: bool) -> sqlite3.Connection:
    if read_only:
        where = f"{place.absolute().as_uri()}?mode=ro" if place.exists() else ":memory:"
        return sqlite3.connect(where, uri=place.exists(), check_same_thread=False)
    try:
        return _made(place)
    except sqlite3.DatabaseError as error:
        if not _damaged(error):
            raise
    return _made_anew(place)


def _damaged(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in DAMAGED


def _made_anew(place: Path) -> sqlite3.Connection:
    place.unlink(missing_ok=True)
    return _made(place)


def _made(place: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(place, check_same_thread=False)
    try:
        # Losing the last records in a power cut costs only their computation.
        connection.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {TABLE}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
