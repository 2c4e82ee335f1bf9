"""Spans of days by name: `2025-10-30`, `2025-W44`, `2025-10`, `2025-10-01..2025-10-15`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

DAY = timedelta(days=1)

SPAN = re.compile(
    r"(?P<first>[\d-]+)?\.\.(?P<last>[\d-]+)?"
    r"|(?P<year>\d{4})-(?:W(?P<week>\d{2})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?)",
    flags=re.ASCII,
)


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`, both included; None where it is open."""

    first: date | None
    last: date | None

    @classmethod
    def of(cls, name: str) -> Self | None:
        """Read a span; None if it is none, or ends before it begins."""
        match = SPAN.fullmatch(name)
        try:
            span = match and cls(*_days(match))
        except ValueError:
            return None
        return span if span and (span.first or span.last) and span.is_forward else None

    @property
    def is_forward(self) -> bool:
        """Whether it ends on its first day or later."""
        return self.first is None or self.last is None or self.first <= self.last

    def until(self, day: date) -> Self:
        """Cut off what comes after `day`."""
        return type(self)(self.first, min(self.last or day, day))

    def days(self) -> Iterator[date]:
        """Give its days in order; both ends are known."""
        assert self.first
        assert self.last
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * DAY


def _days(match: re.Match[str]) -> tuple[date | None, date | None]:
    if match["year"] is None:
        ends = (match["first"], match["last"])
        first, last = (date.fromisoformat(end) if end else None for end in ends)
        return first, last
    year = int(match["year"])
    if match["week"]:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
        return monday, monday + 6 * DAY
    month = int(match["month"])
    if match["day"]:
        day = date(year, month, int(match["day"]))
        return day, day
    first = date(year, month, 1)
    return first, (first + 31 * DAY).replace(day=1) - DAY
