"""A request's body, counted while it comes: what is larger than is taken is not read to its end."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Message, Receive, Send

from assistant.serving.limits import in_words
from assistant.serving.problems import Problem


class CountedBody:
    """Stands between the application and a request; once it is too large, nothing more is said."""

    def __init__(
        self, receive: Receive, send: Send, *, limit: int, headers: Mapping[str, str]
    ) -> None:
        """Count up to `limit` bytes."""
        self._receive = receive
        self._send = send
        self._limit = limit
        self._size = 0
        self._answering = False
        length = headers.get("content-length", "")
        self.announced_too_large = length.isdigit() and int(length[:20]) > limit
        self.too_large = self.announced_too_large
        """Whether to refuse the request, of which the application has said nothing yet."""

    async def receive(self) -> Message:
        """Give the next piece; from the limit on it looks as if the caller had left."""
        if self.too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._limit and not self._answering:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the application answers, unless the request is refused."""
        if not self.too_large:
            self._answering = True
            await self._send(message)

    @property
    def problem(self) -> Problem:
        """What the caller is told."""
        return Problem(
            status=413,
            title="This is too large",
            detail=f"The request holds more than {in_words(self._limit)}",
            hint="send less, or in several requests",
        )
