"""Papers known by their title alone, found by exactly that title; one that is near is another.

The list on which such a paper stood is asked first, since one request brings all of its papers;
then the search of Hugging Face, which knows votes, and then arXiv.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from index.hub import hub_row
from index.papers import Paper, Problem, Reading, title_id
from index.rows import quoted, taken
from index.sources.access import Access
from index.sources.arxiv_api import read_best
from index.sources.daily_papers import read_list
from index.sources.documents import DamagedError, parsed_json
from index.sources.visits import Cursor, Told

SEARCH = "/api/papers/search"
SEARCH_LIMIT = 250
"""Characters of a search, as the API has it."""
RESULTS = 20
ASK_AGAIN = timedelta(days=7)
"""A title that nobody knew is looked for again after so long."""

Progress = Callable[[int, int], None]
"""Called with the titles done and the titles there are."""


def find_titles(papers: Sequence[Paper], access: Access, *, progress: Progress) -> Iterator[Told]:
    """Look for `papers`: for each title that one paper bears, its reading.

    A title that several papers bear is a problem. What was not found is not looked for again at
    once.

    Raises:
        SourceError: A service cannot be read.
    """
    wanted = {title_id(each.title): each for each in papers if _is_due(each, access)}
    total = len(wanted)
    for day in sorted({day for paper in wanted.values() for day in paper.listed}):
        yield from _settled(wanted, read_list(day, access))
        progress(total - len(wanted), total)
    for paper in list(wanted.values()):
        for search in (_searched, _searched_at_arxiv):
            if title_id(paper.title) in wanted:
                yield from _settled(wanted, search(paper, access))
        if wanted.pop(title_id(paper.title), None):
            yield Cursor(source=_cursor(paper), after=access.day)
        progress(total - len(wanted), total)


def _is_due(paper: Paper, access: Access) -> bool:
    asked = access.visits.cursor(_cursor(paper)).after
    return asked is None or asked + ASK_AGAIN <= access.day


def _cursor(paper: Paper) -> str:
    return f"complete {paper.id}"


def _settled(wanted: dict[str, Paper], found: Iterable[Told]) -> Iterator[Told]:
    """Tell of each wanted title which paper bears it, or that several do; it is wanted no more."""
    bearers: dict[str, dict[str, Reading]] = {}
    for told in found:
        if isinstance(told, Reading) and told.paper.arxiv_id:
            title = title_id(told.paper.title)
            if title in wanted:
                bearers.setdefault(title, {})[told.paper.arxiv_id] = told
    for title, readings in bearers.items():
        paper = wanted.pop(title)
        if len(readings) == 1:
            yield from readings.values()
        else:
            yield Problem(origin=paper.id, line=None, why=_ambiguous(paper, readings))


def _ambiguous(paper: Paper, readings: Mapping[str, Reading]) -> str:
    return f"{quoted(paper.title)} is the title of several papers: {', '.join(sorted(readings))}"


def _searched(paper: Paper, access: Access) -> Iterator[Told]:
    service = access.services.hub_search
    query = {"q": paper.title[:SEARCH_LIMIT], "limit": str(RESULTS)}
    document = access.client.get(service, service.address(SEARCH, query), read=_rows)
    assert document is not None  # nothing was said to be known
    for row in document.content:
        yield from taken(hub_row, row, origin="hf", line=None)


def _rows(text: str, _more: bool) -> list[Any]:
    rows = parsed_json(text)
    if not isinstance(rows, list):
        raise DamagedError("its answer is no list of papers")
    return rows


def _searched_at_arxiv(paper: Paper, access: Access) -> Iterator[Told]:
    words = " ".join(re.findall(r"[^\W_]+", paper.title)[:50])
    if words:
        yield from read_best(f'ti:"{words}"', access, origin="arxiv", limit=RESULTS)
