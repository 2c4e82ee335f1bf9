"""Phrases written as a table: one pattern a line, blanks as they are typed."""

from __future__ import annotations

import re
from functools import cache


def any_of(table: str) -> str:
    """Join the lines of a table into one pattern that matches any of them.

    >>> any_of('''
    ...     good (morning|evening)
    ...     hi
    ... ''')
    '(?:good (morning|evening)|hi)'
    """
    return f"(?:{'|'.join(_lines(table))})"


def each_of(table: str) -> tuple[str, ...]:
    """Give the patterns of a table apart."""
    return tuple(_lines(table))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed, not when a file is imported."""
    return re.compile(pattern, re.IGNORECASE)


def bare(text: str) -> str:
    """Reduce a sentence to its words, in small letters: what tables of phrases match.

    >>> bare("What's new?")
    'what s new'
    """
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _lines(table: str) -> list[str]:
    return [line.strip() for line in table.splitlines() if line.strip()]
