"""Live sources as they are named: `hf:2025-10-30`, `arxiv:cs.CL@2025-10`, `arxiv:2510.12345`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.errors import SourceError
from index.papers import ARXIV_ID, tidy
from index.rows import quoted
from index.sources.spans import Span

Kind = Literal["lists", "papers", "category", "query", "feed", "bulk"]

SCHEMES = ("hf", "arxiv", "arxiv-rss", "arxiv-oai")
TODAY = "hf:today"

ARCHIVES = frozenset(
    "astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex"
    " nucl-th physics q-bio q-fin quant-ph stat".split()
)
GROUPS = frozenset("cs econ eess math q-bio q-fin stat".split())
"""Archives that are a set of their own in bulk; the others are in the set `physics`."""

CATEGORY = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.([A-Za-z-]{2,}))?", flags=re.ASCII)
FIELD = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all):", flags=re.ASCII)
"""How a query begins to say where its words stand (arXiv API User's Manual, 5.1)."""
WORDS = re.compile(r"[^\W_]+(?:[-.'][^\W_]+)*")
QUERY_LIMIT = 1000

HINT = (
    "try `hf:today`, `hf:2025-10-30`, `hf:2025-W44`, `hf:2025-10`, `arxiv:cs.CL@2025-10`,"
    " `arxiv:2510.12345`, `arxiv:au:hinton AND ti:distillation`, `arxiv-rss:cs.CL` or"
    " `arxiv-oai:cs.CL@2025-10`"
)


@dataclass(frozen=True, kw_only=True)
class LiveName:
    """A live source, as its name tells it."""

    text: str
    """The name itself, tidy."""
    kind: Kind
    subject: str
    """What is asked of arXiv: ids joined by commas, a query, categories joined by `+`, or a set."""
    span: Span | None
    """The days that are asked for; None if the name leaves them open."""


def is_live(source: str) -> bool:
    """Tell the name of a live source, be it well formed or not, from a file's."""
    return source.partition(":")[0] in SCHEMES and ":" in source


def live_name(source: str) -> LiveName:
    """Read the name of a live source.

    Raises:
        SourceError: It is misspelt.
    """
    text = tidy(source)
    scheme, _, rest = text.partition(":")
    name = None
    if is_live(text) and len(rest) <= QUERY_LIMIT:
        subject, at, days = rest.rpartition("@") if "@" in rest else (rest, "", "")
        span = Span.of(days) if at else None
        if at and span is None:
            raise SourceError(f"{quoted(days)} in {quoted(source)} are no days", hint=HINT)
        name = _named(text, scheme, subject.strip(), span)
    if name is None:
        raise SourceError(f"{quoted(source)} is no source that Footnote knows", hint=HINT)
    return name


def _named(text: str, scheme: str, subject: str, span: Span | None) -> LiveName | None:
    match scheme:
        case "hf" if span is None:
            days = Span.of(subject)
            if text != TODAY and (days is None or days.first is None):
                return None
            return LiveName(text=text, kind="lists", subject="", span=days)
        case "arxiv":
            kind, asked = _asked_of_arxiv(subject)
            if not asked or (span and kind == "papers"):
                return None
            return LiveName(text=text, kind=kind, subject=asked, span=span)
        case "arxiv-rss" if span is None and _categories(subject):
            return LiveName(text=text, kind="feed", subject=subject, span=None)
        case "arxiv-oai" if (named := _set(subject)) is not None:
            return LiveName(text=text, kind="bulk", subject=named, span=span)
    return None


def _asked_of_arxiv(subject: str) -> tuple[Kind, str]:
    """Tell ids, categories, a query in arXiv's own form, and plain words, all of which must be."""
    ids = [ARXIV_ID.match(each.strip()) for each in subject.split(",")]
    if all(ids):
        return "papers", ",".join(each[0] for each in ids if each)
    if categories := _categories(subject):
        return "category", " OR ".join(f"cat:{each}" for each in categories)
    if FIELD.search(subject):
        return "query", subject
    return "query", " AND ".join(f"all:{word}" for word in WORDS.findall(subject))


def _categories(subject: str) -> list[str]:
    """Read `cs.CL+stat.ML`; empty if one of them is no category."""
    found = [CATEGORY.fullmatch(each) for each in subject.split("+")]
    return [each[0] for each in found if each] if all(map(_is_category, found)) else []


def _is_category(match: re.Match[str] | None) -> bool:
    return match is not None and match[1] in ARCHIVES


def _set(subject: str) -> str | None:
    """Name the set of a category in bulk: `cs:cs:CL` of cs.CL; empty for all of arXiv."""
    if not subject or re.fullmatch(r"[a-z-]+(?::[A-Za-z-]+){1,2}", subject, flags=re.ASCII):
        return subject
    match = CATEGORY.fullmatch(subject)
    if match is None or not _is_category(match):
        return None
    archive, category = match.groups()
    if category:
        return f"{archive if archive in GROUPS else 'physics'}:{archive}:{category}"
    return archive if archive in GROUPS or archive == "physics" else f"physics:{archive}"
