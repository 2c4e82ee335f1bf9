"""An answer as Markdown with footnotes; nothing from a paper can act as Markdown or HTML."""

from __future__ import annotations

import re
from itertools import groupby

from assistant.answers import Answer, Citation, Sentence
from assistant.latex import readable
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
        return _plain(answer.remark) + "\n"
    blocks = []
    for section, sentences in groupby(answer.sentences, key=lambda sentence: sentence.section):
        if section is not None:
            blocks.append(f"## {_plain(section)}")
        blocks.append(" ".join(map(_marked, sentences)))
    if any(sentence.section is not None for sentence in answer.sentences):
        blocks.append(f"## {REFERENCES}")
    blocks.append("\n".join(_footnote(citation) for citation in answer.citations))
    return "\n\n".join(blocks) + "\n"


def _marked(sentence: Sentence) -> str:
    marks = "".join(f"[^{number}]" for number in sentence.citations)
    return f"{_plain(sentence.text)} {marks}"


def _footnote(citation: Citation) -> str:
    paper = citation.paper
    title = _plain(paper.title)
    link = f"[{title}](<{paper.url}>)" if paper.url and _safe(paper.url) else title
    return f"[^{citation.number}]: " + ", ".join([link, *map(_plain, about(paper))])


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


def _plain(text: str) -> str:
    escaped = ACTIVE.sub(r"\\\g<0>", " ".join(readable(text).split()))
    start = AT_START.match(escaped)
    return f"{start[1]}\\{escaped[start.end(1) :]}" if start else escaped


def _safe(url: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>]+", url) is not None
