"""Visits: what the corpus remembers of live sources, so that the next command goes on from there.

How far a source was read is stored with the rows that were read, in one transaction: whatever
breaks off, the next visit misses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from index.database import Database, explained
from index.papers import Problem, Reading


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """How far a source has been read; one that names no day and no token is forgotten."""

    source: str
    after: date | None = None
    """All that is to be read up to this day is read."""
    token: str | None = None
    """Where a harvest of the days after it goes on."""
    until: date | None = None
    """The last day of that harvest."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An answer whose rows are stored, so that its server may say that nothing has changed."""

    address: str
    etag: str | None
    modified: str | None
    """The time as the server writes it."""
    more: bool
    """Whether it said that another page follows."""


Told: TypeAlias = Reading | Problem | Cursor | Seen
"""What a source tells, in order: a cursor stands for the rows before it."""

REMEMBER_CURSOR = """
    INSERT INTO cursors (source, after, token, until) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET after = excluded.after, token = excluded.token, until = excluded.until
    WHERE (after, token, until) IS NOT (excluded.after, excluded.token, excluded.until)
"""
REMEMBER_SEEN = """
    INSERT INTO seen_answers (address, etag, modified, more) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE
    SET etag = excluded.etag, modified = excluded.modified, more = excluded.more
"""
OCCUPY = """
    INSERT INTO paces (pace, free_at) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET free_at = excluded.free_at
"""


class Visits:
    """What is remembered, in the tables of the corpus."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cursor(self, source: str) -> Cursor:
        """Say how far `source` has been read."""
        query = "SELECT after, token, until FROM cursors WHERE source = ?"
        for after, token, until in self._database.rows(query, (source,)):
            return Cursor(source=source, after=_day(after), token=token, until=_day(until))
        return Cursor(source=source)

    def seen(self, address: str) -> Seen | None:
        """Give what was answered at `address` and is stored; None if nothing is."""
        query = "SELECT etag, modified, more FROM seen_answers WHERE address = ?"
        for etag, modified, more in self._database.rows(query, (address,)):
            return Seen(address=address, etag=etag, modified=modified, more=bool(more))
        return None

    def free_at(self, pace: str) -> datetime | None:
        """Say when the services of this pace may be asked again; None if they never were."""
        rows = self._database.rows("SELECT free_at FROM paces WHERE pace = ?", (pace,))
        return datetime.fromisoformat(rows[0][0]) if rows else None

    def occupy(self, pace: str, until: datetime) -> None:
        """Note that these services are not to be asked before `until`, in UTC.

        It is no change of the corpus: its generation stays.
        """
        with explained(self._database.place):
            moment = until.isoformat(timespec="microseconds")
            self._database.connection.execute(OCCUPY, (pace, moment))

    @staticmethod
    def remembering(told: Cursor | Seen) -> tuple[str, tuple[object, ...]]:
        """Give the statement, with its values, that stores what was told."""
        if isinstance(told, Seen):
            return REMEMBER_SEEN, (told.address, told.etag, told.modified, told.more)
        if told.after is None and told.token is None:
            return "DELETE FROM cursors WHERE source = ?", (told.source,)
        after, until = (day.isoformat() if day else None for day in (told.after, told.until))
        return REMEMBER_CURSOR, (told.source, after, told.token, until)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
