"""Ingesting for others: files that are sent, read into the home one after another."""

from __future__ import annotations

import json
from typing import IO, Any

from anyio import Lock

from assistant.errors import CrowdedError
from assistant.serving import own_command
from index.home import Home

MOST = 8
"""Uploads that are being read or wait for it."""


class Ingesting:
    """Reads what is sent into one home."""

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
                printed = await own_command.run(
                    "ingest", "-", "--json", home=self._home, stdin=stream.fileno()
                )
        finally:
            self._count -= 1
        report: dict[str, Any] = json.loads(printed)
        for problem in report["problems"]:
            problem["source"] = name
        return report
