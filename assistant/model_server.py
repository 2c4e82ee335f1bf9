"""A server of language models that speaks OpenAI's protocol: its address, requests and failures."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from assistant.errors import ChatModelError, RefusedError
from assistant.event_stream import LostError, content, events

START = "start it with `make vllm MODEL=…`, or correct FOOTNOTE_MODEL_URL"

LONGEST_REASON = 300
"""Characters of what a server gives as its reason that an error repeats."""


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for."""

    connect: float = 5.0
    """Seconds."""
    silence: float = 120.0
    """Seconds until the first piece of an answer, and between two."""
    retries: int = 2
    """After HTTP 429, 5xx and failed connections, each time twice as long later."""


@dataclass(frozen=True)
class Served:
    """A model that a server has."""

    name: str
    owner: str
    """The kind of server: `vllm` for vLLM."""
    folder: str
    """Where the model comes from: a folder of the server's machine, or a name."""
    window: int | None
    """Tokens of prompt and answer together; None if the server does not tell."""


class ModelServer:
    """Sends requests to one server and says in our words what fails."""

    def __init__(self, url: str, *, key: str | None = None, patience: Patience) -> None:
        """Connect to nothing yet.

        Raises:
            ChatModelError: `url` is no address.
        """
        self.url = api_url(url)
        """The address of the protocol, with its `/v1`."""
        self._key = key
        self._patience = patience
        self._client = self._opened()

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def models(self) -> tuple[Served, ...]:
        """List the models; asks once, so that a wrong address is told at once.

        Raises:
            ChatModelError: Nothing answers, or what does is no such server or refuses the key.
        """
        with self._failures():
            try:
                listed = self._once.get("/models", cast_to=object)
            except ValueError as error:  # what calls itself JSON is none
                raise self._stranger() from error
        match listed:
            case {"data": [*rows]}:
                return tuple(_served(row) for row in rows if isinstance(row, Mapping))
        raise self._stranger()

    def count(self, text: str, *, model: str) -> int | None:
        """Count the tokens of a text, or None if the server cannot tell.

        Raises:
            ChatModelError: The server cannot be used.
        """
        from openai import APIStatusError

        request = {"model": model, "prompt": text, "add_special_tokens": False}
        address = self.url.removesuffix("/v1") + "/tokenize"
        with self._failures():
            try:
                answer = self._once.post(address, body=request, cast_to=object)
            except (APIStatusError, ValueError):
                return None
        match answer:
            case {"count": int(count)}:
                return count
        return None

    def answer(self, request: Mapping[str, Any]) -> Generator[str, None, None]:
        """Yield what a model answers, in pieces; closing the generator ends the connection.

        Args:
            request: The fields of a chat completion.

        Raises:
            RefusedError: The request is not taken as it is.
            ChatModelError: The server cannot be used, or broke off; a connection that is lost
                before anything was said is tried once more.
        """
        said = False
        for last in (False, True):
            try:
                for piece in self._answer(request):
                    said = True
                    yield piece
            except LostError as lost:
                if said or last:
                    raise self._broken_off() from lost
            else:
                return

    def completion(self, request: Mapping[str, Any]) -> Any:
        """Give a whole answer as the server tells it: parsed JSON.

        Args:
            request: The fields of a chat completion.

        Raises:
            RefusedError: The request is not taken as it is.
            ChatModelError: The server cannot be used, or broke off.
        """
        try:
            with self._failures():
                return self._client.post("/chat/completions", body=dict(request), cast_to=object)
        except ValueError as error:  # what calls itself JSON is none
            raise self._stranger() from error
        except LostError as lost:
            raise self._broken_off() from lost

    def _answer(self, request: Mapping[str, Any]) -> Iterator[str]:
        completions = self._client.chat.completions.with_streaming_response
        with self._failures(), completions.create(**request, stream=True) as response:
            if response.headers.get("content-type", "").startswith("text/html"):
                raise self._stranger()
            ended = False
            for event in events(response.iter_bytes()):
                self._raise_if_failed(event)
                piece, last = content(event)
                ended = ended or last
                if piece:
                    yield piece
            if not ended:
                raise LostError

    @property
    def _once(self) -> Any:
        """The client that asks once."""
        return self._client.with_options(max_retries=0)

    def _opened(self) -> Any:
        from openai import OpenAI, Timeout

        return OpenAI(
            base_url=self.url,
            api_key=self._key or "none",  # else the library takes the key of another service
            max_retries=self._patience.retries,
            timeout=Timeout(self._patience.silence, connect=self._patience.connect),
        )

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what the libraries raise into our errors."""
        import httpx2
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        try:
            yield
        except (APITimeoutError, httpx2.TimeoutException) as error:
            if isinstance(error.__cause__, httpx2.ConnectTimeout):
                raise self._absent() from error
            raise ChatModelError(
                f"`{self.url}` was silent for {self._patience.silence:g} seconds",
                hint="look at what the server printed last; fewer questions at once are faster",
            ) from error
        except APIConnectionError as error:
            raise self._absent() from error
        except httpx2.RequestError as error:
            raise LostError from error
        except APIStatusError as error:
            raise self._told(error.status_code, _reason(error)) from error

    def _raise_if_failed(self, event: Mapping[str, Any]) -> None:
        """Raise what a server tells in the middle of a stream."""
        match event.get("error"):
            case {"message": message, **others}:
                code = others.get("code")
                raise self._told(code if isinstance(code, int) else 500, str(message))
            case None:
                return
            case other:
                raise self._told(500, str(other))

    def _told(self, status: int, reason: str) -> ChatModelError:
        if self._key:
            reason = reason.replace(self._key, "…")
        reason = " ".join(reason.split()).replace("`", "'")[:LONGEST_REASON]
        match status:
            case 401 | 403:
                wanted = "refuses the key" if self._key else "wants a key"
                hint = "set FOOTNOTE_MODEL_KEY to the key that the server was started with"
                return ChatModelError(f"`{self.url}` {wanted}", hint=hint)
            case 404 | 405:
                return self._stranger()
            case 429:
                hint = "ask again later, or let the server take more requests at once"
                return ChatModelError(f"`{self.url}` is busy: `{reason}`", hint=hint)
        if status < 500:
            hint = "see the server's documentation for what it takes"
            return RefusedError(f"`{self.url}` refuses the request: `{reason}`", hint=hint)
        hint = "look at what the server printed last"
        return ChatModelError(f"`{self.url}` failed: `{reason}`", hint=hint)

    def _absent(self) -> ChatModelError:
        return ChatModelError(f"no language model answers at `{self.url}`", hint=START)

    def _broken_off(self) -> ChatModelError:
        return ChatModelError(
            f"the answer broke off: `{self.url}` closed the connection",
            hint="ask again; if that fails too, look at what the server printed last",
        )

    def _stranger(self) -> ChatModelError:
        return ChatModelError(
            f"what answers at `{self.url}` is no server of language models",
            hint="set FOOTNOTE_MODEL_URL to one's address, such as `http://127.0.0.1:8000`",
        )


def api_url(url: str) -> str:
    """Complete an address: `host:8000` is `http://host:8000/v1`.

    Raises:
        ChatModelError: It is no address, or holds a password.
    """
    hint = "set FOOTNOTE_MODEL_URL to an address such as `http://127.0.0.1:8000`"
    parts = _split(url.strip())
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ChatModelError(f"`{url}` is no address of a server", hint=hint)
    if "@" in parts.netloc:  # it would be repeated in errors
        hint = "give the key in FOOTNOTE_MODEL_KEY, and the address without it"
        raise ChatModelError(f"the address of `{parts.hostname}` holds a password", hint=hint)
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    if not re.search(r"/v\d", path):
        path += "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        _ = parts.port  # raises if it is no number
    except ValueError:
        return None
    return None if re.search(r"\s", parts.netloc) else parts


def _served(row: Mapping[str, Any]) -> Served:
    window = row.get("max_model_len")
    name = str(row.get("id"))
    return Served(
        name=name,
        owner=str(row.get("owned_by")),
        folder=str(row.get("root") or name),
        window=window if isinstance(window, int) else None,
    )


def _reason(error: Any) -> str:
    match error.body:
        case {"message": str(message)} | {"detail": str(message)} | str(message):
            return message
    return f"HTTP {error.status_code}"
