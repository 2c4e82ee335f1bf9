"""A digest as plain text: for a terminal and for readers of e-mail that show no HTML."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from assistant.digest.digests import Digest, Entry, Topic
from assistant.fit_text import fit
from assistant.markdown import about, address

WIDTH = 78
"""Letters of a line at most."""


def digest_in_text(digest: Digest) -> str:
    """Write a digest in lines, with the papers' numbers in brackets and a list of them within."""
    return "\n".join(_lines(digest)) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    yield from _wrapped(f"Papers of {digest.title}")
    if digest.remark:
        yield ""
        yield from _wrapped(digest.remark)
    for sentence in digest.overview:
        yield ""
        yield from _wrapped(sentence.marked, first="* ")
    for topic in digest.topics:
        yield from _topic(topic)


def _topic(topic: Topic) -> Iterator[str]:
    label = _wrapped(topic.label)
    yield from ["", "", *label, "=" * max(map(len, label))]
    if topic.summary:
        yield ""
        yield from _wrapped(" ".join(sentence.marked for sentence in topic.summary))
    for entry in topic.entries:
        yield ""
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    number = f"[{entry.number}] ".ljust(5)
    votes = f"{entry.paper.upvotes} votes" if entry.paper.upvotes else ""
    facts = [*about(entry.paper), *filter(None, [votes])]
    yield from _wrapped(f"{entry.paper.title} · {', '.join(facts)}", first=number)
    if entry.why:
        yield from _wrapped(f"({entry.why})", first=" " * len(number))
    if entry.line:
        yield from _wrapped(entry.line.text, first=" " * len(number))
    if place := address(entry.paper):
        yield f"{' ' * len(number)}{fit(place)}"


def _wrapped(text: str, *, first: str = "") -> list[str]:
    words = " ".join(fit(text).split())
    return wrap(
        words,
        width=WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
