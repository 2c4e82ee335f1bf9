"""Watching: rounds on a schedule; a source that fails stops no other and no further round."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assistant.watching import watch, watch_once
from index.errors import FootnoteError, SourceError
from index.sources.names import LiveName, live_name
from tests.standing_clock import StandingClock

NAMES = [live_name("hf:today"), live_name("arxiv-rss:cs.CL")]
HOUR = timedelta(hours=1)


def test_rounds_begin_on_time_however_long_they_take() -> None:
    clock = StandingClock()
    began = clock.now()
    rounds: list[tuple[str, timedelta]] = []
    pauses: list[datetime] = []

    def catch_up(name: LiveName) -> None:
        rounds.append((name.text, clock.now() - began))
        clock.pass_by(timedelta(minutes=50 if len(rounds) == 3 else 20))
        if len(rounds) == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch(
            NAMES,
            every=HOUR,
            clock=clock,
            catch_up=catch_up,
            on_failure=lambda _: None,
            on_pause=pauses.append,
        )
    minutes = [(name, time.total_seconds() / 60) for name, time in rounds]
    assert minutes == [
        *(("hf:today", 0), ("arxiv-rss:cs.CL", 20)),
        *(("hf:today", 60), ("arxiv-rss:cs.CL", 110)),
        *(("hf:today", 130), ("arxiv-rss:cs.CL", 150)),  # the second round was late
    ]
    assert pauses == [began + HOUR, began + timedelta(minutes=130)]


def test_a_source_that_fails_is_told_and_tried_again() -> None:
    clock = StandingClock()
    failures: list[str] = []
    caught_up: list[str] = []

    def catch_up(name: LiveName) -> None:
        if name == NAMES[0] and not failures:
            raise SourceError("no network", hint="plug it in")
        caught_up.append(name.text)

    def told(error: FootnoteError) -> None:
        failures.append(str(error))

    assert not watch_once(NAMES, catch_up=catch_up, on_failure=told)
    assert (failures, caught_up) == (["no network"], ["arxiv-rss:cs.CL"])
    assert watch_once(NAMES, catch_up=catch_up, on_failure=told)
    assert caught_up[1:] == ["hf:today", "arxiv-rss:cs.CL"]
    assert clock.slept == []


def test_what_is_a_bug_is_not_swallowed() -> None:
    def catch_up(name: LiveName) -> None:
        raise ZeroDivisionError(name.text)

    with pytest.raises(ZeroDivisionError):
        watch_once(NAMES, catch_up=catch_up, on_failure=lambda _: None)
