"""Mending: vectors that cannot be searched are built again, while words alone find the papers."""

from __future__ import annotations

import logging

import anyio

from assistant.serving import own_command
from index.errors import FootnoteError
from index.home import Home

PAUSE = 600.0
"""Seconds after an attempt before the next."""

logger = logging.getLogger(__name__)


class Mending:
    """Runs `footnote reindex` once somebody was answered without the vectors."""

    def __init__(self, home: Home) -> None:
        """Mend `home`."""
        self._home = home
        self._wanted = anyio.Event()

    def want(self) -> None:
        """Note that the vectors could not be searched; called by the server's own thread."""
        self._wanted.set()

    async def keep_on(self) -> None:
        """Mend whenever it is wanted; ends when it is cancelled."""
        while True:
            await self._wanted.wait()
            logger.warning("The vectors cannot be searched: building them again")
            try:
                await own_command.run("reindex", home=self._home)
            except FootnoteError as error:
                logger.warning("They could not be built: %s; %s", error, error.hint)
            await anyio.sleep(PAUSE)
            self._wanted = anyio.Event()  # what came meanwhile came of the same
