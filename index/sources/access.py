"""What every live source is read with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from index.sources.client import Client
from index.sources.clock import Clock
from index.sources.services import Services
from index.sources.visits import Visits


@dataclass(frozen=True, kw_only=True)
class Access:
    """The client, what it asks, and what is remembered of earlier visits."""

    client: Client
    services: Services
    visits: Visits
    clock: Clock
    say: Callable[[str], None]
    """Tells the user a line that is neither a paper nor a problem."""

    @property
    def day(self) -> date:
        """The day in UTC, by which lists and announcements are dated."""
        return self.clock.now().date()
