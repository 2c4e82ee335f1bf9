"""Days said in words, against days found by walking through the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.dates import mentions, span_in_words

SATURDAY = date(2026, 11, 21)

MONTHS = """January February March April May June July August September October November
    December""".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

TODAYS = st.dates(date(1995, 1, 1), date(2095, 12, 31))


def days(words: str, *, today: date = SATURDAY) -> tuple[date, date] | None:
    span = span_in_words(words, today=today)
    return (span.since, span.until) if span else None


def back_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day -= timedelta(days=1)


def stretch(day: date, same: Callable[[date], object]) -> tuple[date, date]:
    """Walk from `day` in both directions as long as `same` stays the same."""
    first = last = day
    while same(first - timedelta(days=1)) == same(day):
        first -= timedelta(days=1)
    while same(last + timedelta(days=1)) == same(day):
        last += timedelta(days=1)
    return first, last


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("today", "2026-11-21", "2026-11-21"),
        ("yesterday", "2026-11-20", "2026-11-20"),
        ("the day before yesterday", "2026-11-19", "2026-11-19"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("so far this year", "2026-01-01", "2026-12-31"),
        ("last 7 days", "2026-11-15", "2026-11-21"),
        ("the last 3 months", "2026-08-22", "2026-11-21"),
        ("past two weeks", "2026-11-08", "2026-11-21"),
        ("the past week", "2026-11-15", "2026-11-21"),
        ("the last couple of days", "2026-11-20", "2026-11-21"),
        ("last 24 hours", "2026-11-20", "2026-11-21"),
        ("three days ago", "2026-11-18", "2026-11-18"),
        ("two weeks ago", "2026-11-02", "2026-11-08"),
        ("last Tuesday", "2026-11-17", "2026-11-17"),
        ("on Tuesday", "2026-11-17", "2026-11-17"),
        ("Saturday", "2026-11-21", "2026-11-21"),
        ("last Saturday", "2026-11-14", "2026-11-14"),
        ("Tuesday last week", "2026-11-10", "2026-11-10"),
        ("last weekend", "2026-11-14", "2026-11-15"),
        ("on 30 October", "2026-10-30", "2026-10-30"),
        ("October 30", "2026-10-30", "2026-10-30"),
        ("the 22nd of November", "2025-11-22", "2025-11-22"),
        ("Oct 30th, 2025", "2025-10-30", "2025-10-30"),
        ("Thursday, 30 October 2025", "2025-10-30", "2025-10-30"),
        ("30.10.2025", "2025-10-30", "2025-10-30"),
        ("30/10/2025", "2025-10-30", "2025-10-30"),
        ("2025-10-30", "2025-10-30", "2025-10-30"),
        ("Feb 29", "2024-02-29", "2024-02-29"),
        ("2025-W44", "2025-10-27", "2025-11-02"),
        ("week 44", "2026-10-26", "2026-11-01"),
        ("week 53", "2020-12-28", "2021-01-03"),
        ("week 1 of 2025", "2024-12-30", "2025-01-05"),
        ("October 2025", "2025-10-01", "2025-10-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("in December", "2025-12-01", "2025-12-31"),
        ("last November", "2025-11-01", "2025-11-30"),
        ("in 2024", "2024-01-01", "2024-12-31"),
        ("since March", "2026-03-01", "2026-11-21"),
        ("after 15 November", "2026-11-16", "2026-11-21"),
        ("from March onwards", "2026-03-01", "2026-11-21"),
        ("before 2020", "0001-01-01", "2019-12-31"),
        ("until yesterday", "0001-01-01", "2026-11-20"),
        ("between 1 and 15 October", "2026-10-01", "2026-10-15"),
        ("October 1-15, 2025", "2025-10-01", "2025-10-15"),
        ("from 28 October to 2 November 2025", "2025-10-28", "2025-11-02"),
        ("28 December to 3 January", "2025-12-28", "2026-01-03"),
        ("between 28 December and 3 January 2025", "2024-12-28", "2025-01-03"),
        ("between November and December", "2026-11-01", "2026-12-31"),
        ("from Thursday to Monday", "2026-11-19", "2026-11-23"),
        ("between 2020 and 2022", "2020-01-01", "2022-12-31"),
        ("2025-10-01 to 2025-10-15", "2025-10-01", "2025-10-15"),
    ],
)
def test_words_say_days(words: str, since: str, until: str) -> None:
    assert days(words) == (date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize(
    "words",
    [
        *("30 February", "2025-13-01", "2025-W53", "week 54", "0 days ago or so", "last 0 days"),
        *("3/4/2025", "GPT-4", "in 2D", "last layer", "30 tasks", "a week of training", "", "1"),
        *("last 9999 years", "between 15 and 1 October", "since tomorrow", "after today"),
    ],
)
def test_what_says_no_days_is_not_read(words: str) -> None:
    assert days(words) is None


@pytest.mark.parametrize("words", ["May", "2012", "Tuesday"])
def test_what_could_be_another_word_is_marked(words: str) -> None:
    assert all(mention.bare for mention in mentions(words, today=SATURDAY))


@given(TODAYS, st.integers(1, 12), st.integers(1, 31))
def test_a_day_without_a_year_is_the_latest_that_has_come(
    today: date, month: int, day: int
) -> None:
    if (month, day) in {(2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31)}:
        assert days(f"{day} {MONTHS[month - 1]}", today=today) is None
        return
    latest = next(each for each in back_from(today) if (each.month, each.day) == (month, day))
    for words in (f"{day} {MONTHS[month - 1]}", f"on {MONTHS[month - 1][:3]} {day}"):
        assert days(words, today=today) == (latest, latest)


@given(TODAYS, st.integers(0, 6))
def test_a_weekday_is_the_latest(today: date, weekday: int) -> None:
    latest = next(day for day in back_from(today) if day.weekday() == weekday)
    before = next(day for day in back_from(today - timedelta(days=1)) if day.weekday() == weekday)
    assert days(f"on {WEEKDAYS[weekday]}", today=today) == (latest, latest)
    assert days(f"last {WEEKDAYS[weekday]}", today=today) == (before, before)


@given(TODAYS, st.integers(1, 53))
def test_a_numbered_week_is_the_latest_that_has_begun(today: date, week: int) -> None:
    monday = next(
        day for day in back_from(today) if day.weekday() == 0 and day.isocalendar().week == week
    )
    assert days(f"week {week}", today=today) == (monday, monday + timedelta(days=6))
    year = monday.isocalendar().year
    assert days(f"{year}-W{week:02}", today=today) == days(f"week {week} of {year}", today=today)


@given(TODAYS)
def test_weeks_months_and_years_are_those_of_the_calendar(today: date) -> None:
    units: dict[str, Callable[[date], object]] = {
        "week": lambda day: day.isocalendar()[:2],
        "month": lambda day: (day.year, day.month),
        "year": lambda day: day.year,
    }
    for unit, same in units.items():
        this = stretch(today, same)
        last = stretch(this[0] - timedelta(days=1), same)
        assert days(f"this {unit}", today=today) == this
        assert days(f"last {unit}", today=today) == last
        assert days(f"2 {unit}s ago", today=today) == stretch(last[0] - timedelta(days=1), same)


@given(TODAYS, st.integers(1, 12))
def test_a_month_without_a_year_is_the_latest_that_has_begun(today: date, month: int) -> None:
    day = next(day for day in back_from(today) if day.month == month)
    assert days(f"in {MONTHS[month - 1]}", today=today) == stretch(day, lambda each: each.month)


@given(TODAYS, st.integers(1, 400))
def test_the_last_days_end_today_and_are_so_many(today: date, number: int) -> None:
    assert days(f"the last {number} days", today=today) == (
        today - timedelta(days=number - 1),
        today,
    )


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), TODAYS)
def test_a_day_with_its_year_is_the_same_whenever_it_is_said(day: date, today: date) -> None:
    month = MONTHS[day.month - 1]
    for words in (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{month[:3]}. {day.day}th {day.year}",
    ):
        assert days(words, today=today) == (day, day)


@given(TODAYS, TODAYS, TODAYS)
def test_two_days_make_a_span_in_their_order(first: date, last: date, today: date) -> None:
    said = days(f"from {first} to {last}", today=today)
    assert said == ((first, last) if first <= last else None)


DATED_TEXT = st.lists(
    st.sampled_from(
        """last this week Tuesday October 30 2025 2025-10-30 since before between and to from 1 -
        15 may march papers of in on the days ago two 2025-W44 44 . , 's 0 99 29 February""".split()
    )
    | st.text(max_size=5)
).map(" ".join)


@given(DATED_TEXT, TODAYS)
def test_mentions_stand_where_they_say_and_never_overlap(text: str, today: date) -> None:
    end = 0
    for mention in mentions(text, today=today):
        assert end <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.span.words
        assert mention.span.since <= mention.span.until
        end = mention.end
