"""A saved Daily Papers page as text, in all its layouts.

After a header, which may name the page's day, a row is a title and an abstract, on lines of their
own with or without blank lines between them. One layout adds the authors or an organisation and
the date of publication, here with six comments:

      • 4 authors
    ·
    Aug 13, 2024 6

An abstract is known by its length, a title by standing before one. So a line that is missing costs
the row it belongs to and no other.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import partial
from itertools import groupby, zip_longest
from typing import TypeAlias

from index.days import written_day
from index.papers import Listing, Paper, Problem, Reading
from index.rows import Row, RowError, checked, quoted, taken

SURE_ABSTRACT = 250
"""No title is as long, in characters."""
SENTENCE = 80
"""From this length on, a line that ends in a full stop is an abstract wherever it stands."""
SHORT_SENTENCE = 5
"""From this number of words on, it is one where it follows a title."""
WRAPPED = 4
"""So many lines of about one length are a text that was broken into lines when it was saved."""

MARKS = re.compile(
    r"^[ \t]*(?:Get trending papers in your email inbox|(?:Daily Papers)? ?by ?AK and the research"
    r"|Daily Papers[ \t]*$|• \d+ authors?[ \t]*$)",
    flags=re.M,
)

FURNITURE = re.compile(
    r"new|subscribe|daily papers|(?:daily papers)? ?by ?AK and the research community"
    r"|get trending papers in your email inbox.*|hugging face|models|datasets|spaces|buckets"
    r"|community|docs|enterprise|pricing|log ?in|sign ?up|website|company|tos|privacy|about"
    r"|careers|jobs|system theme|inference providers|daily|weekly|monthly|trending papers"
    r"|previous|next|upvote|back to top|© ?\d* ?hugging ?face|\d+",
    flags=re.I,
)
"""Lines of the site around its papers."""

GLUED = re.compile(r"^Subscribe(?=[^\sa-z]|[a-z]+[A-Z])")
"""The button before the first title, in the layout without blank lines."""

AUTHORS = re.compile(r"[•·*-]? ?(\d{1,6}) authors?")

ENDED = re.compile(r".*[^\w,;:-]|.*[/.].+")
"""The last word of a whole abstract ends in a mark or is an address."""


def looks_like_page(head: str) -> bool:
    """Tell a Daily Papers page from any other text, by its first lines."""
    return MARKS.search(head) is not None


def read_page(text: str, *, origin: str, as_of: date) -> Iterator[Reading | Problem]:
    """Read the papers of a page; a day without a year is its latest not after `as_of`."""
    lines = list(_lines(text))
    start = _header_end(lines)
    day = None
    for line in lines[:start]:
        if line.kind is _Kind.DATE and day is None:
            day = _day(line, as_of=as_of)
            if day is None:
                why = f"the page's day {quoted(line.text)} does not exist"
                yield Problem(origin=origin, line=line.number, why=why)
    entries = _entries([line for line in lines[start:] if line.kind is not _Kind.FURNITURE])
    if not entries:
        yield Problem(origin=origin, line=None, why="the page holds no papers")
        return
    entries[-1].cut = _is_cut(lines[-1])
    read = partial(_row, day=day, as_of=as_of)
    for entry in entries:
        yield from taken(read, entry, origin=origin, line=entry.line)


class _Kind(Enum):
    FURNITURE = auto()
    ABSTRACT = auto()
    SHORT = auto()
    """A title or an organisation: only its neighbours tell."""
    AUTHORS = auto()
    SEPARATOR = auto()
    DATE = auto()


_Block: TypeAlias = list[tuple[int, str]]
"""Lines without a blank one between them, each with its number."""


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    kind: _Kind


@dataclass(kw_only=True)
class _Entry:
    """The lines of one row."""

    title: _Line | None = None
    abstract: _Line | None = None
    details: list[_Line] = field(default_factory=list)
    cut: bool = False

    @property
    def line(self) -> int | None:
        first = self.title or self.abstract
        return first.number if first else None

    def holds(self, *kinds: _Kind) -> bool:
        return any(line.kind in kinds for line in self.details)


def _lines(text: str) -> Iterator[_Line]:
    """Tell what each line is; blank ones are left out, wrapped ones joined."""
    numbered = enumerate((" ".join(line.split()) for line in io.StringIO(text, newline=None)), 1)
    blocks = [list(block) for filled, block in groupby(numbered, lambda n: bool(n[1])) if filled]
    wrapped = any(map(_is_wrapped, blocks))
    before_abstracts = True
    for block in blocks:
        for number, line in _joined(block) if wrapped else block:
            title = GLUED.sub("", line, count=1) if before_abstracts else line
            if title != line:
                yield _Line(number, "Subscribe", _Kind.FURNITURE)
            kind = _kind(title)
            yield _Line(number, title, kind)
            before_abstracts = before_abstracts and kind is not _Kind.ABSTRACT


def _is_wrapped(block: _Block) -> bool:
    """Find an abstract that was saved as many lines of about one length."""
    lengths = [len(line) for _, line in block]
    return len(block) >= WRAPPED and SENTENCE > min(lengths[:-1]) > max(lengths) * 2 / 3


def _joined(block: _Block) -> _Block:
    """Undo the wrapping of a block, unless lines of it are known for what they are."""
    if any(_kind(line) not in {_Kind.SHORT, _Kind.ABSTRACT} for _, line in block):
        return block
    return [(block[0][0], " ".join(line for _, line in block))]


def _kind(line: str) -> _Kind:
    if len(line) >= SURE_ABSTRACT or (len(line) >= SENTENCE and line.endswith(".")):
        return _Kind.ABSTRACT
    if FURNITURE.fullmatch(line):
        return _Kind.FURNITURE
    if AUTHORS.fullmatch(line):
        return _Kind.AUTHORS
    if written_day(line):
        return _Kind.DATE
    return _Kind.SEPARATOR if line == "·" else _Kind.SHORT


def _header_end(lines: Sequence[_Line]) -> int:
    """Count the lines up to the site's last before the first abstract, and the days after it."""
    end = 0
    for number, line in enumerate(lines, 1):
        if line.kind is _Kind.ABSTRACT:
            break
        if line.kind is _Kind.FURNITURE or (line.kind is _Kind.DATE and end == number - 1):
            end = number
    return end


