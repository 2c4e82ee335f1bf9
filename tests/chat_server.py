"""A stand-in for a server of language models: it speaks the protocol and says what a test tells it.

chat_server.say("Shampoo needs fewer steps. [1]")
chat_server.script(lambda request: ["Shampoo ", "needs", HANG_UP])
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any, Self

MODEL = "stand-in"
WINDOW = 4096


@dataclass(frozen=True)
class Request:
    """What was asked."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    """With their names in lower case."""

    @property
    def said(self) -> list[str]:
        """The texts of the messages."""
        return [message["content"] for message in self.body["messages"]]

    @property
    def grammar(self) -> str | None:
        """What only may be written."""
        return (self.body.get("structured_outputs") or {}).get("grammar")


@dataclass(frozen=True)
class Refusal:
    """An answer with an HTTP status; before any text."""

    status: int
    message: str = "no"
    headers: tuple[tuple[str, str], ...] = ()
    html: bool = False


@dataclass(frozen=True)
class Failure:
    """An error that is told in the middle of a stream, as vLLM does."""

    message: str
    code: int = 500


@dataclass(frozen=True)
class Choices:
    """Whole answers to a request that wants no pieces, and what might have stood first in each."""

    texts: tuple[str, ...]
    alternatives: tuple[tuple[str, float], ...] = ()
    """Tokens with the logarithms of their probabilities; none if the server tells none."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The choices, as the protocol has them."""
        others = [{"token": token, "logprob": told} for token, told in self.alternatives]
        logprobs = {"content": [{**others[0], "top_logprobs": others}]} if others else None
        return [
            {
                "index": number,
                "message": {"role": "assistant", "content": text},
                "logprobs": logprobs,
                "finish_reason": "stop",
            }
            for number, text in enumerate(self.texts)
        ]


class Event(Enum):
    """What may happen in the middle of an answer."""

    HANG_UP = auto()
    """The connection is cut."""
    SILENCE = auto()
    """Nothing comes any more, until the client leaves or the test ends."""
    TOKEN_LIMIT = auto()
    """The answer ends because of its tokens."""


HANG_UP, SILENCE, TOKEN_LIMIT = Event

Step = str | bytes | Refusal | Failure | Choices | Event
"""A piece of text; bytes go out as they are, in place of an event's data."""

Script = Callable[[Request], Iterable[Step]]


@dataclass
class ChatServer:
    """One server on a free port; end it with `close`, or use it in a `with`."""

    models: list[dict[str, Any]] = field(default_factory=lambda: [model()])
    key: str | None = None
    """What a request must have as its key, if any."""
    tokenizes: bool = True
    """Whether it counts tokens; it takes words and signs for tokens."""
    requests: list[Request] = field(default_factory=list)
    """The chats that were asked for, the last one last."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set when a client leaves before its answer has ended."""
    _script: Script = field(default=lambda request: ["Hello."])
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Listen."""
        server = self

        class Handler(_Handler):
            chat = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def say(self, *texts: str) -> None:
        """Answer with these texts, one a request, and with the last one from then on."""
        self.steps(*([piece for piece in re.split(r"(?= )", text) if piece] for text in texts))

    def steps(self, *answers: Iterable[Step]) -> None:
        """Answer with these steps, one list a request, and with the last one from then on."""
        waiting = [list(answer) for answer in answers]
        lock = threading.Lock()

        def script(_: Request) -> Iterable[Step]:
            with lock:
                return waiting.pop(0) if len(waiting) > 1 else waiting[0]

        self.script(script)

    def script(self, script: Script) -> None:
        """Answer each request with what `script` makes of it."""
        self._script = script

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        """Give the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self.close()


def model(name: str = MODEL, *, owner: str = "vllm", window: int | None = WINDOW) -> dict[str, Any]:
    """Write a row of the list of models; a server may tell no window."""
    row = {"id": name, "object": "model", "created": 0, "owned_by": owner}
    return row if window is None else {**row, "max_model_len": window}


class _Handler(BaseHTTPRequestHandler):
    chat: ChatServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/v1/models" and self._let_in():
            self._send(200, {"object": "list", "data": self.chat.models})
        elif self.path != "/v1/models":
            self._send(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self._let_in():
            return
        if self.path == "/tokenize" and self.chat.tokenizes:
            self._send(200, {"count": len(re.findall(r"\w+|[^\w\s]", body["prompt"]))})
        elif self.path == "/v1/chat/completions":
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, body, headers)
            self.chat.requests.append(request)
            self._answer(request)
        else:
            self._send(404, {"detail": "Not Found"})

    def _let_in(self) -> bool:
        if self.chat.key is None or self.headers["authorization"] == f"Bearer {self.chat.key}":
            return True
        self._send(401, {"error": "Unauthorized"})
        return False

    def _answer(self, request: Request) -> None:
        steps = iter(self.chat._script(request))
        first = next(steps, None)
        if isinstance(first, Refusal):
            self._refuse(first)
        elif request.body.get("stream"):
            try:
                self._stream(first, steps)
            except (BrokenPipeError, ConnectionResetError):
                self.chat.left.set()
                self.close_connection = True
        else:
            text = "".join(step for step in (first, *steps) if isinstance(step, str))
            whole = first if isinstance(first, Choices) else Choices((text,))
            self._send(200, {"object": "chat.completion", "choices": whole.rows})

    def _stream(self, first: Step | None, others: Iterator[Step]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self._event(_piece({"role": "assistant", "content": ""}))
        reason = "stop"
        for step in () if first is None else chain([first], others):
            match step:
                case str():
                    self._event(_piece({"content": step}))
                case bytes():
                    self._chunk(b"data: " + step + b"\n\n")
                case Failure():
                    self._event({"error": {"message": step.message, "code": step.code}})
                case Event.HANG_UP:
                    self.close_connection = True
                    return
                case Event.SILENCE:
                    self._wait_for_leaving()
                case Event.TOKEN_LIMIT:
                    reason = "length"
                    break
        self._event(_piece({}, reason))
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _wait_for_leaving(self) -> None:
        self.connection.settimeout(0.01)
        while not self.chat._ended.is_set():
            try:
                if not self.connection.recv(1):
                    raise BrokenPipeError
            except TimeoutError:
                continue

    def _refuse(self, refusal: Refusal) -> None:
        if refusal.html:
            page = b"<!doctype html><title>Welcome</title>"
            self._send(refusal.status, page, dict(refusal.headers))
        else:
            error = {"message": refusal.message, "type": "error", "code": refusal.status}
            self._send(refusal.status, {"error": error}, dict(refusal.headers))

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        page = isinstance(body, bytes)
        payload = body if page else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "text/html" if page else "application/json")
        self.send_header("content-length", str(len(payload)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def _event(self, data: dict[str, Any]) -> None:
        self._chunk(b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _piece(delta: dict[str, str], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]}
