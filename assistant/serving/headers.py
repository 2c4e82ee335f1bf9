"""Headers that go with every answer: what a browser may do with it."""

from __future__ import annotations

from starlette.types import Message

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Data acts nowhere; a page brings a policy of its own."""

ALWAYS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # With `no-referrer` browsers would name no origin either, and a page could not log in.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
HSTS = {"strict-transport-security": "max-age=31536000"}


def with_security(message: Message, *, encrypted: bool) -> Message:
    """Add to the start of an answer the headers that it does not have.

    Args:
        encrypted: Whether it goes over HTTPS, so that browsers may insist on that from now on.
    """
    told = list(message.get("headers", ()))
    known = {name.lower() for name, _ in told}
    wanted = ALWAYS | (HSTS if encrypted else {})
    added = [
        (name.encode(), value.encode())
        for name, value in wanted.items()
        if name.encode() not in known
    ]
    return {**message, "headers": [*told, *added]}
