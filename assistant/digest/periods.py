"""Periods: the days of a digest, as a command's options name them, and what is wanted of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.days_in_words import day_in_words, period_in_words
from assistant.digest.digester import Wanted
from assistant.digest.digests import Rank
from assistant.digest.interests import Interests
from assistant.errors import InterestsError, PeriodError
from assistant.understanding.calendar_days import Days, Unit, unit_around
from assistant.understanding.dates import span_in_words
from index.corpus import Corpus
from index.papers import Paper, Problem
from index.reading import read_sources

EXAMPLES: Mapping[Unit, str] = {
    "day": "`2025-10-30`, `yesterday` or `last Tuesday`",
    "week": "`2025-W44` or `last week`",
    "month": "`2025-10` or `last month`",
}


@dataclass(frozen=True, kw_only=True)
class Named:
    """What the options name; at most one of day, week, month, the two ends together, and page."""

    day: str | None = None
    week: str | None = None
    month: str | None = None
    since: str | None = None
    until: str | None = None
    page: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days or the page that a digest is of."""

    title: str
    since: date | None
    until: date | None
    papers: tuple[Paper, ...] | None = None
    """Those of the page; None: all of the days."""
    remark: str = ""


def period_named(named: Named, corpus: Corpus, *, today: date) -> Period:
    """Find the days; without any named, those of the latest list.

    Raises:
        PeriodError: They are no days, or more than one period is named, or no day is known.
        SourceError: The page cannot be read.
    """
    given = [
        name
        for name, value in {
            "--date": named.day,
            "--week": named.week,
            "--month": named.month,
            "--from": named.since or named.until,
            "--page": named.page,
        }.items()
        if value is not None
    ]
    if len(given) > 1:
        raise PeriodError(
            f"`{given[0]}` and `{given[1]}` name two periods",
            hint="name one: a day, a week, a month, `--from` and `--to`, or a page",
        )
    if named.page is not None:
        return _of_page(named.page, corpus, today=today)
    if not given:
        return _latest(corpus)
    since, until = _days(named, today=today)
    return Period(title=period_in_words(since, until), since=since, until=until)


def wanted(
    period: Period,
    *,
    interests: Interests | None = None,
    interests_from: Path | None = None,
    rank: Rank | None = None,
) -> Wanted:
    """Say what a digest is to be made of.

    Args:
        interests_from: The file that the interests were read from: another file makes another
            digest of the same days.
        rank: What comes first; else what suits the interests best, or the votes.

    Raises:
        InterestsError: The interests are to decide, and there are none.
    """
    if rank == "interest" and interests is None:
        raise InterestsError(
            "Without interests nothing can be ranked by them",
            hint="name a file with `--interests FILE`",
        )
    page = period.title if period.papers is not None else ""
    source = str(interests_from.absolute()) if interests_from else ""
    return Wanted(
        title=period.title,
        since=period.since,
        until=period.until,
        papers=period.papers,
        interests=interests,
        rank=rank or ("interest" if interests else "votes"),
        remark=period.remark,
        made_for=" ".join(filter(None, [page, source])),
    )


def _days(named: Named, *, today: date) -> Days:
    units: Mapping[Unit, str | None] = {
        "day": named.day,
        "week": named.week,
        "month": named.month,
    }
    for unit, words in units.items():
        if words is not None:
            days = _said(words, unit, today=today)
            if days != unit_around(days[0], unit):
                raise PeriodError(f"`{words}` is no {unit}", hint=f"give one as {EXAMPLES[unit]}")
            return days
    first = _said(named.since, "day", today=today) if named.since else None
    last = _said(named.until, "day", today=today)[1] if named.until else today
    if first is None:
        raise PeriodError("`--to` needs a beginning", hint="give `--from` too")
    if first[0] > last:
        raise PeriodError(
            f"`{named.since}` comes after {f'`{named.until}`' if named.until else 'today'}",
            hint="give the first day with `--from` and the last with `--to`",
        )
    return first[0], last


def _said(words: str, unit: Unit, *, today: date) -> Days:
    span = span_in_words(" ".join(words.split()), today=today)
    if span is None or span.since == date.min:
        raise PeriodError(f"`{words[:60]}` is no {unit}", hint=f"give one as {EXAMPLES[unit]}")
    return span.since, span.until


def _latest(corpus: Corpus) -> Period:
    day = corpus.status().last_day
    if day is None:
        raise PeriodError(
            "No paper stands on a day's list",
            hint="name days with `--from` and `--to`, or a saved page with `--page`",
        )
    return Period(title=period_in_words(day, day), since=day, until=day)


def _of_page(page: Path, corpus: Corpus, *, today: date) -> Period:
    """Find the papers of a saved page in the corpus."""
    found: dict[int | None, Paper] = {}
    missing, days = 0, set[date | None]()
    for reading in read_sources([str(page)], as_of=today):
        if isinstance(reading, Problem):
            continue
        days.add(reading.listing.day if reading.listing else None)
        paper = corpus.find(reading.paper.id)
        missing += paper is None
        if paper is not None:
            found[paper.key] = paper
    if not found:
        raise PeriodError(
            f"The corpus holds no paper of `{page}`", hint=f"run `footnote ingest {page}` first"
        )
    are = "paper of the page is" if missing == 1 else "papers of the page are"
    remark = f"{missing} {are} not in the corpus." if missing else ""
    day = next(iter(days), None) if len(days) == 1 else None
    title = f"{page.name}, {day_in_words(day)}" if day else page.name
    return Period(title=title, since=day, until=day, papers=tuple(found.values()), remark=remark)
