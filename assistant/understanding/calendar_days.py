"""Weeks, months and years of the calendar; weeks begin on Monday and have their ISO 8601 number."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

Days = tuple[date, date]
"""The first day and the last, both included."""

Unit = Literal["day", "week", "month", "year"]


def unit_around(day: date, unit: Unit, *, back: int = 0) -> Days:
    """Give the day, week, month or year that `day` is in, or the one so many before it."""
    if unit == "day":
        return day - timedelta(days=back), day - timedelta(days=back)
    if unit == "week":
        monday = day - timedelta(days=day.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        first = months_before(day.replace(day=1), back)
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return date(day.year - back, 1, 1), date(day.year - back, 12, 31)


def months_before(day: date, months: int) -> date:
    """Go back so many months; where the month is too short, to its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_weekday(weekday: int, *, as_of: date) -> date:
    """Find the latest Monday (0) to Sunday (6) that is not after `as_of`."""
    return as_of - timedelta(days=(as_of.weekday() - weekday) % 7)


def week_numbered(week: int, *, year: int) -> Days:
    """Give an ISO week.

    Raises:
        ValueError: The year has no such week.
    """
    return unit_around(date.fromisocalendar(year, week, 1), "week")


def latest_year(days_of: Callable[[int], Days], *, as_of: date) -> Days | None:
    """Find the latest year whose days have begun by `as_of`.

    Args:
        days_of: Gives a year's days; raises ValueError for a year that has none. None is returned
            if that holds of nine years running: even Feb 29 and week 53 come more often.
    """
    for year in range(as_of.year + 1, as_of.year - 9, -1):
        try:
            days = days_of(year)
        except ValueError:
            continue
        if days[0] <= as_of:
            return days
    return None
