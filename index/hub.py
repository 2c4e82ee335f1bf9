"""The Daily Papers of Hugging Face, as its API writes them.

A row of a list holds the paper in `paper`; the answer about one paper is that object itself. The
day on whose list a paper stood is `submittedOnDailyAt`, midnight UTC: `publishedAt` inside is the
day of arXiv, and outside it is neither.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from index.days import iso_day
from index.fields import Object, count, day, object_of, objects, text
from index.papers import Listing, Paper, Source
from index.rows import Row, RowError, checked, checked_id, quoted


def is_hub_row(raw: Any) -> bool:
    """Tell a row of a list, or the answer about one paper, from other JSON."""
    if not isinstance(raw, dict):
        return False
    return isinstance(raw.get("paper"), dict) or ("summary" in raw and "abstract" not in raw)


def hub_row(raw: Any, *, source: Source = "api", page_day: date | None = None) -> Row:
    """Read a row; `page_day` is the list's day, for rows that do not name it."""
    outer = object_of(raw)
    inner = object_of(outer["paper"]) if outer.get("paper") is not None else outer
    paper = _paper(outer, inner, source=source)
    listed = day(inner, "submittedOnDailyAt") or page_day
    found_by_search = "highlightedTitle" in outer
    on_list = listed is not None or (inner is not outer and not found_by_search)
    return Row(paper=paper, listings=(Listing(listed) if on_list else None,))


def list_day(page: Object) -> date | None:
    """Find the day of a list in what surrounds its rows; None for a week or a month."""
    named = page.get("dateString")
    return iso_day(named) if isinstance(named, str) else None


def _paper(outer: Object, inner: Object, *, source: Source) -> Paper:
    identity = checked_id(text(inner, "id"))
    title = text(inner, "title") or text(outer, "title") or ""
    if inner.get("withdrawnAt"):
        raise RowError(f"{quoted(title or identity)} is withdrawn")
    authors = objects(inner, "authors")
    upvotes = count(inner, "upvotes")
    return checked(
        Paper(
            title=title,
            abstract=text(inner, "summary") or text(outer, "summary") or "",
            source=source,
            arxiv_id=identity,
            authors=tuple(text(author, "name") or "" for author in authors if _is_shown(author)),
            author_count=len(authors) or None,
            organization=_organization(inner) or _organization(outer),
            published=day(inner, "publishedAt"),
            url=f"https://huggingface.co/papers/{identity}" if identity else None,
            upvotes=count(outer, "upvotes") if upvotes is None else upvotes,
            comments=count(outer, "numComments"),
        )
    )


def _is_shown(author: Object) -> bool:
    """A hidden author is counted and not named."""
    return author.get("hidden") is not True


def _organization(row: Object) -> str | None:
    if row.get("organization") is None:
        return None
    organization = object_of(row["organization"])
    return text(organization, "fullname") or text(organization, "name")
