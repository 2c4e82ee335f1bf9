"""Conversations on the page, kept over a reload in a database of their own, until deleted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from assistant.conversation import Turn
from assistant.errors import TooLargeError
from index.database import explained

MOST = 200
"""Questions of one conversation."""

TABLES = """
CREATE TABLE IF NOT EXISTS chats (
    id TEXT PRIMARY KEY,         -- cannot be guessed: who knows it may read
    begun TEXT NOT NULL          -- UTC
);
CREATE TABLE IF NOT EXISTS asked (
    chat TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,     -- from 1
    answer TEXT NOT NULL,        -- JSON, in its public shape; its quotes are in it
    PRIMARY KEY (chat, number)
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Asked:
    """A question of a conversation and its answer, in the public JSON shape."""

    number: int
    answer: dict[str, Any]


class Chats:
    """The conversations of one home; a connection is opened for each step, as they come seldom."""

    def __init__(self, place: Path) -> None:
        """Keep them in the file `place`, which is made with the first."""
        self._place = place

    def begin(self) -> str:
        """Begin a conversation; give its id.

        Raises:
            HomeError: The file cannot be written, or no room is left.
        """
        name = token_urlsafe(16)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._connected() as connection:
            connection.execute("INSERT INTO chats VALUES (?, ?)", (name, now))
        return name

    def holds(self, chat: str) -> bool:
        """Whether there is such a conversation."""
        with self._connected() as connection:
            return bool(connection.execute("SELECT 1 FROM chats WHERE id = ?", (chat,)).fetchone())

    def read(self, chat: str) -> list[Asked]:
        """Give what was asked and answered, in order; nothing of a conversation that is not there.

        Raises:
            HomeError: The file cannot be read.
        """
        query = "SELECT number, answer FROM asked WHERE chat = ? ORDER BY number"
        with self._connected() as connection:
            rows = connection.execute(query, (chat,)).fetchall()
        return [Asked(number, json.loads(answer)) for number, answer in rows]

    def keep(self, chat: str, number: int, answer: dict[str, Any]) -> None:
        """Keep an answer in its place; what was asked from there on is gone.

        Raises:
            TooLargeError: The conversation is too long.
            HomeError: The file cannot be written, or no room is left.
        """
        if number > MOST:
            raise TooLargeError(
                f"This conversation holds {MOST} questions, which is the most",
                hint="begin a new one",
            )
        written = json.dumps(answer, ensure_ascii=False)
        with self._connected() as connection, connection:
            connection.execute("BEGIN")
            connection.execute("DELETE FROM asked WHERE chat = ? AND number >= ?", (chat, number))
            connection.execute(
                "INSERT INTO asked SELECT id, ?, ? FROM chats WHERE id = ?", (number, written, chat)
            )

    def delete(self, chat: str) -> None:
        """Delete a conversation, if it is there.

        Raises:
            HomeError: The file cannot be written.
        """
        with self._connected() as connection:
            connection.execute("DELETE FROM chats WHERE id = ?", (chat,))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with (
            explained(self._place),
            closing(sqlite3.connect(self._place, isolation_level=None)) as connection,
        ):
            connection.executescript(TABLES)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted is gone
            yield connection


def history(asked: list[Asked]) -> tuple[Turn, ...]:
    """Give a conversation as the assistant reads it."""
    turns = []
    for each in asked:
        papers = tuple(citation["paper"]["id"] for citation in each.answer["citations"])
        turns.append(Turn("user", each.answer["question"]))
        turns.append(Turn("assistant", each.answer["text"], papers))
    return tuple(turns)
