"""Processes that are timed: how long one ran, and the most memory it held."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """A process that has ended well."""

    seconds: float
    memory: float
    """MB of resident memory at most."""
    printed: str


def run(command: Sequence[str], *, given: str = "", environment: Mapping[str, str] = {}) -> Ran:
    """Run a command with `given` on its standard input.

    Raises:
        SystemExit: It failed; with what it said.
    """
    with TemporaryFile() as read, TemporaryFile() as written, TemporaryFile() as said:
        read.write(given.encode())
        read.seek(0)
        started = perf_counter()
        process = subprocess.Popen(
            command,
            stdin=read,
            stdout=written,
            stderr=said,
            cwd=ROOT,
            env={**os.environ, **environment},
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        written.seek(0)
        said.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{said.read().decode()[-2000:]}")
        return Ran(seconds, usage.ru_maxrss / 1024, written.read().decode())
