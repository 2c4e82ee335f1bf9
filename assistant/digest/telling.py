"""A digest told in a conversation: its sentences under headings, a line for each paper."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers import Sentence, Statement
from assistant.digest.digests import Digest
from assistant.quoting import short_name

OVERVIEW = "At a glance"
"""The heading of the overview."""


def statements(digest: Digest) -> Iterator[Statement]:
    """Give the sentences in the order in which they are read; papers' lines begin with their names.

    A paper without abstract has no sentence.
    """
    papers = {citation.number: citation.paper for citation in digest.citations}

    def told(sentence: Sentence, section: str, *, item: bool, lead: str = "") -> Statement:
        return Statement(
            text=lead + sentence.text,
            papers=tuple(papers[number] for number in sentence.citations),
            verdict=sentence.verdict,
            support=sentence.support,
            evidence=tuple(
                (papers[each.citation], each.start, each.end) for each in sentence.evidence
            ),
            section=section,
            item=item,
        )

    for sentence in digest.overview:
        yield told(sentence, OVERVIEW, item=True)
    for topic in digest.topics:
        for sentence in topic.summary:
            yield told(sentence, topic.label, item=False)
        for entry in topic.entries:
            if entry.line:
                lead = f"{short_name(entry.paper)}: "
                yield told(entry.line, topic.label, item=True, lead=lead)
