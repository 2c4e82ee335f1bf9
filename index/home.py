"""The home: the one folder with everything Footnote keeps, and the lock of its single writer."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BusyError, HomeError

POLL = 0.05
"""Seconds between two looks at a lock that another process holds."""


@dataclass(frozen=True)
class Holder:
    """The process that is writing to a home."""

    pid: int
    command: str
    since: str
    """Local time with its offset, ISO 8601."""

    def __str__(self) -> str:
        return f"`{self.command}` (process {self.pid}, since {self.since})"


@dataclass(frozen=True)
class Home:
    """The places in a home; making one touches no disk."""

    path: Path

    @classmethod
    def open(cls, path: str | Path) -> Home:
        """Make the folder if it is missing and see that it can be written.

        Raises:
            HomeError: It cannot be made, is a file, or may not be written.
        """
        try:
            folder = Path(path).expanduser().absolute()
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise _unusable(path, error) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _unusable(folder, PermissionError(errno.EACCES, "Permission denied"))
        return cls(folder)

    @property
    def corpus(self) -> Path:
        """The database that is the truth."""
        return self.path / "corpus.db"

    @property
    def vectors(self) -> Path:
        """The folder of the vector index, which can be made again."""
        return self.path / "vectors"

    @property
    def words(self) -> Path:
        """The folder of a large corpus' words, which can be made again."""
        return self.path / "words"

    @property
    def exact(self) -> Path:
        """The folder of a large corpus' vectors for exact search, which can be made again."""
        return self.path / "exact"

    @property
    def cache(self) -> Path:
        """The database of vectors already computed."""
        return self.path / "cache.db"

    @property
    def deliveries(self) -> Path:
        """The database of what was sent to whom, which nothing else could tell again."""
        return self.path / "deliveries.db"

    @property
    def feedback(self) -> Path:
        """The database of what people said of answers; no paper is in it, so it can stay here."""
        return self.path / "feedback.db"

    @property
    def chats(self) -> Path:
        """The database of the conversations on the web page, apart from the papers as well."""
        return self.path / "chats.db"

    @property
    def evaluation(self) -> Path:
        """The folder of the evaluation whose report the web page shows."""
        return self.path / "evaluation"

    @property
    def mark(self) -> str | None:
        """What no other home has but its copies; None before anybody has written to it."""
        try:
            return self._mark_file.read_text(encoding="ascii").strip() or None
        except (OSError, ValueError):
            return None

    def leave_mark(self) -> None:
        """Give the home its mark, if it has none; the caller holds the writer's lock.

        Raises:
            HomeError: It cannot be written.
        """
        if self.mark is not None:
            return
        draft = self._mark_file.with_suffix(".new")
        try:
            draft.write_text(secrets.token_hex(16), encoding="ascii")
            draft.replace(self._mark_file)
        except OSError as error:
            raise _unusable(self.path, error) from error

    @property
    def holder(self) -> Holder | None:
        """Who took the writer's lock last; a process that was killed stays named here."""
        try:
            return Holder(**json.loads(self._holder_file.read_text(encoding="utf-8")))
        except (OSError, TypeError, ValueError):
            return None

    @contextmanager
    def writer_lock(
        self, wait: float, *, on_wait: Callable[[Holder | None], None] | None = None
    ) -> Iterator[None]:
        """Be the only writer; the system frees the lock of a process that dies.

        Args:
            wait: Seconds until BusyError; negative to wait for ever.
            on_wait: Called once, with the holder if it is known, when there is someone to wait for.

        Raises:
            BusyError: Another process, or another thread, still holds the lock.
            HomeError: The lock cannot be written.
        """
        lock = FileLock(self.path / "lock", thread_local=False)
        try:
            self._acquire(lock, wait, on_wait)
            self._sign()
        except Timeout as error:
            raise self._busy() from error
        except OSError as error:
            lock.release()
            raise _unusable(self.path, error) from error
        try:
            yield
        finally:
            self._holder_file.unlink(missing_ok=True)
            lock.release()

    def _acquire(
        self, lock: FileLock, wait: float, on_wait: Callable[[Holder | None], None] | None
    ) -> None:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if on_wait:
                on_wait(self.holder)
            lock.acquire(timeout=wait, poll_interval=POLL)

    def _sign(self) -> None:
        program, *words = sys.argv or [""]
        command = shlex.join([Path(program).name or "python", *words[:1]])
        now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
        draft = self._holder_file.with_suffix(".new")
        draft.write_text(json.dumps(asdict(Holder(os.getpid(), command, now))), encoding="utf-8")
        draft.replace(self._holder_file)

    def _busy(self) -> BusyError:
        holder = self.holder
        return BusyError(
            f"`{self.path}` is being written by {holder or 'another process'}",
            hint=f"wait until it has finished{f', or end process {holder.pid}' if holder else ''}",
        )

    @property
    def _mark_file(self) -> Path:
        return self.path / "mark"

    @property
    def _holder_file(self) -> Path:
        return self.path / "lock.json"


def _unusable(path: str | Path, error: OSError | RuntimeError | ValueError) -> HomeError:
    code = error.errno if isinstance(error, OSError) else None
    if code in {errno.ENOSPC, errno.EDQUOT}:
        return HomeError(
            f"No room is left for `{path}`", hint="free some space and run the command again"
        )
    if code in {errno.EEXIST, errno.ENOTDIR}:
        return HomeError(
            f"`{path}` is not a folder", hint="name a folder with `--home` or `FOOTNOTE_HOME`"
        )
    why = error.strerror if isinstance(error, OSError) else error
    return HomeError(
        f"`{path}` cannot be used as a home: {why}",
        hint="name a folder that you may write with `--home` or `FOOTNOTE_HOME`",
    )
