"""The scorer that ships, loaded once for all tests that need it."""

from __future__ import annotations

from functools import cache

from assistant.support import TrainedSupport


@cache
def shipped_support() -> TrainedSupport:
    """Give the scorer that answers are checked with."""
    return TrainedSupport()
