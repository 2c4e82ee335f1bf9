"""Readings into the corpus: which paper a reading is of, and what it brings."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from index.database import Database
from index.papers import Listing, Paper, Problem, Reading, title_id
from index.sources.visits import Cursor, Seen, Told, Visits
from index.tellings import COLUMNS, Record, merged, objection, wording

BATCH = 500
"""Rows a transaction: what a kill can cost, against an fsync each."""

PROBLEMS_KEPT = 1000

Outcome = Literal["added", "updated", "unchanged"]

PLACES = ", ".join("?" * len(COLUMNS.split(",")))
INSERT = f"INSERT INTO papers ({COLUMNS}) VALUES ({PLACES})"
UPDATE = f"UPDATE papers SET ({COLUMNS}) = ({PLACES}) WHERE key = ?"
WITH_ARXIV_ID = f"SELECT key, {COLUMNS} FROM papers WHERE arxiv_id = ?"
WITH_TITLE_ONLY = f"""
    SELECT key, {COLUMNS} FROM papers JOIN titles ON paper_key = key
    WHERE title_id = ? AND arxiv_id IS NULL
"""
FIRST_WITH_TITLE = f"""
    SELECT key, {COLUMNS} FROM papers
    WHERE key = (SELECT min(paper_key) FROM titles WHERE title_id = ?)
"""


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What became of the rows; `read` is the sum of the four other numbers."""

    read: int
    added: int
    updated: int
    """Rows that brought something new about a known paper, a further list day included."""
    unchanged: int
    rejected: int
    problems: tuple[Problem, ...]
    """Why rows were rejected; of very many, the first 1,000."""


def add(database: Database, readings: Iterable[Told]) -> Ingested:
    """Commit `readings` batch by batch; whatever stops it, committed batches stay.

    If the source itself fails, the rows it gave before are still stored. What says how far a source
    was read is committed with the rows before it, at once.
    """
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    batch: list[Told] = []
    try:
        for reading in readings:
            batch.append(reading)
            if len(batch) == BATCH or isinstance(reading, Cursor | Seen):
                full, batch = batch, []
                _store_batch(database, full, counts, problems)
    finally:
        _store_batch(database, batch, counts, problems)
    return Ingested(
        read=counts.total(),
        added=counts["added"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        rejected=counts["rejected"],
        problems=tuple(problems),
    )


def _store_batch(
    database: Database,
    batch: list[Told],
    counts: Counter[str],
    problems: list[Problem],
) -> None:
    if not batch:
        return
    with database.transaction() as connection:
        removed = dict(connection.execute("SELECT wording, paper_id FROM removed_wordings"))
        rows = [told for told in batch if not isinstance(told, Cursor | Seen)]
        outcomes = [_take(connection, row, removed) for row in rows]
        for told in batch:
            if isinstance(told, Cursor | Seen):
                connection.execute(*Visits.remembering(told))
    rejected = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    problems.extend(rejected[: PROBLEMS_KEPT - len(problems)])
    counts.update("rejected" if isinstance(outcome, Problem) else outcome for outcome in outcomes)


def _take(
    connection: sqlite3.Connection, reading: Reading | Problem, removed: dict[str, str]
) -> Outcome | Problem:
    if isinstance(reading, Problem):
        return reading
    why = objection(reading.paper) or _removal(reading.paper, removed)
    if why:
        return Problem(origin=reading.origin, line=reading.line, why=why)
    return _store(connection, reading)


def _removal(paper: Paper, removed: dict[str, str]) -> str | None:
    former = removed.get(wording(paper)) if removed else None
    return former and f"`{former}` was removed, and this text stays out until it is another"


def _store(connection: sqlite3.Connection, reading: Reading) -> Outcome:
    new = Record.of_reading(reading)
    title = title_id(new.paper.title)
    known = _known(connection, new.paper, title)
    record = reduce(merged, (*known, new))
    key = _write(connection, known, record)
    _keep_other_wordings(connection, (*known, new), key, record.paper)
    connection.execute("INSERT INTO titles VALUES (?, ?) ON CONFLICT DO NOTHING", (title, key))
    listed = reading.listing is not None and _list(connection, key, reading.listing)
    if not known:
        return "added"
    changed = listed or len(known) > 1 or record.paper != known[0].paper
    return "updated" if changed else "unchanged"


def _known(connection: sqlite3.Connection, paper: Paper, title: str) -> list[Record]:
    """Find what is stored of the paper: the record that goes on, then one that it swallows.

    An arXiv id decides. A title alone stands for the first paper that had it, and a paper known
    by its title alone becomes the first one that brings an arXiv id for this title.
    """
    if paper.arxiv_id is None:
        rows = connection.execute(FIRST_WITH_TITLE, (title,)).fetchall()
    else:
        rows = connection.execute(WITH_ARXIV_ID, (paper.arxiv_id,)).fetchall()
        rows += connection.execute(WITH_TITLE_ONLY, (title,)).fetchall()
    return [Record.of_row(row) for row in rows]


def _write(connection: sqlite3.Connection, known: list[Record], record: Record) -> int | None:
    if not known:
        return connection.execute(INSERT, record.as_row()).lastrowid
    survivor, *swallowed = known
    for twin in swallowed:
        _hand_over(connection, twin.paper.key, survivor.paper.key)
    if record != survivor:
        connection.execute(UPDATE, (*record.as_row(), survivor.paper.key))
    return survivor.paper.key


def _hand_over(connection: sqlite3.Connection, twin: int | None, key: int | None) -> None:
    for table in ("listings", "other_wordings"):  # its one title comes with the reading
        connection.execute(
            f"UPDATE OR IGNORE {table} SET paper_key = ? WHERE paper_key = ?", (key, twin)
        )
    connection.execute("DELETE FROM papers WHERE key = ?", (twin,))


def _keep_other_wordings(
    connection: sqlite3.Connection, told: Iterable[Record], key: int | None, kept: Paper
) -> None:
    for paper in (record.paper for record in told):
        if paper.abstract and (paper.title, paper.abstract) != (kept.title, kept.abstract):
            connection.execute(
                "INSERT INTO other_wordings VALUES (?, ?) ON CONFLICT DO NOTHING",
                (key, wording(paper)),
            )


def _list(connection: sqlite3.Connection, key: int | None, listing: Listing) -> bool:
    """Note an appearance; True if it is new."""
    day = listing.day.isoformat() if listing.day else ""
    cursor = connection.execute(
        "INSERT INTO listings VALUES (?, ?) ON CONFLICT DO NOTHING", (key, day)
    )
    return cursor.rowcount > 0
