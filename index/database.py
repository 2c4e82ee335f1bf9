"""SQLite: connections, transactions, migrations, and its errors said in our words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import BusyError, FootnoteError, HomeError, NewerCorpusError, OlderCorpusError
from index.schema import APPLICATION, MIGRATIONS

BUSY_TIMEOUT = 10.0
"""Seconds. Writers are kept apart by the home's lock; what is left to wait for is a checkpoint."""

UNWRITABLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Database:
    """One file of SQLite, a connection for each thread that asks.

    A writing database makes the file and brings its schema up to date. A reading one takes no
    lock, never creates the file, and sees what other processes commit.
    """

    def __init__(self, place: Path, *, read_only: bool) -> None:
        self.place = place.absolute()
        self._connect = _connect_to_read if read_only else _connect_to_write
        self._of_thread = threading.local()
        self._connections: list[sqlite3.Connection] = []
        if read_only:
            _see(self.place)
        try:
            with explained(self.place):
                self._prepare(read_only)
        except BaseException:
            self.close()
            raise

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        known: sqlite3.Connection | None = getattr(self._of_thread, "connection", None)
        if known is None:
            with explained(self.place):
                known = self._of_thread.connection = self._connect(self.place)
            self._connections.append(known)
        return known

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Fetch all rows at once: an open cursor would keep the log from being folded in."""
        with explained(self.place):
            return self.connection.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit everything or, after an exception, nothing; a change raises the generation."""
        connection = self.connection
        with explained(self.place), _all_or_nothing(connection):
            before = connection.total_changes
            yield connection
            if connection.total_changes != before:
                connection.execute("UPDATE generation SET number = number + 1")

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._connections:
            self._connections.pop().close()
        self._of_thread = threading.local()

    def _prepare(self, read_only: bool) -> None:
        version = _version(self.connection, self.place)
        if version > len(MIGRATIONS):
            raise NewerCorpusError(
                f"`{self.place}` has schema {version}, this Footnote knows {len(MIGRATIONS)}",
                hint="upgrade Footnote: `pip install --upgrade footnote`",
            )
        if version < len(MIGRATIONS) and not read_only:
            self._migrate()
        elif version == 0:
            raise _no_corpus(self.place)
        elif version < len(MIGRATIONS):
            raise OlderCorpusError(
                f"`{self.place}` has the older schema {version}, not {len(MIGRATIONS)}",
                hint="run `footnote reindex` as somebody who may write it, to bring it up to date",
            )

    def _migrate(self) -> None:
        connection = self.connection
        with _all_or_nothing(connection):
            version = _version(connection, self.place)  # another process may have been faster
            for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {APPLICATION}")


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `place` into ours; a wrong statement stays a bug."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        ours = _explain(error, place)
        if ours is None:
            raise
        raise ours from error


def _explain(error: sqlite3.DatabaseError, place: Path) -> FootnoteError | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return HomeError(
            f"No room is left for `{place}`",
            hint="free some space and run the command again; what was stored stays stored",
        )
    if code in UNWRITABLE:
        return HomeError(
            f"`{place}` cannot be opened or written",
            hint="check its permissions, or name a folder of your own with `--home`",
        )
    if code in DAMAGED:
        return HomeError(
            f"`{place}` is damaged or is not a corpus",
            hint="run `footnote restore` with a backup, or move the file away and ingest again",
        )
    if code in LOCKED:
        return BusyError(
            f"Another process is writing to `{place}`",
            hint="wait until it has finished and run the command again",
        )
    if code == sqlite3.SQLITE_IOERR:
        return HomeError(
            f"`{place}` cannot be read or written: {error}",
            hint="check the disk and its free space, then run the command again",
        )
    return None


def _no_corpus(place: Path) -> HomeError:
    return HomeError(
        f"`{place.parent}` holds no corpus yet",
        hint="`footnote ingest sample:` makes one, or name another folder with `--home`",
    )


@contextmanager
def _all_or_nothing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has already rolled it back
            connection.execute("ROLLBACK")
        raise


def _see(place: Path) -> None:
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _no_corpus(place) from error
    except OSError as error:
        raise HomeError(
            f"`{place}` cannot be read: {error.strerror}",
            hint="check its permissions, or name another folder with `--home`",
        ) from error


def _connect_to_write(place: Path) -> sqlite3.Connection:
    def prepare(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # One fsync a commit. With NORMAL a power cut could take back papers, and so hand out keys
        # again, whose vectors are already on the disk.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Folding the log in every 32 MiB of it, not every 4, makes a large ingest a quarter faster.
        connection.execute("PRAGMA wal_autocheckpoint = 8000")
        connection.execute("PRAGMA cache_size = -65536")  # KiB

    return _connect(str(place), prepare)


def _connect_to_read(place: Path) -> sqlite3.Connection:
    def prepare(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT count(*) FROM sqlite_master")  # opens the file and its log

    try:
        return _connect(f"{place.as_uri()}?mode=ro", prepare)
    except sqlite3.OperationalError as error:
        log = place.with_name(f"{place.name}-wal")
        in_log = log.exists() and log.stat().st_size > 0
        if in_log or error.sqlite_errorcode & 0xFF not in UNWRITABLE:
            raise
    # A folder in which SQLite cannot lay down its log: nobody writes there, so nothing can change.
    return _connect(f"{place.as_uri()}?immutable=1", prepare)


def _connect(address: str, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        address,
        uri=address.startswith("file:"),
        timeout=BUSY_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,  # only so that `close` may close the connection of any thread
    )
    try:
        prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection, place: Path) -> int:
    """Read the version of the schema, 0 of an empty file; another program's file is refused."""
    application = _number(connection, "PRAGMA application_id")
    version = _number(connection, "PRAGMA user_version")
    tables = _number(connection, "SELECT count(*) FROM sqlite_master")
    if application != APPLICATION and (application or version or tables):
        raise HomeError(
            f"`{place}` was written by another program",
            hint="move the file away, or name another folder with `--home`",
        )
    return version


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Split a script; `executescript` would commit before it starts."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
