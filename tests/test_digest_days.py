"""Two hundred requests for the papers of some days, each against days counted on a calendar.

The truth is counted here by plain arithmetic on days, and by offsets of zones that never change.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.settings import Settings
from assistant.understanding.intents import Kind, understand

MONTHS = """January February March April May June July August September October November
    December""".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

HOURS = {
    "UTC": 0.0,
    "Asia/Kolkata": 5.5,
    "Asia/Tokyo": 9.0,
    "Pacific/Kiritimati": 14.0,
    "America/Phoenix": -7.0,
    "Pacific/Pago_Pago": -11.0,
}
"""Hours that zones without summer time are ahead of UTC."""

DAY = timedelta(days=1)

Days = tuple[date, date]


def leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_of(year: int, month: int) -> Days:
    length = 29 if month == 2 and leap(year) else LENGTHS[month - 1]
    return date(year, month, 1), date(year, month, length)


def back_to(today: date, fits: Callable[[date], bool]) -> date:
    while not fits(today):
        today -= DAY
    return today


def monday_before(day: date) -> date:
    return back_to(day, lambda each: each.toordinal() % 7 == 1)  # 1 January of year 1 was a Monday


def iso_week(year: int, week: int) -> Days:
    """Week 1 is the one with 4 January."""
    monday = monday_before(date(year, 1, 4)) + 7 * (week - 1) * DAY
    return monday, monday + 6 * DAY


class Case(NamedTuple):
    message: str
    moment: str
    zone: str
    days: Days
    kind: Kind
    count: int | None = None


def generated(number: int) -> Case:
    """Make a case: a moment near an end of something, a zone, a request and its days."""
    chance = random.Random(number)
    year = chance.randint(2019, 2032)
    edge = date(year, *chance.choice([(1, 1), (3, 1), (7, 31), (12, 31)]))
    moment = datetime(edge.year, edge.month, edge.day, chance.randrange(24), 30, tzinfo=UTC)
    moment += chance.randint(-4, 4) * DAY
    zone = chance.choice(list(HOURS))
    today = (moment + timedelta(hours=HOURS[zone])).date()
    message, days, kind, *count = chance.choice(REQUESTS)(today, chance)
    return Case(message, moment.isoformat(), zone, days, kind, *count)


Told = tuple[str, Days, Kind] | tuple[str, Days, Kind, int]


def of_today(today: date, chance: random.Random) -> Told:
    said = chance.choice(["summarize today's papers", "today's digest", "what's new today?"])
    return said, (today, today), "digest"


def of_yesterday(today: date, chance: random.Random) -> Told:
    day = today - DAY
    return "compare yesterday's two papers on pruning", (day, day), "literature", 2


def of_a_weekday(today: date, chance: random.Random) -> Told:
    place = chance.randrange(7)
    day = back_to(today - DAY, lambda each: (each.toordinal() - 1) % 7 == place)
    return f"papers from last {WEEKDAYS[place]}", (day, day), "digest"


def of_last_week(today: date, chance: random.Random) -> Told:
    monday = monday_before(today) - 7 * DAY
    return "what was new last week on distillation", (monday, monday + 6 * DAY), "papers"


def of_this_week(today: date, chance: random.Random) -> Told:
    monday = monday_before(today)
    return "what did I miss this week?", (monday, monday + 6 * DAY), "digest"


def of_a_numbered_week(today: date, chance: random.Random) -> Told:
    year, week = chance.randint(2015, 2030), chance.randint(1, 52)
    return f"digest of {year}-W{week:02}", iso_week(year, week), "digest"


def of_the_53rd_week(today: date, chance: random.Random) -> Told:
    year = chance.choice([2015, 2020, 2026])  # each begins or ends on a Thursday
    return f"papers of {year}-W53", iso_week(year, 53), "digest"


def of_a_day_without_year(today: date, chance: random.Random) -> Told:
    month = chance.randint(1, 12)
    number = chance.randint(1, LENGTHS[month - 1])
    day = back_to(today, lambda each: (each.month, each.day) == (month, number))
    said = f"the three most upvoted papers of {number} {MONTHS[month - 1]}"
    return said, (day, day), "digest", 3


def of_a_leap_day(today: date, chance: random.Random) -> Told:
    day = back_to(today, lambda each: (each.month, each.day) == (2, 29))
    return "papers of 29 February", (day, day), "digest"


def of_last_month(today: date, chance: random.Random) -> Told:
    last = today.replace(day=1) - DAY
    return "summarize last month's papers", month_of(last.year, last.month), "digest"


def of_a_month(today: date, chance: random.Random) -> Told:
    year, month = chance.randint(2015, 2030), chance.choice([2, 2, 4, 12])
    return f"digest for {MONTHS[month - 1]} {year}", month_of(year, month), "digest"


def of_some_days(today: date, chance: random.Random) -> Told:
    count = chance.randint(2, 40)
    days = (today - (count - 1) * DAY, today)
    return f"top five papers of the last {count} days", days, "digest", 5


def of_a_range(today: date, chance: random.Random) -> Told:
    first = today - chance.randint(5, 400) * DAY
    last = first + chance.randint(1, 60) * DAY
    return f"papers from {first} to {last}", (first, last), "digest"


REQUESTS = (
    *(of_today, of_yesterday, of_a_weekday, of_last_week, of_this_week, of_a_numbered_week),
    *(of_the_53rd_week, of_a_day_without_year, of_a_leap_day, of_last_month, of_a_month),
    *(of_some_days, of_a_range),
)


@pytest.mark.parametrize("number", range(200))
def test_days_are_those_of_the_calendar(number: int) -> None:
    case = generated(number)
    environment = {"FOOTNOTE_NOW": case.moment, "FOOTNOTE_TIMEZONE": case.zone}
    today = Settings.read(environment, home=Path("/nowhere")).today
    request = understand(case.message, today=today)
    assert request.span is not None
    assert (request.span.since, request.span.until) == case.days
    assert (request.kind, request.count) == (case.kind, case.count)


def test_every_kind_of_request_is_among_them() -> None:
    assert len({generated(number).message.split()[-1] for number in range(200)}) > 60
    assert len({generated(number).zone for number in range(200)}) == len(HOURS)
