"""The servers that are asked, and how often each may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode, urlsplit

from index.errors import SourceError
from index.rows import quoted


@dataclass(frozen=True, kw_only=True)
class Service:
    """A server, and how it wants to be asked."""

    url: str
    """Its address, without a slash at the end."""
    setting: str
    """The environment variable that holds the address."""
    pace: str
    """Services of the same pace are asked one at a time, as if they were one."""
    spacing: float
    """Seconds from one request to the next, at least."""
    rest: float
    """Seconds for which it is left alone after HTTP 429, if it names no time itself."""

    def address(self, path: str, query: Mapping[str, str]) -> str:
        """Give the address of a document."""
        return self.url + path + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, kw_only=True)
class Services:
    """All servers that are asked.

    Hugging Face allows 500 requests in 300 seconds, 50 of them searches (its own headers, October
    2026). arXiv allows one in 3 seconds over all its services (Terms of Use for arXiv APIs), and
    is best left alone for ten minutes once it has had enough.
    """

    hub: Service
    hub_search: Service
    arxiv: Service
    feed: Service
    bulk: Service

    @classmethod
    def at(
        cls,
        *,
        hf_url: str,
        arxiv_url: str,
        arxiv_rss_url: str,
        arxiv_oai_url: str,
    ) -> Self:
        """Name the servers, or mirrors of them.

        Raises:
            SourceError: An address is none, or holds a password.
        """

        def arxiv(url: str, setting: str) -> Service:
            address = _address(url, setting)
            return Service(url=address, setting=setting, pace="arxiv", spacing=3.0, rest=600.0)

        hub = _address(hf_url, "FOOTNOTE_HF_URL")
        setting = "FOOTNOTE_HF_URL"
        return cls(
            hub=Service(url=hub, setting=setting, pace="hf", spacing=1.0, rest=300.0),
            hub_search=Service(url=hub, setting=setting, pace="hf search", spacing=6.5, rest=300.0),
            arxiv=arxiv(arxiv_url, "FOOTNOTE_ARXIV_URL"),
            feed=arxiv(arxiv_rss_url, "FOOTNOTE_ARXIV_RSS_URL"),
            bulk=arxiv(arxiv_oai_url, "FOOTNOTE_ARXIV_OAI_URL"),
        )


def _address(url: str, setting: str) -> str:
    hint = f"set {setting} to an address such as `https://mirror.example.org`"
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises if it is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SourceError(f"{setting} is {quoted(url)}, which is no address of a server", hint=hint)
    if "@" in parts.netloc:  # it would be repeated in errors
        raise SourceError(f"{setting} holds a password, which no source needs", hint=hint)
    return url.rstrip("/")
