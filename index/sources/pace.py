"""Pace: each service is asked no more often than it wants, across commands as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from index.errors import SourceError
from index.sources.clock import Clock
from index.sources.services import Service
from index.sources.visits import Visits

LONGEST_WAIT = 300.0
"""Seconds that a command waits for a service; one that wants more is told to the user."""
LONGEST_REST = 86_400.0
"""Seconds for which a service is left alone at the most, whatever it asks for."""
TOLD_WAIT = 10.0
"""Seconds of waiting that are worth a word."""


class Pace:
    """Waits before each request until its service may be asked."""

    def __init__(self, visits: Visits, clock: Clock, *, say: Callable[[str], None]) -> None:
        self._visits = visits
        self._clock = clock
        self._say = say

    def take_turn(self, service: Service) -> None:
        """Wait until `service` may be asked, and note when it may be asked next.

        Raises:
            SourceError: It wants to be left alone for longer than a command waits.
        """
        now = self._clock.now()
        free_at = self._visits.free_at(service.pace) or now
        wait = (free_at - now).total_seconds()
        if wait > LONGEST_REST:  # the clock was set back since that was noted
            wait = 0.0
        if wait > LONGEST_WAIT:
            raise SourceError(
                f"`{service.url}` wants to be left alone until {free_at:%Y-%m-%d %H:%M} UTC",
                hint="run the command again then; what was read is stored, and it goes on there",
            )
        if wait > TOLD_WAIT:
            self._say(f"Waiting {wait:.0f} seconds, as `{service.url}` wants it")
        if wait > 0:
            self._clock.sleep(wait)
        self._visits.occupy(service.pace, self._clock.now() + _seconds(service.spacing))

    def rest(self, service: Service, seconds: float) -> None:
        """Note that `service` is to be left alone for so long."""
        rest = _seconds(min(max(seconds, service.spacing), LONGEST_REST))
        self._visits.occupy(service.pace, self._clock.now() + rest)


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
