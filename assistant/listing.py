"""Lists of papers: those of some days, on a subject, by an author, each with what it says.

A paper is given by one quote, the sentence that tells most: of the subject, or of its title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from assistant.answers import Statement
from assistant.asked import Asked, Index
from assistant.bearing import bearing
from assistant.days_in_words import day_in_words, days_in_words
from assistant.digest.digester import MOST, Digester, Wanted
from assistant.digest.telling import statements
from assistant.quoting import Weighed, short_name, understandable
from assistant.replies import Reply
from index.minilm import Encoded
from index.papers import Paper
from index.search import Found, Hit

LISTED = 10
"""Papers of a list that are given if nobody says how many; how many more there are is said."""


def listed(digester: Digester, asked: Asked, reply: Reply) -> Iterator[Statement]:
    """Give the papers that were asked for; with none, say so and what there is instead."""
    if asked.request.kind == "author":
        return _by_author(digester.index, asked, reply)
    if asked.request.words:
        return _on_subject(digester.index, asked, reply)
    return _of_days(digester, asked, reply)


def _of_days(digester: Digester, asked: Asked, reply: Reply) -> Iterator[Statement]:
    index = digester.index
    reply.kind = "digest"
    since, until = asked.since, asked.until
    latest = index.corpus.status().last_day
    if asked.request.kind == "digest" and since is None and until is None:
        if latest is None:
            reply.nothing("No day of any paper is known.", _instead(latest))
            return
        since = until = latest
    days = index.corpus.day_range_keys(since, until)
    reply.undated_left_out = days.undated if since or until else 0
    papers = list(index.corpus.papers_by_key(days.keys).values())
    words = days_in_words(since, until)
    if not papers:
        reply.nothing(f"No paper is dated {words}.", _instead(latest))
    elif asked.request.kind == "digest" and not asked.request.count and len(papers) <= MOST:
        yield from _digest(digester, since, until, reply)
    else:
        wanted = _first(papers, asked.request.count)
        reply.remark = _how_many(papers, wanted, f"dated {words}" if words else "in the corpus")
        yield from _each(index, wanted)


def _digest(
    digester: Digester, since: date | None, until: date | None, reply: Reply
) -> Iterator[Statement]:
    """Tell of all papers of some days by topic."""
    title = days_in_words(since, until)
    digest = digester.digest(Wanted(title=title, since=since, until=until))
    reply.writer = digest.writer
    reply.remark = digest.remark
    reply.left_out = digest.left_out
    yield from statements(digest)


def _by_author(index: Index, asked: Asked, reply: Reply) -> Iterator[Statement]:
    name = asked.request.author or ""
    papers = index.corpus.papers_by_author(name)
    if asked.since or asked.until:
        keys = index.corpus.day_range_keys(asked.since, asked.until).keys
        papers = [paper for paper in papers if paper.key in keys]
    if not papers:
        total, known = index.corpus.count(), index.corpus.count_with_authors()
        reply.nothing(
            f"No paper here is known to be by {name}.",
            f"Authors are recorded for {known} of the {total} papers of the corpus.",
        )
    elif asked.request.words:
        yield from told(index.rank(asked.request.words, papers))
    else:
        wanted = _first(papers, asked.request.count)
        reply.remark = _how_many(papers, wanted, f"by {name}")
        yield from _each(index, wanted)


def _on_subject(index: Index, asked: Asked, reply: Reply) -> Iterator[Statement]:
    subject = asked.request.words
    started = perf_counter()
    count = asked.request.count or LISTED
    found = index.search(
        subject, limit=max(2 * LISTED, count), since=asked.since, until=asked.until
    )
    reply.found(found, seconds=perf_counter() - started)
    if found.encoded is None:
        latest = index.corpus.status().last_day
        days = days_in_words(asked.since, asked.until)
        reply.nothing(f"No paper is dated {days}.", _instead(latest))
        return
    hits = bearing(subject, found.encoded, found.hits)
    if not hits:
        reply.decline("no paper that was found is on the subject", nearest=found.hits)
    for hit in hits[:count]:
        yield _telling(subject, found.encoded, hit)


def _each(index: Index, papers: Sequence[Paper]) -> Iterator[Statement]:
    """Give each paper by the sentence that tells most of its title."""
    for paper in papers:
        yield from told(index.rank(paper.title, [paper]))


def told(found: Found) -> Iterator[Statement]:
    """Give each paper found by the sentence that tells most of what was searched for."""
    for hit in found.hits:
        if found.encoded is not None and len(hit.vectors.sentences):
            yield _telling(found.question, found.encoded, hit)


def _telling(subject: str, encoded: Encoded, hit: Hit) -> Statement:
    place = Weighed.of(subject, encoded, hit).most_telling
    excerpt = understandable(hit, [place])[-1]
    return Statement.quoting(replace(excerpt, lead=f"{short_name(hit.paper)}: "))


def _first(papers: Sequence[Paper], count: int | None) -> list[Paper]:
    """Choose the papers with the most votes; equal ones in the order of keys."""
    by_votes = sorted(papers, key=lambda paper: (-(paper.upvotes or 0), paper.key))
    return by_votes[: count or LISTED]


def _how_many(papers: Sequence[Paper], given: Sequence[Paper], which: str) -> str:
    many = "One paper is" if len(papers) == 1 else f"{len(papers)} papers are"
    if len(given) == len(papers):
        return f"{many} {which}."
    voted = any(paper.upvotes for paper in papers)
    most = "with the most votes" if voted else "read in first; no votes are recorded"
    these = "this is the one" if len(given) == 1 else f"these are the {len(given)}"
    return f"{many} {which}; {these} {most}."


def _instead(latest: date | None) -> str:
    if latest is None:
        return "No paper of the corpus stands on a day's list."
    day = day_in_words(latest)
    return f"The latest day with papers is {day}: ask for “papers of {day}”."
