"""The bounds of a server: what one request may hold, and how many there may be."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 2**10
MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is refused with status 413 or 429, which name the bound."""

    body: int = MIB
    """Bytes of a request."""
    upload: int = 64 * MIB
    """Bytes of a request that brings papers: as much as is read of one document."""
    question: int = 2_000
    """Characters."""
    at_once: int = 4
    """Questions answered at the same time: two a core of a small machine. A language model, which
    is waited for, has `at_once_by_model`."""
    at_once_by_model: int = 32
    """Questions that a language model answers at the same time: vLLM puts them into batches."""
    waiting: int = 256
    """Questions that wait for one of these places."""
    per_minute: int = 6_000
    """Requests of one address: a page that searches while somebody types needs five a second, and
    fifty people may share an address."""
    refusals_per_minute: int = 20
    """Wrong keys of one address, before it has to wait."""
    silence: float = 15.0
    """Seconds without an event after which a stream says that it goes on: proxies end one in which
    nothing was said for a minute, some for half of one."""
    addresses: int = 10_000
    """Addresses whose requests are counted; beyond, the one heard of longest ago is forgotten."""


def in_words(size: int) -> str:
    """Say a number of bytes: `64 MiB`."""
    for unit, bytes_ in (("MiB", MIB), ("KiB", KIB)):
        if size >= bytes_ and size % bytes_ == 0:
            return f"{size // bytes_} {unit}"
    return f"{size} bytes"
