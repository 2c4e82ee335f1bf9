"""Servers for tests: the command `footnote serve` as a process, and any application in a thread.

with served(home) as url:
    httpx2.get(f"{url}/health")
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any

import uvicorn

from tests.conftest import started

STARTED = re.compile(r"Listening on (http://\S+);")
PATIENCE = 120.0
"""Seconds to start, on a machine that has much else to do."""


@contextmanager
def served(home: Path, *, env: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Serve a home on a free port; give its address."""
    process = started("serve", "--port", "0", home=home, env=env)
    assert process.stdout is not None
    assert process.stderr is not None
    said = []
    try:
        for line in process.stderr:
            said.append(line.decode())
            if found := STARTED.search(said[-1]):
                yield found[1]
                break
        else:
            raise AssertionError("".join(said))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve an application in a thread; give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = monotonic() + PATIENCE
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert monotonic() < until, "the server takes too long to start"
            sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join()
