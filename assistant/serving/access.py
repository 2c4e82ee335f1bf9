"""Access: who may come in, by the key, a cookie that was given for it, or a feed's address."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from time import time

from assistant.errors import ServingError

COOKIE = "footnote"
SHORTEST_KEY = 16
"""Characters; what `openssl rand -hex 8` prints."""
COOKIE_SECONDS = 30 * 24 * 3600
HINT = "set FOOTNOTE_API_KEY to a long random text, such as `openssl rand -hex 32` prints"


@dataclass(frozen=True)
class Access:
    """What opens a server; without a key everything is open, to this machine alone."""

    key: str | None = field(repr=False)

    @classmethod
    def with_key(cls, key: str | None) -> Access:
        """Check the key.

        Raises:
            ServingError: It is shorter than SHORTEST_KEY, or is no text that a header can hold.
        """
        if key is not None and len(key) < SHORTEST_KEY:
            raise ServingError(
                f"FOOTNOTE_API_KEY has {len(key)} characters, fewer than {SHORTEST_KEY}", hint=HINT
            )
        if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
            raise ServingError(
                "FOOTNOTE_API_KEY holds more than ASCII letters and signs", hint=HINT
            )
        return cls(key)

    def by_key(self, authorization: str) -> bool:
        """Whether a header `Authorization: Bearer KEY` opens."""
        scheme, _, told = authorization.partition(" ")
        return scheme.lower() == "bearer" and self.is_key(told.strip())

    def is_key(self, told: str) -> bool:
        """Whether this is the key; takes as long for any wrong one."""
        return self.key is not None and _same(told, self.key)

    def cookie(self, *, now: float | None = None) -> str:
        """Give the value of a cookie that opens the pages for COOKIE_SECONDS."""
        until = str(int((time() if now is None else now) + COOKIE_SECONDS))
        return f"{until}.{self._signed(f'cookie {until}')}"

    def by_cookie(self, value: str, *, now: float | None = None) -> bool:
        """Whether a cookie's value opens: ours, and not too old."""
        until, _, signature = value.partition(".")
        if self.key is None or not (until.isascii() and until.isdigit() and len(until) < 16):
            return False
        young = int(until) > (time() if now is None else now)
        return _same(signature, self._signed(f"cookie {until}")) and young

    @property
    def feed_secret(self) -> str:
        """What opens the feed, and nothing else; readers of feeds can send no key."""
        return self._signed("feed")[:32]

    def by_feed_secret(self, told: str) -> bool:
        """Whether this opens the feed."""
        return self.key is not None and _same(told, self.feed_secret)

    def _signed(self, text: str) -> str:
        return hmac.new((self.key or "").encode(), text.encode(), hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
