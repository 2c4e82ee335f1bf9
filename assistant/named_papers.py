"""Papers named in a message: by arXiv id, by address, by title."""

from __future__ import annotations

import re
from typing import Protocol

from index.errors import UnknownPaperError
from index.lexical import content_words
from index.papers import Paper, arxiv_id, normalised_title

OLD_ID = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}"
NEW_ID = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
NAMED_ID = re.compile(
    rf"""
      (?:https?://)?(?:[\w-]+\.)*
      (?: (?:arxiv|alphaxiv|huggingface|hf|ar5iv|papers\.cool)[\w.]*/(?:[\w.-]+/)*
        | doi\.org/10\.48550/arxiv\.
      )
      (?P<address>{OLD_ID}|{NEW_ID})(?:v\d+)?(?:\.pdf)?(?:[?\#][^\s)>\]]*)?/?
    | \b(?:doi:\s?)?(?:10\.48550/)?arxiv[:.]\s?(?P<prefixed>{OLD_ID}|{NEW_ID})(?:v\d+)?
    | (?<![\w./-])(?P<alone>{OLD_ID}|{NEW_ID})(?:v\d+)?(?![\w/]|[.-]\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""An arXiv id alone or in an address, which may be followed by a query."""

ASKED_ABOUT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:please\s+)?(?:can\s+you\s+|could\s+you\s+)?(?:summari[sz]e|explain|describe|outline|show|open"
        r"|find|discuss|sum\s+up|tell\s+me\s+about|what\s+about)(?:\s+me)?\s+(?P<title>.+)",
        r"(?:can\s+you\s+)?(?:give|write|show)\s+(?:me\s+)?(?:a|an|the)\s+(?:\w+\s+)?(?:summary|abstract|overview"
        r"|explanation|gist)\s+(?:of|for)\s+(?P<title>.+)",
        r"(?:what['’]?s|what\s+is|what\s+are|what\s+was)\s+(?P<title>.+?)\s+(?:(?:all\s+)?about|saying)",
        r"what\s+(?:does|do|did)\s+(?P<title>.+?)\s+(?:say|show|find|propose|report|conclude|claim|do)",
        r"(?:what\s+(?:are|is)\s+)?(?:the\s+)?(?:main\s+)?(?:findings?|results?|contributions?|idea|abstract"
        r"|summary|message|point)\s+of\s+(?P<title>.+)",
        r"(?:tl;?dr|summary|abstract)\s*(?:of|:|for)?\s+(?P<title>.+)",
    )
)
"""What is asked about a paper as a whole."""

THE_PAPER = re.compile(
    r"(?:the\s+)?(?:paper|article|preprint|abstract|work)\s+(?:called\s+|titled\s+|entitled\s+|named\s+)?",
    re.IGNORECASE,
)


OF_THE_WHOLE = frozenset(
    """abstract article arxiv describe explain find give gist idea is it main me open outline overview
    paper papers preprint read review say says show sum summarise summarize summary tell there think
    tl dr tldr up work""".split()
)
"""Words that ask nothing in particular about a paper."""


class Titles(Protocol):
    """What knows papers by name, such as a corpus."""

    def paper(self, name: str) -> Paper:
        """Find a paper by id or title.

        Raises:
            UnknownPaperError: There is none.
        """
        ...


def named_ids(message: str) -> tuple[str, ...]:
    """Give the arXiv ids, without version, that stand in the message or in its addresses.

    >>> named_ids("compare https://huggingface.co/papers/2510.12345 and arXiv:2510.54321v2")
    ('2510.12345', '2510.54321')
    """
    named = (found.group(found.lastgroup or 0) for found in NAMED_ID.finditer(message))
    return tuple(dict.fromkeys(name for name in named if arxiv_id(name)))


def asked_of_papers(message: str) -> str:
    """Give what is asked of the papers named by id: empty if only what they say as a whole."""
    rest = " ".join(NAMED_ID.sub(" ", message).split())
    return rest if set(content_words(rest)) - OF_THE_WHOLE else ""


def named_paper(message: str, corpus: Titles) -> Paper | None:
    """Find the paper whose title the message is, or about which as a whole it asks.

    Case, punctuation and accents do not count. None: no title of the corpus is named so.
    """
    for title in possible_titles(message):
        try:
            return corpus.paper(title)
        except UnknownPaperError:
            continue
    return None


def possible_titles(message: str) -> tuple[str, ...]:
    """Give what may be a title: the whole message, and what it asks to be summarised or explained."""
    text = message.strip()
    asked = [pattern.fullmatch(text.rstrip(" ?.!")) for pattern in ASKED_ABOUT]
    named = [found["title"] for found in asked if found]
    named += [THE_PAPER.sub("", title, count=1) for title in named if THE_PAPER.match(title)]
    return tuple(dict.fromkeys(name for name in (text, *named) if normalised_title(name)))
