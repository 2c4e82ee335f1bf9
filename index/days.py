"""Days as the sources write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?=$|[T ])", flags=re.ASCII)

WRITTEN_DAY = re.compile(
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? "
    r"(?P<day>\d{1,2})(?:,? (?P<year>(?:19|20)\d\d))?(?: (?P<comments>\d{1,6}))?",
    flags=re.ASCII,
)

YEARS_BACK = 9
"""Feb 29 comes back after eight years at the latest (1896 to 1904)."""


def iso_day(text: str) -> date | None:
    """Read `2025-10-30`, or a time that begins with it; None if it is no day.

    >>> iso_day("2025-10-30T23:00:00.000Z")
    datetime.date(2025, 10, 30)
    """
    match = ISO_DAY.match(text)
    return _day(*map(int, match.groups())) if match else None


@dataclass(frozen=True, kw_only=True)
class WrittenDay:
    """A day in words: `Oct 30`, `Jul 7, 2024`, and `Jul 7, 2024 4` with a number of comments."""

    month: int
    day: int
    year: int | None
    comments: int | None

    def latest(self, *, as_of: date) -> date | None:
        """Find the day, without a year the latest not after `as_of`; None if there is no such."""
        if self.year is not None:
            return _day(self.year, self.month, self.day)
        years = range(as_of.year, as_of.year - YEARS_BACK, -1)
        days = (_day(year, self.month, self.day) for year in years)
        return next((day for day in days if day and day <= as_of), None)


def written_day(text: str) -> WrittenDay | None:
    """Read a line that is nothing but a day in words; None if it is another line."""
    match = WRITTEN_DAY.fullmatch(text)
    if match is None:
        return None
    year, comments = match["year"], match["comments"]
    return WrittenDay(
        month=MONTHS.index(match["month"]) + 1,
        day=int(match["day"]),
        year=int(year) if year else None,
        comments=int(comments) if comments else None,
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
