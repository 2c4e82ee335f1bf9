"""The forms in which days are said, and which days each one means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from assistant.understanding.calendar_days import (
    Days,
    Unit,
    latest_weekday,
    latest_year,
    months_before,
    unit_around,
    week_numbered,
)
from index.days import MONTHS

Said = re.Match[str]


class Form(NamedTuple):
    """One way to say days."""

    pattern: str
    read: Callable[[Said, date], Days | None]
    """Gives the days meant on a day; None, ValueError or OverflowError: there are none."""
    comes_back: Literal["never", "weekly", "yearly"] = "never"
    """Said without its week or year, so that another day as "today" may mean other days."""
    bare: bool = False
    """A year, month or weekday alone: a date only if the words around it say so."""


def _written_day(said: Said, as_of: date) -> Days | None:
    """`30 October 2025`, `October 30`; `1 to 15 October`, the latest that has begun."""
    month, last = _month(said), int(said["day"])
    first = int(said.groupdict().get("first") or last)

    def days_of(year: int) -> Days:
        return date(year, month, first), date(year, month, last)

    return days_of(int(said["year"])) if said["year"] else latest_year(days_of, as_of=as_of)


def _numbers(said: Said, as_of: date) -> Days:
    """`2025-10-30`, `30.10.2025`."""
    day = date(int(said["year"]), int(said["month"]), int(said["day"]))
    return day, day


def _slashes(said: Said, as_of: date) -> Days | None:
    """`30/10/2025` and `10/30/2025`; None for `3/4/2025`, which is said for two days."""
    low, high = sorted((int(said["day"]), int(said["month"])))
    if low != high and high <= 12:
        return None
    day = date(int(said["year"]), low, high)
    return day, day


def _week(said: Said, as_of: date) -> Days | None:
    """`2025-W44`, `week 44`."""
    week, year = int(said["week"]), said["year"]
    if year:
        return week_numbered(week, year=int(year))
    return latest_year(lambda each: week_numbered(week, year=each), as_of=as_of)


def _month_named(said: Said, as_of: date) -> Days | None:
    """`October 2025`, `October`; `last October`, the latest that is over."""
    month, year = _month(said), said.groupdict().get("year")
    if said.groupdict().get("last"):
        as_of = as_of.replace(day=1) - timedelta(days=1)
    if year:
        return unit_around(date(int(year), month, 1), "month")
    return latest_year(lambda each: unit_around(date(each, month, 1), "month"), as_of=as_of)


def _month_numbered(said: Said, as_of: date) -> Days:
    """`2025-10`."""
    return unit_around(date(int(said["year"]), int(said["month"]), 1), "month")


def _years(said: Said, as_of: date) -> Days:
    """`2025`, `2020-2022`."""
    first = said.groupdict().get("first") or said["year"]
    return date(int(first), 1, 1), date(int(said["year"]), 12, 31)


def _near_day(said: Said, as_of: date) -> Days:
    """`today`, `yesterday`, `the day before yesterday`."""
    words = said.group().lower()
    back = 2 if "before" in words else 1 if "yesterday" in words else 0
    return unit_around(as_of, "day", back=back)


def _unit_named(said: Said, as_of: date) -> Days:
    """`this week`, `last month`: as the calendar has them."""
    back = said["which"].lower() in {"last", "previous"}
    return unit_around(as_of, _unit(said), back=int(back))


def _units_up_to_today(said: Said, as_of: date) -> Days:
    """`the last 7 days`, `past two weeks`: today is one of the days."""
    number, unit = _number(said), said["unit"].lower()
    if unit == "hour":  # a day that was only touched counts
        return as_of - timedelta(days=-(-number // 24)), as_of
    if unit in {"day", "week"}:
        return as_of - timedelta(days=number * (7 if unit == "week" else 1) - 1), as_of
    months = number * (12 if unit == "year" else 1)
    return months_before(as_of, months) + timedelta(days=1), as_of


def _units_ago(said: Said, as_of: date) -> Days:
    """`3 days ago`: that day; `two weeks ago`: that week of the calendar."""
    return unit_around(as_of, _unit(said), back=_number(said))


def _weekday(said: Said, as_of: date) -> Days:
    """`Tuesday`: the latest, today included; `last Tuesday`: the latest before today."""
    if said.groupdict().get("last"):
        as_of -= timedelta(days=1)
    day = latest_weekday(_weekday_number(said), as_of=as_of)
    return day, day


def _weekday_of_week(said: Said, as_of: date) -> Days:
    """`this Tuesday`, `Tuesday last week`, `Tuesday two weeks ago`."""
    back = 0 if said["which"].lower() == "this" else 1
    monday, _ = unit_around(as_of, "week", back=back)
    day = monday + timedelta(days=_weekday_number(said))
    return day, day


def _weekend(said: Said, as_of: date) -> Days:
    """`last weekend`: the one of last week; `this weekend`: of this; `the weekend`: the latest."""
    which = said["which"].lower()
    over = which == "last" or (which == "the" and as_of.weekday() < 5)
    _, sunday = unit_around(as_of, "week", back=int(over))
    return sunday - timedelta(days=1), sunday


def _month(said: Said) -> int:
    return MONTHS.index(said["month"][:3].capitalize()) + 1


def _weekday_number(said: Said) -> int:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(said["weekday"][:3].lower())


def _unit(said: Said) -> Unit:
    unit: Any = said["unit"].lower()
    return "day" if unit == "hour" else unit


def _number(said: Said) -> int:
    words = (said["number"] or "one").lower().split()
    return int(words[0]) if words[0].isdecimal() else max(NUMBERS.get(word, 0) for word in words)


NUMBERS = {
    word: number
    for number, words in enumerate(
        "a/an/one two/couple three/few four five six seven eight nine ten eleven twelve".split(), 1
    )
    for word in words.split("/")
}
WORDS_OF_NUMBERS = "|".join(sorted(NUMBERS, key=len, reverse=True))

MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAY = r"(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
SOME_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
FIRST = r"(?P<first>\d{1,2})(?:st|nd|rd|th)?"
TO = r"(?:\s?[-–—]\s?|\s+(?:to|and|until|till|through)\s+(?:the\s+)?)"
YEAR = r"(?P<year>(?:19|20)\d\d)"
OF_YEAR = rf"(?:,?\s+(?:of\s+|in\s+)?{YEAR})?"
UNIT = r"(?P<unit>day|week|month|year)"
NUMBER = rf"(?P<number>\d{{1,4}}|(?:an?\s+)?(?:{WORDS_OF_NUMBERS})(?:\s+of)?)"

FORMS = (
    Form(r"today|yesterday|the\s+day\s+before\s+yesterday", _near_day),
    Form(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _numbers),
    Form(r"(?P<year>\d{4})/(?P<month>\d\d?)/(?P<day>\d\d?)", _numbers),
    Form(r"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>\d{4})", _numbers),
    Form(r"(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>\d{4})", _slashes),
    Form(
        rf"{SOME_WEEKDAY}(?:the\s+)?{DAY}\.?\s+(?:of\s+)?{MONTH}{OF_YEAR}", _written_day, "yearly"
    ),
    Form(rf"{SOME_WEEKDAY}{MONTH}\s+(?:the\s+)?{DAY}{OF_YEAR}", _written_day, "yearly"),
    Form(
        rf"(?:between\s+|from\s+)?(?:the\s+)?{FIRST}{TO}{DAY}\s+(?:of\s+)?{MONTH}{OF_YEAR}",
        _written_day,
        "yearly",
    ),
    Form(
        rf"(?:between\s+|from\s+)?{MONTH}\s+(?:the\s+)?{FIRST}{TO}{DAY}{OF_YEAR}",
        _written_day,
        "yearly",
    ),
    Form(rf"{YEAR}-?W(?P<week>\d\d?)", _week),
    Form(rf"(?:calendar\s+week|week|CW|KW)\s?(?P<week>\d\d?){OF_YEAR}", _week, "yearly"),
    Form(rf"{YEAR}-(?P<month>\d\d)", _month_numbered),
    Form(rf"{MONTH}(?:,?\s+|\s+of\s+){YEAR}", _month_named),
    Form(rf"(?P<last>last\s+){MONTH}", _month_named),
    Form(rf"(?:this\s+)?{MONTH}", _month_named, "yearly", bare=True),
    Form(YEAR, _years, bare=True),
    Form(r"(?P<first>(?:19|20)\d\d)\s?[-–—]\s?(?P<year>(?:19|20)\d\d)", _years, bare=True),
    Form(
        rf"(?:so\s+far\s+|earlier\s+|later\s+)?(?P<which>this|last|previous|current)\s+{UNIT}",
        _unit_named,
    ),
    Form(rf"the\s+(?P<which>previous|current)\s+{UNIT}", _unit_named),
    Form(rf"(?<=of\s)(?P<which>the)\s+{UNIT}", _unit_named),
    Form(
        rf"(?:the\s+)?(?:last|past|previous)\s+{NUMBER}[\s-]+(?P<unit>hour|day|week|month|year)s?",
        _units_up_to_today,
    ),
    Form(r"(?:the\s+)?(?:last|past)\s+(?P<number>24|48|72)\s?(?P<unit>h)", _units_up_to_today),
    Form(
        r"(?:the\s+past|past|the\s+last)\s+(?P<number>)(?P<unit>hour|day|week|month|year)",
        _units_up_to_today,
    ),
    Form(rf"{NUMBER}\s+{UNIT}s?\s+ago", _units_ago),
    Form(rf"(?P<last>last\s+){WEEKDAY}", _weekday),
    Form(rf"(?P<which>this)\s+{WEEKDAY}", _weekday_of_week),
    Form(rf"{WEEKDAY}\s+(?:of\s+)?(?P<which>this|last)\s+week", _weekday_of_week),
    Form(rf"on\s+(?:a\s+)?{WEEKDAY}", _weekday, "weekly"),
    Form(WEEKDAY, _weekday, "weekly", bare=True),
    Form(r"(?P<which>this|last|the)\s+weekend", _weekend),
)
"""Every form; where several fit, the longest counts."""
