"""A clock that stands still until somebody sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class StandingClock:
    """Keeps the promises of a clock, and no test waiting."""

    moment: datetime = datetime(2025, 11, 10, 12, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)
    """The seconds of every sleep."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        assert seconds >= 0
        self.slept.append(seconds)
        self.pass_by(timedelta(seconds=seconds))

    def pass_by(self, time: timedelta) -> None:
        """Let time go by."""
        self.moment += time
