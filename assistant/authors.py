"""Whose papers a message asks for."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.lexical import STOP_WORDS

LONGEST_NAME = 5
"""Words of a name: `Maria de la Cruz Alvarez`."""

PAPERS = r"(?:papers?|articles?|preprints?|publications?|abstracts?|works?|research|studies)"
WROTE = r"(?:written|published|authored|co-?authored|posted|submitted|co-?written)"
WRITE = r"(?:write|publish|author|post|work\s+on)"
NAME = r"(?P<name>[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,5}?)"
ET_AL = r"(?:\s+et\s+al\.?)?"
TOPIC = r"(?:\s+(?:on|about|regarding|concerning)\s+(?P<topic>.+))?"
ASK = (
    r"(?:(?:please|can|could|would|you|i|want|need|like|to|see|read|list|show|give|tell|find|get|me|us"
    r"|search|look|for|fetch|what|which|are|is|there|do|have|how|many|display|about|summari[sz]e)\s+)*"
)
ALL = r"(?:(?:the|all|any|every|some|of|recent|latest|new|newest|other|more)\s+)*"

AUTHOR_FRAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{ASK}{ALL}(?:{PAPERS}|everything|anything|something|all|stuff)(?:\s+(?:that\s+)?(?:is|are|was|were))?"
        rf"(?:\s+{WROTE})?\s+by\s+{NAME}{ET_AL}{TOPIC}",
        rf"what\s+(?:else\s+)?(?:(?:has|have)\s+{NAME}{ET_AL}\s+(?:{WROTE}|worked\s+on)"
        rf"|did\s+(?P<name2>{NAME[8:-1]}){ET_AL}\s+{WRITE}){TOPIC}",
        rf"(?:has|have|did)\s+{NAME}{ET_AL}\s+(?:{WROTE}|{WRITE})\s+(?:anything|something|(?:any\s+)?papers?){TOPIC}",
        rf"{ASK}{NAME}['’]s?\s+(?:papers|articles|publications|preprints){TOPIC}",
        rf"(?:papers\s+(?:with|where)\s+|find\s+)?authors?\s*[:=]\s*{NAME}",
    )
)
"""How an author's papers are asked for."""

PARTICLES = frozenset(
    "al bin da de del della den der di dos du el ibn la le ter van von y zu".split()
)

NOT_NAMES = frozenset(
    """adversarial algorithm algorithms anyone anybody area attention author authors back been best
    category chance citation citations code community contrastive data dataset date day deep default
    descent design diffusion distillation embedding everyone evaluation example experts far field
    fine fine-tuning gradient group hand humans importance industry it judges keyword keywords
    language law layer layers learning length literature llm llms machine means method methods model
    models month name nature network networks neural number one optimal order organisation
    organization others people popularity pretraining prompting pruning recent reinforcement
    relevance research researchers sampling score scientists search similarity size someone somebody
    studies subject supervised theme title topic topics training transformers upvotes venue votes
    week who work year you""".split()
)
"""What a paper can be by, or can have written, without being a person."""


class Author(NamedTuple):
    """An author's name as it was written, and a subject if one was said."""

    name: str
    topic: str


def author_named(words: str) -> Author | None:
    """Find the author whose papers are asked for; None if it is no such request.

    >>> author_named("what has Chelsea Finn written about robots?")
    Author(name='Chelsea Finn', topic='robots')
    """
    text = words.strip(" ?.!,;")
    for frame in AUTHOR_FRAMES:
        found = frame.fullmatch(text)
        groups = found.groupdict() if found else {}
        name = groups.get("name") or groups.get("name2") or ""
        if _is_name(name):
            return Author(name.rstrip(".,"), (groups.get("topic") or "").strip())
    return None


def _is_name(name: str) -> bool:
    words = name.split()
    main = [word for word in words if word.lower() not in PARTICLES]
    if not main or len(words) > LONGEST_NAME:
        return False
    if any(word.lower().strip(".") in NOT_NAMES | STOP_WORDS for word in main if len(word) > 2):
        return False
    capitals = [not word[0].islower() for word in main]
    return all(capitals) or not any(capitals)
