"""The client: asks a service for a document, politely, and gives it whole or says why not."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from index.decoding import DAMAGE, NotTextError, Text
from index.errors import SourceError
from index.rows import quoted
from index.sources.clock import Clock
from index.sources.documents import DamagedError
from index.sources.pace import Pace
from index.sources.refusals import ReplyError, explained_refusal, failed_status, redirected
from index.sources.services import Service
from index.sources.visits import Seen

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """What is put up with."""

    connect: float = 10.0
    """Seconds."""
    silence: float = 60.0
    """Seconds without a byte."""
    answer: float = 300.0
    """Seconds for a whole answer."""
    tries: int = 6
    """For one document."""
    pause: float = 2.0
    """Seconds after the first failure, doubled after each further one; a random half is taken off,
    so that many clients do not come back at once."""
    size: int = 32 * 2**20
    """Bytes of an answer, unpacked."""
    redirects: int = 3


@dataclass(frozen=True, kw_only=True)
class Document(Generic[T]):
    """What a service answered."""

    content: T
    seen: Seen
    lost: int
    """How many characters could not be told."""


class Client:
    """Asks services; use it in `with`.

    A request that fails in passing is repeated: HTTP 408, 429 and 5xx, a connection that is lost,
    silence, a document that is not whole. Nothing is sent but the request: no cookie, no key.
    """

    def __init__(
        self,
        pace: Pace,
        clock: Clock,
        *,
        patience: Patience | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._patience = patience or Patience()
        self._chance = chance
        self._reached: set[str] = set()
        self._http: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._http is not None:
            self._http.close()

    def get(
        self,
        service: Service,
        address: str,
        *,
        read: Callable[[str, bool], T],
        known: Seen | None = None,
    ) -> Document[T] | None:
        """Fetch a document; None if its server says that it is still the one that is known.

        Args:
            read: Makes of the text, and of whether another page follows, what is given back; it
                raises DamagedError for a document that is worth another try.

        Raises:
            SourceError: The service cannot be reached, refuses, sends elsewhere, fails again and
                again, or wants to be left alone.
        """
        for number in range(self._patience.tries):
            try:
                return self._document(service, address, known, read)
            except (ReplyError, DamagedError) as failure:
                last = failure
            pause = self._patience.pause * 2**number * (0.5 + self._chance() / 2)
            wanted = last.wait if isinstance(last, ReplyError) else None
            self._pace.rest(service, pause if wanted is None else max(pause, wanted))
        times = f"{self._patience.tries} times"
        raise SourceError(
            f"`{service.url}` failed {times}, at last because {last}",
            hint="run the command again later; what was read is stored, and it goes on there",
        )

    def _document(
        self,
        service: Service,
        address: str,
        known: Seen | None,
        read: Callable[[str, bool], T],
    ) -> Document[T] | None:
        with self._failures(service):
            response, body = self._answer(service, address, _conditions(known))
        self._reached.add(service.url)
        if response.status_code == 304 and known:
            return None
        more = "next" in response.links
        text, lost = _decoded(body)
        etag, modified = (response.headers.get(name) for name in ("etag", "last-modified"))
        seen = Seen(address=address, etag=etag, modified=modified, more=more)
        return Document(content=read(text, more), seen=seen, lost=lost)

    def _answer(self, service: Service, url: str, headers: Mapping[str, str]) -> tuple[Any, bytes]:
        """Send the request, and follow it about its own server."""
        for _ in range(self._patience.redirects + 1):
            self._pace.take_turn(service)
            http = self._opened()
            http.cookies.clear()
            with http.stream("GET", url, headers=headers) as response:
                status = response.status_code
                if status in (301, 302, 303, 307, 308):
                    url = redirected(response, service)
                    continue
                body = self._body(response, service)
                if failure := failed_status(response, service, now=self._clock.now()):
                    raise failure
                if status not in (200, 304):
                    raise explained_refusal(response, body, service)
                return response, body
        raise ReplyError("it sends in circles")

    def _body(self, response: Any, service: Service) -> bytes:
        body = bytearray()
        started = self._clock.now()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > self._patience.size:
                raise SourceError(
                    f"`{service.url}` answers with more than {self._patience.size} bytes",
                    hint=f"ask for fewer days at once, or correct {service.setting}",
                )
            if (self._clock.now() - started).total_seconds() > self._patience.answer:
                raise ReplyError(f"it took more than {self._patience.answer:g} seconds to answer")
        return bytes(body)

    def _opened(self) -> Any:
        if self._http is None:
            from httpx2 import Client as HttpClient
            from httpx2 import Timeout

            self._http = HttpClient(
                follow_redirects=False,
                headers={"User-Agent": f"footnote/{version('footnote')}"},
                timeout=Timeout(self._patience.silence, connect=self._patience.connect),
            )
        return self._http

    @contextmanager
    def _failures(self, service: Service) -> Iterator[None]:
        """Turn what the library raises into what is tried again, or told."""
        import httpx2

        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            if service.url in self._reached:
                raise ReplyError("it cannot be reached any more") from error
            raise SourceError(
                f"`{service.url}` cannot be reached: {quoted(error)}",
                hint=f"check the network, or name a mirror in {service.setting}; what is stored"
                " can be asked without it",
            ) from error
        except httpx2.TimeoutException as error:
            silence = f"{self._patience.silence:g} seconds"
            raise ReplyError(f"it was silent for {silence}") from error
        except httpx2.RequestError as error:
            raise ReplyError(f"the connection broke off: {quoted(error)}") from error
        except httpx2.InvalidURL as error:
            raise SourceError(
                f"`{service.url}` is no address: {quoted(error)}",
                hint=f"correct {service.setting}",
            ) from error


def _conditions(known: Seen | None) -> dict[str, str]:
    """Ask for what has changed since only."""
    conditions = {}
    if known and known.etag:
        conditions["If-None-Match"] = known.etag
    if known and known.modified:
        conditions["If-Modified-Since"] = known.modified
    return conditions


def _decoded(body: bytes) -> tuple[str, int]:
    """Read the text, whatever its encoding is and is said to be."""
    try:
        text = Text(io.BytesIO(body))
        content = text.read(len(body) + 1)
    except (NotTextError, *DAMAGE) as error:
        raise DamagedError("its answer is no text") from error
    if content is None:
        raise DamagedError("its answer is packed twice")
    return content, text.lost
