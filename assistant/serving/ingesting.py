"""Ingesting for others: what was sent is read by a process of its own, the command `footnote`.

So a page of 64 MiB, or one made to do harm, takes nothing from those who are being answered, and
writing follows one rule, that of the home's lock, whoever writes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import PIPE
from typing import IO, Any

import anyio
from anyio import Lock

from assistant.errors import CrowdedError
from index.errors import FootnoteError, SourceError
from index.home import Home

MOST = 8
"""Uploads that are being read or wait for it."""

ROOT = Path(__file__).parents[2]
"""Where the packages lie."""


class Ingesting:
    """Reads what is sent into one home, one thing after another."""

    def __init__(self, home: Home) -> None:
        """Ingest into `home`."""
        self._home = home
        self._lock = Lock()
        self._count = 0

    async def ingest(self, stream: IO[bytes], *, name: str) -> dict[str, Any]:
        """Read a file, open from its beginning, into the corpus; give the report as JSON.

        Args:
            stream: A file of the system.
            name: What the file is called in the report.

        Raises:
            CrowdedError: Too many uploads are waiting.
            FootnoteError: What the command says.
        """
        if self._count >= MOST:
            raise CrowdedError(
                f"{MOST} uploads are being read already, which is the most",
                hint="send it again in a moment",
            )
        self._count += 1
        try:
            async with self._lock:
                report = await self._report(stream)
        finally:
            self._count -= 1
        for problem in report["problems"]:
            problem["source"] = name
        return report

    async def _report(self, stream: IO[bytes]) -> dict[str, Any]:
        words = ["ingest", "-", "--json", "--home", str(self._home.path)]
        ended = await anyio.run_process(
            [sys.executable, "-m", "assistant.cli", *words],
            stdin=stream.fileno(),
            stdout=PIPE,
            stderr=PIPE,
            check=False,
            cwd=ROOT,
        )
        if ended.returncode:
            raise _told(ended.stderr.decode("utf-8", "replace"))
        report: dict[str, Any] = json.loads(ended.stdout)
        return report


def _told(talk: str) -> FootnoteError:
    """Read an error as the command prints it: `error: …`, an empty line, `hint: …`."""
    _, found, rest = talk.rpartition("error: ")
    message, _, hint = rest.partition("\n\nhint: ")
    if not found or not hint:
        return FootnoteError(
            "The file could not be read in", hint="see what `footnote ingest` says of it"
        )
    return SourceError(" ".join(message.split()), hint=" ".join(hint.split()))
