"""The report of the last evaluation, read from the files that `footnote eval run` writes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from index.errors import HomeError

REPORT, PAGE = "report.json", "report.html"
LARGEST = 64 * 2**20
"""Bytes of a report."""
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
"""What a page permits itself, in its head: its own style and script, by their checksums."""
HEAD = 2000
"""Characters of a page in which it says so."""
ALONE = "frame-ancestors 'none'; sandbox allow-scripts"
"""No page may hold it, and it reaches nothing of this site, nor what a browser keeps for it."""
LONGEST = 200
"""Characters of a setting that are shown."""


@dataclass(frozen=True)
class Figure:
    """A measure, in words."""

    name: str
    mean: str
    interval: str
    scored: str


@dataclass(frozen=True)
class Quality:
    """What a report says."""

    suite: str
    cases: int
    day: str
    figures: list[Figure]
    outcomes: list[tuple[str, int]]
    settings: list[tuple[str, str]]


def quality(folder: Path) -> Quality | None:
    """Read the report in a folder; None if there is none.

    Raises:
        HomeError: It cannot be read, or is no report.
    """
    place = folder / REPORT
    try:
        if place.stat().st_size > LARGEST:
            raise _unreadable(place, f"has more than {LARGEST} bytes")
        report = json.loads(place.read_text(encoding="utf-8"))
        written = datetime.fromtimestamp(place.stat().st_mtime).astimezone()
        return _told(report, f"{written.day} {written:%B %Y}")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(place, str(error.strerror)) from error
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable(place, "is no report") from error


def report_page(folder: Path) -> tuple[str, str]:
    """Read the whole page of the report in a folder; give it with the policy to send it under.

    Raises:
        HomeError: It is not there, cannot be read, or permits itself what ours never do.
    """
    place = folder / PAGE
    try:
        if place.stat().st_size > LARGEST:
            raise _unreadable(place, f"has more than {LARGEST} bytes")
        text = place.read_text(encoding="utf-8")
    except OSError as error:
        raise _unreadable(place, str(error.strerror)) from error
    except UnicodeError as error:
        raise _unreadable(place, "is no report") from error
    found = POLICY.search(text[:HEAD])
    policy = unescape(found[1]) if found else ""
    if not policy.startswith("default-src 'none';") or "unsafe" in policy:
        raise _unreadable(place, "is no report")
    return text, f"{policy}; {ALONE}"


def _told(report: Any, day: str) -> Quality:
    return Quality(
        suite=str(report["suite"]),
        cases=int(report["cases"]),
        day=day,
        figures=[_figure(name, metric) for name, metric in report["metrics"].items()],
        outcomes=[(str(name), int(count)) for name, count in report["outcomes"].items()],
        settings=[
            (str(name), str(value)[:LONGEST]) for name, value in sorted(report["settings"].items())
        ],
    )


def _figure(name: str, metric: Any) -> Figure:
    mean, low, high = (metric[key] for key in ("mean", "low", "high"))
    interval = "" if low is None or high is None else f"{low:.3f} to {high:.3f}"
    return Figure(
        name=str(name),
        mean="none" if mean is None else f"{mean:.3f}",
        interval=interval,
        scored=f"{metric['scored']} of {metric['attempted']}",
    )


def _unreadable(place: Path, why: str) -> HomeError:
    return HomeError(
        f"`{place}` {why}", hint=f"run `footnote eval run SUITE --out {place.parent}` again"
    )
