"""Feedback: what people said of answers, kept for evaluation in a database of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.database import explained

Rating = Literal["up", "down"]

TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    given TEXT NOT NULL,         -- UTC
    rating TEXT NOT NULL CHECK (rating IN ('up', 'down')),
    reason TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,        -- the text, as it was shown
    papers TEXT NOT NULL         -- JSON: the ids cited, in the order of their numbers
)
"""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What somebody said of an answer."""

    rating: Rating
    question: str
    answer: str
    reason: str = ""
    papers: tuple[str, ...] = ()


class Feedback:
    """The opinions of one home; a connection is opened for each, as they come seldom."""

    def __init__(self, place: Path) -> None:
        """Keep them in the file `place`, which is made with the first."""
        self._place = place

    def keep(self, opinion: Opinion) -> int:
        """Keep an opinion; give its number, from 1.

        Raises:
            HomeError: The file cannot be written, or no room is left.
        """
        row = (
            datetime.now(UTC).isoformat(timespec="seconds"),
            opinion.rating,
            opinion.reason,
            opinion.question,
            opinion.answer,
            json.dumps(opinion.papers),
        )
        columns = "given, rating, reason, question, answer, papers"
        with self._connected() as connection:
            kept = connection.execute(
                f"INSERT INTO feedback ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row
            )
            assert kept.lastrowid is not None
            return kept.lastrowid

    def after(self, number: int, *, limit: int) -> list[dict[str, Any]]:
        """Give the opinions behind a number, the oldest first, as JSON.

        Raises:
            HomeError: The file cannot be read.
        """
        query = "SELECT * FROM feedback WHERE number > ? ORDER BY number LIMIT ?"
        with self._connected() as connection:
            rows = connection.execute(query, (number, limit)).fetchall()
        return [{**row, "papers": json.loads(row["papers"])} for row in map(dict, rows)]

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with (
            explained(self._place),
            closing(sqlite3.connect(self._place, isolation_level=None)) as connection,
        ):
            connection.row_factory = sqlite3.Row
            connection.execute(TABLE)
            yield connection
