"""The command `footnote` as a process of its own: how a server writes to its home.

So a page of 64 MiB, or one made to do harm, takes nothing from those who are being answered, and
writing follows one rule, that of the home's lock, whoever writes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

import anyio
from anyio.abc import ByteReceiveStream

from assistant.serving.problems import STATUSES
from index.errors import FootnoteError, SourceError
from index.home import Home

ROOT = Path(__file__).parents[2]
"""Where the packages lie."""

KINDS = {kind.__name__: kind for kind, *_ in STATUSES}
"""Errors that a command tells by name, so that they get the status of their kind."""


async def run(*words: str, home: Home, stdin: int = DEVNULL) -> bytes:
    """Run a command; give what it prints.

    Args:
        stdin: The number of an open file, which it reads as its standard input.

    Raises:
        FootnoteError: What the command says went wrong, and its cure.
    """
    ended = await anyio.run_process(
        _command(words, home), stdin=stdin, stdout=PIPE, stderr=PIPE, check=False, cwd=ROOT
    )
    if ended.returncode:
        raise _told(words[0], ended.stderr.decode("utf-8", "replace"))
    return ended.stdout


async def lines(
    *words: str, home: Home, stdin: int = DEVNULL
) -> AsyncGenerator[dict[str, Any], None]:
    """Run a command that prints lines of JSON; give them as they come.

    Who has heard enough reads on to the end all the same: a command that cannot print ends.

    Args:
        stdin: The number of an open file, which it reads as its standard input.

    Raises:
        FootnoteError: What the command says went wrong, and its cure.
    """
    async with await anyio.open_process(
        _command(words, home), stdin=stdin, stdout=PIPE, stderr=None, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        async for line in _whole_lines(process.stdout):
            told = json.loads(line)
            if "failed" in told:
                raise KINDS.get(told["failed"], SourceError)(told["error"], hint=told["hint"])
            yield told
        if await process.wait():
            raise _failed(words[0])


async def _whole_lines(pieces: ByteReceiveStream) -> AsyncGenerator[bytes, None]:
    begun = b""
    async for piece in pieces:
        *whole, begun = (begun + piece).split(b"\n")
        for line in whole:
            yield line


def _command(words: Sequence[str], home: Home) -> list[str]:
    return [sys.executable, "-m", "assistant.cli", *words, "--home", str(home.path)]


def _told(name: str, talk: str) -> FootnoteError:
    """Read an error as the command prints it: `error: …`, an empty line, `hint: …`."""
    _, found, rest = talk.rpartition("error: ")
    message, _, hint = rest.partition("\n\nhint: ")
    if not found or not hint:
        return _failed(name)
    return SourceError(" ".join(message.split()), hint=" ".join(hint.split()))


def _failed(name: str) -> FootnoteError:
    return FootnoteError(
        f"`footnote {name}` failed", hint=f"run `footnote {name}` and see what it says"
    )
