"""arXiv: the Atom answers of its API and its daily feed, and its metadata dump at Kaggle."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

from index.fields import Object, object_of, parsed_day, text, texts
from index.papers import Listing, Paper, Problem, Reading
from index.rows import Row, RowError, checked, checked_id, quoted, taken

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
METADATA_FIELDS = frozenset({"authors_parsed", "submitter", "update_date", "versions"})

ANNOUNCEMENT = re.compile(r"^\s*arXiv:\S+\s+Announce Type:.*?\bAbstract:", flags=re.S)
"""What the daily feed writes before an abstract; its `published` is the day of announcement, on
whose list a new paper stands."""


def looks_like_feed(head: str) -> bool:
    """Tell an Atom feed, or one entry of it, from other XML."""
    root = re.search(r"<(?![?!])(?:\w+:)?([\w-]+)", head)
    return root is not None and root[1] in {"feed", "entry"}


def read_feed(text: str, *, origin: str, replacements: bool = True) -> Iterator[Reading | Problem]:
    """Read the papers of a feed; where it breaks off, those before are read.

    Args:
        replacements: Whether to take, of a daily feed, what replaces an older version.
    """
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text):
        why = "the feed declares a document type, which no feed of arXiv does"
        yield Problem(origin=origin, line=None, why=why)
        return
    entries = etree.iterparse(
        io.BytesIO(text.encode("utf-8", "replace")),
        tag=ATOM + "entry",
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    found = False
    try:
        for _, entry in entries:
            found = True
            if replacements or not _replaces(entry):
                yield from taken(_entry_row, entry, origin=origin, line=entry.sourceline)
            entry.clear()
        if not found:
            yield Problem(origin=origin, line=None, why="the feed holds no papers")
    except etree.XMLSyntaxError as error:
        why = f"the feed breaks off or is damaged here: {quoted(error.msg)}"
        yield Problem(origin=origin, line=error.lineno or None, why=why)


def _replaces(entry: Any) -> bool:
    """Whether the daily feed announces a new version: `replace`, `replace-cross`."""
    return (entry.findtext(ARXIV + "announce_type") or "").strip().startswith("replace")


def _entry_row(entry: Any) -> Row:
    summary = entry.findtext(ATOM + "summary") or ""
    abstract = ANNOUNCEMENT.sub("", summary, count=1)
    told = entry.findtext(ATOM + "published")
    day = _day(told) if told else None
    announced = abstract != summary
    identity = checked_id(_id_of(entry))
    names = [author.findtext(ATOM + "name") or "" for author in entry.iterfind(ATOM + "author")]
    names = names or (entry.findtext(CREATOR) or "").split(",")
    authors = tuple(name for name in names if name.strip())
    paper = Paper(
        title=entry.findtext(ATOM + "title") or "",
        abstract=abstract,
        source="arxiv",
        arxiv_id=identity,
        authors=authors,
        author_count=len(authors) or None,
        categories=_categories(entry),
        published=None if announced else day,
        url=f"https://arxiv.org/abs/{identity}",
    )
    on_list = announced and day is not None and not _replaces(entry)
    return Row(paper=checked(paper), listings=(Listing(day) if on_list else None,))


def _id_of(entry: Any) -> str:
    found: str | None = entry.findtext(ATOM + "id")
    if not found:
        raise RowError(f"{quoted(entry.findtext(ATOM + 'title'))} has no id")
    return found


def _day(published: str) -> date:
    return parsed_day(published.strip(), name="published")


def _categories(entry: Any) -> tuple[str, ...]:
    """Read the categories, the primary one first."""
    tags = [entry.find(ARXIV + "primary_category"), *entry.iterfind(ATOM + "category")]
    return tuple(dict.fromkeys(tag.get("term", "") for tag in tags if tag is not None))


def is_metadata(raw: Any) -> bool:
    """Tell a row of the metadata dump from other JSON."""
    return isinstance(raw, dict) and "abstract" in raw and not METADATA_FIELDS.isdisjoint(raw)


def metadata_row(raw: Any) -> Row:
    """Read a row of the metadata dump."""
    row = object_of(raw)
    identity = checked_id(text(row, "id"))
    authors = _authors(row)
    paper = Paper(
        title=text(row, "title") or "",
        abstract=text(row, "abstract") or "",
        source="arxiv",
        arxiv_id=identity,
        authors=authors,
        author_count=len(authors) or None,
        categories=_category_names(row),
        published=_first_version(row),
        url=f"https://arxiv.org/abs/{identity}" if identity else None,
    )
    return Row(paper=checked(paper))


def _authors(row: Object) -> tuple[str, ...]:
    """Turn `["Last", "First", "Jr"]` into `First Last Jr`."""
    parsed = row.get("authors_parsed")
    if parsed is None:
        return ()
    if not isinstance(parsed, list) or not all(_is_name(name) for name in parsed):
        raise RowError("`authors_parsed` is not a list of names in parts")
    return tuple(" ".join(filter(None, [*name[1:2], name[0], *name[2:3]])) for name in parsed)


def _is_name(name: object) -> bool:
    return isinstance(name, list) and bool(name) and all(isinstance(part, str) for part in name)


def _category_names(row: Object) -> tuple[str, ...]:
    if isinstance(row.get("categories"), list):
        return texts(row, "categories")
    return tuple((text(row, "categories") or "").split())


def _first_version(row: Object) -> date | None:
    """Read the day of the first version, in the zone it is written in, which is GMT."""
    versions = row.get("versions")
    if not isinstance(versions, list) or not versions or not isinstance(versions[0], dict):
        return None
    created = text(versions[0], "created")
    if not created:
        return None
    try:
        return parsedate_to_datetime(created).date()
    except (ValueError, OverflowError) as error:
        raise RowError(f"`versions` begins on {quoted(created)}, which is no date") from error
