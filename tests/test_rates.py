"""Rates: so many a minute, evenly, for each address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.serving.rates import Rate


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_is_allowed_and_then_one_at_a_time(clock: Clock) -> None:
    rate = Rate(3, addresses=10, now=clock)
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 20]
    clock.seconds += 19
    assert rate.take("a") == pytest.approx(1)
    clock.seconds += 1
    assert rate.take("a") == 0
    assert rate.take("a") > 0


def test_addresses_are_counted_apart(clock: Clock) -> None:
    rate = Rate(1, addresses=10, now=clock)
    assert [rate.take(each) for each in "aab"] == [0, 60, 0]


def test_looking_counts_nothing(clock: Clock) -> None:
    rate = Rate(1, addresses=10, now=clock)
    assert [rate.wait("a"), rate.wait("a"), rate.take("a"), rate.wait("a")] == [0, 0, 0, 60]


def test_the_address_heard_of_longest_ago_is_forgotten(clock: Clock) -> None:
    rate = Rate(1, addresses=2, now=clock)
    for each in "abac":
        rate.take(each)
    assert rate.wait("a") > 0
    assert rate.wait("b") == 0


@given(st.lists(st.floats(0, 30), max_size=50), st.integers(1, 20))
def test_never_more_than_twice_as_many_in_a_minute(gaps: list[float], per_minute: int) -> None:
    clock = Clock()
    rate = Rate(per_minute, addresses=1, now=clock)
    taken = []
    for gap in gaps:
        clock.seconds += gap
        if rate.take("a") == 0:
            taken.append(clock.seconds)
    for start in taken:
        assert sum(start <= moment < start + 60 for moment in taken) <= 2 * per_minute
