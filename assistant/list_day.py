"""The day of a list: which one is meant where today's is not there yet, or never will be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from assistant.asked import Asked
from assistant.days_in_words import day_in_words
from index.corpus import Corpus

SATURDAY = 5
"""Monday is 0."""


class ListDay(NamedTuple):
    """What is asked, of days that there are, and what is to be said of them."""

    asked: Asked
    remark: str
    """Empty where the days are those that were asked for."""


def with_list(asked: Asked, corpus: Corpus, *, today: date) -> ListDay:
    """Put the last list in the place of today's, if today has none and the last is the newest.

    Daily Papers have no list at weekends, and that of a working day comes in its course. Where a
    list in between is missing, it is not known to be the newest: nothing is put in its place.
    """
    if not (asked.request.span and asked.since == asked.until == today):
        return ListDay(asked, "")
    last = corpus.status().last_day
    if corpus.day_range_keys(today, today).keys or last is None or not _newest(last, today=today):
        return ListDay(asked, "")
    day = f"{today:%A}, {day_in_words(today)}"
    why = f"There is no list of today, {day}, yet"
    if today.weekday() >= SATURDAY:
        why = f"There is no list of today, {day}: there is none at weekends"
    remark = f"{why}. This is from the list of {last:%A}, {day_in_words(last)}."
    return ListDay(replace(asked, since=last, until=last), remark)


def _newest(last: date, *, today: date) -> bool:
    """Whether no working day lies between the day of a list and today."""
    between = (last + timedelta(days=n) for n in range(1, (today - last).days))
    return last < today and all(day.weekday() >= SATURDAY for day in between)
