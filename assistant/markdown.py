"""An answer as Markdown with footnotes; nothing from a paper can act as Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from assistant.answers import Answer, Sentence
from assistant.fit_text import fit
from index.papers import Paper

ACTIVE = re.compile(r"[\\`*_{}\[\]()#+!|<>~&$^@]|:(?=//)|(?<=\bwww)\.", flags=re.IGNORECASE)
"""Characters that Markdown, or HTML inside it, gives a meaning to, those of bare links included."""

AT_START = re.compile(r"(\d{0,9})([-=.])")
"""How a line begins that is an item of a list or a rule."""

REFERENCES = "References"
"""The heading of the cited papers, where the answer has headings."""


def answer_in_markdown(answer: Answer) -> str:
    """Give the answer with `[^1]` marks and the cited papers as footnotes.

    Sections have headings, and so have then the footnotes.
    """
    if not answer.sentences:
        return plain(answer.remark) + "\n"
    blocks = _sections(answer.sentences)
    if any(sentence.section is not None for sentence in answer.sentences):
        blocks.append(f"## {REFERENCES}")
    blocks.append("\n".join(_footnote(each.number, each.paper) for each in answer.citations))
    return "\n\n".join(blocks) + "\n"


def sentences_in_markdown(sentences: Sequence[Sentence]) -> str:
    """Give sentences as an answer has them that goes on, without the footnotes.

    With one sentence more it begins in the same way.
    """
    return "\n\n".join(_sections(sentences))


def conversation_in_markdown(answers: Sequence[Answer]) -> str:
    """Give questions and answers, the papers numbered once throughout and listed at the end."""
    papers: dict[str, Paper] = {}
    blocks = []
    for answer in answers:
        for citation in answer.citations:
            papers.setdefault(citation.paper.id, citation.paper)
        throughout = {name: number for number, name in enumerate(papers, start=1)}
        numbers = {each.number: throughout[each.paper.id] for each in answer.citations}
        blocks.append(f"**{plain(answer.question)}**")
        blocks += _sections(answer.sentences, numbers) or [plain(answer.remark)]
    if papers:
        footnotes = [_footnote(number, paper) for number, paper in enumerate(papers.values(), 1)]
        blocks += [f"## {REFERENCES}", "\n".join(footnotes)]
    return "\n\n".join(blocks) + "\n"


def _sections(
    sentences: Sequence[Sentence], numbers: Mapping[int, int] = MappingProxyType({})
) -> list[str]:
    """Give headings and paragraphs, with `numbers` in the place of the answer's own."""
    blocks = []
    for section, together in groupby(sentences, key=lambda sentence: sentence.section):
        if section is not None:
            blocks.append(f"## {plain(section)}")
        for item, run in groupby(together, key=lambda sentence: sentence.item):
            said = [marked(sentence, numbers) for sentence in run]
            blocks.append("\n".join(f"- {each}" for each in said) if item else " ".join(said))
    return blocks


def marked(sentence: Sentence, numbers: Mapping[int, int] = MappingProxyType({})) -> str:
    """Give a sentence with its marks: `Text. [^1][^2]`."""
    marks = "".join(f"[^{numbers.get(number, number)}]" for number in sentence.citations)
    return f"{plain(sentence.text)} {marks}"


def _footnote(number: int, paper: Paper) -> str:
    return f"[^{number}]: " + ", ".join([linked(paper), *map(plain, about(paper))])


def linked(paper: Paper) -> str:
    """Give the title, as a link where the paper has an address."""
    title, place = plain(paper.title), address(paper)
    return f"[{title}](<{place}>)" if place else title


def about(paper: Paper) -> list[str]:
    """Say in short pieces what is known of a paper beside its title."""
    pieces = []
    if paper.authors:
        pieces.append(paper.authors[0] + (" et al." if len(paper.authors) > 1 else ""))
    if paper.organization:
        pieces.append(paper.organization)
    if paper.published:
        pieces.append(str(paper.published.year))
    if paper.source == "sample":
        pieces.append("summary by Footnote")
    return [*pieces, paper.id]


def plain(text: str) -> str:
    """Give a text in one line with nothing in it that acts as Markdown or HTML."""
    escaped = ACTIVE.sub(r"\\\g<0>", " ".join(fit(text).split()))
    start = AT_START.match(escaped)
    return f"{start[1]}\\{escaped[start.end(1) :]}" if start else escaped


def address(paper: Paper) -> str | None:
    """Give the paper's address on the web; None if it has none that a page may link to."""
    url = paper.url or ""
    return url if re.fullmatch(r"https?://[^\s<>]+", url) else None
