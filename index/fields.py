"""The fields of a JSON row, each of the type it should have or an error that names it."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

from index.days import iso_day
from index.rows import RowError, quoted

Object: TypeAlias = dict[str, Any]

COUNT_LIMIT = 10**9
"""More votes, comments or authors than this is an error, and would not fit the corpus."""


def object_of(value: object) -> Object:
    """Take a row, which must be a JSON object."""
    if not isinstance(value, dict):
        raise RowError(f"is not a JSON object but {_shown(value)}")
    return value


def objects(row: Object, name: str) -> list[Object]:
    """Read a list of objects; empty if it is absent."""
    values = _list(row, name)
    for value in values:
        if not isinstance(value, dict):
            raise RowError(f"`{name}` holds {_shown(value)}, which is not an object")
    return values


def texts(row: Object, name: str) -> tuple[str, ...]:
    """Read a list of texts; empty if it is absent."""
    values = _list(row, name)
    for value in values:
        if not isinstance(value, str):
            raise RowError(f"`{name}` holds {_shown(value)}, which is not text")
    return tuple(values)


def text(row: Object, name: str) -> str | None:
    """Read a text; None if it is absent."""
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    raise RowError(f"`{name}` is not text but {_shown(value)}")


def count(row: Object, name: str) -> int | None:
    """Read a number of things; None if it is absent, and 0 stays 0."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= COUNT_LIMIT:
        raise RowError(f"`{name}` is not a number of things but {_shown(value)}")
    return value


def day(row: Object, name: str) -> date | None:
    """Read the day of a date or of a time, as it is written: no time zone is applied."""
    value = text(row, name)
    return parsed_day(value, name=name) if value else None


def parsed_day(value: str, *, name: str) -> date:
    """Read a day like `2025-10-30`, be it followed by a time."""
    found = iso_day(value)
    if found is None:
        raise RowError(f"`{name}` is {quoted(value)}, which is no date")
    return found


def _list(row: Object, name: str) -> list[Any]:
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RowError(f"`{name}` is not a list but {_shown(value)}")
    return value


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and abs(value) > COUNT_LIMIT:
        return f"more than {COUNT_LIMIT}"
    return quoted(value)
