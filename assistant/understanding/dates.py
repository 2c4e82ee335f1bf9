"""Days said in words: `last Tuesday`, `October 2025`, `since March`, `between 1 and 15 October`.

What is said without a year is its latest occurrence that has begun by today. A week, month or year
goes on to its last day even if that is still to come; what is open (`since March`) ends today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from assistant.understanding.calendar_days import Days, months_before
from assistant.understanding.date_forms import FORMS, Form, Said


@dataclass(frozen=True)
class Span:
    """Some days on end, both ends included."""

    since: date
    """`date.min` where the words name no beginning."""
    until: date
    words: str
    """As they were said: `last Tuesday`."""


class Mention(NamedTuple):
    """A span and where a text says it: `text[start:end] == span.words`."""

    span: Span
    start: int
    end: int
    bare: bool
    """A year, month or weekday alone: a date only if the words around it say so."""


WORD_START = re.compile(
    r"""(?<![\w./-])(?=\d|
      (?:yest|toda|the|this|last|past|prev|curr|so|earl|late|week|cale|cw|kw|on|from|betw|sinc|start
        |afte|newe|befo|prio|olde|unti|till|up|thro
        |jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun
        |an?\s|one|two|thre|four|five|six|seve|eigh|nine|ten|elev|twel|coup|few))""",
    re.IGNORECASE | re.VERBOSE,
)
"""Where days can begin: it spares most words of a text the many forms."""

PREPOSITION = re.compile(r"(?:in|on|from|of|for|during)\s+", re.IGNORECASE)
WORD_END = r"(?!\w|[-/.]\d)"

RANGES = tuple(
    (re.compile(before, re.IGNORECASE), re.compile(between, re.IGNORECASE))
    for before, between in (
        (r"between\s+", r"\s+and\s+"),
        (r"from\s+", r"\s*[-–—]\s*|\s+(?:to|until|till|through|up\s+to)\s+"),
        ("", r"\s*(?:–|—|\.\.)\s*|\s+(?:to|until|till|through|-)\s+"),
    )
)
"""What stands before the first of two dates, and what between them."""

OPEN_ENDS = tuple(
    (re.compile(rf"(?:{words})\s+", re.IGNORECASE), end)
    for words, end in (
        (
            r"since(?:\s+the\s+(?:start|beginning)\s+of)?|starting(?:\s+(?:from|on|in|with))?",
            "from",
        ),
        (r"after|later\s+than|newer\s+than", "after"),
        (r"before|prior\s+to|earlier\s+than|older\s+than", "before"),
        (r"until|till|up\s+to|up\s+until|through", "to"),
    )
)
"""Words before a date that leave the other end open."""

FROM = re.compile(r"from\s+", re.IGNORECASE)
ONWARDS = re.compile(r"\s+onwards?\b", re.IGNORECASE)


def span_in_words(words: str, *, today: date) -> Span | None:
    """Read words that say nothing but some days; None if they say anything else.

    >>> span_in_words("last Tuesday", today=date(2025, 10, 30)).since
    datetime.date(2025, 10, 28)
    """
    opening = PREPOSITION.match(words)
    for start in (0, opening.end()) if opening else (0,):
        mention = _longest(words, start, today)
        if mention and mention.end == len(words):
            return mention.span
    return None


def mentions(text: str, *, today: date) -> tuple[Mention, ...]:
    """Find the days that `text` says, from left to right, at each place the longest reading."""
    found: list[Mention] = []
    for place in WORD_START.finditer(text):
        if not found or place.start() >= found[-1].end:
            mention = _longest(text, place.start(), today)
            found += [mention] if mention else []
    return tuple(found)


class _Reading(NamedTuple):
    days: Days
    end: int
    bare: bool


@dataclass(frozen=True)
class _Piece:
    """A form found in a text."""

    form: Form
    said: Said

    @property
    def comes_back(self) -> bool:
        return self.form.comes_back != "never" and not self.said.groupdict().get("year")

    def days(self, as_of: date) -> Days | None:
        try:
            return self.form.read(self.said, as_of)
        except (ValueError, OverflowError):  # such as 30 February, or 9,999 years ago
            return None


def _longest(text: str, start: int, today: date) -> Mention | None:
    found = [*_ones(text, start, today), *_ranges(text, start, today), *_open(text, start, today)]
    sound = [reading for reading in found if reading.days[0] <= reading.days[1]]
    if not sound:
        return None
    (since, until), end, bare = max(sound, key=lambda reading: reading.end)
    return Mention(Span(since, until, text[start:end]), start, end, bare)


def _ones(text: str, start: int, today: date) -> Iterator[_Reading]:
    for piece in _pieces(text, start):
        if days := piece.days(today):
            yield _Reading(days, piece.said.end(), piece.form.bare)


def _pieces(text: str, start: int) -> list[_Piece]:
    """Give the forms that fit, the longest first."""
    matches = [(form, pattern.match(text, start)) for form, pattern in _patterns()]
    pieces = [_Piece(form, said) for form, said in matches if said]
    return sorted(pieces, key=lambda piece: -piece.said.end())


def _ranges(text: str, start: int, today: date) -> Iterator[_Reading]:
    for before, between in RANGES:
        opening = before.match(text, start)
        for left in _pieces(text, opening.end()) if opening else []:
            middle = between.match(text, left.said.end())
            for right in _pieces(text, middle.end())[:1] if middle else []:
                if days := _from_to(left, right, today):
                    yield _Reading(days, right.said.end(), left.form.bare and right.form.bare)


def _from_to(left: _Piece, right: _Piece, today: date) -> Days | None:
    """Resolve two dates together: a year said with one counts for both."""
    if right.comes_back:
        first = left.days(today)
        last = right.days(_before_it_comes_back(first[0], right.form)) if first else None
    else:
        last = right.days(today)
        first = left.days(last[1] if left.comes_back else today) if last else None
    return (first[0], last[1]) if first and last else None


def _before_it_comes_back(day: date, form: Form) -> date:
    later = day + timedelta(days=7) if form.comes_back == "weekly" else months_before(day, -12)
    return later - timedelta(days=1)


def _open(text: str, start: int, today: date) -> Iterator[_Reading]:
    for pattern, end in OPEN_ENDS:
        opening = pattern.match(text, start)
        for reading in _ones(text, opening.end(), today) if opening else ():
            yield reading._replace(days=_opened(reading.days, end, today))
    for reading in _from_onwards(text, start, today):
        yield reading


def _from_onwards(text: str, start: int, today: date) -> Iterator[_Reading]:
    """Read `from March onwards`."""
    opening = FROM.match(text, start)
    for reading in _ones(text, opening.end(), today) if opening else ():
        if onwards := ONWARDS.match(text, reading.end):
            yield _Reading((reading.days[0], today), onwards.end(), False)


def _opened(days: Days, end: str, today: date) -> Days:
    since, until = days
    if end in {"from", "after"}:
        return (since if end == "from" else until + timedelta(days=1)), today
    return date.min, until if end == "to" else since - timedelta(days=1)


@cache
def _patterns() -> tuple[tuple[Form, re.Pattern[str]], ...]:
    return tuple((form, re.compile(rf"(?:{form.pattern}){WORD_END}", re.I)) for form in FORMS)
