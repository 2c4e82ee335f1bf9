"""The command `footnote` as a process of its own: how a server writes to its home.

So a page of 64 MiB, or one made to do harm, takes nothing from those who are being answered, and
writing follows one rule, that of the home's lock, whoever writes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE

import anyio

from index.errors import FootnoteError, SourceError
from index.home import Home

ROOT = Path(__file__).parents[2]
"""Where the packages lie."""


async def run(*words: str, home: Home, stdin: int = DEVNULL) -> bytes:
    """Run a command; give what it prints.

    Args:
        stdin: The number of an open file, which it reads as its standard input.

    Raises:
        FootnoteError: What the command says went wrong, and its cure.
    """
    command = [sys.executable, "-m", "assistant.cli", *words, "--home", str(home.path)]
    ended = await anyio.run_process(
        command, stdin=stdin, stdout=PIPE, stderr=PIPE, check=False, cwd=ROOT
    )
    if ended.returncode:
        raise _told(words[0], ended.stderr.decode("utf-8", "replace"))
    return ended.stdout


def _told(name: str, talk: str) -> FootnoteError:
    """Read an error as the command prints it: `error: …`, an empty line, `hint: …`."""
    _, found, rest = talk.rpartition("error: ")
    message, _, hint = rest.partition("\n\nhint: ")
    if not found or not hint:
        return FootnoteError(
            f"`footnote {name}` failed", hint=f"run `footnote {name}` and see what it says"
        )
    return SourceError(" ".join(message.split()), hint=" ".join(hint.split()))