def _entries(lines: Sequence[_Line]) -> list[_Entry]:
    """Gather the rows; one that is missing its title or its abstract stays without it."""
    entries: list[_Entry] = []
    for line, following in zip_longest(lines, lines[1:]):
        open_entry = entries[-1] if entries else None
        if open_entry and _is_detail(line, following, open_entry):
            open_entry.details.append(line)
        elif open_entry and _is_abstract(line, open_entry):
            open_entry.abstract = line
        elif line.kind is _Kind.ABSTRACT:
            entries.append(_Entry(abstract=line))
        elif line.kind is _Kind.SHORT:
            entries.append(_Entry(title=line))
    return entries


def _is_detail(line: _Line, following: _Line | None, entry: _Entry) -> bool:
    if line.kind is not _Kind.SHORT:
        return line.kind is not _Kind.ABSTRACT
    before_date = following is not None and following.kind in {_Kind.SEPARATOR, _Kind.DATE}
    return before_date and not entry.holds(_Kind.SHORT, _Kind.SEPARATOR, _Kind.DATE)


def _is_abstract(line: _Line, entry: _Entry) -> bool:
    if entry.title is None or entry.abstract or entry.details:
        return False
    sentence = line.text.endswith(".") and len(line.text.split()) >= SHORT_SENTENCE
    return line.kind is _Kind.ABSTRACT or sentence


def _is_cut(line: _Line) -> bool:
    return line.kind is _Kind.ABSTRACT and not ENDED.fullmatch(line.text.split()[-1])


def _row(entry: _Entry, *, day: date | None, as_of: date) -> Row:
    if entry.cut and entry.abstract:
        raise RowError(f"the page ends in the middle of the abstract {quoted(entry.abstract.text)}")
    known = {line.kind: line for line in reversed(entry.details)}
    authors, written = known.get(_Kind.AUTHORS), known.get(_Kind.DATE)
    count = AUTHORS.fullmatch(authors.text) if authors else None
    found = written_day(written.text) if written else None
    organization = known.get(_Kind.SHORT)
    paper = Paper(
        title=entry.title.text if entry.title else "",
        abstract=entry.abstract.text if entry.abstract else "",
        source="text",
        author_count=int(count[1]) if count else None,
        organization=organization.text if organization else None,
        published=_published(written, as_of=as_of) if written else None,
        comments=found.comments if found else None,
    )
    return Row(paper=checked(paper), listings=(Listing(day),))


def _published(line: _Line, *, as_of: date) -> date:
    day = _day(line, as_of=as_of)
    if day is None:
        raise RowError(f"the date {quoted(line.text)} in line {line.number} does not exist")
    return day


def _day(line: _Line, *, as_of: date) -> date | None:
    written = written_day(line.text)
    return written.latest(as_of=as_of) if written else None
