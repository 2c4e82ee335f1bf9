"""Papers named in a message: by arXiv id, by address, by title."""

from __future__ import annotations

import re
from typing import Protocol

from assistant.understanding.messages import plain, searchable
from assistant.understanding.phrases import any_of, compiled, each_of
from assistant.understanding.small_talk import without_opening
from index.lexical import content_words
from index.papers import Paper, arxiv_id

LONGEST_TITLE = 500
"""Characters of a message that can be a title."""

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

TO_TELL = any_of("""
    summari[sz]e|explain|describe|outline|show|open|find|discuss|sum up|what about
    tell me about
""")
PARTS = "(?:findings?|results?|contributions?|idea|abstract|summary|message|point|gist|overview)"
ASKED_ABOUT = each_of(rf"""
    (please )?((can|could) you )?{TO_TELL}( me)? (?P<title>.+)
    (please )?((can|could) you )?(give|write|show) (me )?(a|the) (\w+ )?{PARTS} of (?P<title>.+)
    (what['’]?s|what is|what are|what was) (?P<title>.+?) (all )?(about|saying)
    what (does|do|did) (?P<title>.+?) (say|show|find|propose|report|conclude|claim|do)
    (what (are|is) )?(the )?(main )?{PARTS} of (?P<title>.+)
    (tl;?dr|summary|abstract)( of|:| for)? (?P<title>.+)
""")
"""What is asked about a paper as a whole."""

THE_PAPER = "(?:the )?(?:paper|article|preprint|abstract) (?:(?:called|titled|entitled|named) )?"

OF_THE_WHOLE = frozenset(
    """abstract article arxiv compare describe dr explain find give gist idea main open outline
    overview paper papers preprint read review say says show sum summarise summarize summary tell
    tl tldr work""".split()
)
"""Words that ask nothing in particular about a paper."""


class Titles(Protocol):
    """What knows papers by name, such as a corpus."""

    def find(self, name: str) -> Paper | None:
        """Find a paper by id or title, at the cost of a look-up; None if there is none."""
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
    found = (corpus.find(title) for title in possible_titles(message))
    return next((paper for paper in found if paper), None)


def possible_titles(message: str) -> tuple[str, ...]:
    """Give what may be a title: the message, and what it asks to be summarised or explained."""
    text = searchable(without_opening(plain(message)))
    asked = [compiled(pattern).fullmatch(text.rstrip(" ?.!")) for pattern in ASKED_ABOUT]
    named = [text, *(found["title"] for found in asked if found)]
    named += [compiled(THE_PAPER).sub("", title, count=1) for title in named]
    return tuple(dict.fromkeys(title for title in named if 1 < len(title) <= LONGEST_TITLE))
