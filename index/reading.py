"""The front door: files, folders, standard input, the sample and live sources, to papers.

The format of a file is told by its content, never by its name. Files in a row-by-row format may be
of any size; of the others, and of what is no text at all, a problem says why it was not taken.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import IO

from index.decoding import DAMAGE, NotTextError, Text
from index.errors import SourceError
from index.formats import read_text
from index.papers import Problem, Reading
from index.portions import has_portions
from index.rows import quoted
from index.sources.names import HINT, LiveName, is_live, live_name
from index.sources.visits import Told

STANDARD_INPUT = "-"
SAMPLE = "sample:"
SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", flags=re.I)

LiveReader = Callable[[LiveName], Iterator[Told]]
LongReader = Callable[[Path, str], Iterator[Reading | Problem]]


def read_all(
    sources: Sequence[str], *, as_of: date, live: LiveReader, long: LongReader | None = None
) -> Iterator[Told]:
    """Read every source in turn, live ones by `live`; all are checked before the first is read.

    Args:
        long: Reads the long files of JSON lines that are named, given its path and its name.

    Raises:
        SourceError: A source is not there, is misspelt or cannot be read.
    """
    names = [_live(source) for source in sources]
    return chain.from_iterable(
        live(name) if name else _read_source(source, as_of=as_of, long=long)
        for source, name in zip(sources, names, strict=True)
    )


def read_sources(sources: Sequence[str], *, as_of: date) -> Iterator[Reading | Problem]:
    """Read every source in turn; all are checked to be there before the first is read.

    A source is a file, a folder (read with all below it, but for hidden files), `-` for standard
    input or `sample:`. A day without a year is its latest not after `as_of`.

    Raises:
        SourceError: A source is not there or cannot be read.
    """
    for source in sources:
        _check(source)
    return chain.from_iterable(_read_source(source, as_of=as_of) for source in sources)


def _live(source: str) -> LiveName | None:
    """Read the name of a live source; None for a file, which is there."""
    if is_live(source) and not _exists(source):
        return live_name(source)
    _check(source)
    return None


def _check(source: str) -> None:
    if source in {STANDARD_INPUT, SAMPLE} or _exists(source):
        return
    if is_live(source):
        raise SourceError(
            f"{quoted(source)} is fetched, and only files are read here",
            hint="run `footnote ingest` with it, and give what came from it as a home",
        )
    if SCHEME.match(source):
        raise SourceError(f"{quoted(source)} is no source that Footnote knows", hint=HINT)
    raise SourceError(
        f"{quoted(source)} does not exist",
        hint="give a file, a folder, `-` for standard input or `sample:`",
    )


def _exists(source: str) -> bool:
    try:
        return bool(source) and Path(source).exists()
    except OSError:
        return True  # reading it will say why it cannot be looked at
    except ValueError:
        return False


def _read_source(
    source: str, *, as_of: date, long: LongReader | None = None
) -> Iterator[Reading | Problem]:
    try:
        if source == STANDARD_INPUT:
            yield from _read_stream(sys.stdin.buffer, origin=source, as_of=as_of)
        elif source == SAMPLE:
            with files("index").joinpath("sample.jsonl").open("rb") as stream:
                yield from _read_stream(stream, origin=source, as_of=as_of)
        elif Path(source).is_dir():
            yield from _read_folder(Path(source), as_of=as_of)
        elif long and has_portions(Path(source)):
            yield from long(Path(source), _shown(source))
        else:
            yield from _read_file(Path(source), as_of=as_of)
    except OSError as error:
        raise SourceError(
            f"{quoted(source)} cannot be read: {error.strerror or error}",
            hint="check that it is a file or folder that you may read",
        ) from error


def _read_folder(folder: Path, *, as_of: date) -> Iterator[Reading | Problem]:
    """Read all files below `folder` in the order of their names; one that fails stops no other."""
    unreadable: list[OSError] = []
    empty = True
    for place, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            empty = False
            yield from _read_member(Path(place, name), as_of=as_of)
    for error in unreadable:
        if error.filename == str(folder):
            raise error
        yield Problem(origin=_shown(error.filename), line=None, why=_reason(error))
    if empty and not unreadable:
        yield Problem(origin=_shown(folder), line=None, why="the folder holds no files")


def _read_member(path: Path, *, as_of: date) -> Iterator[Reading | Problem]:
    if not path.is_file():
        why = "is not a file: a broken link, a pipe or a device"
        yield Problem(origin=_shown(path), line=None, why=why)
        return
    try:
        yield from _read_file(path, as_of=as_of)
    except OSError as error:
        yield Problem(origin=_shown(path), line=None, why=_reason(error))


def _read_file(path: Path, *, as_of: date) -> Iterator[Reading | Problem]:
    with path.open("rb") as stream:
        yield from _read_stream(stream, origin=_shown(path), as_of=as_of)


def _read_stream(stream: IO[bytes], *, origin: str, as_of: date) -> Iterator[Reading | Problem]:
    try:
        text = Text(stream)
        if text.empty:
            yield Problem(origin=origin, line=None, why="is empty")
            return
        yield from read_text(text, origin=origin, as_of=as_of)
        if text.lost:
            why = f"damaged characters, read as `\ufffd`: {text.lost}"
            yield Problem(origin=origin, line=None, why=why)
    except NotTextError:
        yield Problem(origin=origin, line=None, why="is not text")
    except DAMAGE as error:
        yield Problem(origin=origin, line=None, why=f"is a damaged gzip file: {error}")


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"


def _shown(path: Path | str) -> str:
    """Name a file in text that can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")
