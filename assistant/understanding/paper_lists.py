"""Requests for papers themselves: those of some days, on a subject or on any."""

from __future__ import annotations

from typing import Literal, NamedTuple

from assistant.understanding.paper_days import ABOUT, DIGEST, OUT, PAPERS, WORKS
from assistant.understanding.phrases import any_of, compiled, each_of

ASK = any_of("""
    please|can|could|would|will|you|i|i['’]d|want|need|like|to|me|us|about|and|a|an|was|were
    see|read|know|list|show|give|tell|find|get|fetch|display|print|make|write|send|recommend
    suggest|search|look|for|summari[sz]e|sum up|recap|have|do|are|is|there|what|which|how many
""")
ALL = any_of("""
    the|all|any|every|some|of|new|newest|latest|recent|interesting|important|best|top|good
    most|upvoted|popular|daily|arxiv|hugging face|ai|ml|\\d+|few|several|three|five|ten
""")
FIND = any_of("""
    (please )?((can|could) you )?(list|show|give|find|get|recommend|suggest|search)( me| us| for)?
    are there|do you have|have you( got)?|i (want|need)|i am looking for
""")
NEWS = any_of(f"""
    (what|anything|something|everything)['’]s( the)? {OUT}
    (what|anything|something|everything)( (is|are|was|were|has|have|been|just))*( the)? {OUT}
    (what|anything)(['’]s|( (is|has))*)( the)? (happened|news|hot|trending|going on)
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
    {NEWS}
    (please )?(list|show|give me|tell me( about)?|what about)
""")
"""Requests that name no subject."""

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


class Listed(NamedTuple):
    """What papers are asked for."""

    kind: Literal["digest", "papers"]
    topic: str


def asked_list(words: str, *, dated: bool) -> Listed | None:
    """Find what papers are asked for; None if the message asks something of them.

    Args:
        words: The message without its days.
        dated: Whether it named days.

    >>> asked_list("the papers on retrieval", dated=True)
    Listed(kind='papers', topic='retrieval')
    """
    text = words.strip(" ?.!,;:")
    if any(compiled(pattern).fullmatch(text) for pattern in ANY_SUBJECT) or (dated and not text):
        latest = dated or compiled(LATEST).search(text)
        return Listed("digest" if latest else "papers", "")
    for pattern in (*(SUBJECT_AND_DAYS if dated else ()), *SUBJECT):
        if found := compiled(pattern).fullmatch(text):
            return Listed("papers", found["topic"])
    return None
