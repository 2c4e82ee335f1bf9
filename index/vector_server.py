"""Vectors at a server: a Chroma of its own process or machine, which several homes may share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

from index.errors import FootnoteError, VectorServerError
from index.home import Home
from index.vectors import SCHEMA, DamagedVectorsError, Vectors, made_collection

SETTING = "FOOTNOTE_CHROMA"
KEY = "FOOTNOTE_CHROMA_KEY"
CONNECT = 5.0
"""Seconds until a server is said not to be there."""
VERSION = "1."
"""How the version begins that a server of our protocol tells: all from 1.0 on tell 1.0.0."""
LONGEST_REASON = 200
"""Characters of what a server says that an error repeats."""
START = f"start it, or correct {SETTING}; without it the vectors are kept in the home"


class VectorServer:
    """The collection of one home at a server of Chroma; all its vectors share a connection."""

    def __init__(
        self, home: Home, url: str, *, key: str | None = None, patience: float = 120.0
    ) -> None:
        """Connect to nothing yet.

        Args:
            home: One that was written to has its mark, and so a collection of its own.
            key: Sent as `Authorization: Bearer`: Chroma knows no keys, but a proxy before it may.
            patience: Seconds that an answer may take.

        Raises:
            VectorServerError: `url` is no address.
        """
        self._parts = _parts(url)
        self.url = url.rstrip("/")
        self._home = home
        self._key = key
        self._patience = patience
        self._connected: Any = None

    @property
    def collection(self) -> str:
        """The name of the home's collection: another one for a copy, which has the same mark."""
        place = f"{self._home.mark} {self._home.path.resolve()}"
        digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()
        return f"footnote-{SCHEMA}-{digest[:20]}"

    def close(self) -> None:
        """End the connection, and with it the use of all vectors that were opened."""
        if self._connected is not None:
            for each in (self._connected, self._connected._admin_client):
                each._server._session.close()  # which its own `close` forgets
            self._connected.close()
            self._connected = None

    def __str__(self) -> str:
        return self.url

    def check(self) -> None:
        """See that a server is there that can be spoken to.

        Raises:
            VectorServerError: Nothing answers, or what does refuses, or is something else.
        """
        import httpx2

        try:
            answer = httpx2.get(
                f"{self.url}/api/v2/version",
                headers=self._headers,
                timeout=min(CONNECT, self._patience),
            )
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from error
        if answer.status_code in (401, 403):
            raise self._refuses()
        if answer.status_code in (429, 500, 502, 503, 504):
            raise self._unreachable(f"it answers with status {answer.status_code}")
        try:
            version = answer.json() if answer.status_code == 200 else None
        except ValueError:
            version = None
        if not (isinstance(version, str) and version.startswith(VERSION)):
            told = f" but one of version {version[:20]}" if isinstance(version, str) else ""
            raise VectorServerError(
                f"At `{self.url}` is no Chroma server of version 1{told}",
                hint=f"run the image that compose.yaml names, or correct {SETTING}",
            )

    def find(self, *, version: str) -> Vectors | None:
        """Open the vectors; None if there are none.

        Raises:
            StaleIndexError: They are of another version.
            DamagedVectorsError: The server cannot open them.
            VectorServerError: The server cannot be used.
        """
        collection = self._found(self.collection)
        return None if collection is None else self._opened(collection, version)

    def make(self, *, version: str) -> Vectors:
        """Open the vectors, or make empty ones; raises as `find`."""
        return self._made(self.collection, version)

    @contextmanager
    def anew(self, *, version: str) -> Iterator[Vectors]:
        """Give empty vectors in a collection of their own, which gets this one's name in the end.

        Whoever has the former one open can use it until it is deleted. A crash between two
        names leaves none, and so a rebuild.

        Raises:
            DamagedVectorsError: The server cannot do it.
            VectorServerError: The server cannot be used.
        """
        new, old = f"{self.collection}-new", f"{self.collection}-old"
        for name in (new, old):
            self._discard(name)
        yield self._made(new, version)
        former, made = self._found(self.collection), self._found(new)
        with self._failures():
            if former is not None:
                former.modify(name=old)
            made.modify(name=self.collection)
        self._discard(old)

    def _made(self, name: str, version: str) -> Vectors:
        with self._failures():
            collection = made_collection(self._client(), name, version=version)
        return self._opened(collection, version)

    def _opened(self, collection: Any, version: str) -> Vectors:
        return Vectors(collection, version=version, failures=self._failures, close=_nothing)

    def _found(self, name: str) -> Any:
        """Give a collection; None if there is none of that name."""
        from chromadb.errors import NotFoundError

        with self._failures():
            try:
                return self._client().get_collection(name, embedding_function=None)
            except NotFoundError:
                return None

    def _discard(self, name: str) -> None:
        if self._found(name) is not None:
            with self._failures():
                self._client().delete_collection(name)

    def _client(self) -> Any:
        """Give the one client: each that Chroma makes leaves something behind in its memory."""
        import chromadb
        from chromadb.config import Settings

        if self._connected is None:
            self.check()
            secure = self._parts.scheme == "https"
            client: Any = chromadb.HttpClient(
                host=self._parts.hostname or "",
                port=self._parts.port or (443 if secure else 80),
                ssl=secure,
                headers=self._headers,
                settings=Settings(anonymized_telemetry=False),
            )
            client._server._session.timeout = self._patience  # there is no setting for it, and
            # without one it waits forever
            self._connected = client
        return self._connected

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Tell what the server says of the vectors from what keeps it from answering."""
        from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError

        try:
            yield
        except (FootnoteError, DamagedVectorsError):
            raise
        except (AuthorizationError, ChromaAuthError) as error:
            raise self._refuses() from error
        except ChromaError as error:
            raise DamagedVectorsError(str(error)) from error
        except Exception as error:  # of its connections, or a plain one with what a proxy says
            raise self._unreachable(error) from error

    def _unreachable(self, why: object) -> VectorServerError:
        told = " ".join(str(why).split())[:LONGEST_REASON] or type(why).__name__
        return VectorServerError(
            f"The Chroma server at `{self.url}` does not answer: {told}", hint=START
        )

    def _refuses(self) -> VectorServerError:
        return VectorServerError(
            f"The Chroma server at `{self.url}` refuses {'the key' if self._key else 'to answer'}",
            hint=f"set {KEY} to what it wants as `Authorization: Bearer KEY`",
        )


def _nothing() -> None:
    """Close vectors: the connection is shared."""


def _parts(url: str) -> SplitResult:
    hint = f"set {SETTING} to an address such as `http://127.0.0.1:8000`"
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises if it is no number
    except ValueError:
        parts = urlsplit("")
    if "@" in parts.netloc:  # it would be repeated in errors
        raise VectorServerError(f"{SETTING} holds a password", hint=f"set {KEY} instead")
    known = parts.scheme in ("http", "https") and parts.hostname
    if not known or parts.path.rstrip("/") or parts.query or parts.fragment:
        raise VectorServerError(f"{SETTING} is `{url[:100]}`, which is no address", hint=hint)
    return parts
