"""Rates: how often an address may ask, as a bucket of tokens that fills evenly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

MINUTE = 60.0


@dataclass
class _Bucket:
    tokens: float
    filled: float
    """The moment up to which it was filled."""


class Rate:
    """So many a minute for each address; used by one thread, that of the server's events."""

    def __init__(
        self, per_minute: int, *, addresses: int, now: Callable[[], float] = monotonic
    ) -> None:
        """Begin with full buckets.

        Args:
            addresses: How many are remembered; the one used longest ago is forgotten first.
            now: Seconds on a clock that only goes forward.
        """
        self._per_minute = per_minute
        self._addresses = addresses
        self._now = now
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str) -> float:
        """Count one; give the seconds to wait until it would be allowed, 0 if it is."""
        bucket = self._bucket(address)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return self._wait(bucket)

    def wait(self, address: str) -> float:
        """Give the seconds until one would be allowed, 0 if it is; counts nothing."""
        bucket = self._bucket(address)
        return 0.0 if bucket.tokens >= 1 else self._wait(bucket)

    def _wait(self, bucket: _Bucket) -> float:
        return (1 - bucket.tokens) * MINUTE / self._per_minute

    def _bucket(self, address: str) -> _Bucket:
        now = self._now()
        bucket = self._buckets.setdefault(address, _Bucket(self._per_minute, now))
        self._buckets.move_to_end(address)
        while len(self._buckets) > self._addresses:
            self._buckets.popitem(last=False)
        gained = (now - bucket.filled) * self._per_minute / MINUTE
        bucket.tokens = min(bucket.tokens + gained, self._per_minute)
        bucket.filled = now
        return bucket
