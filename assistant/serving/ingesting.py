"""Ingesting for others: files that are sent, read into the home one after another."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import IO, Any, NamedTuple

from anyio import CancelScope, Semaphore

from assistant.errors import CrowdedError
from assistant.serving import own_command
from index.home import Home

MOST = 8
"""Uploads that are being read or wait for it."""


class Step(NamedTuple):
    """How far it has come."""

    step: str
    """`reading` counts the papers read, `indexing` those of which the passages are embedded."""
    done: int
    total: int | None

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape."""
        return self._asdict()


class Ingesting:
    """Reads what is sent into one home."""

    def __init__(self, home: Home) -> None:
        """Ingest into `home`."""
        self._home = home
        self._turn = Semaphore(1)  # the task that frees it need not be the one that took it
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
        *_, report = [each async for each in self.steps(stream, name=name)]
        assert isinstance(report, dict)
        return report

    async def steps(
        self, stream: IO[bytes], *, name: str
    ) -> AsyncGenerator[Step | dict[str, Any], None]:
        """Read a file as `ingest`; say how far it has come, and give the report in the end.

        It is read to its end even if nobody listens any more.
        """
        if self._count >= MOST:
            raise CrowdedError(
                f"{MOST} uploads are being read already, which is the most",
                hint="send it again in a moment",
            )
        self._count += 1
        try:
            async with self._turn:
                lines = own_command.lines(
                    "ingest", "-", "--progress", home=self._home, stdin=stream.fileno()
                )
                try:
                    async for line in lines:
                        yield _told(line, name)
                finally:
                    with CancelScope(shield=True):
                        async for _ in lines:
                            pass
        finally:
            self._count -= 1


def _told(line: dict[str, Any], name: str) -> Step | dict[str, Any]:
    if "step" in line:
        return Step(**line)
    for problem in line["problems"]:
        problem["source"] = name
    return line
