"""Answers that bring no document: failures in passing, refusals, and being sent elsewhere."""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from index.errors import RefusedError, SourceError
from index.rows import quoted
from index.sources.services import Service

IN_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""The HTTP status of what may well succeed later."""


class ReplyError(Exception):
    """A request failed in a way that is worth another try."""

    def __init__(self, why: str, *, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait
        """Seconds that the server wants to be left alone; None if it names none."""


def failed_status(response: Any, service: Service, *, now: datetime) -> ReplyError | None:
    """Read a status that says that the server cannot answer at the moment."""
    status = response.status_code
    if status not in IN_PASSING:
        return None
    wait = _retry_after(response.headers.get("retry-after"), now=now)
    if wait is None and status == 429:
        wait = service.rest
    return ReplyError(f"it answered with HTTP {status}", wait=wait)


def explained_refusal(response: Any, body: bytes, service: Service) -> RefusedError:
    """Say why the server does not answer such a request."""
    status = f"HTTP {response.status_code}"
    reason = _reason(body)
    return RefusedError(
        f"`{service.url}` refuses the request: {status}{f', {quoted(reason)}' if reason else ''}",
        hint="check how the source is spelt, and its days"
        if response.status_code in (400, 404)
        else f"look at it in a browser, or name a mirror in {service.setting}",
    )


def redirected(response: Any, service: Service) -> str:
    """Give the address to which a server sends, if that is its own.

    Raises:
        SourceError: It is another's.
    """
    from httpx2 import URL, InvalidURL

    origin = URL(service.url)
    said = response.headers.get("location", "")
    try:
        target = response.url.join(said)
    except InvalidURL:
        target = None
    if target is not None and target.host == origin.host:
        same = target.scheme == origin.scheme and target.port == origin.port
        secured = (origin.scheme, target.scheme) == ("http", "https")
        if same or (secured and origin.port is None and target.port is None):
            return str(target)
    raise SourceError(
        f"`{service.url}` sends elsewhere, to {quoted(said)}, which is not followed",
        hint=f"a network may want you to log in; or set {service.setting} if you trust the address",
    )


def _retry_after(said: str | None, *, now: datetime) -> float | None:
    """Read seconds or a time (RFC 9110, 10.2.3)."""
    if not said:
        return None
    if said.strip().isdecimal():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
        return max(0.0, (moment - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def _reason(body: bytes) -> str:
    """Find what a server says of its own error; empty if it says nothing of ours to show."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    reason = told.get("error") if isinstance(told, dict) else None
    return reason if isinstance(reason, str) else ""
