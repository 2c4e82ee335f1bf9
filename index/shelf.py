"""Papers out of the corpus: by key, by name, by day."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from index.database import Database
from index.errors import UnknownPaperError
from index.papers import Paper, arxiv_id, normalised_title, tidy, title_id
from index.tellings import COLUMNS, paper_of_row

CHUNK = 500
"""Papers a query: bounds the memory, and holds no cursor open while the caller works."""

SHOWN = f"""
    SELECT key, {COLUMNS},
        (SELECT group_concat(day) FROM listings WHERE paper_key = key)
    FROM papers
"""
FIRST_WITH_TITLE = "SELECT min(paper_key) FROM titles WHERE title_id IN (?, ?)"
LIST_DAYS = "SELECT paper_key FROM listings WHERE day BETWEEN ? AND ?"
NO_LIST_DAY = "NOT EXISTS (SELECT 1 FROM listings WHERE paper_key = key AND day <> '')"

NAME_SHOWN = 200


class DayRange(NamedTuple):
    """The papers of some days."""

    keys: frozenset[int]
    undated: int
    """Papers left out because neither a list nor a source gives them a day."""


def papers_in_order(database: Database, day: date | None, *, after: int = 0) -> Iterator[Paper]:
    """Give the papers behind the key `after`, in the order of keys: all, or those of a day."""
    listed = "AND key IN (SELECT paper_key FROM listings WHERE day = ?)" if day else ""
    query = f"{SHOWN} WHERE key > ? {listed} ORDER BY key LIMIT {CHUNK}"
    values = (day.isoformat(),) if day else ()
    last: int | None = after
    while rows := database.rows(query, (last, *values)):
        for row in rows:
            yield paper_of_row(row)
        last = rows[-1][0]


def papers_by_key(database: Database, keys: Collection[int]) -> dict[int, Paper]:
    """Give the papers of `keys` in the order of keys; a key without paper is left out."""
    wanted = sorted(keys)
    papers = {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        places = ", ".join("?" * len(some))
        for row in database.rows(f"{SHOWN} WHERE key IN ({places}) ORDER BY key", some):
            papers[int(row[0])] = paper_of_row(row)
    return papers


def find_paper(database: Database, name: str) -> Paper | None:
    """Find a paper by arXiv id or address, by a present or former `t-…` id, or by its title."""
    name = tidy(name)
    titles = (name, title_id(name))
    rows = database.rows(f"{SHOWN} WHERE arxiv_id = ?", (arxiv_id(name),))
    rows = rows or database.rows(f"{SHOWN} WHERE key = ({FIRST_WITH_TITLE})", titles)
    return paper_of_row(rows[0]) if rows else None


def paper_named(database: Database, name: str) -> Paper:
    """Find a paper as `find_paper` does.

    Raises:
        UnknownPaperError: There is none; the hint names the nearest titles.
    """
    paper = find_paper(database, name)
    if paper is None:
        shown = tidy(name)[:NAME_SHOWN]
        raise UnknownPaperError(f"No paper is called `{shown}`", hint=_advice(database, shown))
    return paper


def papers_by_author(database: Database, name: str) -> list[Paper]:
    """Give the papers of an author, in the order of keys; case and accents do not matter.

    Every word of `name` must be a word of one author's name, or its initial: "Y. Bengio" and
    "Bengio" are both "Yoshua Bengio".
    """
    wanted = normalised_title(name).split()
    longest = max(wanted, key=len, default="")
    if len(longest) < 2:
        return []
    rows = database.rows("SELECT key, authors FROM papers WHERE authors <> '[]'")
    theirs = [
        key
        for key, authors in rows
        if any(_is_name_of(wanted, normalised_title(each).split()) for each in json.loads(authors))
    ]
    return list(papers_by_key(database, theirs).values())


def _is_name_of(wanted: list[str], author: list[str]) -> bool:
    return all(
        word in author or (len(word) == 1 and any(part[0] == word for part in author))
        for word in wanted
    )


def keys_between(database: Database, since: date | None, until: date | None) -> DayRange:
    """Find the papers of the days from `since` to `until`, both included.

    A paper's days are those of its lists; without any, the one on which it was published. Without
    either bound every paper is in, undated ones too.
    """
    if since is None and until is None:
        return DayRange(frozenset(key for (key,) in database.rows("SELECT key FROM papers")), 0)
    first = (since or date.min).isoformat()
    last = (until or date.max).isoformat()
    published = f"SELECT key FROM papers WHERE published BETWEEN ? AND ? AND {NO_LIST_DAY}"
    rows = database.rows(f"{LIST_DAYS} UNION ALL {published}", (first, last, first, last))
    undated = f"SELECT count(*) FROM papers WHERE published IS NULL AND {NO_LIST_DAY}"
    return DayRange(frozenset(key for (key,) in rows), int(database.rows(undated)[0][0]))


def _advice(database: Database, name: str) -> str:
    near = difflib.get_close_matches(name, _titles_like(database, name), n=3, cutoff=0.5)
    if not near:
        return "`footnote papers` lists the papers, `footnote search` finds them by what they say"
    return "did you mean " + " or ".join(f"`{title}`" for title in near)


def _titles_like(database: Database, name: str) -> list[str]:
    """Give the titles that share a word, else some recent ones: difflib is too slow for all."""
    words = re.findall(r"[^\W_]+", name)[:50]
    query = "SELECT title FROM papers_fts WHERE papers_fts MATCH ? ORDER BY rank LIMIT 200"
    matches = "title : (" + " OR ".join(f'"{word}"' for word in words) + ")"
    rows = database.rows(query, (matches,)) if words else []
    rows = rows or database.rows("SELECT title FROM papers ORDER BY key DESC LIMIT 2000")
    return [title for (title,) in rows]
