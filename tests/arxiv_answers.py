"""What arXiv answers, in the formats of its API, its daily feed and its OAI-PMH, from articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
)
HARVEST = 3
"""Records of a part of a harvest."""


@dataclass(frozen=True)
class Article:
    """A paper of arXiv."""

    id: str
    title: str
    published: date
    abstract: str = "We study owls."
    categories: tuple[str, ...] = ("cs.CL",)
    authors: tuple[str, ...] = ("Ada Owl", "Cy Fish")
    changed: date | None = None
    """The day of its record; else that of its publication."""
    deleted: bool = False


def api_answer(articles: Sequence[Article], query: dict[str, str]) -> str:
    """Answer a query, or say in an entry what is wrong with it."""
    if "search_query" in query and "(((" in query["search_query"]:
        error = "<id>http://arxiv.org/api/errors#malformed</id><title>Error</title>"
        return _feed(f"<entry>{error}<summary>malformed query</summary></entry>", total=1)
    found = [each for each in articles if _fits(each, query)]
    if query.get("sortBy") == "submittedDate":
        found.sort(key=lambda each: (each.published, each.id))
    start, size = int(query.get("start", "0")), int(query.get("max_results", "10"))
    entries = "".join(map(_entry, found[start : start + size]))
    return _feed(entries, total=len(found))


def _fits(article: Article, query: dict[str, str]) -> bool:
    if "id_list" in query:
        return article.id in query["id_list"].split(",")
    asked = query["search_query"]
    window = re.search(r"submittedDate:\[(\d{8})0000 TO (\d{8})2359\]", asked)
    if window and not window[1] <= f"{article.published:%Y%m%d}" <= window[2]:
        return False
    categories = re.findall(r"cat:([\w.-]+)", asked)
    title = re.search(r'ti:"([^"]*)"', asked)
    words = re.findall(r"all:(\w+)", asked)
    letters = " ".join(re.findall(r"\w+", article.title)).casefold()
    return (
        (not categories or bool({*categories} & {*article.categories}))
        and (title is None or title[1].casefold() in letters)
        and all(word.casefold() in letters for word in words)
    )


def _feed(entries: str, *, total: int | None = None) -> str:
    told = "" if total is None else f"<opensearch:totalResults>{total}</opensearch:totalResults>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<feed {NAMESPACES}>{told}{entries}</feed>'


def _entry(article: Article) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in article.authors)
    return (
        f"<entry><id>http://arxiv.org/abs/{article.id}v2</id><title>{escape(article.title)}</title>"
        f"<summary>{escape(article.abstract)}</summary>{authors}{_categories(article)}"
        f"<published>{article.published}T17:00:00Z</published></entry>"
    )


def _categories(article: Article) -> str:
    return "".join(f'<category term="{name}"/>' for name in article.categories)


def feed_answer(announced: Sequence[tuple[Article, str]], day: date) -> str:
    """Give the feed of a day."""
    entries = (
        f"<entry><id>oai:arXiv.org:{each.id}v1</id><title>{escape(each.title)}</title>"
        f"<summary>arXiv:{each.id}v1 Announce Type: {kind} \nAbstract: {escape(each.abstract)}"
        f"</summary><arxiv:announce_type>{kind}</arxiv:announce_type>{_categories(each)}"
        f"<published>{day}T00:00:00-05:00</published>"
        f"<dc:creator>{escape(', '.join(each.authors))}</dc:creator></entry>"
        for each, kind in announced
    )
    return _feed("".join(entries))


def oai_answer(
    articles: Sequence[Article],
    query: dict[str, str],
    tokens: dict[str, tuple[dict[str, str], int]],
) -> str:
    """Give a part of a harvest; `tokens` are those that go on."""
    if "resumptionToken" in query:
        if query["resumptionToken"] not in tokens:
            return _harvest('<error code="badResumptionToken">expired</error>')
        query, start = tokens[query["resumptionToken"]]
    else:
        start = 0
    found = [each for each in articles if _changed_in(each, query)]
    if not found:
        return _harvest('<error code="noRecordsMatch">nothing</error>')
    records = "".join(map(_record, found[start : start + HARVEST]))
    token = ""
    if start + HARVEST < len(found):
        token = f"{query['from']}|{start + HARVEST}"
        tokens[token] = (query, start + HARVEST)
    said = f'<resumptionToken completeListSize="{len(found)}">{token}</resumptionToken>'
    return _harvest(f"<ListRecords>{records}{said}</ListRecords>")


def _changed_in(article: Article, query: dict[str, str]) -> bool:
    changed = str(article.changed or article.published)
    archives = {f"cs:cs:{name[3:]}" for name in article.categories} | {"cs"}
    return query["from"] <= changed <= query["until"] and query.get("set", "cs") in archives


def _harvest(content: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{content}</OAI-PMH>'
    )


def _record(article: Article) -> str:
    status = ' status="deleted"' if article.deleted else ""
    header = f"<header{status}><identifier>oai:arXiv.org:{article.id}</identifier></header>"
    if article.deleted:
        return f"<record>{header}</record>"
    authors = "".join(
        f"<author><keyname>{escape(name.split()[-1])}</keyname>"
        f"<forenames>{escape(' '.join(name.split()[:-1]))}</forenames></author>"
        for name in article.authors
    )
    return (
        f'<record>{header}<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/">'
        f"<id>{article.id}</id><created>{article.published}</created><authors>{authors}</authors>"
        f"<title>{escape(article.title)}</title><categories>{' '.join(article.categories)}"
        f"</categories><abstract>{escape(article.abstract)}</abstract></arXiv></metadata></record>"
    )
