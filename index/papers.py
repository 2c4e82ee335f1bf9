"""A paper, its appearances on daily lists, and what makes two papers the same."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

Source = Literal["sample", "text", "html", "api", "arxiv"]
"""Where a paper was read, the least trusted first."""

SOURCES: tuple[Source, ...] = get_args(Source)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper as a source tells it, or as the corpus holds it.

    `title` and `abstract` are raw but tidy (see `tidy`): LaTeX stays as it is. Whatever a source
    does not tell is None or empty.
    """

    title: str
    abstract: str
    source: Source
    arxiv_id: str | None = None
    """Without version: `2510.12345`, `cs/0112017`."""
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    organization: str | None = None
    categories: tuple[str, ...] = ()
    published: date | None = None
    url: str | None = None
    upvotes: int | None = None
    comments: int | None = None
    key: int | None = None
    """The corpus' own number for the paper, never reused; None until it is stored."""
    listed: tuple[date, ...] = ()
    """The days on whose lists it stood, in order; filled in by the corpus."""

    @property
    def id(self) -> str:
        """The public name: the arXiv id, or `t-` and a hash of the normalised title."""
        return self.arxiv_id or title_id(self.title)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What a reference to the paper needs and no source has told, in words."""
        needed = {
            "authors": self.authors,
            "year": self.published,
            "arXiv id": self.arxiv_id or self.url,
        }
        return tuple(name for name, told in needed.items() if not told)

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a paper."""
        return {
            "id": self.id,
            "title": self.title,
            "abstract": self.abstract,
            "authors": list(self.authors),
            "author_count": self.author_count,
            "organization": self.organization,
            "categories": list(self.categories),
            "published": self.published.isoformat() if self.published else None,
            "listed": [day.isoformat() for day in self.listed],
            "url": self.url,
            "upvotes": self.upvotes,
            "comments": self.comments,
            "source": self.source,
        }


@dataclass(frozen=True)
class Listing:
    """An appearance of a paper on a day's list; `day` is None if the page names no day."""

    day: date | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One row of a source: a paper and, if the row stood on a list, its listing."""

    paper: Paper
    listing: Listing | None
    origin: str
    """The file or address it was read from."""
    line: int | None
    """Counted from 1; None where the format has no lines."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A row or file that could not be taken, and why."""

    origin: str
    line: int | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a problem."""
        return {"source": self.origin, "line": self.line, "why": self.why}


def tidy(text: str) -> str:
    """Make `text` comparable: NFC, whitespace collapsed, no control or bidi-control characters.

    Everything that is stored passes through here first, so that offsets into it stay valid.
    """
    if not text.isprintable():
        text = "".join(map(_shown, text))
    text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def _shown(letter: str) -> str:
    """Drop what would act on a terminal, reorder a line or hide in a word."""
    category = unicodedata.category(letter)
    if category == "Cc":
        return " "
    return "" if category in {"Cf", "Cs"} else letter


def normalised_title(title: str) -> str:
    """Reduce `title` to what stays the same between sources: letters and digits, lower case."""
    letters = unicodedata.normalize("NFKD", title).casefold()
    words = re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c)))
    return " ".join(words) or title.strip()


def title_id(title: str) -> str:
    """Name a paper that has no arXiv id: `t-` and 12 hexadecimal digits."""
    return "t-" + hashlib.sha256(normalised_title(title).encode()).hexdigest()[:12]


ARXIV_ID = re.compile(
    r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]+)?/\d{7})(?=v\d+$|$)", flags=re.ASCII
)


def arxiv_id(text: str) -> str | None:
    """Find the arXiv id, without version, in an id or an arXiv address; None if there is none.

    >>> arxiv_id("http://arxiv.org/abs/quant-ph/0201082v1")
    'quant-ph/0201082'
    """
    tail = re.sub(r"^.*?(?:/abs/|/pdf/|arXiv\.org:|arXiv:)", "", text.strip(), flags=re.I)
    match = ARXIV_ID.match(tail.removesuffix(".pdf"))
    return match.group() if match else None
