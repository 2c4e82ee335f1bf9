"""Watching: live sources are caught up with in rounds, until somebody ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from index.errors import FootnoteError
from index.sources.clock import Clock
from index.sources.names import LiveName

NAP = 60.0
"""Seconds of one sleep: a computer that was asleep itself notices soon that a round is due."""


def watch(
    names: Sequence[LiveName],
    *,
    every: timedelta,
    clock: Clock,
    catch_up: Callable[[LiveName], None],
    on_failure: Callable[[FootnoteError], None],
    on_pause: Callable[[datetime], None],
) -> None:
    """Catch up with all sources, again and again; ends only by an exception such as Ctrl-C.

    A source that fails stops no other, and is tried again in the next round.

    Args:
        every: From the beginning of a round to that of the next.
        on_pause: Called after a round with the moment of the next.
    """
    while True:
        started = clock.now()
        watch_once(names, catch_up=catch_up, on_failure=on_failure)
        due = max(started + every, clock.now())
        on_pause(due)
        while (left := (due - clock.now()).total_seconds()) > 0:
            clock.sleep(min(left, NAP))


def watch_once(
    names: Sequence[LiveName],
    *,
    catch_up: Callable[[LiveName], None],
    on_failure: Callable[[FootnoteError], None],
) -> bool:
    """Catch up with each source once; True if none failed."""
    failures = 0
    for name in names:
        try:
            catch_up(name)
        except FootnoteError as error:
            failures += 1
            on_failure(error)
    return failures == 0
