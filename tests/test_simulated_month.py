"""A month of daily lists, watched while one answer in ten fails: nothing lost, nothing twice.

Lists grow in the course of their day, votes come in later, and weekends have none. The servers are
real; the hours between two rounds pass at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from index.errors import SourceError
from tests.live_reading import LiveReading
from tests.paper_server import (
    CUT_OFF,
    LOST,
    NONE,
    Asked,
    Fault,
    Instead,
    PaperServer,
    Status,
    hub_row,
)

SHARE = 0.1
FIRST, LAST = date(2025, 10, 1), date(2025, 10, 31)
MORE = (("link", '<https://huggingface.co/x>; rel="next"'),)

FAULTS: tuple[Fault, ...] = (
    Status(429, (("retry-after", "30"),)),
    Status(429, (("retry-after", "1200"),)),
    Status(429),
    Status(500),
    Status(503),
    Status(503, (("retry-after", "10"),)),
    Status(404),
    Status(302, (("location", "https://login.example.org/"),)),
    CUT_OFF,
    LOST,
    Instead(b"[]"),
    Instead(b"[]", MORE),
    Instead(b"<html>Welcome</html>"),
    Instead("[{“".encode("utf-16")),
)


def failing(chance: random.Random, happened: list[Fault]) -> Callable[[Asked], Fault]:
    """Let one answer in ten fail, in any of the ways; note what happened to each request."""

    def fault(_: Asked) -> Fault:
        happened.append(chance.choice(FAULTS) if chance.random() < SHARE else NONE)
        return happened[-1]

    return fault


def month(chance: random.Random) -> dict[date, list[int]]:
    """Say which papers end up on the list of each day; some come back on a later list."""
    numbers = iter(range(1, 10_000))
    lists: dict[date, list[int]] = {}
    for count in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=count)
        if day.weekday() < 5:
            lists[day] = [next(numbers) for _ in range(chance.randint(20, 60))]
            if count > 2 and chance.random() < 0.3:
                lists[day].append(lists[day][0] - 1)
    return lists


def publish(server: PaperServer, lists: dict[date, list[int]]) -> None:
    """Show what of the lists is out: a third of today's in the morning, all of it the day after."""
    now = server.clock.now()
    for day, numbers in lists.items():
        hours = (now - datetime(day.year, day.month, day.day, tzinfo=UTC)).total_seconds() / 3600
        out = numbers[: int(len(numbers) * min(max(hours, 0) / 24, 1))]
        rows = [hub_row(number, day=day, upvotes=votes(number, hours)) for number in out]
        server.lists[day] = sorted(rows, key=lambda row: -row["paper"]["upvotes"])


def votes(number: int, hours: float) -> int:
    return number % 17 + int(min(hours, 60)) // 6


def check_pace(server: PaperServer, faults: list[Fault]) -> None:
    """See that no request came too early: not after another, nor after being sent away."""
    moments = [asked.moment for asked in server.asked]
    for earlier, later, fault in zip(moments, moments[1:], faults, strict=False):
        wanted = 1.0
        if isinstance(fault, Status) and fault.status == 429:
            wanted = float(dict(fault.headers).get("retry-after", 300))
        if isinstance(fault, Status) and fault.status == 503:
            wanted = float(dict(fault.headers).get("retry-after", 1))
        assert (later - earlier).total_seconds() >= wanted, (fault, earlier, later)
    for start, moment in enumerate(moments):
        within = [each for each in moments[start:] if each < moment + timedelta(seconds=300)]
        assert len(within) <= 500


@pytest.mark.parametrize("seed", [1, 2])
def test_a_watched_month_loses_nothing_and_stores_nothing_twice(
    seed: int, live: LiveReading, paper_server: PaperServer
) -> None:
    chance = random.Random(seed)
    lists = month(chance)
    faults: list[Fault] = []
    paper_server.faults = failing(chance, faults)
    paper_server.page = 25
    live.clock.moment = datetime(2025, 10, 1, 9, tzinfo=UTC)
    added, failed, rounds = 0, 0, 0
    while live.clock.now() < datetime(2025, 11, 5, tzinfo=UTC):
        publish(paper_server, lists)
        before = live.corpus.count()
        rounds += 1
        try:
            added += live.watch("hf:today").added
        except SourceError:
            failed += 1
            added += live.corpus.count() - before
        live.clock.pass_by(timedelta(hours=12))
    paper_server.fail()
    publish(paper_server, lists)
    assert live.watch("hf:today").added == 0, "the last rounds had left something out"

    papers = live.papers()
    expected = {f"2510.{number:05}" for numbers in lists.values() for number in numbers}
    assert set(papers) == expected
    assert added == len(papers) == live.corpus.count()
    for day, numbers in lists.items():
        on_list = {paper.id for paper in papers.values() if day in paper.listed}
        assert on_list == {f"2510.{number:05}" for number in numbers}
    assert {number % 17 + 10 for numbers in lists.values() for number in numbers} == {
        paper.upvotes for paper in papers.values()
    }
    check_pace(paper_server, faults)
    faulty = [str(fault) for fault in faults if fault is not NONE]
    print(
        f"{rounds} rounds, {failed} of them failed; {len(faults)} requests, {len(faulty)} of them"
        f" failed in {len(set(faulty))} ways; {len(papers)} papers"
    )
    assert len(faulty) >= SHARE / 2 * len(faults)


def test_a_month_read_at_once_is_finished_by_repeating_the_command(
    live: LiveReading, paper_server: PaperServer
) -> None:
    chance = random.Random(3)
    lists = month(chance)
    publish(paper_server, lists)
    paper_server.page = 25
    paper_server.faults = failing(chance, [])
    added, commands = 0, 0
    while True:
        before = live.corpus.count()
        commands += 1
        try:
            live.ingest("hf:2025-10")
        except SourceError:
            added += live.corpus.count() - before
            live.clock.pass_by(timedelta(minutes=20))
        else:
            added += live.corpus.count() - before
            break
    expected = {f"2510.{number:05}" for numbers in lists.values() for number in numbers}
    assert set(live.papers()) == expected
    assert added == len(expected)
    assert commands < 40
