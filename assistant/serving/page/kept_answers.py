"""Answers that were kept as JSON, made answers again, to be exported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assistant.answers import Answer, Citation, Quote, Seconds, Sentence, WrittenBy
from index.papers import Paper, arxiv_id


def answer_of(kept: Mapping[str, Any]) -> Answer:
    """Read the public JSON shape of an answer; what was looked at is left out."""
    seconds = kept["seconds"]
    return Answer(
        question=kept["question"],
        understood=kept["understood"],
        kind=kept["kind"],
        sentences=tuple(map(_sentence, kept["sentences"])),
        citations=tuple(
            Citation(each["number"], paper_of(each["paper"])) for each in kept["citations"]
        ),
        declined_because=kept["declined_because"],
        remark=kept["remark"] or "",
        hits=(),
        degraded=kept["degraded"],
        undated_left_out=kept["undated_left_out"],
        writer=WrittenBy(
            kept["writer"]["name"],
            kept["writer"]["model"],
            tuple(kept["writer"]["prompts"].items()),
        ),
        seconds=Seconds(seconds["search"], seconds["write"], seconds["check"]),
        left_out=kept["left_out"],
    )


def paper_of(kept: Mapping[str, Any]) -> Paper:
    """Read the public JSON shape of a paper."""
    published = kept["published"]
    return Paper(
        title=kept["title"],
        abstract=kept["abstract"],
        source=kept["source"],
        arxiv_id=arxiv_id(kept["id"]),
        authors=tuple(kept["authors"]),
        author_count=kept["author_count"],
        organization=kept["organization"],
        categories=tuple(kept["categories"]),
        published=date.fromisoformat(published) if published else None,
        url=kept["url"],
        upvotes=kept["upvotes"],
        comments=kept["comments"],
        listed=tuple(map(date.fromisoformat, kept["listed"])),
    )


def _sentence(kept: Mapping[str, Any]) -> Sentence:
    return Sentence(
        text=kept["text"],
        citations=tuple(kept["citations"]),
        verdict=kept["verdict"],
        support=kept["support"],
        evidence=tuple(
            Quote(each["citation"], each["start"], each["end"], each["quote"])
            for each in kept["evidence"]
        ),
        section=kept["section"],
        item=kept["item"],
    )
