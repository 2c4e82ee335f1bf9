"""Choices that are kept: what a model chose, by the checksum of what it was asked.

A file of JSON lines that only grows. A line that was torn by a kill is passed over, and what it
held is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Lock

from assistant.choosing import Chosen
from index.errors import HomeError


class KeptChoices:
    """What was chosen so far; several threads, and several processes, may use one file."""

    def __init__(self, place: Path | None) -> None:
        """Read what there is; without a place, nothing outlasts this object.

        Raises:
            HomeError: The file cannot be used.
        """
        self._place = place
        self._lock = Lock()
        self._known: dict[str, list[Chosen]] = {}
        if place is not None:
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                with place.open("ab+") as file:
                    file.seek(0)
                    lines = file.read().split(b"\n")
                    if lines[-1]:  # torn: what comes next begins a line of its own
                        file.write(b"\n")
            except OSError as error:
                raise _unusable(place, error) from error
            self._known = dict(filter(None, map(_read, lines)))

    def get(self, key: str) -> list[Chosen] | None:
        """Give what was chosen; None if it was not asked."""
        return self._known.get(key)

    def put(self, key: str, chosen: Sequence[Chosen]) -> None:
        """Keep what was chosen.

        Raises:
            HomeError: The file cannot be written.
        """
        row = {"asked": key, "chosen": [asdict(each) for each in chosen]}
        with self._lock:
            self._known[key] = list(chosen)
            if self._place is not None:
                try:
                    with self._place.open("ab") as file:
                        file.write(json.dumps(row).encode() + b"\n")
                except OSError as error:
                    raise _unusable(self._place, error) from error


def _read(line: bytes) -> tuple[str, list[Chosen]] | None:
    try:
        row = json.loads(line)
        return str(row["asked"]), [Chosen(**each) for each in row["chosen"]]
    except (ValueError, KeyError, TypeError):
        return None


def _unusable(place: Path, error: OSError) -> HomeError:
    return HomeError(
        f"`{place}` cannot be written: {error.strerror}",
        hint="name a folder that you may write with FOOTNOTE_HOME, and see that it has room",
    )
