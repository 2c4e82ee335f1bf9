"""The gate: the one way in, which refuses whatever it has no reason to let through.

What is open to everybody is named here, and so is what a cookie does not open; all else needs the
key or a cookie that was given for it. Without a key there is nobody to keep out but other web
sites, which may have a browser on this machine ask for them: by name (DNS rebinding) or outright.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving import problems
from assistant.serving.access import COOKIE, Access
from assistant.serving.counted_body import CountedBody
from assistant.serving.headers import with_security
from assistant.serving.limits import Limits
from assistant.serving.problems import Problem
from assistant.serving.rates import Rate

HEALTH = "/health"
LOGIN = "/login"
FEED = "/feed.xml"
INGEST = "/api/ingest"
OPEN = (HEALTH, LOGIN)
"""What everybody may see, and all below it."""
PROGRAMS = ("/v1", "/mcp", "/metrics")
"""What needs the key itself, and all below it."""
COUNTED = ("api", "feed.xml", "health", "login", "mcp", "metrics", "v1")
"""First parts of addresses that are counted apart; whatever else is asked for is one."""
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


class Gate:
    """Wraps the application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        access: Access,
        limits: Limits,
        requested: Callable[[str, int], None],
    ) -> None:
        """Guard `app`.

        Args:
            requested: Told of each request the first part of its address and its status.
        """
        self._app = app
        self._access = access
        self._limits = limits
        self._requested = requested
        self._rate = Rate(limits.per_minute, addresses=limits.addresses)
        self._refusals = Rate(limits.refusals_per_minute, addresses=limits.addresses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._guard(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, address = scope["path"], (scope["client"] or ("",))[0]
        headers = _headers(scope)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._requested(_counted(path), message["status"])
                if message["status"] == 401 and _tries_a_key(scope, headers):
                    self._refusals.take(address)
                message = with_security(message, encrypted=scope["scheme"] == "https")
            await send(message)

        if problem := self._refusal(scope, headers, address):
            await _refuse(problem, path, send_on)
        elif self._asks_for_page(scope, headers):
            location = [(b"location", LOGIN.encode()), (b"content-length", b"0")]
            await send_on({"type": "http.response.start", "status": 303, "headers": location})
            await send_on({"type": "http.response.body"})
        else:
            limit = self._limits.upload if path == INGEST else self._limits.body
            body = CountedBody(receive, send_on, limit=limit, headers=headers)
            if not body.announced_too_large:
                await self._app(scope, body.receive, body.send)
            if body.too_large:
                await _refuse(body.problem, path, send_on)

    def _refusal(self, scope: Scope, headers: Mapping[str, str], address: str) -> Problem | None:
        """Say why a request is refused; None if it is not, or if its reader is to log in."""
        if scope["path"] != HEALTH and (wait := self._rate.take(address)):
            return problems.too_often(self._limits.per_minute, wait)
        if problem := self._foreign(headers):
            return problem
        if _tries_a_key(scope, headers) and (wait := self._refusals.wait(address)):
            return problems.too_often(self._limits.refusals_per_minute, wait)
        if self._opens(scope, headers) or self._asks_for_page(scope, headers):
            return None
        return problems.locked()

    def _foreign(self, headers: Mapping[str, str]) -> Problem | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._access.key is None and _name(host) not in LOCAL_NAMES:
            hint = "ask for `127.0.0.1`, or set FOOTNOTE_API_KEY to serve other names"
            return problems.foreign("The name asked for", host, hint)
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            hint = "pages of other sites cannot use it; programs send no `Origin`"
            return problems.foreign("`Origin`", origin, hint)
        return None

    def _opens(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        access, path = self._access, scope["path"]
        if access.key is None or _below(path, OPEN):
            return True
        if access.by_key(headers.get("authorization", "")):
            return True
        if path == FEED and access.by_feed_secret(_secret(scope)):
            return True
        return not _below(path, PROGRAMS) and access.by_cookie(_cookie(headers))

    def _asks_for_page(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        """Whether somebody who is not let in wants a page, and so is shown where to log in."""
        programs = _below(scope["path"], (*PROGRAMS, "/api"))
        wanted = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        return wanted and not programs and not self._opens(scope, headers)


async def _refuse(problem: Problem, path: str, send: Send) -> None:
    body, media_type = problem.body(path)
    headers = {
        **problem.headers,
        "Content-Type": media_type,
        "Content-Length": str(len(body)),
        "Connection": "close",  # what is left of the request is not read
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _tries_a_key(scope: Scope, headers: Mapping[str, str]) -> bool:
    return "authorization" in headers or (scope["path"] == LOGIN and scope["method"] == "POST")


def _headers(scope: Scope) -> dict[str, str]:
    """Give the headers by their names in lower case; of a doubled one the last."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _name(host: str) -> str:
    """Take the port off: `[::1]:7860` is `[::1]`."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()


def _secret(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("secret", [""])[0]


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _counted(path: str) -> str:
    first = path.split("/")[1] if path.startswith("/") else ""
    return first if first in COUNTED else "other"
