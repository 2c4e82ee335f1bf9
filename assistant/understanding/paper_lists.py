"""Requests for papers themselves: those of some days, on a subject or on any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.paper_days import ABOUT, DIGEST, OUT, PAPERS, WORKS
from assistant.understanding.phrases import any_of, compiled, each_of

ASK = any_of("""
    please|can|could|would|will|you|i|i['’]d|want|need|like|to|me|us|about|and|a|an|was|were
    see|read|know|list|show|give|tell|find|get|fetch|display|print|make|write|send|recommend
    suggest|search|look|for|summari[sz]e|sum up|recap|have|do|are|is|there|what|which|how many
""")
ALL = any_of("""
    the|all|any|every|some|of|new|newest|latest|recent|interesting|important|best|top|good
    most|upvoted|voted|liked|popular|daily|arxiv|hugging face|ai|ml|\\d+|few|several|first
    two|three|four|five|six|seven|eight|nine|ten|eleven|twelve
""")
FIND = any_of("""
    (please )?((can|could) you )?(list|show|give|find|get|recommend|suggest|search)( me| us| for)?
    are there|do you have|have you( got)?|i (want|need)|i am looking for
""")
NEWS = any_of(f"""
    (what|anything|something|everything)['’]s( the)? {OUT}
    (what|anything|something|everything)( (is|are|was|were|has|have|been|just))*( the)? {OUT}
    (what|anything)(['’]s|( (is|has))*)( the)? (happened|news|hot|trending|going on)
    what did i miss
    (any|the|latest) news
""")
THERE = any_of("""
    ( (are|were|is))? (there|out|published|listed|new|you have|do you have|have you( got)?)
     in (the|your|my) corpus
""")
LATEST = (
    r"\b(?:new|newest|latest|recent|news|daily|digest|summary|summari[sz]e|recap|highlights?)\b"
)

ANY_SUBJECT = each_of(f"""
    ({ASK} )*({ALL} )*{PAPERS}({THERE})?
    ({ASK} )*({ALL} )*{DIGEST}( (of|for|from|on) ({ALL} )*{PAPERS})?
    what(['’]s|( (is|are|was|were))) in ({ALL} )*{PAPERS}
    (please )?((can|could) you )?catch me up( on ({ALL} )*{PAPERS})?
    {NEWS}
    (please )?(list|show|give me|tell me( about)?|what about)
""")
"""Requests that name no subject."""

BY_TOPIC = f"({ASK} )*({ALL} )*{PAPERS} (by|per) (topics?|themes?|subjects?)"
"""A request that names no subject, if it also names days."""

SUBJECT_AND_DAYS = each_of(rf"""
    ({ASK} )*({ALL} )*{PAPERS}({THERE})? {ABOUT} (?P<topic>.+)
    {NEWS} {ABOUT} (?P<topic>.+)
    ({ASK} )*({ALL} )*(anything|something|everything|{WORKS}) {ABOUT} (?P<topic>.+)
    ({ASK} )*({ALL} )*(?P<topic>[\w-]+( [\w-]+){{0,4}}) {PAPERS}
""")
"""Requests for papers on a topic, if they also name days."""

SUBJECT = each_of(f"""
    ({FIND} )?({ALL} )*{PAPERS} (on|about|regarding|concerning|related to) (?P<topic>.+)
    ({FIND} )?({ALL} )*{PAPERS} ((that )?deal|dealing) with (?P<topic>.+)
""")
"""Requests for papers on a topic that need name no days; no question is taken for one."""


COMPARED = each_of(f"""
    ({ASK} )*compare (and contrast )?({ALL} )*{PAPERS} (on|about|regarding|concerning) (?P<topic>.+)
    ({ASK} )*compare (and contrast )?({ALL} )*{PAPERS} ((that )?deal|dealing) with (?P<topic>.+)
""")
"""Requests for what papers of some days say on a topic, side by side."""

MOST_VOTES = each_of(f"""
    (which|what) {PAPERS} (has|have|had|got|received) (the )?most (up)?votes
    (what|which) (is|are|was|were) ({ALL} )*{PAPERS}
    (which|what) ({ALL} )*{PAPERS} (is|are|was|were) (the )?most (upvoted|popular|liked|voted)
""")

NUMBERS = {
    word: number
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), 2
    )
}
COUNT = rf"\b(?P<number>\d{{1,3}}|{'|'.join(NUMBERS)}) (?:[\w-]+ ){{0,3}}{PAPERS}\b"
ONE = r"\b(?:most (?:up)?votes|(?:most (?:upvoted|popular|liked|voted)|top|best)\b(?!.*\bpapers))\b"
"""Words that ask for so many papers, and for one."""


@dataclass(frozen=True)
class Listed:
    """What papers are asked for."""

    kind: Literal["digest", "papers", "literature"]
    topic: str
    count: int | None = None
    """How many, those with the most votes first; None: all that there are."""


def asked_list(words: str, *, dated: bool) -> Listed | None:
    """Find what papers are asked for; None if the message asks something of them.

    Args:
        words: The message without its days.
        dated: Whether it named days.

    >>> asked_list("the papers on retrieval", dated=True)
    Listed(kind='papers', topic='retrieval', count=None)
    """
    text = words.strip(" ?.!,;:")
    any_subject = (*ANY_SUBJECT, *MOST_VOTES, *((BY_TOPIC,) if dated else ()))
    if any(compiled(pattern).fullmatch(text) for pattern in any_subject) or (dated and not text):
        latest = dated or compiled(LATEST).search(text)
        return Listed("digest" if latest else "papers", "", _count(text))
    for pattern in (*(SUBJECT_AND_DAYS if dated else ()), *SUBJECT):
        if found := compiled(pattern).fullmatch(text):
            return Listed("papers", found["topic"], _count(text[: found.start("topic")]))
    return None


def compared(words: str) -> Listed | None:
    """Find the papers that are to be compared; None if the message asks for something else.

    >>> compared("compare the two papers on distillation")
    Listed(kind='literature', topic='distillation', count=2)
    """
    text = words.strip(" ?.!,;:")
    found = (compiled(pattern).fullmatch(text) for pattern in COMPARED)
    topic = next((each for each in found if each), None)
    if topic is None:
        return None
    return Listed("literature", topic["topic"], _count(text[: topic.start("topic")]))


def only_papers(topic: str) -> bool:
    """Whether what a review is asked for on is no topic: `the papers`."""
    return compiled(f"({ALL} )*{PAPERS}").fullmatch(topic.strip(" ?.!")) is not None


def _count(text: str) -> int | None:
    """Read how many papers are asked for."""
    if found := compiled(COUNT).search(text):
        word = found["number"].lower()
        return max(1, NUMBERS.get(word) or int(word))
    return 1 if compiled(ONE).search(text) else None
