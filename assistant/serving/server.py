"""The server: listens, and answers until it is told to end."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from assistant.errors import ServingError
from assistant.serving.access import HINT, Access
from assistant.serving.application import application
from assistant.serving.gate import Gate
from assistant.serving.limits import Limits
from assistant.serving.opening import opened
from assistant.settings import Settings
from assistant.talk import Talk

LAST_SECONDS = 10
"""What is being answered when the server is told to end has so long."""
BACKLOG = 1024


def serve(settings: Settings, talk: Talk, *, host: str, port: int) -> None:
    """Serve a home; returns when the process is told to end.

    Args:
        host: A name or an address of this machine.
        port: 0 takes a free one.

    Raises:
        ServingError: The key is missing or too short, or nobody may listen there.
        FootnoteError: The home cannot be opened.
    """
    access = Access.with_key(settings.api_key)
    if access.key is None and not _is_loopback(host):
        raise ServingError(
            f"Without a key nothing is served to others, as `{host}` asks", hint=HINT
        )
    limits = Limits()
    with _listening(host, port) as listening, opened(settings, talk, limits=limits) as served:
        app = application(served, access=access)
        gate = Gate(app, access=access, limits=limits, requested=served.metrics.requested)
        server = uvicorn.Server(
            uvicorn.Config(
                gate,
                lifespan="on",
                log_level="warning",  # questions are nobody's business
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=LAST_SECONDS,
            )
        )
        talk.say(f"Listening on {_address(host, listening)}; Ctrl-C ends it")
        server.run(sockets=[listening])


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ServingError(
            f"`{host}:{port}` cannot be listened on: {why}",
            hint="name another with `--host` and `--port`, or end what listens there",
        ) from error
    with listening:
        yield listening


def _address(host: str, listening: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}"
