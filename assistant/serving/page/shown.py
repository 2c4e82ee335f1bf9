"""What the page shows of an answer: its sentences, and for each footnote the words behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answers import Answer, Quote, Sentence
from assistant.days_in_words import day_in_words
from assistant.fit_text import fit
from assistant.html_page import fragment
from assistant.markdown import address
from assistant.serving.page.kept_answers import answer_of
from index.papers import Paper

TEMPLATES = "assistant.serving.page"

VERDICTS = {
    "verbatim": "Quoted word for word",
    "supported": "Checked: the cited paper says so",
    "unchecked": "Not checked: the check could not decide",
    "unsupported": "The cited paper does not say so",
}
NEAREST = 3
"""Papers offered where there is no answer."""
NAMED_AUTHORS = 3


@dataclass(frozen=True)
class Note:
    """A footnote of one sentence."""

    number: int
    paper: Paper | None
    """None while the answer is being written."""
    quotes: tuple[Quote, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the quotes stand in the paper's abstract."""
        return [(quote.start, quote.end) for quote in self.quotes]


@dataclass(frozen=True)
class Shown:
    """A sentence as it is shown."""

    sentence: Sentence
    heading: str | None
    """What stands above it, where it is the first of its section."""
    notes: tuple[Note, ...]


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut a raw text where `text[start:end]` is to be marked; give pieces fit for a page.

    Spans may overlap, in any order; what is beyond the text is left out.
    """
    pieces, place = [], 0
    for start, end in sorted(spans):
        start, end = max(start, place), min(end, len(text))
        if start < end:
            pieces += [(text[place:start], False), (text[start:end], True)]
            place = end
    pieces.append((text[place:], False))
    return [(fit(piece), is_marked) for piece, is_marked in pieces if piece]


def with_notes(
    sentences: Sequence[Sentence], papers: Mapping[int, Paper], *, section: str | None = None
) -> list[Shown]:
    """Give sentences with their footnotes.

    Args:
        papers: By number; empty while an answer is being written.
        section: Of the sentence before.
    """
    shown = []
    for sentence in sentences:
        notes = tuple(
            Note(
                number,
                papers.get(number),
                tuple(quote for quote in sentence.evidence if quote.citation == number),
            )
            for number in sentence.citations
        )
        heading = sentence.section if sentence.section != section else None
        section = sentence.section
        shown.append(Shown(sentence, heading, notes))
    return shown


def sentence_html(sentence: Sentence, *, before: Sentence | None) -> str:
    """Show a sentence of an answer that is being written."""
    section = before.section if before else None
    return html("sentence", shown=with_notes([sentence], {}, section=section)[0])


def turn_html(number: int, kept: Mapping[str, Any], *, papers_held: int) -> str:
    """Show a question and its answer.

    Args:
        kept: The answer in its public JSON shape.
        papers_held: By the corpus.
    """
    answer = answer_of(kept)
    papers = {citation.number: citation.paper for citation in answer.citations}
    cited = {paper.id for paper in papers.values()}
    return html(
        "turn",
        number=number,
        answer=answer,
        text=kept["text"],
        shown=with_notes(answer.sentences, papers),
        others=[hit["paper"] for hit in kept["hits"] if hit["paper"]["id"] not in cited],
        follow_ups=follow_ups(answer),
        instead=instead,
        papers_held=papers_held,
    )


def follow_ups(answer: Answer) -> list[str]:
    """Suggest what to ask on."""
    if not answer.sentences or answer.kind != "answer":
        return []
    if len(answer.citations) == 1:
        return ["What problem does it solve?", "How was it evaluated?", "What are its limits?"]
    first, second = (title_in_short(each.paper.title) for each in answer.citations[:2])
    return [
        f"How was {first} evaluated?",
        f"How do {first} and {second} differ?",
        "What is known about this?",
    ]


def instead(answer: Answer) -> str:
    """Say why there is no answer, without the nearest papers, which are shown apart."""
    said, nearest, _ = answer.remark.partition("; the nearest ")
    return f"{said}." if nearest else said


def title_in_short(title: str) -> str:
    """Give the name before the colon of a title, where there is one; else the title in quotes."""
    name, colon, _ = title.partition(":")
    return name if colon and len(name) <= 40 else f"“{title}”"


def authors_in_short(paper: Paper) -> str:
    """Name the first authors: `Ada Lovelace, Alan Turing, Emmy Noether and 4 more`."""
    count = max(paper.author_count or 0, len(paper.authors))
    if len(paper.authors) == count <= NAMED_AUTHORS + 1:
        return ", ".join(paper.authors)
    named = ", ".join(paper.authors[:NAMED_AUTHORS])
    return f"{named} and {count - NAMED_AUTHORS} more" if named else ""


def day_of(paper: Paper) -> str:
    """Say when a paper was published, else when it was first listed."""
    day = paper.published or (paper.listed[0] if paper.listed else None)
    return day_in_words(day) if day else ""


def html(template: str, **told: Any) -> str:
    """Fill a template of the page."""
    return fragment(
        TEMPLATES,
        template,
        **told,
        VERDICTS=VERDICTS,
        NEAREST=NEAREST,
        address=address,
        authors_in_short=authors_in_short,
        day_of=day_of,
        marked=marked,
    )
