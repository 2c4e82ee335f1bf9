"""A stand-in for Hugging Face and arXiv: it speaks their formats, and fails as a test tells it.

server.lists[day] = [hub_row(1), hub_row(2)]
server.fail(Status(503), CUT_OFF)
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum, auto
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from index.papers import normalised_title
from tests.arxiv_answers import Article, api_answer, feed_answer, oai_answer
from tests.standing_clock import StandingClock


@dataclass(frozen=True)
class Asked:
    """A request, as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """With their names in lower case."""
    moment: datetime


@dataclass(frozen=True)
class Status:
    """An answer without a document."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """An answer with a document, or without one that has changed."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Instead:
    """Another document in the place of the right one."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Trouble(Enum):
    """What may happen on the way."""

    CUT_OFF = auto()
    """Half of the document comes, and is said to be all of it."""
    LOST = auto()
    """The connection is closed in the middle of the document."""
    SILENCE = auto()
    """Nothing comes until the client leaves."""
    NONE = auto()
    """The answer is right."""


CUT_OFF, LOST, SILENCE, NONE = Trouble

Fault = Status | Instead | Trouble


def hub_row(number: int, *, day: date | None = None, **changes: Any) -> dict[str, Any]:
    """Write a row of a list."""
    inner = {
        "id": f"2510.{number:05}",
        "title": f"Owls that count to {number}",
        "summary": f"We study owl {number}.\nIt counts to {number}.",
        "authors": [{"name": "Ada Owl"}, {"name": "Bo Bee"}],
        "publishedAt": "2025-10-27T17:00:00.000Z",
        "upvotes": number,
        **({"submittedOnDailyAt": f"{day}T00:00:00.000Z"} if day else {}),
        **changes,
    }
    return {"paper": inner, "publishedAt": "2025-10-27T13:00:00.000Z", "numComments": 1}


@dataclass
class PaperServer:
    """One server on a free port; use it in `with`."""

    clock: StandingClock
    lists: dict[date, list[dict[str, Any]]] = field(default_factory=dict)
    articles: list[Article] = field(default_factory=list)
    """What arXiv has."""
    announced: list[tuple[Article, str]] = field(default_factory=list)
    """What the daily feed has, each with its announce type."""
    announced_on: date = date(2025, 11, 10)
    page: int = 100
    """The most rows of a page that it gives, whatever is asked for."""
    tokens: dict[str, tuple[dict[str, str], int]] = field(default_factory=dict)
    """Harvests that go on, each with what was asked for and where it stands."""
    asked: list[Asked] = field(default_factory=list)
    """The requests, the last one last."""
    faults: Callable[[Asked], Fault] = lambda _: NONE
    """What is wrong with the answer to a request."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Listen."""

        class Handler(_Handler):
            papers = self

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a command that is to ask this server."""
        names = ("HF", "ARXIV", "ARXIV_RSS", "ARXIV_OAI")
        return {f"FOOTNOTE_{name}_URL": self.url for name in names}

    def fail(self, *faults: Fault) -> None:
        """Let these happen to the next requests, one each."""
        waiting = list(faults)
        self.faults = lambda _: waiting.pop(0) if waiting else NONE

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

    def reply(self, asked: Asked) -> Reply:
        """Answer as the real ones do."""
        reply = self._document(asked)
        etag = f'"{sha256(reply.body).hexdigest()[:16]}"'
        if reply.status == 200 and asked.headers.get("if-none-match") == etag:
            return Reply(b"", 304)
        return replace(reply, headers=(*reply.headers, ("etag", etag)))

    def _document(self, asked: Asked) -> Reply:
        match asked.path:
            case "/api/daily_papers":
                return self._list(asked)
            case "/api/papers/search":
                return self._search(asked)
            case "/api/query":
                return Reply(api_answer(self.articles, asked.query).encode())
            case "/oai":
                return Reply(oai_answer(self.articles, asked.query, self.tokens).encode())
            case path if path.startswith("/atom/"):
                return Reply(feed_answer(self.announced, self.announced_on).encode())
        return Reply(b'{"error": "Not Found"}', 404)

    def _list(self, asked: Asked) -> Reply:
        day = date.fromisoformat(asked.query["date"])
        if day > self.clock.now().date():
            return Reply(b'{"error": "Invalid date"}', 400)
        rows = self.lists.get(day, [])
        size = min(int(asked.query["limit"]), self.page)
        start = int(asked.query["p"]) * size
        last = start + size >= len(rows)
        # The address is that of the real server, whatever the mirror is called.
        link = () if last else (("link", '<https://huggingface.co/api/next>; rel="next"'),)
        return Reply(json.dumps(rows[start : start + size]).encode(), headers=link)

    def _search(self, asked: Asked) -> Reply:
        words = set(normalised_title(asked.query["q"]).split())
        rows = [
            row | {"highlightedTitle": []}
            for rows in self.lists.values()
            for row in rows
            if words & set(normalised_title(row["paper"]["title"]).split())
        ]
        return Reply(json.dumps(rows[: int(asked.query["limit"])]).encode())


class _Handler(BaseHTTPRequestHandler):
    papers: PaperServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(parts.path, query, headers, self.papers.clock.now())
        self.papers.asked.append(asked)
        match self.papers.faults(asked):
            case Status(status, more, body):
                self._send(Reply(body, status, more))
            case Instead(body, more):
                self._send(Reply(body, 200, more))
            case Trouble.SILENCE:
                self._wait_for_leaving()
            case Trouble.CUT_OFF:
                reply = self.papers.reply(asked)
                half = reply.body[: len(reply.body) // 2]
                self._send(Reply(half, headers=reply.headers))
            case Trouble.LOST:
                self._send(self.papers.reply(asked), part=0.5)
            case _:
                self._send(self.papers.reply(asked))

    def _send(self, reply: Reply, *, part: float = 1.0) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[: int(len(reply.body) * part)])
        self.close_connection = part < 1

    def _wait_for_leaving(self) -> None:
        self.connection.settimeout(0.01)
        while not self.papers._ended.is_set():
            try:
                if not self.connection.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
