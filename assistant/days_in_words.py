"""Days in words: `30 October 2025`, `from 27 October 2025 up to 2 November 2025`."""

from __future__ import annotations

from datetime import date

from assistant.understanding.calendar_days import unit_around


def day_in_words(day: date) -> str:
    """Write a day out: `30 October 2025`."""
    return f"{day.day} {day:%B} {day.year}"


def days_in_words(since: date | None, until: date | None) -> str:
    """Write days out, both ends included; empty if neither end is given."""
    if since and since == until:
        return day_in_words(since)
    begin = since if since and since > date.min else None
    parts = [f"from {day_in_words(begin)}"] if begin else []
    return " ".join([*parts, *([f"up to {day_in_words(until)}"] if until else [])])


def period_in_words(since: date, until: date) -> str:
    """Name a day, a week, a month or any days, as a title does."""
    if since == until:
        return f"{since:%A}, {day_in_words(since)}"
    if (since, until) == unit_around(since, "month"):
        return f"{since:%B} {since.year}"
    if (since, until) == unit_around(since, "week"):
        week = since.isocalendar()
        return f"week {week.week} of {week.year}, {_from_to(since, until)}"
    return _from_to(since, until)


def _from_to(since: date, until: date) -> str:
    first = f"{since.day}"
    if since.month != until.month or since.year != until.year:
        first += f" {since:%B}"
    if since.year != until.year:
        first += f" {since.year}"
    return f"{first} to {day_in_words(until)}"
