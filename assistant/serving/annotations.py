"""Annotations: the citations of an answer as OpenAI's protocol has them, and what it lacks."""

from __future__ import annotations

from typing import Any

from assistant.answers import Answer, Quote, Sentence
from assistant.markdown import address, marked
from index.papers import Paper


def url_citations(answer: Answer, text: str) -> list[dict[str, Any]]:
    """Give one for each citation of each sentence.

    `start_index` and `end_index` are the place of the sentence, with its marks, in `text`, the
    answer as Markdown. `footnote` is ours: the paper, and the words of its abstract that support
    the sentence, for which `abstract[start:end] == quote` holds.
    """
    papers = {citation.number: citation.paper for citation in answer.citations}
    found, place = [], 0
    for sentence in answer.sentences:
        written = marked(sentence)
        start = text.index(written, place)
        place = start + len(written)
        found += [
            _annotation(sentence, number, papers[number], (start, place))
            for number in sentence.citations
        ]
    return found


def _annotation(
    sentence: Sentence, number: int, paper: Paper, span: tuple[int, int]
) -> dict[str, Any]:
    quotes = [quote for quote in sentence.evidence if quote.citation == number]
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": span[0],
            "end_index": span[1],
            "title": paper.title,
            "url": address(paper) or f"urn:footnote:{paper.id}",
        },
        "footnote": {
            "number": number,
            "paper": paper.id,
            "verdict": sentence.verdict,
            "evidence": [_evidence(quote) for quote in quotes],
        },
    }


def _evidence(quote: Quote) -> dict[str, Any]:
    return {"start": quote.start, "end": quote.end, "quote": quote.text}
