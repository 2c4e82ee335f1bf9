"""What was sent to whom, so that nobody is sent the same digest twice.

A mail is noted before it is handed in, and noted again once the server has taken it. So a crash in
between leaves a note from which nobody can tell whether it was taken, and it is not sent again by
itself: one digest may be missed, which its reader can ask for, but none comes twice. What the
server refused is forgotten, so that the next run sends it.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from index.database import explained

State = Literal["new", "sending", "sent"]

TABLE = """
CREATE TABLE IF NOT EXISTS deliveries (
    digest TEXT NOT NULL,
    reader TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sending', 'sent')),
    noted TEXT NOT NULL,
    PRIMARY KEY (digest, reader)
)
"""

WAIT = 30.0
"""Seconds to wait for another process that is noting something."""


class Sent:
    """The notes; use it in `with`."""

    def __init__(self, place: Path, *, moment: datetime) -> None:
        """Open the notes, or begin them.

        Raises:
            HomeError: The file cannot be written, is damaged, or no room is left.
        """
        self._place = place
        self._moment = moment
        with explained(place):
            self._connection = sqlite3.connect(place, timeout=WAIT, isolation_level=None)
            self._connection.execute("PRAGMA synchronous = FULL")  # a note outlives a power cut
            self._connection.execute(TABLE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def begin(self, digest: str, reader: str, *, again: bool = False) -> State:
        """Note that a digest is being sent, if it never was.

        Args:
            again: Whatever was noted before.

        Returns:
            `new` if it is to be sent now; else what was noted before.
        """
        row = (digest, reader, "sending", self._moment.isoformat())
        update = "UPDATE SET state = 'sending', noted = excluded.noted"
        with explained(self._place):
            made = self._connection.execute(
                f"INSERT INTO deliveries VALUES (?, ?, ?, ?) ON CONFLICT DO "
                f"{update if again else 'NOTHING'}",
                row,
            )
            if made.rowcount:
                return "new"
            query = "SELECT state FROM deliveries WHERE digest = ? AND reader = ?"
            found = self._connection.execute(query, (digest, reader)).fetchone()
        state: State = found[0]
        return state

    def done(self, digest: str, reader: str) -> None:
        """Note that the server has taken it."""
        statement = "UPDATE deliveries SET state = 'sent' WHERE digest = ? AND reader = ?"
        self._note(statement, digest, reader)

    def forget(self, digest: str, reader: str) -> None:
        """Note that the server has not taken it, so that it can be sent."""
        self._note("DELETE FROM deliveries WHERE digest = ? AND reader = ?", digest, reader)

    def _note(self, statement: str, digest: str, reader: str) -> None:
        with explained(self._place):
            self._connection.execute(statement, (digest, reader))
